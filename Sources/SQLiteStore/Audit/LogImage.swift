internal import Foundation
internal import GRDB
package import Orchestration
package import Record

/// An ordinary log file made of the rows of a log that is kept elsewhere, bytes as they are.
///
/// Whatever reads a log's file reads it: both verifiers, the views, the verbs.
package final class LogImage {
  private let queue: DatabaseQueue

  private init(_ queue: DatabaseQueue) { self.queue = queue }

  /// Makes the file with what `fill` adds to it, and verifies it before it has its name.
  ///
  /// - Throws: `failed` where `target` exists or the file cannot be written.
  /// - Returns: What verifying it showed. If it is broken it is left under `target` + `.unverified`.
  package static func make(
    at target: String, _ options: LogAudit.Options,
    fill: (LogImage) throws(StoreError) -> Void
  ) throws(StoreError) -> AuditReport {
    try LogCopy.make(at: target, options) { (path) throws(StoreError) in
      let queue = try LogConnection.writing(path, label: "petrel.image")
      try translating("making \(path)") {
        try queue.writeWithoutTransaction { database in
          try database.execute(sql: "PRAGMA application_id=\(LogSchema.applicationID)")
          try database.execute(sql: "PRAGMA user_version=\(LogSchema.format)")
          try database.execute(sql: LogSchema.sql)
        }
      }
      try fill(LogImage(queue))
      try translating("making \(path)") {
        try queue.writeWithoutTransaction { database in
          try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
      }
    }
  }

  /// Adds rows of one table, in a transaction.
  package func add(_ rows: [[LogTable.Cell]], to table: LogTable) throws(StoreError) {
    let names = table.columns.map(\.name)
    let sql = """
      INSERT INTO \(table.rawValue)(\(names.joined(separator: ",")))
      VALUES(\(databaseQuestionMarks(count: names.count)))
      """
    try translating("writing \(table.rawValue)") {
      try queue.inTransaction { database in
        let statement = try database.makeStatement(sql: sql)
        for row in rows {
          try statement.execute(arguments: StatementArguments(row.map(Self.value)))
        }
        return .commit
      }
    }
  }

  private static func value(_ cell: LogTable.Cell) -> (any DatabaseValueConvertible)? {
    switch cell {
    case .null: nil
    case .int(let number): number
    case .text(let text): text
    case .blob(let bytes): Data(bytes)
    }
  }
}
