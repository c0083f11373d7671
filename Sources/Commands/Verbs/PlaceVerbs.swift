internal import ArgumentParser
internal import PetriNet

/// `petrel place`: what lies in the places of a workflow.
struct PlaceVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place", abstract: "Look into places; put tokens into shared ones.",
    discussion: """
      Examples:
        petrel place list refund-triage
        petrel place deposit crawl seats '{"id":7}' --reason "one more worker"
      """,
    subcommands: [PlaceList.self, PlaceTokens.self, PlaceDeposit.self, PlaceWithdraw.self])
}

/// `petrel place list`.
struct PlaceList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "How many tokens are in each place.",
    discussion: """
      Examples:
        petrel place list refund-triage
        petrel place list refund-triage -o json
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let node = try await ServiceAccess.reading(service.destination)
      .get("/v1/workflows/\(ServiceClient.encoded(workflow))/marking")
    var items: [JSONText.Node] = []
    if case .object(let places)? = node["places"] {
      items = places.map {
        .object([.init("place", .string($0.name)), .init("tokens", $0.value)])
      }
    }
    guard service.output.format == .table else {
      return JSONDocument(schema: "petrel.places/1", items: items).print(as: service.output.format)
    }
    Listing(
      schema: "petrel.places/1",
      columns: [.init("PLACE", "place"), .init("TOKENS", "tokens", .right)]
    ).table(items).print()
  }
}

/// `petrel place tokens`.
struct PlaceTokens: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "The tokens of a place.",
    discussion: """
      Examples:
        petrel place tokens refund-triage human_review
        petrel place tokens refund-triage human_review -o jsonl --all
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "The place.")
  var place: String
  @OptionGroup var page: PageOptions
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let listing = Listing(
      schema: "petrel.tokens/1",
      columns: [
        .init("TOKEN", "id"), .init("CASE", "case"), .init("SINCE", "since"),
        .init("HELD BY", "held_by"), .init("VALUE", "value"),
      ])
    try await listing.show(
      "\(Committing.path(ofPlace: place, workflow))/tokens",
      from: try .reading(service.destination),
      page, service.output.format)
  }
}

/// `petrel place deposit`.
struct PlaceDeposit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deposit", abstract: "Put a token into a shared or message place.",
    discussion: """
      Examples:
        petrel place deposit crawl seats '{"id":7}' --reason "one more worker"
        petrel place deposit crawl seats '{"id":8}' --reason "one more worker" --as ada
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "The place.")
  var place: String
  @Argument(help: "The value, as JSON.")
  var value: String
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let body = JSONText.Node.object([
      .init("value", try Committing.json(value, "the value")), .init("reason", .string(reason)),
    ])
    let path = "\(Committing.path(ofPlace: place, workflow)):deposit"
    try await service.committing
      .commit("petrel.deposit/1") { access in
        try await access.send("POST", path, body: body, headers: [Committing.freshKey()]).json
      }
  }
}

/// `petrel place withdraw`.
struct PlaceWithdraw: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take a token out of a shared or message place.",
    discussion: """
      Examples:
        petrel place withdraw crawl seats 1090.0 --reason "one worker less"
        petrel place withdraw crawl seats 1090.0 --reason "a mistake" --as ada
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "The place.")
  var place: String
  @Argument(help: "The token, as 1090.0.")
  var token: String
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let body = Committing.object([("token", token), ("reason", reason)])
    let path = "\(Committing.path(ofPlace: place, workflow)):withdraw"
    try await service.committing
      .commit("petrel.withdrawal/1") { access in
        try await access.send("POST", path, body: body, headers: [Committing.freshKey()]).json
      }
  }
}

extension Committing {
  fileprivate static func path(ofPlace place: String, _ workflow: String) -> String {
    "/v1/workflows/\(ServiceClient.encoded(workflow))/places/\(ServiceClient.encoded(place))"
  }
}
