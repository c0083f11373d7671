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

  @OptionGroup var rows: RowListOptions
  @Option(help: "With this code.")
  var code: String?
  @OptionGroup var list: ListOptions

  func run() async throws {
    let listing = Listing(
      schema: "petrel.incidents/1",
      columns: [
        .init("INCIDENT", "id"), .init("CODE", "code"), .init("CASE", "case"),
        .init("WORKFLOW", "workflow"), .init("TRANSITION", "transition"),
        .init("FIRING", "firing"), .init("POSITION", "position"),
      ])
    try await list.show("/v1/incidents", rows.filters + [("code", code)], as: listing)
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
    try await service.show(
      "/v1/incidents/\(ServiceClient.encoded(id))", schema: "petrel.incident/1")
  }
}

/// `petrel incident retry`.
struct IncidentRetry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Try again; an action is never run again.",
    discussion: """
      Examples:
        petrel incident retry i1200
        petrel incident retry i1200 --version current --reason "the rate is repaired" --as ada
      """)

  @Argument(help: "The incident, as i1200.")
  var id: String
  @Option(help: "Move the case there first: a version by its hash's first digits, or current.")
  var version: String?
  @Option(help: "Why; stays in the log.")
  var reason: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.resolve(id, "retry", [("version", version), ("reason", reason)])
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
  @OptionGroup var reasoned: ReasonedOptions

  func run() async throws {
    try await reasoned.service
      .resolve(id, "choose", [("outcome", outcome), ("reason", reasoned.reason)])
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
  @OptionGroup var reasoned: ReasonedOptions

  func run() async throws {
    try await reasoned.service.resolve(id, "terminate", [("reason", reasoned.reason)])
  }
}

extension ServiceOptions {
  fileprivate func resolve(
    _ id: String, _ verb: String, _ members: [(String, String?)]
  ) async throws {
    try await move(
      "/v1/incidents/\(ServiceClient.encoded(id))", verb, Committing.object(members),
      schema: "petrel.incident-\(verb)/1")
  }
}
