import Engine
import Foundation
import Orchestration
import Record
import SQLiteStore
import Testing

struct AuditTests {
  private static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] != nil

  /// A copy that stands alone.
  private func copy(_ log: AuditLog) throws -> String {
    let folder = log.fixture.folder + "/copy-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: log.fixture.database, toPath: folder + "/copy.db")
    let wal = log.fixture.database + "-wal"
    if FileManager.default.fileExists(atPath: wal) {
      try FileManager.default.copyItem(atPath: wal, toPath: folder + "/copy.db-wal")
    }
    return folder + "/copy.db"
  }

  private func anchors(_ log: AuditLog) throws -> [SignedNote] {
    try AnchorFile(path: log.fixture.folder + "/petrel.anchors").anchors(
      of: "petrel.example/3f9c2e7a1b5d4c60/0")
  }

  /// Both say the same, which is given.
  private func verified(
    _ path: String, _ anchors: [SignedNote], place: SourceLocation = #_sourceLocation
  ) throws -> Verifiers {
    let swift = try Verifiers.swift(path, anchors: anchors)
    let python = try Verifiers.python(path, anchors: anchors)
    #expect(swift == python, sourceLocation: place)
    return swift
  }

  @Test(arguments: Attack.allCases)
  func `both verifiers name the row of an attack`(attack: Attack) throws {
    for variant in 0..<(Self.isSoak ? 200 : 2) {
      var draws = SeededDraws(UInt64(variant) &* 31 &+ 7)
      let log = try AuditLog(
        seed: UInt64(variant + 1), rows: Int64.random(in: 120...400, using: &draws))
      let anchors = try anchors(log)
      let path = try copy(log)
      let thief = try Thief(path)
      let expected = try attack.perform(
        on: thief, anchors: anchors.map(\.checkpoint.size), &draws)
      try thief.queue.close()

      let alone = try verified(path, [])
      let anchored = try verified(path, anchors)

      let place = "\(attack) \(variant): \(expected), found \(alone.findings) \(anchored.findings)"
      #expect(anchored.findings.contains { $0.hasPrefix(expected) }, "\(place)")
      #expect(anchored.code == 1)
      if attack.needsAnchor {
        #expect(alone == Verifiers(findings: [], code: 69, anchored: 0), "\(place)")
      } else {
        #expect(alone.findings.contains { $0.hasPrefix(expected) }, "\(place)")
        #expect(alone.code == 1)
      }
      if [.body, .time, .epochFalls, .timeFalls, .unknownKind].contains(attack) {
        #expect(alone.findings.count == 1, "\(place)")
      }
    }
  }

  @Test func `a payload that does not open is named by who has the keys`() throws {
    let log = try AuditLog(seed: 3, rows: 150)
    let path = try copy(log)
    let thief = try Thief(path)
    try thief.change {
      try $0.execute(
        sql: """
          UPDATE payload SET box=CAST(substr(box,1,5)||x'0001'||substr(box,8) AS BLOB)
          WHERE id=(SELECT max(id) FROM payload)
          """)
    }
    let id = try thief.queue.read {
      try Int64.fetchOne($0, sql: "SELECT max(id) FROM payload") ?? 0
    }
    try thief.queue.close()
    let keys = LogReader.Keys(
      file: log.fixture.folder + "/petrel.keys", kek: try log.fixture.kek)

    let found = try Verifiers.swift(path, anchors: [], keys: keys)

    #expect(
      found.findings == ["payload \(id >> 16).\(id & 0xFFFF) does not open to its commitment"])
  }

  @Test func `no honest log is called broken`() throws {
    for variant in 0..<(Self.isSoak ? 1_000 : 6) {
      var draws = SeededDraws(UInt64(variant) &+ 99)
      let log = try AuditLog(
        seed: UInt64(variant + 500), rows: Int64.random(in: 20...300, using: &draws))
      // Killed: what lies there is the file and its WAL, and the anchors so far.
      try log.begin()
      try log.grow(to: log.seq + Int64.random(in: 1...60, using: &draws))
      let killed = try copy(log)
      let anchors = try anchors(log)
      try log.end()

      let found = try verified(killed, anchors)

      #expect(found.findings == [], "seed \(variant)")
      #expect(found.code == 0)
      #expect(found.anchored == anchors.last?.checkpoint.size)
    }
  }

  @Test func `rows that were pruned with an event are no finding`() throws {
    for variant in 0..<(Self.isSoak ? 100 : 3) {
      let log = try AuditLog(seed: UInt64(variant + 40), rows: 160)
      let rows = Int64(20 + variant)...Int64(60 + variant * 3)
      try log.begin()
      let event = LogPruned(
        closedBefore: Instant(microseconds: 0), first: Seq(rows.lowerBound),
        last: Seq(rows.upperBound), rows: Int64(rows.count))
      let seq = try #require(log.store).appendAlone(.logPruned(event), at: StoreFixture.now)
      try log.end()
      let anchors = try anchors(log)
      let thief = try Thief(log.fixture.database)
      // Runs do not cross a checkpoint that is kept.
      try thief.change {
        try $0.execute(
          sql: "DELETE FROM checkpoint WHERE size BETWEEN ? AND ?",
          arguments: [rows.lowerBound, rows.upperBound - 1])
      }
      try Pruning.prune(rows, by: seq.number, in: thief)
      try thief.queue.close()
      let kept = anchors.filter {
        $0.checkpoint.size < rows.lowerBound || $0.checkpoint.size >= rows.upperBound
      }

      let found = try verified(try copy(log), kept)
      #expect(found == Verifiers(findings: [], code: 0, anchored: seq.number))
    }
  }

  @Test func `a log goes on under another key, which both have signed`() throws {
    let log = try AuditLog(seed: 8, rows: 90)
    try log.begin()
    let seed = try #require(SigningSeed([UInt8](repeating: 4, count: 32)))
    let seq = try #require(log.store).changeSigner(to: seed, at: StoreFixture.now)
    try log.grow(to: 150)
    try log.end()
    let anchors = try anchors(log)

    let found = try verified(try copy(log), anchors)
    #expect(found.findings == [])
    #expect(found.code == 0)

    let path = try copy(log)
    let thief = try Thief(path)
    try thief.sign(from: seq.number, with: seed)
    try thief.queue.close()
    #expect(
      try verified(path, []).findings == [
        "checkpoint \(seq.number) is not signed with the log's key"
      ])
    // The old key signs nothing any more.
    #expect(throws: StoreError.self) { try log.begin() }
  }

  @Test func `a log without its last anchor is not opened before that is said in it`() throws {
    let log = try AuditLog(seed: 12, rows: 120)
    let backup = try copy(log)
    try log.begin()
    try log.grow(to: 180)
    try log.end()
    let lost = try anchors(log)
    for end in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: log.fixture.database + end)
    }
    try FileManager.default.copyItem(atPath: backup, toPath: log.fixture.database)

    #expect(throws: StoreError.self) { try log.begin() }
    log.forgetCases()
    try log.begin(accepting: true)
    let store = try #require(log.store)
    let loss = try #require(try store.loss())
    #expect(loss.anchor == lost.last?.checkpoint)
    _ = try store.giveUp(loss, at: StoreFixture.now)
    try log.end()
    try log.begin()
    try log.grow(to: 200)
    try log.end()

    let found = try verified(try copy(log), try anchors(log))
    #expect(found.findings == [])
    #expect(found.code == 0)
    #expect(try anchors(log).count > lost.count)
  }

  @Test func `a quiet log is signed to its last row`() throws {
    let log = try AuditLog(seed: 2, rows: 40, restNanoseconds: 0)
    try log.begin()
    try log.grow(to: 50)
    let store = try #require(log.store)
    #expect(try anchors(log).last?.checkpoint.size != log.seq)

    try store.settle()
    #expect(try anchors(log).last?.checkpoint.size == log.seq)
    try log.end()
  }
}
