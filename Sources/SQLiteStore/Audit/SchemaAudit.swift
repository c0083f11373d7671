internal import GRDB
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Whether the file's tables, indexes, triggers and views are those of this version: an edited view
/// lies as well as an edited row.
enum SchemaAudit {
  private struct Object: Hashable {
    var type: String
    var name: String
    var sql: String
  }

  static func findings(_ connection: OpaquePointer) throws -> [AuditFinding] {
    let expected = try DatabaseQueue().write { database -> [Object] in
      try database.execute(sql: LogSchema.sql)
      guard let connection = database.sqliteConnection else { throw StoreError.broken }
      return try objects(connection)
    }
    let found = try objects(connection)
    let names = Set(expected.map(\.name)).union(found.map(\.name)).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    let changed = names.filter { name in
      let before = expected.filter { $0.name.utf8.elementsEqual(name.utf8) }
      let now = found.filter { $0.name.utf8.elementsEqual(name.utf8) }
      return before.count != now.count
        || !zip(before, now).allSatisfy { $0.sql.utf8.elementsEqual($1.sql.utf8) }
    }
    guard !changed.isEmpty else { return [] }
    return [
      AuditFinding(
        row: 0,
        "the schema is not that of the log's format: \(changed.joined(separator: ", "))")
    ]
  }

  private static func objects(_ connection: OpaquePointer) throws(StoreError) -> [Object] {
    let statement = try PreparedStatement(
      connection,
      """
      SELECT type, name, sql FROM sqlite_schema
      WHERE sql IS NOT NULL AND substr(name,1,7)<>'sqlite_' ORDER BY name
      """, "reading the schema")
    var objects: [Object] = []
    while try statement.next() {
      objects.append(
        Object(type: statement.text(0), name: statement.text(1), sql: statement.text(2)))
    }
    return objects
  }
}
