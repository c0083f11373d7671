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
  @Argument(help: "The value, as JSON.")
  var value: String?
  @Option(help: "A file with the value; - for standard input.")
  var input: String?
  @Option(help: "The start place, where there are several.")
  var start: String?
  @Option(help: "The idempotency key: a repeat with it starts nothing.")
  var key: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let value = try ValueArgument.read(value, input)
    let path =
      "/v1/workflows/\(ServiceClient.encoded(workflow))/cases"
      + Listing.text(of: [("start", start)])
    try await service.committing
      .commit("petrel.started/1") { access in
        let header = key.map { ("Idempotency-Key", $0) } ?? Committing.freshKey()
        return try await access.send("POST", path, body: value, headers: [header]).json
      }
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

  @Argument(help: "The case, as c1071.")
  var id: String
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .end(id, "cancel", reason)
  }
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

  @Argument(help: "The case, as c1071.")
  var id: String
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    try await service.committing
      .end(id, "terminate", reason)
  }
}

extension Committing {
  /// Under the state that the case is in now.
  fileprivate func end(_ id: String, _ how: String, _ reason: String) async throws {
    let path = "/v1/cases/\(ServiceClient.encoded(id))"
    try await commit("petrel.ending/1") { access in
      let tag = try await access.send("GET", path).tag ?? "*"
      return try await access.send(
        "POST", "\(path):\(how)", body: Self.object([("reason", reason)]),
        headers: [("If-Match", tag)]
      ).json
    }
  }
}
