internal import ArgumentParser
internal import LLMJudge
internal import PetriNet
internal import SQLiteStore
internal import Transfer
internal import Workflows

/// `petrel doctor`: what a service would meet.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Try the configuration, the endpoints, the services, the log's file, disk and clock.",
    discussion: """
      Asks each endpoint short questions of its own, through the same client and parser as a service:
      their free answer is none of the labels, so that only a constraint that is enforced brings a
      label. Exit code 78 for a configuration that cannot be read, 69 where an endpoint or a
      service does not answer, 1 where another check fails.
      Examples:
        petrel doctor
        petrel doctor stand-in -o json
      """)

  @Argument(help: "This endpoint alone.")
  var endpoint: String?
  @Flag(help: "As -o json.")
  var json = false
  @Flag(help: "Only who holds the log's file.")
  var owner = false
  @Option(help: "The log's file; default: `database` of petrel.yaml.")
  var database: String?
  @OptionGroup var output: OutputOptions
  @OptionGroup var talk: TalkOptions

  func run() async throws {
    let (loaded, files) = try Project.readConfiguration()
    let configuration = loaded.configuration
    let log = LogExamination(path: database ?? configuration.database)
    guard !owner else { return try tell([log.owner]) }
    guard let endpoint else {
      var checks = [Self.configurationCheck(files)]
      checks += await talkTo(configuration.endpoints, log.path)
      for service in configuration.services {
        talk.note("asking \(service.name.value) …")
        checks.append(await ServiceExamination(service).check())
      }
      return try tell(checks + log.checks())
    }
    let found = configuration.endpoints.filter { $0.name.value.utf8.elementsEqual(endpoint.utf8) }
    guard !found.isEmpty else {
      let names = configuration.endpoints.map(\.name.value)
      let nearest = Nearest.name(to: endpoint, among: names).map { "; nearest: \($0)" } ?? ""
      throw Failure(
        .wrongCall, "C101",
        "there is no endpoint '\(endpoint)'; there are \(names.joined(separator: ", "))\(nearest)")
    }
    try tell(await talkTo(found, log.path))
  }

  /// What is found out here that contradicts what a start knows stands beside the log from then on.
  private func talkTo(
    _ endpoints: [Configuration.Endpoint], _ database: String
  ) async -> [Check] {
    let transfer = CurlLoop()
    defer { transfer.stop() }
    for endpoint in endpoints { talk.note("asking \(endpoint.name.value) …") }
    return await withTaskGroup(
      of: (Int, (findings: EndpointFindings?, checks: [Check])).self
    ) { group in
      for (index, endpoint) in endpoints.enumerated() {
        group.addTask { (index, await EndpointExamination(endpoint, transfer).examine()) }
      }
      var found: [(Int, [Check])] = []
      for await (index, examined) in group {
        found.append((index, examined.checks))
        guard case .ignored? = examined.findings?.constraint else { continue }
        ConstraintProofs.withdraw(endpoints[index], database: database)
      }
      return found.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private static func configurationCheck(_ files: [String]) -> Check {
    files.isEmpty
      ? Check("petrel.yaml", "configuration", .unknown, "none here or above: all at its default")
      : Check(files.joined(separator: ", "), "configuration", .good, "readable")
  }

  private func tell(_ checks: [Check]) throws {
    let format = json ? .json : output.format
    if format == .table {
      var table = Table([.init("OF"), .init("CHECK"), .init("RESULT"), .init("DETAIL")])
      for check in checks {
        table.add([check.subject, check.name, check.result.rawValue, check.detail])
      }
      table.print()
    } else {
      JSONDocument(schema: "petrel.doctor/1", items: checks.map(\.node)).print(as: format)
    }
    let bad = checks.filter { $0.result == .bad }
    guard !bad.isEmpty else { return }
    throw Failure(bad.contains(where: \.isAway) ? .notReachable : .no)
  }

  /// One check.
  struct Check: Equatable, Sendable {
    enum Result: String, Sendable {
      case good = "ok"
      case bad = "no"
      /// Could not be tried.
      case unknown = "-"
    }

    var subject: String
    var name: String
    var result: Result
    var detail: String
    /// Whether the subject does not answer at all.
    var isAway = false

    init(_ subject: String, _ name: String, _ result: Result, _ detail: String) {
      self.subject = subject
      self.name = name
      self.result = result
      self.detail = detail
    }

    var node: JSONText.Node {
      .object([
        .init("of", .string(subject)), .init("check", .string(name)),
        .init("result", .string(result.rawValue)), .init("detail", .string(detail)),
      ])
    }
  }
}
