internal import ArgumentParser
internal import PetriNet

/// What a verb takes that changes something for a reason.
struct ReasonedOptions: ParsableArguments {
  @Option(help: "Why; stays in the log.")
  var reason: String
  @OptionGroup var service: ServiceOptions
}

/// One case, and where it is.
struct CaseOptions: ParsableArguments {
  @Argument(help: "The case, as c1071.")
  var id: String
  @OptionGroup var service: ServiceOptions
}

/// One case, and why something is done to it.
struct CaseChangeOptions: ParsableArguments {
  @Argument(help: "The case, as c1071.")
  var id: String
  @OptionGroup var reasoned: ReasonedOptions
}

/// A list page by page, of whatever stands on rows of cases.
struct RowListOptions: ParsableArguments {
  @Option(name: .customLong("case"), help: "Of this case, as c1071.")
  var ofCase: String?
  @Option(help: "Of this workflow.")
  var workflow: String?
  @Option(help: "Of this transition.")
  var transition: String?

  /// As the API names them.
  var filters: [(String, String?)] {
    [("case", ofCase), ("workflow", workflow), ("transition", transition)]
  }
}

/// How much of a list, and from where.
struct ListOptions: ParsableArguments {
  @OptionGroup var page: PageOptions
  @OptionGroup var service: ServiceOptions

  /// Prints the list at `path`.
  func show(
    _ path: String, _ filters: [(String, String?)] = [], as listing: Listing
  ) async throws {
    try await listing.show(
      path, filters, from: try .reading(service.destination), page, service.output.format)
  }
}

/// A value for a place, on the command line or in a file.
struct ValueOptions: ParsableArguments {
  @Argument(help: "The value, as JSON.")
  var value: String?
  @Option(help: "A file with the value; - for standard input.")
  var input: String?

  func read() throws -> JSONText.Node { try ValueArgument.read(value, input) }
}

extension ServiceOptions {
  /// Prints one thing that the API shows at `path`.
  func show(_ path: String, schema: String) async throws {
    let node = try await ServiceAccess.reading(destination).get(path)
    Details(schema: schema, node: node).print(as: output.format)
  }

  /// Sends `body` to `path` under an idempotency key; without one under a key of this call alone.
  func post(_ path: String, _ body: JSONText.Node, key: String?, schema: String) async throws {
    try await committing.commit(schema) { access in
      let header = key.map { ("Idempotency-Key", $0) } ?? Committing.freshKey()
      return try await access.send("POST", path, body: body, headers: [header]).json
    }
  }

  /// Sends `body` to `path:verb` under the state that `path` shows now.
  func move(
    _ path: String, _ verb: String, _ body: JSONText.Node, schema: String
  ) async throws {
    try await committing.commit(schema) { access in
      let tag = try await access.send("GET", path).tag ?? "*"
      return try await access.send(
        "POST", "\(path):\(verb)", body: body, headers: [("If-Match", tag)]
      ).json
    }
  }
}
