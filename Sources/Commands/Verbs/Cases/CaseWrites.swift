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

/// `petrel case migrate`.
struct CaseMigrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Let a case go on under another version of its workflow.",
    discussion: """
      Every token must fit a place of its name there, every firing in flight a transition of its
      name. Offers to people are withdrawn and made anew.
      Examples:
        petrel case migrate c1071 --dry-run --reason "the limit was wrong"
        petrel case migrate c1071 --place waiting=queue --reason "the place was renamed"
      """)

  @Option(help: "The version, by the first digits of its hash; default: the current one.")
  var version: String?
  @Option(
    name: .customLong("place"), parsing: .singleValue,
    help: "OLD=NEW: where the tokens of a place go that has another name there.")
  var places: [String] = []
  @Flag(help: "Say what would move; write nothing.")
  var dryRun = false
  @OptionGroup var change: CaseChangeOptions

  func run() async throws {
    var members: [JSONText.Member] = []
    if let version { members.append(.init("version", .string(version))) }
    if !places.isEmpty { members.append(.init("places", .object(try places.map(Self.move)))) }
    let service = change.reasoned.service
    guard !dryRun else {
      let access = try ServiceAccess.looking(service.destination)
      let node = try await access.send(
        "POST", "\(change.path):migrate?dry_run=true", body: .object(members)
      ).json
      await access.close()
      return Details(schema: "petrel.migration/1", node: node).print(as: service.output.format)
    }
    members.append(.init("reason", .string(change.reasoned.reason)))
    try await service.move(
      change.path, "migrate", .object(members), schema: "petrel.migration/1")
  }

  private static func move(_ text: String) throws -> JSONText.Member {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard sides.count == 2, !sides.contains("") else {
      throw Failure(.wrongCall, "C101", "--place \(text): expected OLD=NEW")
    }
    return .init(sides[0], .string(sides[1]))
  }
}

extension CaseChangeOptions {
  var path: String { "/v1/cases/\(ServiceClient.encoded(id))" }

  /// Under the state that the case is in now.
  fileprivate func end(_ how: String) async throws {
    try await reasoned.service.move(
      path, how, Committing.object([("reason", reasoned.reason)]), schema: "petrel.ending/1")
  }
}
