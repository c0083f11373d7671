import Engine
import Foundation
import GRDB
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Synchronization
import Testing

struct RetentionTests {
  private static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] != nil

  @Test func `what goes is what may go, and proofs and anchors of before still check`() throws {
    for seed in 1...UInt64(Self.isSoak ? 300 : 2) {
      var draws = SeededDraws(seed)
      let log = try AgedLog(seed: seed)
      try log.grow(by: Int64.random(in: 100...600, using: &draws))
      let proofs = try Proofs(log, &draws)
      for _ in 0..<3 {
        try log.takeSnapshot()
        try log.grow(by: Int64.random(in: 1...200, using: &draws))
        let before = try MayGo(log.fixture.database)
        let kept = Int64.random(in: 0...40, using: &draws) * 24 * AgedLog.hour
        let held = Set(
          before.rows.filter { $0.kind == "tokenDeposited" && $0.seq % 3 == 0 }.map(\.seq))
        let expected = before.rows(
          before: log.now.microseconds - kept, letGo: log.letGo, held: held)

        let pass = try RetentionPass(log, kept: kept, before, held: held)
        try pass.run()

        let left = try MayGo(log.fixture.database).rows.map(\.seq)
        let wanted = before.rows.map(\.seq).filter { !expected.contains($0) }
        #expect(left.filter { $0 <= wanted.last ?? 0 } == wanted, "seed \(seed)")
        #expect(pass.rows == Int64(expected.count), "seed \(seed)")
        #expect(try problems(of: log) == [], "seed \(seed)")
      }
      log.end()
      try log.begin()
      log.end()
      #expect(try verifiersAgree(log), "seed \(seed)")
      #expect(try proofs.problems() == [], "seed \(seed)")
    }
  }

  @Test func `a pass that ends anywhere is finished by the next one`() throws {
    let whole = try Self.prepared()
    let before = try MayGo(whole.fixture.database)
    let pass = try RetentionPass(whole, kept: 0, before, held: [], limit: 40)
    try pass.run()
    let expected = try MayGo(whole.fixture.database).rows.map(\.seq).filter { $0 <= 400 }
    whole.end()

    for steps in stride(from: 1, to: pass.steps, by: max(1, pass.steps / (Self.isSoak ? 40 : 3))) {
      let log = try Self.prepared()
      let first = try RetentionPass(
        log, kept: 0, try MayGo(log.fixture.database), held: [], limit: 40)
      try first.run(steps: steps)
      try log.die()
      #expect(try verifiersAgree(log), "after \(steps) steps")
      try log.begin()
      try RetentionPass(log, kept: 0, try MayGo(log.fixture.database), held: []).run()
      let left = try MayGo(log.fixture.database).rows.map(\.seq).filter { $0 <= 400 }
      #expect(left == expected, "after \(steps) steps")
      log.end()
      #expect(try verifiersAgree(log), "after \(steps) steps")
    }
  }

  private static func prepared() throws -> AgedLog {
    let log = try AgedLog(seed: 77)
    try log.grow(by: 400)
    try log.takeSnapshot()
    return log
  }

  @Test func `only rows of a pruned run can be deleted`() throws {
    let log = try Self.prepared()
    let queue = try DatabaseQueue(path: log.fixture.database)
    #expect(throws: DatabaseError.self) {
      try queue.write { try $0.execute(sql: "DELETE FROM log WHERE seq=5") }
    }
    try RetentionPass(log, kept: 0, try MayGo(log.fixture.database), held: []).run()
    let guards = try queue.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM pruned WHERE first_seq<1")
    }
    #expect(guards == 0)
    let first = try #require(try MayGo(log.fixture.database).rows.first { $0.seq > 2 })
    #expect(throws: DatabaseError.self) {
      try queue.write {
        try $0.execute(sql: "DELETE FROM log WHERE seq=?", arguments: [first.seq])
      }
    }
    log.end()
  }

  /// Runs that could be one, cross a checkpoint, or lie over rows; payloads without a row.
  ///
  /// Two runs stay two where a checkpoint stood between them when they went.
  private func problems(of log: AgedLog) throws -> [String] {
    let anchors = try AnchorFile(path: log.fixture.folder + "/petrel.anchors").anchors(
      of: "petrel.example/3f9c2e7a1b5d4c60/0")
    let once = "\(anchors.map(\.checkpoint.size))"
    let queue = try DatabaseQueue(path: log.fixture.database)
    defer { try? queue.close() }
    return try queue.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT 'two runs at '||a.last_seq FROM pruned a JOIN pruned b ON b.first_seq=a.last_seq+1
            WHERE NOT EXISTS(SELECT 1 FROM checkpoint WHERE size=a.last_seq)
              AND a.last_seq NOT IN (SELECT value FROM json_each(?1))
          UNION ALL SELECT 'checkpoint within '||p.first_seq FROM pruned p
            JOIN checkpoint c ON c.size>=p.first_seq AND c.size<p.last_seq
          UNION ALL SELECT 'row '||l.seq FROM log l JOIN pruned p
            ON l.seq BETWEEN p.first_seq AND p.last_seq
          UNION ALL SELECT 'payload of '||(id>>16) FROM payload
            WHERE NOT EXISTS(SELECT 1 FROM log WHERE seq=id>>16)
          """, arguments: [once])
    }
  }
}

/// Both verifiers, with the anchors that the log gave out.
func verifiersAgree(_ log: AgedLog) throws -> Bool {
  let anchors = try AnchorFile(path: log.fixture.folder + "/petrel.anchors").anchors(
    of: "petrel.example/3f9c2e7a1b5d4c60/0")
  let keys = LogReader.Keys(file: log.fixture.folder + "/petrel.keys", kek: try log.fixture.kek)
  let swift = try Verifiers.swift(log.fixture.database, anchors: anchors)
  let opened = try Verifiers.swift(log.fixture.database, anchors: anchors, keys: keys)
  let python = try Verifiers.python(log.fixture.database, anchors: anchors)
  if swift != python || swift.code != 0 || !opened.findings.isEmpty {
    Issue.record("\(swift) \(python) \(opened)")
    return false
  }
  return true
}

extension AgedLog {
  /// The process is killed: what lies there is what the next one finds.
  func die() throws {
    let manager = FileManager.default
    let left = try manager.contentsOfDirectory(atPath: fixture.folder).map { name in
      (name, try Data(contentsOf: URL(fileURLWithPath: fixture.folder + "/" + name)))
    }
    end()
    for name in try manager.contentsOfDirectory(atPath: fixture.folder) {
      try manager.removeItem(atPath: fixture.folder + "/" + name)
    }
    for (name, data) in left {
      try data.write(to: URL(fileURLWithPath: fixture.folder + "/" + name))
    }
  }
}

/// What a loop does in one pass: slices, with their events.
final class RetentionPass {
  private let log: AgedLog
  private let plan: RetirementPlan
  private(set) var rows: Int64 = 0
  private(set) var steps = 0

  /// - Parameters:
  ///   - kept: microseconds.
  ///   - held: rows of messages whose keys somebody holds.
  init(
    _ log: AgedLog, kept: Int64, _ rows: MayGo, held: Set<Int64>,
    retention: Retention? = nil, limit: Int = Retention.rowsMax, now: Instant? = nil
  ) throws {
    self.log = log
    var plan = RetirementPlan(
      number: Self.next(), now: now ?? log.now,
      retention: retention ?? Retention(casesMicroseconds: kept))
    plan.casesHeld = Set(log.letGo.map { CaseID(Seq($0)) })
    plan.keysHeld = Set(rows.rows.filter { held.contains($0.seq) }.compactMap { $0.int("key") })
    plan.rowsMax = limit
    self.plan = plan
  }

  private static let numbers = Numbers()
  private static func next() -> Int { numbers.next() }

  /// As far as `steps`, or to the end.
  func run(steps most: Int = .max) throws {
    while steps < most {
      steps += 1
      switch try #require(log.store).retire(plan) {
      case .rows(let going):
        rows += going.count
        let event = LogPruned(
          closedBefore: going.closedBefore, first: going.first, last: going.last,
          rows: going.count)
        try log.append(.logPruned(event), retiring: going)
      case .payloads(let role, let through):
        try log.append(.payloadsExpired(PayloadsExpired(role: role, through: through)))
      case .more: break
      case .done: return
      }
    }
  }
}

/// Numbers of passes.
private final class Numbers: Sendable {
  private let last = Mutex(0)

  func next() -> Int {
    last.withLock {
      $0 += 1
      return $0
    }
  }
}

/// Proofs that were given out before rows went.
struct Proofs {
  private let folder: String
  private let count: Int

  init(_ log: AgedLog, _ draws: inout SeededDraws) throws {
    folder = log.fixture.folder
    let note = try #require(try LogProof.newestNote(in: log.fixture.database))
    let old = try #require(
      try AnchorFile(path: folder + "/petrel.anchors").anchors(of: note.checkpoint.origin).first)
    var proofs = [try LogProof.growth(since: old, in: log.fixture.database)]
    for _ in 0..<4 {
      let seq = Int64.random(in: 1...note.checkpoint.size, using: &draws)
      proofs.append(try LogProof.row(seq, in: log.fixture.database))
    }
    count = proofs.count
    for (place, proof) in proofs.enumerated() {
      try proof.indentedText.write(
        toFile: folder + "/proof\(place).json", atomically: true, encoding: .utf8)
    }
  }

  /// What the verifier without Petrel says against them, and where a log's own proof differs.
  func problems() throws -> [String] {
    try (0..<count).compactMap { place in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        "python3", "-B", Verifiers.script, "proof", folder + "/proof\(place).json",
      ]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let said = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return process.terminationStatus == 0 ? nil : String(decoding: said, as: UTF8.self)
    }
  }
}
