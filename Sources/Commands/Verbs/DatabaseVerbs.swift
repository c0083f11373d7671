internal import ArgumentParser
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// `petrel db`: the file of a log itself.
struct DatabaseVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db",
    abstract: "Look into the file of a log: what takes room, and by SQL; copy it.",
    discussion: """
      Examples:
        petrel db size
        petrel db sql 'SELECT kind, count(*) FROM log GROUP BY kind'
      """, subcommands: [DatabaseSize.self, DatabaseQuery.self, DatabaseBackup.self])
}

/// `petrel db size`.
struct DatabaseSize: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "size", abstract: "Bytes and rows by table, the largest first.",
    discussion: """
      Reads every page of the file once, beside a service or on a copy.
      Examples:
        petrel db size
        petrel db size --database copy.db -o json
      """)

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let items = try LogFile.reading(service.destination) { reader in
      try reader.sizes().map { size in
        JSONText.Node.object([
          .init("table", .string(size.table)), .init("rows", .number(JSONNumber(size.rows))),
          .init("bytes", .number(JSONNumber(size.bytes))),
          .init("index_bytes", .number(JSONNumber(size.indexBytes))),
        ])
      }
    }
    guard service.output.format == .table else {
      return JSONDocument(schema: "petrel.sizes/1", items: items).print(as: service.output.format)
    }
    Listing(
      schema: "petrel.sizes/1",
      columns: [
        .init("TABLE", "table"), .init("ROWS", "rows", .right), .init("BYTES", "bytes", .right),
        .init("INDEXES", "index_bytes", .right),
      ]
    ).table(items).print()
  }
}

/// `petrel db sql`.
struct DatabaseQuery: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql", abstract: "One SELECT over the log's tables and views; writes nothing.",
    discussion: """
      docs/LOG.md names the views. Sealed parts stay sealed.
      Examples:
        petrel db sql 'SELECT kind, count(*) FROM log GROUP BY kind'
        petrel db sql 'SELECT seq, body FROM log WHERE case_no=1071' -o jsonl --limit 1000
      """)

  @Argument(help: "A statement of SQLite that reads.")
  var statement: String
  @Option(help: "Rows at the most.")
  var limit = 500
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let found = try LogFile.reading(service.destination) { reader in
      do {
        return try reader.query(statement, limit: limit)
      } catch let error as StoreError where error.kind == .failed {
        let said = error.message.split(separator: ": ", maxSplits: 1).last.map(String.init)
        throw Failure(.wrongCall, "C302", said ?? error.message)
      }
    }
    defer {
      if found.isCut { Console.note("\(found.rows.count) shown, more exist: --limit") }
    }
    guard service.output.format == .table else {
      let items = found.rows.map { row in
        JSONText.Node.object(
          zip(found.columns, row).map { .init($0, $1.map { .string($0) } ?? .null) })
      }
      return JSONDocument(schema: "petrel.rows/1", items: items).print(as: service.output.format)
    }
    var table = Table(found.columns.map { .init($0) })
    for row in found.rows { table.add(row.map { $0 ?? "-" }) }
    table.print()
  }
}

extension LogFile {
  /// Reads the file that `options` name.
  ///
  /// - Throws: `Failure`, also for what the store says.
  static func reading<Result>(
    _ options: DestinationOptions, _ body: (LogReader) throws -> Result
  ) throws -> Result {
    guard case .file(let path) = try options.destination() else {
      throw Failure(.wrongCall, "C101", "this reads the log's file: --database petrel.db")
    }
    let reader = try reader(path)
    do {
      return try body(reader)
    } catch let error as StoreError {
      throw Failure(error)
    }
  }
}
