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
  @OptionGroup var list: ListOptions

  func run() async throws {
    try await list.show(
      "\(Committing.path(ofPlace: place, workflow))/tokens", as: .tokens(.init("CASE", "case")))
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
  @OptionGroup var reasoned: ReasonedOptions

  func run() async throws {
    let body = JSONText.Node.object([
      .init("value", try Committing.json(value, "the value")),
      .init("reason", .string(reasoned.reason)),
    ])
    try await reasoned.service.post(
      "\(Committing.path(ofPlace: place, workflow)):deposit", body, key: nil,
      schema: "petrel.deposit/1")
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
  @OptionGroup var reasoned: ReasonedOptions

  func run() async throws {
    try await reasoned.service.post(
      "\(Committing.path(ofPlace: place, workflow)):withdraw",
      Committing.object([("token", token), ("reason", reasoned.reason)]), key: nil,
      schema: "petrel.withdrawal/1")
  }
}

extension Committing {
  fileprivate static func path(ofPlace place: String, _ workflow: String) -> String {
    "/v1/workflows/\(ServiceClient.encoded(workflow))/places/\(ServiceClient.encoded(place))"
  }
}
