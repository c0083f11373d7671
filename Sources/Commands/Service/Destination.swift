internal import ArgumentParser
internal import Foundation
internal import Workflows

/// Which service or log a verb works on: flag, then environment, then petrel.yaml.
struct DestinationOptions: ParsableArguments {
  @Option(help: "A running service, as http://127.0.0.1:7875.")
  var url: String?

  @Option(help: "The log's file; default: `database` of petrel.yaml.")
  var database: String?

  @Option(name: .customLong("as"), help: "Who is at the keyboard; on record as unproved.")
  var person: String?

  @Flag(help: "Show personal fields, prompts and replies.")
  var contents = false

  func destination() throws -> Destination {
    if let flags = try Destination(url: url, database: database, "--url and --database") {
      return flags
    }
    let environment = ProcessInfo.processInfo.environment
    let variables = try Destination(
      url: environment["PETREL_URL"], database: environment["PETREL_DATABASE"],
      "PETREL_URL and PETREL_DATABASE")
    if let variables { return variables }
    return .file(try Project.readConfiguration().0.configuration.database)
  }
}

enum Destination: Equatable {
  case service(String)
  case file(String)

  /// - Throws: 64 where both are given.
  init?(url: String?, database: String?, _ names: String) throws {
    switch (url, database) {
    case (nil, nil): return nil
    case (let url?, nil):
      guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
        throw Failure(.wrongCall, "C101", "'\(url)' is no URL: expected http://HOST:PORT")
      }
      self = .service(url.hasSuffix("/") ? String(url.dropLast()) : url)
    case (nil, let path?): self = .file(path)
    case (_?, _?): throw Failure(.wrongCall, "C101", "\(names) are both given: one is enough")
    }
  }
}
