internal import ArgumentParser
internal import PetriNet

/// `petrel incident`: what was set aside.
struct IncidentVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incident", abstract: "Look at and resolve what was set aside.",
    discussion: """
      Examples:
        petrel incident list
        petrel incident retry i1200 --reason "the rate table is repaired"
      """,
    subcommands: [
      IncidentList.self, IncidentShow.self, IncidentRetry.self, IncidentChoose.self,
      IncidentTerminate.self,
    ])
}

/// `petrel incident list`.
struct IncidentList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Open incidents, in the order they were raised.",
    discussion: """
      Examples:
        petrel incident list --workflow refund-triage
        petrel incident list --code T403 -o jsonl --all
      """)

  @Option(name: .customLong("case"), help: "Of this case, as c1071.")
  var ofCase: String?
  @Option(help: "Of this workflow.")
  var workflow: String?
  @Option(help: "Of this transition.")
  var transition: String?
  @Option(help: "With this code.")
  var code: String?
  @OptionGroup var page: PageOptions
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let listing = Listing(
      schema: "petrel.incidents/1",
      columns: [
        .init("INCIDENT", "id"), .init("CODE", "code"), .init("CASE", "case"),
        .init("WORKFLOW", "workflow"), .init("TRANSITION", "transition"),
        .init("FIRING", "firing"), .init("POSITION", "position"),
      ])
    try await listing.show(
      "/v1/incidents",
      [("case", ofCase), ("workflow", workflow), ("transition", transition), ("code", code)],
      from: try .reading(service.destination), page, service.output.format)
  }
}

/// `petrel incident show`.
struct IncidentShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One incident: code and position, and what may be chosen.",
    discussion: """
      Examples:
        petrel incident show i1200
        petrel incident show i1200 -o json
      """)

  @Argument(help: "The incident, as i1200.")
  var id: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let node = try await ServiceAccess.reading(service.destination)
      .get("/v1/incidents/\(ServiceClient.encoded(id))")
    Details(schema: "petrel.incident/1", node: node).print(as: service.output.format)
  }
}

/// `petrel incident retry`.
struct IncidentRetry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Try again; an action is never run again.",
    discussion: """
      Examples:
        petrel incident retry i1200
        petrel incident retry i1200 --reason "the rate table is repaired" --as ada
      """)

  @Argument(help: "The incident, as i1200.")
  var id: String
  @Option(help: "Why; stays in the log.")
  var reason: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .resolve(id, "retry", [("reason", reason)])
  }
}

/// `petrel incident choose`.
struct IncidentChoose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "choose", abstract: "Go on with another outcome of a firing that has ended.",
    discussion: """
      Examples:
        petrel incident choose i1200 failed --reason "the provider says it was refused"
        petrel incident choose i1200 ok --reason "seen in the ledger" --as ada
      """)

  @Argument(help: "The incident, as i1200.")
  var id: String
  @Argument(help: "The outcome, by name.")
  var outcome: String
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .resolve(id, "choose", [("outcome", outcome), ("reason", reason)])
  }
}

/// `petrel incident terminate`.
struct IncidentTerminate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminate", abstract: "End the case of an incident.",
    discussion: """
      Examples:
        petrel incident terminate i1200 --reason "a test"
        petrel incident terminate i1200 --reason "sent twice" --as ada
      """)

  @Argument(help: "The incident, as i1200.")
  var id: String
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .resolve(id, "terminate", [("reason", reason)])
  }
}

extension Committing {
  fileprivate func resolve(
    _ id: String, _ verb: String, _ members: [(String, String?)]
  ) async throws {
    let path = "/v1/incidents/\(ServiceClient.encoded(id))"
    try await commit("petrel.incident-\(verb)/1") { access in
      let tag = try await access.send("GET", path).tag ?? "*"
      return try await access.send(
        "POST", "\(path):\(verb)", body: Self.object(members), headers: [("If-Match", tag)]
      ).json
    }
  }
}
