import CEL
import PetriNet

/// A firing whose outcome is known, and whose tokens are to be made.
struct Ended {
  let plan: VersionPlan
  let transition: TransitionPlan
  let caseID: CaseID?
  let inputs: [Bound]
  let reads: [Bound]
  let firing: FiringText
  let outcome: RecordedOutcome
}

extension State {
  func ended(_ firing: Firing, _ outcome: RecordedOutcome) -> Ended {
    guard let plan = index.plans[firing.workflow],
      let transition = plan.transition(firing.transition)
    else { preconditionFailure("the version of a firing in flight is loaded") }
    return Ended(
      plan: plan, transition: transition, caseID: firing.caseID,
      inputs: firing.consumed.bound(to: firing.held),
      reads: (firing.read ?? []).bound(to: firing.copies), firing: firing.text, outcome: outcome)
  }

  /// The tokens of an outcome on record.
  func outputs(of ended: Ended, at now: Instant) throws(Failure) -> Made {
    let name = ended.outcome.outcome
    func path() -> String {
      "/transitions/\(ended.transition.transition.name.text)/then/\(name)"
    }
    guard let route = ended.transition.transition.work.route(of: name) else {
      throw Failure("no_route", at: path(), "The outcome has no route.")
    }
    let frame = frame(
      ended.transition, inputs: ended.inputs, reads: ended.reads, ended.caseID, now: now,
      firing: ended.firing)
    frame.slots[Transition.Slots.outcome] = ended.outcomeValue
    return try make(
      route.outputs,
      Building(
        plan: ended.plan, transition: ended.transition, inputs: ended.inputs, reads: ended.reads,
        caseID: ended.caseID, now: now, frame: frame, path: path, beside: ended.beside))
  }

  /// What the cancel arcs of an answered task take away.
  func cancelRegion(of ended: Ended, at now: Instant) throws(Failure) -> CancelRegion {
    let path = "/transitions/\(ended.transition.transition.name.text)"
    let frame = frame(
      ended.transition, inputs: ended.inputs, reads: ended.reads, ended.caseID, now: now,
      firing: ended.firing)
    return try cancelRegion(
      Building(
        plan: ended.plan, transition: ended.transition, inputs: ended.inputs, reads: ended.reads,
        caseID: ended.caseID, now: now, frame: frame, path: { path }))
  }

  /// The incident of a firing whose outcome stands and whose outputs raised.
  func unsettled(_ firing: FiringID, _ ended: Ended, _ failure: Failure) -> Draft {
    Draft(
      ended.caseID,
      .incidentRaised(
        IncidentRaised(
          code: failure.code, firing: firing, position: failure.position,
          transition: ended.transition.transition.name,
          workflow: ended.caseID == nil ? ended.plan.id : nil)))
  }
}

extension Ended {
  /// What its row holds beside the tokens.
  fileprivate var beside: Building.Beside? {
    guard outcome.value != nil else { return nil }
    switch transition.transition.work {
    case .action(let work):
      return .init(
        value: outcome.given, colour: plan.net.actions[work.action].returns, isShared: true)
    case .task(let work):
      return work.form(of: outcome.outcome).map {
        .init(value: outcome.given, colour: .record($0), isShared: false)
      }
    case .plain, .choose, .judge, .call: return nil
    }
  }

  /// What the variable of the outcome reads: `verdict`, `fallback`, `result`, `error`, `answer`.
  fileprivate var outcomeValue: Value {
    switch transition.transition.work {
    case .judge(let work):
      if let reason = outcome.reason {
        return .record(
          Record(type: ContextRecords.fallback, fields: [.string(reason.rawValue)]))
      }
      if case .boolean = plan.net.prompts[work.prompt].labels {
        return .bool(outcome.outcome.hasSameBytes(as: "true"))
      }
      return .string(outcome.outcome)
    case .action:
      if outcome.outcome.hasSameBytes(as: "ok") { return outcome.given }
      return .record(
        Record(
          type: ContextRecords.error,
          fields: [.string(outcome.code ?? ""), .int(Int64(outcome.attempts ?? 1))]))
    case .task(let work):
      let form = work.form(of: outcome.outcome)
      var fields: [Value] = [
        .string(outcome.by?.text ?? ""), .timestamp(outcome.at.timestamp),
      ]
      if let form {
        guard case .record(let answer) = outcome.given, answer.fields.count == form.fields.count
        else { return .null }
        fields += answer.fields
      }
      return .record(Record(type: ContextRecords.answer(form: form), fields: fields))
    case .call: return outcome.given
    case .plain, .choose: return .null
    }
  }
}

extension RecordedOutcome {
  /// The result or answer; null without one.
  var given: Value {
    switch value {
    case nil: .null
    case .value(let value): value
    case .text: preconditionFailure("values are read only after the state was opened")
    }
  }
}

extension Work {
  func route(of outcome: String) -> Route? {
    let routes: [Route]
    switch self {
    case .plain, .choose: return nil
    case .judge(let work): routes = work.routes
    case .action(let work): routes = work.routes
    case .task(let work): routes = work.routes
    case .call(let work): routes = work.routes
    }
    return routes.first { $0.outcome.hasSameBytes(as: outcome) }
  }
}

extension [BoundTokens] {
  /// The arcs with their tokens again, from a flat list in the same order.
  fileprivate func bound(to tokens: [Token]) -> [Bound] {
    var position = 0
    return map { arc in
      switch arc {
      case .one:
        defer { position += 1 }
        return .one(tokens[position])
      case .several(let ids):
        defer { position += ids.count }
        return .several([Token](tokens[position..<position + ids.count]))
      }
    }
  }
}
