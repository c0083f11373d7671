internal import ArgumentParser
internal import PetriNet

/// `petrel message`.
struct MessageVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "message", abstract: "Put a message into a message place of a workflow.",
    discussion: """
      The net finds the case. A repeat is answered with the first one's token.
      Examples:
        petrel message booking receipts '{"order":"o-1","paid":true}'
        petrel message booking receipts --input receipt.json --key r-17
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @Argument(help: "The message place.")
  var place: String
  @OptionGroup var value: ValueOptions
  @Option(help: "The idempotency key, where the place has no key of its own.")
  var key: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.post(
      "/v1/workflows/\(ServiceClient.encoded(workflow))/messages/\(ServiceClient.encoded(place))",
      try value.read(), key: key, schema: "petrel.message/1")
  }
}
