import Engine
import Orchestration
import PetriNet

/// `/v1/incidents`: what was set aside, and what an operator makes of it.
enum Incidents {
  static let filters = ["case", "workflow", "transition", "code"]

  /// In the order they were raised.
  static func list(_ call: Call) async throws(Problem) -> Answer {
    let page = try Page(call.query, of: "incidents")
    let filter = IncidentFilter(
      caseID: try call.query.caseID("case"),
      workflow: call.query.name("workflow").map { WorkflowName($0) },
      transition: call.query.name("transition").map { TransitionName($0) },
      code: call.query["code"])
    let after = try page.afterSeq().map { IncidentID($0) }
    let incidents = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.incidents(filter, after: after, limit: page.limit + 1)
    }
    return page.answer(incidents, in: call, key: { String($0.id.seq.number) }, node: node)
  }

  static func one(_ call: Call) async throws(Problem) -> Answer {
    let incident = try await present(call)
    return Preconditions.answer(node(incident), tag: APIName.text(incident.id), to: call)
  }

  /// A binding is tried again; a firing gets the tokens of the outcome on record. With a version
  /// the case is migrated to it first, in the same commit.
  static func retry(_ call: Call) async throws(Problem) -> Answer {
    try await resolve(call, ["version", "reason"]) { incident, body async throws(Problem) in
      let why = try body.text("reason")
      let migration = try await migration(of: incident, to: try body.text("version"), why, in: call)
      guard let firing = incident.firing else {
        // A binding that was set aside is tried again by the migration itself.
        if let migration { return [migration] }
        return [
          .resolveIncident(
            ResolveIncident(incident: incident.id, how: .retry, by: call.by, why: why))
        ]
      }
      let settling = Command.settle(
        SettleFiring(firing: firing, how: .retry, by: call.by, why: why))
      return (migration.map { [$0] } ?? []) + [settling]
    }
  }

  /// Nil where the incident's case runs under that version already, or none is named.
  ///
  /// - Throws: Why the migration would be refused: then nothing is written.
  private static func migration(
    of incident: IncidentView, to version: String?, _ why: String?, in call: Call
  ) async throws(Problem) -> Command? {
    guard let version else { return nil }
    guard let caseID = incident.caseID, let workflow = incident.workflow else {
      throw Problem(
        .noSuchVersion, "The incident is of no case: what binds none runs in the current version.")
    }
    let target = try await Migrations.version(version, of: workflow, in: call)
    let command = MigrateCase(
      caseID: caseID, to: target.definition, places: [], by: call.by, why: why)
    let outlook = try await Migrations.outlook(of: command, in: call)
    return outlook.to == nil ? nil : .migrate(command)
  }

  /// A firing gets the tokens of another outcome; its action is never run again.
  static func choose(_ call: Call) async throws(Problem) -> Answer {
    try await resolve(call, ["outcome", "reason"]) { incident, body async throws(Problem) in
      let why = try body.requiredText("reason")
      let outcome = try body.requiredText("outcome").inFormC
      guard let firing = incident.firing else {
        throw Problem(
          .noSuchOutcome, "Nothing has ended here: a binding is set aside, retry it.")
      }
      return [
        .settle(SettleFiring(firing: firing, how: .choose(outcome), by: call.by, why: why))
      ]
    }
  }

  /// Ends the incident's case; without a case its firing is dropped.
  static func terminate(_ call: Call) async throws(Problem) -> Answer {
    try await resolve(call, ["reason"]) { incident, body async throws(Problem) in
      let why = try body.requiredText("reason")
      if let id = incident.caseID {
        return [.terminate(EndCase(caseID: id, by: call.by, why: why))]
      }
      if let firing = incident.firing {
        return [.settle(SettleFiring(firing: firing, how: .drop, by: call.by, why: why))]
      }
      return [
        .resolveIncident(
          ResolveIncident(incident: incident.id, how: .ignore, by: call.by, why: why))
      ]
    }
  }

  private static func resolve(
    _ call: Call, _ allowed: [String],
    _ commands: (IncidentView, Body) async throws(Problem) -> [Command]
  ) async throws(Problem) -> Answer {
    let node: JSONText.Node = call.body.isEmpty ? .object([]) : try call.json()
    let body = try Body(node, allowed: allowed)
    let key = try call.requestKey(body: node)
    var wanted: [Command] = []
    let first = try await call.api.unlessRepeated(key) { () async throws(Problem) in
      let incident = try await present(call)
      try Preconditions.check(
        APIName.text(incident.id), in: call, current: self.node(incident))
      wanted = try await commands(incident, body)
    }
    if let first { return answer(first, call) }
    // One commit; the last command is the resolution itself, and what a repeat is answered with.
    let last = wanted.count - 1
    let replies = await call.api.submit(
      wanted.enumerated().map { Submission($1, key: $0 == last ? key : nil) })
    var reply: Submitted?
    for result in replies { reply = try result.get() }
    guard let reply else { throw Problem(.internalError, "a resolution was not read") }
    return answer(reply, call)
  }

  private static func answer(_ reply: Submitted, _ call: Call) -> Answer {
    let event: Seq?
    switch reply.reply {
    case .done(let seq): event = seq
    case .ending(_, let seq): event = seq
    default: event = nil
    }
    return .json(
      .fields([("incident", .string(call.name("i"))), ("event", event.map { .seq($0) })]),
      headers: reply.replayHeaders)
  }

  /// - Throws: `incident-resolved`, `no-such-incident`.
  private static func present(_ call: Call) async throws(Problem) -> IncidentView {
    let noSuch = Problem(.noSuchIncident, "There is no such incident.")
    guard let id = APIName.incidentID(call.name("i")) else { throw noSuch }
    let found = try await call.api.look { engine async throws(SubmissionError) in
      try await engine.incident(id)
    }
    if let found { return found }
    let row = try call.api.log { reading throws(StoreError) in
      try reading.rows(RowQuery(after: Seq(id.seq.number - 1)), limit: 1).first
    }
    guard let row, row.seq == id.seq, row.kind == "incidentRaised" else { throw noSuch }
    throw Problem(.incidentResolved, "The incident is resolved, or its case has ended.")
  }

  private static func node(_ incident: IncidentView) -> JSONText.Node {
    .fields([
      ("id", .id(incident.id)), ("code", .string(incident.code)),
      ("workflow", incident.workflow.map { .string($0.text) }),
      ("transition", incident.transition.map { .string($0.text) }),
      ("case", incident.caseID.map { .id($0) }), ("event", .seq(incident.id.seq)),
      ("firing", incident.firing.map { .id($0) }),
      (
        "binding",
        incident.binding.isEmpty ? nil : .list(incident.binding.map { .id($0) })
      ),
      ("position", incident.position.map { .string($0) }),
      ("outcomes", incident.outcomes.isEmpty ? nil : .texts(incident.outcomes)),
    ])
  }
}
