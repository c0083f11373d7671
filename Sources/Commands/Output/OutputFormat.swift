internal import ArgumentParser
internal import Foundation

/// How data leaves a command: `-o table|json|jsonl`, else `PETREL_OUTPUT`, else a table.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// For people.
  case table
  /// One document `{"schema", "items", "next"}`.
  case json
  /// One item a line; what streams.
  case jsonl
}

/// `-o`, for every verb that answers data.
struct OutputOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "table, json (one document) or jsonl (one item a line).")
  var output: OutputFormat?

  /// What was asked for by flag or environment.
  var format: OutputFormat {
    output ?? Self.environment.flatMap(OutputFormat.init(rawValue:)) ?? .table
  }

  func validate() throws {
    guard output == nil, let named = Self.environment, !named.isEmpty,
      OutputFormat(rawValue: named) == nil
    else { return }
    throw ValidationError("PETREL_OUTPUT is '\(named)'; expected table, json or jsonl")
  }

  private static var environment: String? {
    ProcessInfo.processInfo.environment["PETREL_OUTPUT"]
  }
}

/// `-q` and `-v`, for every verb.
struct TalkOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing that is no answer.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more.")
  var verbose = false

  /// A hint or progress, on stderr; nothing with `-q`.
  func note(_ line: @autoclosure () -> String) {
    if !quiet { Console.note(line()) }
  }
}
