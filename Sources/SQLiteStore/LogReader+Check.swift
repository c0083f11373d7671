internal import GRDB
package import Orchestration
internal import Record

/// One thing that `db check` looks at, and what it found wrong with it.
package struct FileCheck: Equatable, Sendable {
  package var name: String
  /// Empty: nothing is wrong.
  package var findings: [String]
}

extension LogReader {
  /// So many findings of SQLite's own check are given.
  private static let findingsMax = 100

  /// Whether the file is sound as a database and set up as a log is: pages and indexes, settings,
  /// schema, and that nothing stands beside the rows that no row has. What the rows say, and whether
  /// anybody changed them, is for `LogAudit`.
  ///
  /// - Complexity: Reads every page, indexes included.
  package func check() throws(StoreError) -> [FileCheck] {
    try read("checking the file") { database in
      let pages = try String.fetchAll(
        database, sql: "PRAGMA integrity_check(\(Self.findingsMax))")
      guard let connection = database.sqliteConnection else { throw StoreError.broken }
      return [
        FileCheck(name: "pages", findings: pages == ["ok"] ? [] : pages),
        FileCheck(name: "settings", findings: try Self.settings(database)),
        FileCheck(
          name: "schema", findings: try SchemaAudit.findings(connection).map(\.text)),
        FileCheck(name: "strays", findings: try Self.strays(database)),
      ]
    }
  }

  /// What was set when the file was made and cannot be set later (LOG §5).
  private static func settings(_ database: Database) throws -> [String] {
    let wanted: [(String, String)] = [
      ("application_id", String(LogSchema.applicationID)),
      ("user_version", String(LogSchema.format)), ("page_size", "4096"), ("auto_vacuum", "2"),
      ("encoding", "UTF-8"),
    ]
    return try wanted.compactMap { name, value in
      let found = try String.fetchOne(database, sql: "PRAGMA \(name)") ?? ""
      return found == value ? nil : "\(name) is \(found), expected \(value)"
    }
  }

  /// What belongs to no row: a sweep that was cut short leaves it, and it takes room.
  private static func strays(_ database: Database) throws -> [String] {
    let tables: [(name: String, row: String)] = [
      ("payload", "t.id>>16"), ("definition", "t.seq"), ("request", "t.seq"),
    ]
    return try tables.compactMap { name, row in
      let count =
        try Int64.fetchOne(
          database,
          sql: """
            SELECT count(*) FROM \(name) t WHERE NOT EXISTS(SELECT 1 FROM log WHERE seq=\(row))
            """) ?? 0
      return count == 0 ? nil : "\(count) rows of \(name) belong to no row of the log"
    }
  }
}
