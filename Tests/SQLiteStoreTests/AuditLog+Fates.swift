import Engine
import Foundation
import GRDB
import Orchestration
import Record
import SQLiteStore
import Testing

/// What happens to a log in years, none of which is an attack.
extension AuditLog {
  /// The database of a closed log, and the key it was signed with then.
  struct Backup {
    fileprivate var database: Data
    fileprivate var key: SigningSeed?
  }

  private var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: fixture.folder) }
  }

  private func url(_ name: String) -> URL {
    URL(fileURLWithPath: fixture.folder).appendingPathComponent(name)
  }

  /// The process is killed after `rows` more: what lies there then is what the next one finds.
  func crash(at rows: Int64) throws {
    try begin()
    try grow(to: rows)
    let left = try files.map { ($0, try Data(contentsOf: url($0))) }
    try end()
    for name in try files { try FileManager.default.removeItem(at: url(name)) }
    for (name, data) in left { try data.write(to: url(name)) }
    try begin()
    try end()
  }

  func backup() throws -> Backup {
    Backup(database: try Data(contentsOf: url("petrel.db")), key: key)
  }

  /// The backup is put back, and the log says what it lacks.
  func restore(_ backup: Backup) throws {
    for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(at: url("petrel.db" + end)) }
    try backup.database.write(to: url("petrel.db"))
    key = backup.key
    forgetCases()
    try begin(accepting: true)
    let store = try #require(store)
    if let loss = try store.loss() { _ = try store.giveUp(loss, at: StoreFixture.now) }
    try end()
  }

  /// Rows leave with an event, and the checkpoints between them.
  func prune(_ rows: ClosedRange<Int64>) throws {
    try begin()
    let event = LogPruned(
      closedBefore: Instant(microseconds: 0), first: Seq(rows.lowerBound),
      last: Seq(rows.upperBound), rows: Int64(rows.count))
    let seq = try #require(store).appendAlone(.logPruned(event), at: StoreFixture.now)
    try end()
    let thief = try Thief(fixture.database)
    try thief.change {
      try $0.execute(
        sql: "DELETE FROM checkpoint WHERE size BETWEEN ? AND ?",
        arguments: [rows.lowerBound, rows.upperBound - 1])
    }
    try Pruning.prune(rows, by: seq.number, in: thief)
    try thief.queue.close()
    forgetCases()
  }

  /// Prompts leave with an event.
  func expire(through row: Int64) throws {
    try begin()
    _ = try #require(store).appendAlone(
      .payloadsExpired(PayloadsExpired(role: "request", through: Seq(row))), at: StoreFixture.now)
    try end()
    let thief = try Thief(fixture.database)
    try thief.change {
      try $0.execute(
        sql: "DELETE FROM payload WHERE role='request' AND id<?", arguments: [(row + 1) << 16])
    }
    try thief.queue.close()
  }

  func changeKey(to byte: UInt8) throws {
    try begin()
    let seed = try #require(SigningSeed([UInt8](repeating: byte, count: 32)))
    _ = try #require(store).changeSigner(to: seed, at: StoreFixture.now)
    key = seed
    try end()
  }
}
