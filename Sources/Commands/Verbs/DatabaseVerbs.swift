internal import ArgumentParser
internal import Engine
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// `petrel db`: the file of a log itself.
struct DatabaseVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db",
    abstract: "Look into the file of a log: what takes room, whether it is sound, by SQL; copy it.",
    discussion: """
      Examples:
        petrel db size
        petrel db check
        petrel db sql 'SELECT kind, count(*) FROM log GROUP BY kind'
      """,
    subcommands: [
      DatabaseSize.self, DatabaseCheck.self, DatabaseQuery.self, DatabaseBackup.self,
    ])
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

/// `petrel db check`.
struct DatabaseCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Whether the file is sound as a database.",
    discussion: """
      Reads every page and every index, beside a service or on a copy: damage by disks and by hands
      without SQL. Whether somebody changed what the log says is for petrel audit verify. Exit code 1
      where something is wrong.
      Examples:
        petrel db check
        petrel db check --database copy.db -o json
      """)

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let checks = try LogFile.reading(service.destination) { try $0.check() }
    if service.output.format == .table {
      for check in checks {
        if check.findings.isEmpty { Console.print("ok      \(check.name)") }
        for finding in check.findings { Console.print("BROKEN  \(check.name): \(finding)") }
      }
    } else {
      let items = checks.map { check in
        JSONText.Node.object([
          .init("check", .string(check.name)),
          .init("findings", .list(check.findings.map { .string($0) })),
        ])
      }
      JSONDocument(schema: "petrel.check/1", items: items).print(as: service.output.format)
    }
    if checks.contains(where: { !$0.findings.isEmpty }) { throw Failure(.no) }
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
  /// The row of a case by its id, `c1071`.
  ///
  /// - Throws: 66 for a case that the log does not have, or has no more.
  static func caseRow(_ id: String, in reader: LogReader) throws -> (Int64, CaseRow) {
    guard id.hasPrefix("c"), let number = Int64(id.dropFirst()), number > 0 else {
      throw Failure(.noSuchFile, "T101", "there is no case '\(id)'")
    }
    if let row = try reader.caseRow(CaseID(Seq(number))) { return (number, row) }
    if let event = try reader.pruning(of: Seq(number)) {
      throw Failure(
        .noSuchFile, "T111", "\(id) was pruned by event \(event.number)",
        help: "its time under retention: is over; an archive or a backup may have it")
    }
    throw Failure(.noSuchFile, "T101", "there is no case '\(id)'")
  }

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
