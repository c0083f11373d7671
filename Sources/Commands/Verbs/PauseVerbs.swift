internal import ArgumentParser
internal import PetriNet

/// `petrel pause`.
struct PauseVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start nothing new; what is in flight ends.",
    discussion: """
      Examples:
        petrel pause refund-triage --reason "the provider is down"
        petrel pause refund-triage pay --reason "the provider is down"
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "One transition of it.")
  var transition: String?
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .set("pause", workflow, transition, reason)
  }
}

/// `petrel resume`.
struct ResumeVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with what was paused.",
    discussion: """
      Examples:
        petrel resume refund-triage --reason "the provider is back"
        petrel resume refund-triage pay --reason "the provider is back"
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "One transition of it.")
  var transition: String?
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .set("resume", workflow, transition, reason)
  }
}

extension Committing {
  fileprivate func set(
    _ verb: String, _ workflow: String, _ transition: String?, _ reason: String
  ) async throws {
    var path = "/v1/workflows/\(ServiceClient.encoded(workflow))"
    if let transition { path += "/transitions/\(ServiceClient.encoded(transition))" }
    try await commit("petrel.\(verb)/1") { [path] access in
      try await access.send("POST", "\(path):\(verb)", body: Self.object([("reason", reason)]))
        .json
    }
  }
}
