import PetriNet

extension State {
  mutating func apply(_ event: Fired, _ row: LoggedEvent) {
    let taken = take(event.consumed, of: row.caseID)
    let copies = copies(event.read, of: row.caseID)
    discard(taken)
    remove(event.cancelled ?? [], of: row.caseID)
    for aborted in event.aborted ?? [] { abort(aborted) }
    put(event.tokens, row, from: copies.isEmpty ? taken : taken + copies)
    countStep(row, event.workflow)
  }

  private mutating func countStep(_ row: LoggedEvent, _ workflow: DefinitionID?) {
    if let caseID = row.caseID {
      if cases[caseID]?.stepsAt == row.at {
        cases[caseID]?.steps += 1
      } else {
        cases[caseID]?.stepsAt = row.at
        cases[caseID]?.steps = 1
      }
    } else if let workflow {
      let name = workflowName(workflow)
      let count = steps[name]
      steps[name] = StepCount(at: row.at, count: count?.at == row.at ? (count?.count ?? 0) + 1 : 1)
    }
  }

  /// A cancel region ended a firing in flight.
  private mutating func abort(_ aborted: AbortedFiring) {
    guard var firing = firings[aborted.firing] else {
      preconditionFailure("an aborted firing is in flight")
    }
    discard(firing.held.filter { aborted.lost.contains($0.id) })
    firing.held.removeAll { aborted.lost.contains($0.id) }
    leaveCase(firing)
    let isLetGo: Bool
    switch (firing.kind, firing.phase) {
    case (.action, .running), (.call, .running): isLetGo = true
    default: isLetGo = false
    }
    let back = isLetGo ? firing.held.filter { !isShared($0.place) } : firing.held
    if isLetGo {
      firing.held.removeAll { !isShared($0.place) }
      firing.phase = .letGo
      firings[firing.id] = firing
      note(.letGo(firing.id))
    } else {
      firings[firing.id] = nil
      note(.ended(firing))
    }
    for token in back { rest(token, of: firing.caseID, isNew: false) }
  }

  mutating func apply(_ event: VerdictRequested, _ row: LoggedEvent) {
    begin(
      .judge(guardID: event.guardID), row, event.transition, event.workflow, event.consumed,
      event.read, per: event.per, deadline: event.deadline)
  }

  mutating func apply(_ event: FiringStarted, _ row: LoggedEvent) {
    begin(
      .action(event.action), row, event.transition, event.workflow, event.consumed, event.read,
      with: event.with, per: event.per, deadline: event.deadline)
  }

  mutating func apply(_ event: ChildStarted, _ row: LoggedEvent) {
    begin(
      .call(event.callee), row, event.transition, event.workflow, event.consumed, event.read,
      per: event.per, deadline: Instant(microseconds: .max))
  }

  private mutating func begin(
    _ kind: Firing.Kind, _ row: LoggedEvent, _ transition: TransitionName,
    _ workflow: DefinitionID?, _ consumed: [BoundTokens], _ read: [BoundTokens]?,
    with: Cargo? = nil, per: Cargo? = nil, deadline: Instant, phase: Firing.Phase = .running
  ) {
    let id = FiringID(row.seq)
    let held = take(consumed, of: row.caseID)
    let copies = copies(read, of: row.caseID)
    firings[id] = Firing(
      id: id, kind: kind, caseID: row.caseID, workflow: version(of: row.caseID, or: workflow),
      transition: transitions.intern(transition), started: row.at, consumed: consumed, read: read,
      held: held, copies: copies, with: with, per: per, phase: phase, deadline: deadline,
      next: row.at, text: FiringText(shard: shard, seq: row.seq, incarnation: incarnation))
    if let caseID = row.caseID { cases[caseID]?.firings.append(id) }
    note(.began(id))
  }

  mutating func apply(_ event: AttemptFailed) {
    guard firings[event.firing] != nil else { preconditionFailure("an attempt has a firing") }
    if event.code == AttemptFailed.interrupted {
      firings[event.firing]?.interruptions += 1
      firings[event.firing]?.maybe = true
    } else {
      firings[event.firing]?.attempt += 1
      if event.maybe { firings[event.firing]?.maybe = true }
    }
    firings[event.firing]?.next = event.next
    firings[event.firing]?.deadline = event.deadline
    note(.retried(event.firing))
  }

  mutating func apply(_ event: VerdictRecorded, _ row: LoggedEvent) {
    var outcome: RecordedOutcome
    switch event.verdict {
    case .label(let label): outcome = RecordedOutcome(outcome: label, at: row.at)
    case .fallback(let reason):
      outcome = RecordedOutcome(outcome: "fallback", at: row.at)
      outcome.reason = reason
    }
    complete(event.firing, row, outcome, event.tokens)
  }

  mutating func apply(_ event: FiringCompleted, _ row: LoggedEvent) {
    complete(
      event.firing, row,
      RecordedOutcome(
        outcome: event.outcome, code: event.code, attempts: event.attempts, value: event.result,
        at: row.at), event.tokens)
  }

  mutating func apply(_ event: ChildEnded, _ row: LoggedEvent) {
    // A call that ends when it began is a step: one that is refused could go round for ever.
    if let firing = firings[event.firing], firing.started == row.at {
      countStep(row, firing.workflow)
    }
    complete(
      event.firing, row,
      RecordedOutcome(outcome: event.outcome, code: event.code, value: event.result, at: row.at),
      event.tokens)
  }

  /// Ends a firing with its tokens; without, its outcome stands and it waits to be settled.
  private mutating func complete(
    _ id: FiringID, _ row: LoggedEvent, _ outcome: RecordedOutcome, _ tokens: [MadeToken]?
  ) {
    guard let tokens else {
      firings[id]?.phase = .unsettled(outcome)
      return
    }
    let firing = end(id)
    discard(firing.held)
    put(tokens, row, from: firing.held + firing.copies)
  }

  mutating func apply(_ event: FiringSettled, _ row: LoggedEvent) {
    let firing = end(event.firing)
    switch event.how {
    case .retried, .chosen:
      discard(firing.held)
      put(event.tokens ?? [], row, from: firing.held + firing.copies)
    case .dropped:
      discard(firing.held.filter { !isShared($0.place) })
      for token in firing.held where isShared(token.place) { rest(token, of: nil, isNew: false) }
    }
  }

  mutating func apply(_ event: TaskAnswered, _ row: LoggedEvent) {
    removeOffer(event.task)
    guard let tokens = event.tokens else {
      var outcome = RecordedOutcome(outcome: event.outcome, value: event.answer, at: row.at)
      outcome.by = event.by
      begin(
        .task, row, event.transition, event.workflow, event.consumed, event.read,
        deadline: Instant(microseconds: .max), phase: .unsettled(outcome))
      remove(event.cancelled ?? [], of: row.caseID)
      for aborted in event.aborted ?? [] { abort(aborted) }
      return
    }
    let taken = take(event.consumed, of: row.caseID)
    let copies = copies(event.read, of: row.caseID)
    discard(taken)
    remove(event.cancelled ?? [], of: row.caseID)
    for aborted in event.aborted ?? [] { abort(aborted) }
    put(tokens, row, from: taken + copies)
  }

  /// A firing that was let go has ended: its shared tokens go back.
  mutating func endLetGo(_ id: FiringID) {
    guard let firing = firings[id], firing.isLetGo else { return }
    firings[id] = nil
    note(.ended(firing))
    for token in firing.held { rest(token, of: nil, isNew: false) }
  }

  private mutating func end(_ id: FiringID) -> Firing {
    guard let firing = firings.removeValue(forKey: id) else {
      preconditionFailure("a firing that ends is in flight")
    }
    leaveCase(firing)
    note(.ended(firing))
    return firing
  }

  private mutating func leaveCase(_ firing: Firing) {
    guard let caseID = firing.caseID,
      let index = cases[caseID]?.firings.firstIndex(of: firing.id)
    else { return }
    cases[caseID]?.firings.remove(at: index)
  }
}

extension AttemptFailed {
  /// The code of an attempt that a restart cut short.
  package static let interrupted = "interrupted"
}
