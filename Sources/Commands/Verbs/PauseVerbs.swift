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

  @OptionGroup var target: PauseOptions

  func run() async throws { try await target.set("pause") }
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

  @OptionGroup var target: PauseOptions

  func run() async throws { try await target.set("resume") }
}

/// What is paused or goes on, and why.
struct PauseOptions: ParsableArguments {
  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "One transition of it.")
  var transition: String?
  @OptionGroup var reasoned: ReasonedOptions

  fileprivate func set(_ verb: String) async throws {
    var path = "/v1/workflows/\(ServiceClient.encoded(workflow))"
    if let transition { path += "/transitions/\(ServiceClient.encoded(transition))" }
    try await reasoned.service.committing.commit("petrel.\(verb)/1") { [path] access in
      try await access.send(
        "POST", "\(path):\(verb)", body: Committing.object([("reason", reasoned.reason)])
      ).json
    }
  }
}
