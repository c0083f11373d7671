import CEL
import PetriNet

extension Machine {
  /// Takes the straight steps of the only case that changed; false if there was none.
  ///
  /// The same rows as by search: with one token in the case and nothing else enabled anywhere, its
  /// transition is the candidate.
  mutating func goStraight(
    _ horizon: Horizon, _ locals: LocalCandidates, _ step: inout Step
  ) -> Bool {
    guard let caseID = state.index.dirty.only, locals.isEmpty, state.index.contests.isEmpty,
      state.pausedWorkflows.isEmpty, state.pausedTransitions.isEmpty,
      state.index.watches.ofNets.isEmpty
    else { return false }
    let position = state.cases.position(of: caseID)
    guard position >= 0, let plan = state.plan(ofFree: position) else { return false }
    var count = 0
    while let next = straightStep(position, plan, horizon, step.now) {
      guard take(next, position, caseID, plan, &step) else { break }
      count += 1
    }
    if count > 0 { state.index.touch(caseID) }
    return count > 0
  }

  private func straightStep(
    _ position: Int, _ plan: VersionPlan, _ horizon: Horizon, _ now: Instant
  ) -> StraightStep? {
    guard state.cases[at: position]?.marking.tokens.count == 1,
      let token = state.cases[at: position]?.marking.tokens[0],
      let place = plan.index(of: token.place), let next = plan.straight[place],
      horizon.reached(token.available, by: token.id)
    else { return nil }
    if state.cases[at: position]?.stepsAt == now,
      let steps = state.cases[at: position]?.steps, steps + 1 >= limits.stepsAtOneInstantMax
    {
      return nil
    }
    return next
  }

  /// One step; false if it is better taken the long way, because something raises.
  private mutating func take(
    _ next: StraightStep, _ position: Int, _ caseID: CaseID, _ plan: VersionPlan,
    _ step: inout Step
  ) -> Bool {
    let seq = state.nextSeq
    let id = TokenID(seq, 0)
    guard let token = state.cases[at: position]?.marking.only else { return false }
    let content: MadeToken.Content
    let cargo: Cargo?
    var origin = id
    switch next.content {
    case .unit: (content, cargo) = (.unit, nil)
    case .moved:
      content = token.content == nil ? .unit : .same(token.origin)
      cargo = token.content
      if token.content != nil { origin = token.origin }
    case .constructed(let construction):
      guard let value = state.constructed(construction, next, token, caseID, step.now) else {
        return false
      }
      cargo = .value(value)
      content = .value(.value(value))
    }
    let made = Token(
      id: id, place: next.target.symbol, origin: origin, content: cargo, available: step.now,
      waits: [], key: origin == id ? nil : token.key)
    state.cases[at: position]?.go(to: made, at: step.now)
    state.lastSeq = seq
    state.lastAt = step.now
    guard keepsEvents else { return true }
    let fired = Fired(
      consumed: [.one(token.id)], tokens: [MadeToken(place: next.name, content: content)],
      transition: next.transition.transition.name)
    step.events.append(
      LoggedEvent(
        seq: seq, epoch: state.epoch, at: step.now, caseID: caseID, event: .fired(fired)))
    return true
  }
}

extension State {
  /// The version of a case that nothing holds up: no firing, offer or incident of it is open.
  fileprivate func plan(ofFree position: Int) -> VersionPlan? {
    guard cases[at: position]?.firings.isEmpty == true,
      cases[at: position]?.offers.isEmpty == true,
      cases[at: position]?.incidents.isEmpty == true,
      cases[at: position]?.asides.isEmpty == true, cases[at: position]?.restedBy == nil,
      let version = cases[at: position]?.workflow
    else { return nil }
    return index.plans[version]
  }

  /// The value of an output; nil if it raises or is too large.
  fileprivate func constructed(
    _ construction: Construction, _ next: StraightStep, _ token: Token, _ caseID: CaseID,
    _ now: Instant
  ) -> Value? {
    let frame = frame(
      next.transition, inputs: [.one(token)], reads: [], caseID, now: now, firing: nextFiring)
    guard let value = try? construct(construction, next.colour, frame, ""),
      next.colour.inlineBytes(value) + 64 <= index.limits.bodyBytesMax
    else { return nil }
    return value
  }
}

extension CaseState {
  /// Its only token becomes another.
  fileprivate mutating func go(to token: Token, at now: Instant) {
    marking.replaceOnly(token)
    if stepsAt == now {
      steps += 1
    } else {
      stepsAt = now
      steps = 1
    }
  }
}
