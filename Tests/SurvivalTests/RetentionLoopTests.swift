import Engine
import Foundation
import GRDB
import Orchestration
import Record
import SQLiteStore
import ScriptedLoop
import Testing

/// Retention in the service's own loop, on a clock of the test.
@Suite(.serialized) struct RetentionLoopTests {
  private static let hour: Int64 = 3_600_000_000

  @Test func `questions leave at the start and once an hour, not between`() async throws {
    let bench = try ScriptBench()
    defer { bench.remove() }
    #expect(try await bench.run("log", incarnation: 7, from: 0) == 0)
    let folder = bench.root + "/log"
    var opening = try RefundNet(repository: ServiceProcess.repository).opening(
      folder: folder, keys: [1, 2, 3]
    ) { [7, 7] }
    opening.retention = Retention(requestsMicroseconds: 24 * Self.hour)
    let before = try Self.questions(folder)
    #expect(before > 0)
    let end = try Self.end(folder)

    var core = try opening.open(at: end).takeCore()
    #expect(try Self.pass(&core, at: end) == [])
    let half = end.advanced(by: Self.hour / 2)
    #expect(try Self.pass(&core, at: half) == [])
    core.store.close()

    // Everything is old now: a pass at the start takes it, the next one comes an hour later.
    let later = end.advanced(by: 25 * Self.hour)
    core = try opening.open(at: later).takeCore()
    #expect(try Self.pass(&core, at: later) == ["payloadsExpired"])
    #expect(try Self.questions(folder) == 0)
    #expect(try Self.pass(&core, at: later.advanced(by: Self.hour - 1)) == [])
    core.store.close()
    let report = try LogAudit.report(of: folder + "/petrel.db", LogAudit.Options(cores: 1))
    // The definitions of the script stand in it with made-up hashes.
    #expect(report.findings.allSatisfy { $0.text.hasPrefix("definition ") })
    #expect(report.payloadsErased == Int64(before))
  }

  /// The kinds of rows that a pass writes; empty where none is due.
  private static func pass(_ core: inout LoopCore, at now: Instant) throws -> [String] {
    var kinds: [String] = []
    repeat {
      guard try core.retire(at: now, lookups: Lookups()) else { continue }
      kinds += core.gathered.map(\.event.kindName)
      _ = try core.commit()
    } while core.isRetiring
    return kinds
  }

  private static func questions(_ folder: String) throws -> Int {
    let queue = try DatabaseQueue(path: folder + "/petrel.db")
    defer { try? queue.close() }
    return try queue.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM payload WHERE role='request'") ?? 0
    }
  }

  private static func end(_ folder: String) throws -> Instant {
    try LogReader(path: folder + "/petrel.db").head().at
  }
}
