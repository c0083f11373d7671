import Engine
import Orchestration
import PetriNet

/// `POST /v1/cases/{c}:cancel` and `:terminate`.
enum CaseEndings {
  /// The net compensates if it says how, and the case goes on (202); else it is terminated.
  static func cancel(_ call: Call) async throws(Problem) -> Answer {
    try await end(call) { .cancel($0) }
  }

  static func terminate(_ call: Call) async throws(Problem) -> Answer {
    try await end(call) { .terminate($0) }
  }

  private static func end(
    _ call: Call, _ command: (EndCase) -> Command
  ) async throws(Problem) -> Answer {
    let node: JSONText.Node = call.body.isEmpty ? .object([]) : try call.json()
    let body = try Body(node, allowed: ["reason"])
    let key = try call.requestKey(body: node)
    let row = try Cases.row(call)
    if try call.query.flag("dry_run") { return try await dryRun(call, row) }
    let reason = try body.requiredText("reason")
    let first = try await call.api.unlessRepeated(key) { () async throws(Problem) in
      let (row, current) = try await Cases.present(call)
      try Preconditions.require("\(row.lastSeq.number)", in: call, current: current)
    }
    let reply: Submitted
    if let first {
      reply = first
    } else {
      reply = try await call.api.submit(
        command(EndCase(caseID: row.id, by: call.by, why: reason)), key: key)
    }
    let event: Seq?
    switch reply.reply {
    case .ending(_, let seq): event = seq
    case .done(let seq): event = seq
    default: throw reply.unexpected("an ending")
    }
    let view = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.openCase(row.id)
    }
    return .json(
      .fields([
        ("case", .id(row.id)), ("event", event.map { .seq($0) }),
        ("status", .string(view == nil ? "closed" : "ending")),
      ]),
      status: view == nil ? 200 : 202, headers: reply.replayHeaders)
  }

  /// What would be withdrawn, and which effects are under way.
  private static func dryRun(_ call: Call, _ row: CaseRow) async throws(Problem) -> Answer {
    let found = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.openCase(row.id)
    }
    guard let view = found else { throw Problem(.caseClosed, "The case is closed.") }
    return .json(
      .fields([
        ("case", .id(row.id)), ("dry_run", .bool(true)),
        ("tokens", .list(view.tokens.filter { $0.heldBy == nil }.map { .id($0.id) })),
        ("tasks", .list(view.tasks.map { .id($0) })),
        ("in_flight", .list(view.inFlight.map(Cases.node))),
      ]))
  }
}
