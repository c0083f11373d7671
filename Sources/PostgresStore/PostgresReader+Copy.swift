#if Postgres
  package import Orchestration
  package import Record

  extension PostgresReader {
    /// All rows of the record as a file would have them, as they stood at one instant, some thousand
    /// at a time.
    package func copy(
      _ take: (LogTable, [[LogTable.Cell]]) throws(StoreError) -> Void
    ) throws(StoreError) {
      let connection: PostgresConnection
      do throws(PostgresFailure) {
        connection = try connect()
        try connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in LogTable.allCases {
          try connection.script(
            "DECLARE c_\(table.rawValue) CURSOR FOR \(Self.select(table, shard))")
        }
      } catch {
        throw error.refusal("copying the log")
      }
      for table in LogTable.allCases {
        while true {
          let rows: PostgresRows
          do throws(PostgresFailure) {
            rows = try connection.run("FETCH 2000 FROM c_\(table.rawValue)")
          } catch {
            throw error.refusal("copying the log")
          }
          guard rows.count > 0 else { break }
          try take(table, (0..<rows.count).map { Self.cells(table, rows, $0) })
        }
      }
    }

    private static func select(_ table: LogTable, _ shard: Int64) -> String {
      let columns = table.columns.map { column in
        switch column.content {
        case .int where table == .payload && column.name == "id": "(seq<<16|i)"
        case .int: "\(column.name)::bigint"
        case .text, .blob, .metaValue: column.name
        }
      }
      return "SELECT \(columns.joined(separator: ",")) FROM \(table.rawValue) WHERE shard=\(shard) "
        + "ORDER BY 1\(table == .request ? ",2" : "")"
    }

    /// The names under which `meta` has whole numbers.
    private static let numbers: Set = ["shard", "format", "created_at"]

    private static func cells(
      _ table: LogTable, _ rows: PostgresRows, _ row: Int
    ) -> [LogTable.Cell] {
      table.columns.enumerated().map { index, column in
        let place = Int32(index)
        guard !rows.isNull(row, place) else { return .null }
        switch column.content {
        case .int: return .int(rows.int(row, place))
        case .text: return .text(rows.text(row, place))
        case .blob: return .blob(rows.bytes(row, place))
        case .metaValue:
          let text = rows.text(row, place)
          let isNumber = numbers.contains(rows.text(row, 0))
          return isNumber ? Int64(text).map { .int($0) } ?? .text(text) : .text(text)
        }
      }
    }
  }
#endif
