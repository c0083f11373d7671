import Engine
import Orchestration
import PetriNet

/// `POST /v1/cases/{c}:migrate`: a case goes on under another version of its workflow.
enum Migrations {
  /// What names the current version.
  static let current = "current"
  /// Digits of a hash that name a version, where only one has them.
  static let digitsMin = 8

  static func migrate(_ call: Call) async throws(Problem) -> Answer {
    let node: JSONText.Node = call.body.isEmpty ? .object([]) : try call.json()
    let body = try Body(node, allowed: ["version", "places", "reason"])
    let key = try call.requestKey(body: node)
    let row = try Cases.row(call)
    let target = try await version(try body.text("version") ?? current, of: row.workflow, in: call)
    var command = MigrateCase(
      caseID: row.id, to: target.definition, places: try moves(body["places"]), by: call.by)
    if try call.query.flag("dry_run") {
      return dryRun(try await outlook(of: command, in: call), row, target)
    }
    command.why = try body.requiredText("reason")
    let first = try await call.api.unlessRepeated(key) { () async throws(Problem) in
      let (row, current) = try await Cases.present(call)
      try Preconditions.require("\(row.lastSeq.number)", in: call, current: current)
    }
    let reply: Submitted
    if let first {
      reply = first
    } else {
      reply = try await call.api.submit(.migrate(command), key: key)
    }
    guard case .done(let event) = reply.reply else { throw reply.unexpected("a migration") }
    return .json(
      .fields([
        ("case", .id(row.id)), ("event", event.map { .seq($0) }),
        ("version", .string(Workflows.hex(target.hash))),
      ]), headers: reply.replayHeaders)
  }

  /// The version of `workflow` that is meant.
  ///
  /// - Parameter name: `current`, or the first digits of its hash, at least eight.
  /// - Throws: `no-such-version`.
  static func version(
    _ name: String, of workflow: WorkflowName, in call: Call
  ) async throws(Problem) -> WorkflowView {
    let versions = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.versions(of: workflow)
    }
    let found = versions.filter { view in
      name == current
        ? view.isCurrent
        : name.utf8.count >= digitsMin && Workflows.hex(view.hash).utf8.starts(with: name.utf8)
    }
    guard found.count == 1, let view = found.first else {
      throw Problem(
        .noSuchVersion,
        found.isEmpty
          ? "A version is named by the first \(digitsMin) hex digits of its hash or more, or "
            + "'\(current)'."
          : "These digits begin the hashes of \(found.count) versions.")
    }
    return view
  }

  /// What the command would come to.
  ///
  /// - Throws: Why it would be refused.
  static func outlook(
    of command: MigrateCase, in call: Call
  ) async throws(Problem) -> MigrationOutlook {
    let now = call.api.clock.now()
    let outlook = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.outlook(of: command, at: now)
    }
    if let refusal = outlook.refusal { throw RefusalProblem.problem(for: refusal) }
    return outlook
  }

  private static func moves(_ node: JSONText.Node?) throws(Problem) -> [MigrateCase.Move] {
    guard let node else { return [] }
    guard case .object(let members) = node else {
      throw .member("places", found: node.kindText, expected: "an object of OLD: NEW")
    }
    var moves: [MigrateCase.Move] = []
    for member in members {
      guard case .string(let to) = member.value else {
        throw .member(
          "places/\(JSONPointer.escaped(member.name))", found: member.value.kindText,
          expected: "the name of a place")
      }
      moves.append(MigrateCase.Move(from: member.name.inFormC, to: to.inFormC))
    }
    return moves
  }

  private static func dryRun(
    _ outlook: MigrationOutlook, _ row: CaseRow, _ target: WorkflowView
  ) -> Answer {
    .json(
      .fields([
        ("case", .id(row.id)), ("dry_run", .bool(true)),
        ("version", .string(Workflows.hex(target.hash))),
        (
          "tokens",
          .list(
            outlook.moves.map {
              .fields([("id", .id($0.token)), ("to", .string($0.to.text))])
            })
        ),
        ("in_flight", .list(outlook.firings.map { .id($0) })),
        ("tasks", .list(outlook.withdrawn.map { .id($0) })),
      ]))
  }
}
