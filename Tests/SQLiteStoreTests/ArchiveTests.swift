import Engine
import Foundation
import GRDB
import Orchestration
import Record
import SQLiteStore
import Testing

struct ArchiveTests {
  @Test func `an archive verifies alone, and says what it is of`() throws {
    for seed in 1...UInt64(4) {
      var draws = SeededDraws(seed)
      let log = try AgedLog(seed: seed)
      try log.grow(by: 300)
      if seed > 1 {
        try log.takeSnapshot()
        let rows = try MayGo(log.fixture.database)
        try RetentionPass(log, kept: 8 * 24 * AgedLog.hour, rows, held: []).run()
        try log.grow(by: 50)
      }
      log.end()
      let first = Int64.random(in: 1...200, using: &draws)
      let wanted = first...Int64.random(in: first + 60...330, using: &draws)
      let file = log.fixture.folder + "/archive.db"
      let anchors = try AnchorFile(path: log.fixture.folder + "/petrel.anchors").anchors(
        of: "petrel.example/3f9c2e7a1b5d4c60/0")
      var options = LogAudit.Options(cores: 1)
      options.anchors = anchors

      let result = try LogArchive.make(wanted, of: log.fixture.database, to: file, options)

      #expect(result.report.findings == [], "seed \(seed)")
      #expect(result.rows.lowerBound <= first && result.rows.upperBound >= wanted.upperBound)
      let python = try Verifiers.python(file, anchors: anchors)
      let swift = try Verifiers.swift(file, anchors: anchors)
      #expect(python == swift && swift.code == 0, "seed \(seed)")
      let (there, here) = (try Self.rows(log.fixture.database), try Self.rows(file))
      let own = ["definitionRegistered", "ownerStarted", "logPruned", "snapshotTaken"]
      #expect(
        here
          == there.filter { result.rows.contains($0.seq) || own.contains($0.kind) },
        "seed \(seed)")
      // A row that was taken out of it is missed.
      let thief = try Thief(file)
      try thief.change {
        try $0.execute(
          sql: "DELETE FROM log WHERE seq=(SELECT max(seq) FROM log WHERE seq<=?)",
          arguments: [result.rows.upperBound])
      }
      try thief.queue.close()
      #expect(try Verifiers.swift(file, anchors: anchors).code == 1)
      #expect(try Verifiers.python(file, anchors: anchors).code == 1)
    }
  }

  private struct Row: Equatable {
    var seq: Int64
    var kind: String
    var hash: Data
  }

  private static func rows(_ path: String) throws -> [Row] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
      try GRDB.Row.fetchAll(database, sql: "SELECT seq, kind, hash FROM log ORDER BY seq")
        .map { Row(seq: $0[0], kind: $0[1], hash: $0[2]) }
    }
  }

  @Test func `an archive is no log to go on with, and holds no key`() throws {
    let log = try AgedLog(seed: 3)
    try log.grow(by: 60)
    log.end()
    let file = log.fixture.folder + "/archive.db"
    _ = try LogArchive.make(10...40, of: log.fixture.database, to: file, LogAudit.Options())

    #expect(throws: StoreError.self) {
      try SQLiteStore.open(log.fixture.options(database: file))
    }
    #expect(throws: StoreError.self) {
      try LogArchive.make(10...20, of: file, to: file + "2", LogAudit.Options())
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let keys = try Data(contentsOf: URL(fileURLWithPath: log.fixture.folder + "/petrel.keys"))
    for slot in 0..<20 {
      let wrapped = keys[(64 + 40 * slot)..<(104 + 40 * slot)]
      #expect(bytes.range(of: wrapped) == nil)
    }
  }

  @Test func `a proof of a row that has left says by which event`() throws {
    let log = try AgedLog(seed: 4)
    try log.grow(by: 200)
    try log.takeSnapshot()
    let rows = try MayGo(log.fixture.database)
    try RetentionPass(log, kept: 0, rows, held: []).run()
    log.end()
    let left = Set(try MayGo(log.fixture.database).rows.map(\.seq))
    let gone = try #require(rows.rows.map(\.seq).first { !left.contains($0) })
    let reader = try LogReader(path: log.fixture.database)
    let event = try #require(try reader.pruning(of: Seq(gone)))

    let error = #expect(throws: StoreError.self) {
      try LogProof.row(gone, in: log.fixture.database)
    }

    #expect(error?.message.hasPrefix("row \(gone) was pruned by event \(event.number)") == true)
    let kept = try #require(left.filter { $0 > gone && $0 < 150 }.min())
    _ = try LogProof.row(kept, in: log.fixture.database)
    #expect(throws: StoreError.self) { try reader.fold { _ in } }
    #expect(try reader.outcomesWithoutIntent() == [])
  }
}
