internal import ArgumentParser
internal import Foundation
internal import PetriNet

/// `petrel case start`.
struct CaseStart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start a case with a value for its start place.",
    discussion: """
      Examples:
        petrel case start refund-triage '{"order":"o-1","customer":"c-1","message":"…"}'
        petrel case start refund-triage --input message.json --key o-1
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String
  @OptionGroup var value: ValueOptions
  @Option(help: "The start place, where there are several.")
  var start: String?
  @Option(help: "The idempotency key: a repeat with it starts nothing.")
  var key: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.post(
      "/v1/workflows/\(ServiceClient.encoded(workflow))/cases"
        + Listing.text(of: [("start", start)]), try value.read(), key: key,
      schema: "petrel.started/1")
  }
}

/// A value that stands on the command line, or in a file.
enum ValueArgument {
  static func read(_ text: String?, _ input: String?) throws -> JSONText.Node {
    switch (text, input) {
    case (let text?, nil): return try Committing.json(text, "the value")
    case (nil, "-"?):
      let data = FileHandle.standardInput.readDataToEndOfFile()
      return try Committing.json(String(decoding: data, as: UTF8.self), "standard input")
    case (nil, let path?):
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure(.noSuchFile, "F131", "the input file '\(path)' cannot be read")
      }
      return try Committing.json(String(decoding: data, as: UTF8.self), path)
    case (nil, nil), (_?, _?):
      throw Failure(.wrongCall, "C101", "give the value as JSON or with --input, one of both")
    }
  }
}

/// `petrel case cancel`.
struct CaseCancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a case: its net compensates, if it says how.",
    discussion: """
      Examples:
        petrel case cancel c1071 --reason "the customer withdrew"
        petrel case cancel c1071 --reason "sent twice" --as ada
      """)

  @OptionGroup var change: CaseChangeOptions

  func run() async throws { try await change.end("cancel") }
}

/// `petrel case terminate`.
struct CaseTerminate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminate", abstract: "End a case at once; what is under way moves nothing.",
    discussion: """
      Examples:
        petrel case terminate c1071 --reason "stuck before fix 41"
        petrel case terminate c1071 --reason test -o json
      """)

  @OptionGroup var change: CaseChangeOptions

  func run() async throws { try await change.end("terminate") }
}

extension CaseChangeOptions {
  var path: String { "/v1/cases/\(ServiceClient.encoded(id))" }

  /// Under the state that the case is in now.
  fileprivate func end(_ how: String) async throws {
    try await reasoned.service.move(
      path, how, Committing.object([("reason", reasoned.reason)]), schema: "petrel.ending/1")
  }
}
