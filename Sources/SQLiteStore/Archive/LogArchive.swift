internal import Foundation
internal import GRDB
internal import GRDBSQLite
package import Orchestration
package import Record

/// Some rows of a log as a log's file of its own, which can be verified alone (LOG §5).
///
/// What is not of those rows stands as pruned runs, but for registrations and the log's own rows: keys
/// of signatures, erasures, what was pruned. So the whole tree is there, up to the newest checkpoint.
package enum LogArchive {
  /// The rows that an archive says it is of: `FIRST..LAST`.
  package static func range(_ text: String) -> ClosedRange<Int64>? {
    let parts = text.components(separatedBy: "..")
    guard parts.count == 2, let first = Int64(parts[0]), let last = Int64(parts[1]), first >= 1,
      first <= last
    else { return nil }
    return first...last
  }

  package static func text(_ rows: ClosedRange<Int64>) -> String {
    "\(rows.lowerBound)..\(rows.upperBound)"
  }

  /// The rows from `first` on that were written before `end`, both in microseconds; nil: there are
  /// none.
  package static func rows(
    before end: Int64, of path: String
  ) throws(StoreError) -> ClosedRange<Int64>? {
    let queue = try LogConnection.reading(path)
    defer { try? queue.close() }
    return try translating("reading \(path)") {
      try queue.read { database in
        guard let connection = database.sqliteConnection else { throw StoreError.broken }
        let last = try RowAges(connection).last(before: .init(microseconds: end))
        return last >= 1 ? 1...last : nil
      }
    }
  }

  /// What was written.
  package struct Result: Sendable {
    /// Those asked for, and the whole of pruned runs at their borders.
    package var rows: ClosedRange<Int64>
    package var report: AuditReport
  }

  /// Writes an archive, beside the log's owner or without one, and verifies it before it has its name.
  ///
  /// No keys are in it: what is sealed stays sealed, and opens with the keys file of the log.
  ///
  /// - Throws: `failed` where `target` exists or cannot be written, `unreadable` where the log has
  ///   none of the rows.
  /// - Returns: If it is broken it is left under `target` + `.unverified`.
  package static func make(
    _ rows: ClosedRange<Int64>, of path: String, to target: String, _ options: LogAudit.Options
  ) throws(StoreError) -> Result {
    guard !FileManager.default.fileExists(atPath: target) else {
      throw StoreError(.failed, code: "S123", "\(target) exists already; nothing was copied")
    }
    let unverified = target + ".unverified"
    try? FileManager.default.removeItem(atPath: unverified)
    let queue = try LogConnection.reading(path)
    defer { try? queue.close() }
    let meta = try LogMeta(queue)
    if let archived = meta.archive {
      throw StoreError(
        .unreadable, code: "S124", "\(path) is itself an archive, of rows \(text(archived))")
    }
    let written = try translating("archiving \(path)") {
      let target = try ArchiveWriting.target(unverified)
      defer { try? target.close() }
      return try queue.read { source in
        try target.write { target in
          guard let connection = source.sqliteConnection else { throw StoreError.broken }
          return try ArchiveWriting(connection, target).write(rows)
        }
      }
    }
    try LogCopy.sync(unverified)
    let report = try LogAudit.report(of: unverified, options)
    guard report.findings.isEmpty else { return Result(rows: written, report: report) }
    guard rename(unverified, target) == 0 else {
      throw StoreError(.failed, code: "S123", "\(target) cannot be written")
    }
    return Result(rows: written, report: report)
  }
}
