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
        petrel pause --endpoint claude --reason "it answers nonsense since noon"
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
        petrel resume --endpoint claude --reason "the vendor mended it"
      """)

  @OptionGroup var target: PauseOptions

  func run() async throws { try await target.set("resume") }
}

/// What is paused or goes on, and why.
struct PauseOptions: ParsableArguments {
  @Argument(help: "The workflow, by name.")
  var workflow: String?
  @Argument(help: "One transition of it.")
  var transition: String?
  @Option(help: "An endpoint of petrel.yaml, in place of a workflow.")
  var endpoint: String?
  @OptionGroup var reasoned: ReasonedOptions

  private var path: String {
    get throws {
      if let endpoint {
        guard workflow == nil else {
          throw Failure(.wrongCall, "C101", "name a workflow or --endpoint, not both")
        }
        return "/v1/endpoints/\(ServiceClient.encoded(endpoint))"
      }
      guard let workflow else {
        throw Failure(.wrongCall, "C101", "name a workflow, or an endpoint with --endpoint")
      }
      let path = "/v1/workflows/\(ServiceClient.encoded(workflow))"
      guard let transition else { return path }
      return path + "/transitions/\(ServiceClient.encoded(transition))"
    }
  }

  fileprivate func set(_ verb: String) async throws {
    let path = try path
    try await reasoned.service.committing.commit("petrel.\(verb)/1") { access in
      try await access.send(
        "POST", "\(path):\(verb)", body: Committing.object([("reason", reasoned.reason)])
      ).json
    }
  }
}
