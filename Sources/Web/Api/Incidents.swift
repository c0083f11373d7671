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

  /// A binding is tried again; a firing gets the tokens of the outcome on record.
  static func retry(_ call: Call) async throws(Problem) -> Answer {
    try await resolve(call, ["version", "reason"]) { incident, body throws(Problem) in
      guard try body.text("version") == nil else {
        throw Problem(.notBuilt, "Cases are not migrated in this version; leave out 'version'.")
      }
      let why = try body.text("reason")
      guard let firing = incident.firing else {
        return .resolveIncident(
          ResolveIncident(incident: incident.id, how: .retry, by: call.by, why: why))
      }
      return .settle(SettleFiring(firing: firing, how: .retry, by: call.by, why: why))
    }
  }

  /// A firing gets the tokens of another outcome; its action is never run again.
  static func choose(_ call: Call) async throws(Problem) -> Answer {
    try await resolve(call, ["outcome", "reason"]) { incident, body throws(Problem) in
      let why = try body.requiredText("reason")
      let outcome = try body.requiredText("outcome").inFormC
      guard let firing = incident.firing else {
        throw Problem(
          .noSuchOutcome, "Nothing has ended here: a binding is set aside, retry it.")
      }
      return .settle(
        SettleFiring(firing: firing, how: .choose(outcome), by: call.by, why: why))
    }
  }

  /// Ends the incident's case; without a case its firing is dropped.
  static func terminate(_ call: Call) async throws(Problem) -> Answer {
    try await resolve(call, ["reason"]) { incident, body throws(Problem) in
      let why = try body.requiredText("reason")
      if let id = incident.caseID {
        return .terminate(EndCase(caseID: id, by: call.by, why: why))
      }
      if let firing = incident.firing {
        return .settle(SettleFiring(firing: firing, how: .drop, by: call.by, why: why))
      }
      return .resolveIncident(
        ResolveIncident(incident: incident.id, how: .ignore, by: call.by, why: why))
    }
  }

  private static func resolve(
    _ call: Call, _ allowed: [String],
    _ command: (IncidentView, Body) throws(Problem) -> Command
  ) async throws(Problem) -> Answer {
    let node: JSONText.Node = call.body.isEmpty ? .object([]) : try call.json()
    let body = try Body(node, allowed: allowed)
    let key = try call.requestKey(body: node)
    var wanted: Command?
    let first = try await call.api.unlessRepeated(key) { () async throws(Problem) in
      let incident = try await present(call)
      try Preconditions.check(
        APIName.text(incident.id), in: call, current: self.node(incident))
      wanted = try command(incident, body)
    }
    if let first { return answer(first, call) }
    guard let wanted else { throw Problem(.internalError, "a resolution was not read") }
    return answer(try await call.api.submit(wanted, key: key), call)
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
