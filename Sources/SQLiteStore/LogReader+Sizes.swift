internal import GRDB
package import Orchestration

/// How much of a log's file one table takes.
package struct TableSize: Equatable, Sendable {
  package var table: String
  package var rows: Int64
  /// Whole pages.
  package var bytes: Int64
  /// Of its indexes, whole pages.
  package var indexBytes: Int64
}

/// What a query gave: texts as SQLite spells values, blobs in hexadecimal; nil for NULL.
package struct QueryRows: Equatable, Sendable {
  package var columns: [String]
  package var rows: [[String?]]
  /// Whether there were more rows than the limit.
  package var isCut: Bool
}

extension LogReader {
  /// The tables of the file, the largest first; pages that are free or hold the schema are left out.
  ///
  /// Reads every page once.
  package func sizes() throws(StoreError) -> [TableSize] {
    try read("measuring the tables") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT s.tbl_name,
            sum(CASE WHEN s.type='table' AND d.pagetype='leaf' THEN d.ncell ELSE 0 END),
            sum(CASE WHEN s.type='table' THEN d.pgsize ELSE 0 END),
            sum(CASE WHEN s.type='index' THEN d.pgsize ELSE 0 END)
          FROM dbstat d JOIN sqlite_schema s ON s.name=d.name
          GROUP BY s.tbl_name ORDER BY sum(d.pgsize) DESC, s.tbl_name
          """
      ).map { TableSize(table: $0[0], rows: $0[1], bytes: $0[2], indexBytes: $0[3]) }
    }
  }

  /// Runs one statement that reads.
  ///
  /// - Parameter limit: of rows that are given.
  /// - Throws: What SQLite says of the statement; one that writes is refused by the connection.
  package func query(_ sql: String, limit: Int) throws(StoreError) -> QueryRows {
    try read("the query") { database in
      let statement = try database.makeStatement(sql: sql)
      let cursor = try Row.fetchCursor(statement)
      var result = QueryRows(columns: statement.columnNames, rows: [], isCut: false)
      while let row = try cursor.next() {
        guard result.rows.count < limit else {
          result.isCut = true
          break
        }
        result.rows.append(row.databaseValues.map(Self.text))
      }
      return result
    }
  }

  private static func text(_ value: DatabaseValue) -> String? {
    switch value.storage {
    case .null: nil
    case .int64(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text
    case .blob(let data):
      data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}
