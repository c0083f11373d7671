internal import ArgumentParser
internal import Engine
internal import Orchestration
internal import PetriNet

/// `petrel case`: what runs and what has ended.
struct CaseVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case", abstract: "Start, look at and end cases.",
    discussion: """
      Examples:
        petrel case list --status open
        petrel case trail c1071
      """,
    subcommands: [
      CaseList.self, CaseStart.self, CaseShow.self, CaseTrailShow.self, CaseTokens.self,
      CaseWatch.self, CaseCancel.self, CaseTerminate.self, CaseMigrate.self,
    ])
}

/// `petrel case list`.
struct CaseList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Cases, the newest first.",
    discussion: """
      Examples:
        petrel case list --workflow refund-triage --status open
        petrel case list --query 'status == "open"' -o jsonl --all
      """)

  @Option(help: "Of this workflow.")
  var workflow: String?
  @Option(help: "open, completed, cancelled, terminated or erased.")
  var status: String?
  @Option(help: "With this business key.")
  var key: String?
  @Option(help: "NAME == \"TEXT\", joined by &&; NAME is status, workflow or key.")
  var query: String?
  @OptionGroup var list: ListOptions

  func run() async throws {
    let filter = try query.map { try CaseFilter($0) } ?? CaseFilter()
    let listing = Listing(
      schema: "petrel.cases/1",
      columns: [
        .init("CASE", "id"), .init("WORKFLOW", "workflow"), .init("STATUS", "status"),
        .init("OPENED", "opened"), .init("KEY", "key"), .init("ENDED IN", "ended_in"),
      ])
    try await list.show(
      "/v1/cases",
      [
        ("workflow", workflow ?? filter.workflow), ("status", status ?? filter.status),
        ("key", key ?? filter.key),
      ], as: listing)
  }
}

/// The part of `--query` that is answered by indexes: equalities joined by `&&`.
struct CaseFilter: Equatable {
  var workflow: String?
  var status: String?
  var key: String?

  init() {}

  /// - Throws: C302 for anything else, before anything runs.
  init(_ text: String) throws {
    for part in text.split(separator: "&&", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "==", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed() }
        .map { String($0) }
      guard sides.count == 2, let quote = sides[1].first, quote == "\"" || quote == "'",
        sides[1].count >= 2, sides[1].last == quote
      else { throw Self.refused(String(part)) }
      let value = String(sides[1].dropFirst().dropLast())
      guard !value.contains(quote), !value.contains("\\") else { throw Self.refused(String(part)) }
      switch sides[0] {
      case "workflow" where workflow == nil: workflow = value
      case "status" where status == nil: status = value
      case "key" where key == nil: key = value
      default: throw Self.refused(String(part))
      }
    }
  }

  private static func refused(_ part: String) -> Failure {
    Failure(
      .wrongCall, "C302",
      "--query '\(part)': this version answers status, workflow and key, each == a text",
      help: "petrel case list --query 'status == \"open\" && workflow == \"refund-triage\"'")
  }
}

/// `petrel case show`.
struct CaseShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One case: where its tokens are, what is under way.",
    discussion: """
      Examples:
        petrel case show c1071
        petrel case show c1071 --contents -o json
      """)

  @OptionGroup var found: CaseOptions

  func run() async throws {
    try await found.service.show(
      "/v1/cases/\(ServiceClient.encoded(found.id))", schema: "petrel.case/1")
  }
}

/// `petrel case tokens`.
struct CaseTokens: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "The tokens of an open case, in the order they came.",
    discussion: """
      Examples:
        petrel case tokens c1071
        petrel case tokens c1071 -o jsonl
      """)

  @Argument(help: "The case, as c1071.")
  var id: String
  @OptionGroup var list: ListOptions

  func run() async throws {
    try await list.show(
      "/v1/cases/\(ServiceClient.encoded(id))/tokens", as: .tokens(.init("PLACE", "place")))
  }
}

/// `petrel case trail`.
struct CaseTrailShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trail", abstract: "What happened in a case, a line an event.",
    discussion: """
      Read from the log's file.
      Examples:
        petrel case trail c1071
        petrel case trail c1071 --database demo/petrel.db -o jsonl
      """)

  @OptionGroup var found: CaseOptions

  func run() async throws {
    let (id, service) = (found.id, found.service)
    guard case .file(let path) = try service.destination.destination() else {
      throw Failure(
        .wrongCall, "C101", "a trail is read from the log's file",
        help: "petrel case trail \(id) --database petrel.db")
    }
    let reader = try LogFile.reader(path)
    let (_, row) = try LogFile.caseRow(id, in: reader)
    let net = try LogFile.net(of: row, in: reader)
    let trail = try CaseTrail(of: row, net: net, reading: reader, shard: reader.shard)
    guard service.output.format == .table else {
      let items = trail.events.map { line in
        JSONText.Node.object([
          .init("event", .number(JSONNumber(line.seq))),
          .init("after_us", .number(JSONNumber(line.after))), .init("what", .string(line.what)),
          .init("detail", .string(line.detail)),
        ])
      }
      return JSONDocument(schema: "petrel.trail/1", items: items).print(as: service.output.format)
    }
    for line in trail.lines(width: Console.isTerminal ? Console.width : nil) { Console.print(line) }
  }
}
