import CEL
import PetriNet

/// A called case whose call was let go.
struct Orphan: Sendable {
  let child: CaseID
  let firing: FiringID
  /// How the caller's case ended; `cancelled` where a cancel arc took the call.
  let how: CaseEnding
}

/// What a called case came to.
struct ChildResult: Sendable {
  /// The title of the place of its first end token, or `cancelled`.
  var outcome = "cancelled"
  /// Of that token; a list where the place is `many`.
  var value = Value.null
}

extension Machine {
  /// Opens or joins the case that a firing calls; a refused start ends the call as `cancelled`.
  mutating func begin(_ call: PreparedCall, _ step: inout Step) {
    guard let callee = call.callee else {
      return end(call.firing, nil, code: RefusalReason.noSuchWorkflow.rawValue, &step)
    }
    guard state.depth(of: call.callerCase) < limits.callDepthMax else {
      return end(call.firing, nil, code: ChildEnded.cycle, &step)
    }
    let decision = state.decide(
      CaseStart(plan: callee, value: call.argument, parent: call.firing), at: step.now)
    switch decision.reply {
    case .started(let child, _, joined: true):
      guard state.cases[child] != nil else {
        return end(call.firing, nil, code: RefusalReason.caseClosed.rawValue, &step)
      }
      if state.waits(child, for: call.callerCase) {
        return end(call.firing, nil, code: ChildEnded.cycle, &step)
      }
      _ = log(decision, &step)
    case .started: _ = log(decision, &step)
    case .refused(let refusal, _): end(call.firing, nil, code: refusal.reason.rawValue, &step)
    default: end(call.firing, nil, code: RefusalReason.placeFull.rawValue, &step)
    }
  }

  /// Ends a call by what its case came to; without one its start was refused. A call that was let
  /// go moves nothing but the shared tokens it still holds.
  mutating func end(
    _ id: FiringID, _ child: (id: CaseID, result: ChildResult)?, code: String? = nil,
    _ step: inout Step
  ) {
    guard let firing = state.firings[id] else { return }
    let result = child?.result ?? ChildResult()
    if firing.isLetGo {
      let event = LateOutcomeRecorded(code: code, firing: id, outcome: result.outcome)
      log(Draft(firing.caseID, .lateOutcomeRecorded(event)), &step)
    } else if firing.isRunning {
      _ = log(state.ended(firing, child?.id, result, code, at: step.now), &step)
    }
  }

  /// A case whose call was let go is cancelled, unless somebody else asked for it too.
  mutating func cancelOrphan(_ step: inout Step) {
    let orphan = step.orphans.removeFirst()
    guard let child = state.cases[orphan.child], child.parent == orphan.firing, !child.isJoined
    else { return }
    let command = EndCase(caseID: orphan.child, by: .engine)
    let decision =
      orphan.how == .terminated
      ? state.decideEnd(command, how: .terminated, at: step.now)
      : state.decideCancel(command, at: step.now)
    _ = log(decision, &step)
  }

  /// Called cases that the row is about to leave without their callers.
  func orphans(of event: Event, _ caseID: CaseID?) -> [Orphan] {
    let aborted: [FiringID]
    var how = CaseEnding.cancelled
    switch event {
    case .caseClosed(let event):
      aborted = caseID.flatMap { state.cases[$0]?.firings } ?? []
      how = event.how
    case .fired(let event): aborted = (event.aborted ?? []).map(\.firing)
    case .taskAnswered(let event): aborted = (event.aborted ?? []).map(\.firing)
    default: return []
    }
    return aborted.compactMap { id in
      guard let firing = state.firings[id], firing.isRunning, let child = firing.child else {
        return nil
      }
      return Orphan(child: child, firing: id, how: how)
    }
  }
}

extension State {
  /// The version of a workflow that a caller's version is bound to: the last one registered before
  /// it, itself among them; the first one after it where calls go round.
  func calledVersion(of name: WorkflowName, by caller: DefinitionID) -> DefinitionID? {
    var before: DefinitionID?
    var after: DefinitionID?
    for definition in definitions.values
    where definition.kind == .workflow && WorkflowName(definition.name) == name {
      let id = definition.id
      if id <= caller { before = max(before ?? id, id) } else { after = min(after ?? id, id) }
    }
    return before ?? after
  }

  /// How many cases call one another in a row, this one the last.
  func depth(of caseID: CaseID?) -> Int {
    var depth = 1
    var next = caseID
    while let current = next, let parent = cases[current]?.parent,
      let caller = firings[parent]?.caseID
    {
      depth += 1
      next = caller
    }
    return depth
  }

  /// Whether a case waits, through calls, for another.
  func waits(_ caseID: CaseID, for other: CaseID?) -> Bool {
    var seen: Set<CaseID> = []
    var queue = [caseID]
    while let next = queue.popLast() {
      if next == other { return true }
      guard seen.insert(next).inserted else { continue }
      for firing in cases[next]?.firings ?? [] {
        if let child = firings[firing]?.child, firings[firing]?.isRunning == true {
          queue.append(child)
        }
      }
    }
    return false
  }

  /// What a case that completes now comes to for those who called it.
  func result(of found: CaseState, _ how: CaseEnding) -> ChildResult {
    guard how == .completed, let plan = index.plans[found.workflow] else { return ChildResult() }
    var result = ChildResult()
    var values: [Value] = []
    var first: Int?
    for token in found.marking.tokens {
      guard let number = plan.index(of: token.place),
        case .end(let isMany) = plan.net.places[number].kind
      else { continue }
      if first == nil {
        first = number
        result.outcome = plan.net.places[number].title
        result.value = token.value
      }
      guard number == first else { continue }
      values.append(token.value)
      if isMany { result.value = .list(values) }
    }
    return result
  }

  /// The call's outcome, with its tokens; what crosses cases is sealed anew.
  func ended(
    _ firing: Firing, _ child: CaseID?, _ result: ChildResult, _ code: String?, at now: Instant
  ) -> Decision {
    let value = result.value.unsealed
    var outcome = RecordedOutcome(outcome: result.outcome, code: code, at: now)
    outcome.value = value == .null ? nil : .value(value)
    let ended = ended(firing, outcome)
    var event = ChildEnded(
      child: child, code: code, firing: firing.id, outcome: result.outcome, result: outcome.value)
    let reply = Reply.done(event: nextSeq)
    do {
      let made = try outputs(of: ended, at: now)
      event.tokens = made.tokens
      if made.tokens.contains(where: { $0.holds(outcome.given) }) { event.result = nil }
      return Decision(
        [Draft(firing.caseID, .childEnded(event))] + made.incidents(nextSeq, firing.caseID),
        reply: reply)
    } catch {
      return Decision(
        [Draft(firing.caseID, .childEnded(event)), unsettled(firing.id, ended, error)],
        reply: reply)
    }
  }
}

extension ChildEnded {
  /// The code of a call that would wait for itself, or of one too deep.
  package static let cycle = "cycle"
}
