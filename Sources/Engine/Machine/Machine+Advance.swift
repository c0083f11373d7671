import PetriNet

extension Machine {
  /// Fires what is enabled, one candidate after another, until there is none; then looks at offers.
  mutating func advance(_ horizon: Horizon, _ step: inout Step) {
    var locals = LocalCandidates()
    repeat {
      repeat {
        settle(&step)
      } while goStraight(horizon, locals, &step) || goMatched(horizon, locals, &step)
        || fireNext(horizon, &locals, &step)
    } while reviewOffers(horizon, &step)
  }

  /// What follows from an event by itself: cases close, incidents end whose tokens are gone,
  /// transitions halt and go on.
  mutating func settle(_ step: inout Step) {
    while !state.index.touched.isEmpty || !state.index.gone.isEmpty || !state.index.halts.isEmpty
      || !step.orphans.isEmpty || state.index.watches.hasChanged
    {
      if state.index.watches.hasChanged {
        for draft in state.breachesOfNets() { log(draft, &step) }
        continue
      }
      if !step.orphans.isEmpty {
        cancelOrphan(&step)
        continue
      }
      for caseID in state.index.touched.take() {
        if !state.index.watches.ofCases.isEmpty {
          for draft in state.breaches(of: caseID) { log(draft, &step) }
        }
        closeIfOver(caseID, &step)
      }
      if state.index.gone.isEmpty && state.index.halts.isEmpty { continue }
      let gone = state.index.gone
      state.index.gone = []
      for incident in gone { resolveGone(incident, &step) }
      let halts = state.index.halts
      state.index.halts = []
      for path in halts { haltOrResume(path, &step) }
    }
  }

  private mutating func closeIfOver(_ caseID: CaseID, _ step: inout Step) {
    let position = state.cases.position(of: caseID)
    guard position >= 0, state.isOver(at: position), let found = state.cases[at: position] else {
      return
    }
    for task in found.offers {
      let isAtRest = state.offers[task].map { state.token($0.token, of: caseID) != nil } ?? false
      let event = TaskWithdrawn(reason: isAtRest ? .caseClosed : .taken, task: task)
      log(Draft(caseID, .taskWithdrawn(event)), &step)
    }
    let event = CaseClosed(endedIn: state.endedIn(found), how: .completed)
    log(Draft(caseID, .caseClosed(event)), &step)
  }

  private mutating func resolveGone(_ id: IncidentID, _ step: inout Step) {
    guard let incident = state.incidents[id] else { return }
    let event = IncidentResolved(by: .engine, how: .gone, incident: id)
    log(Draft(incident.caseID, .incidentResolved(event)), &step)
  }

  private mutating func haltOrResume(_ path: TransitionPath, _ step: inout Step) {
    let count = state.index.openIncidents[path] ?? 0
    let event = Paused(
      by: .engine, code: Paused.incidents, name: path.workflow, transition: path.transition)
    if count >= limits.incidentsMax, !state.pausedTransitions.contains(path) {
      log(Draft(nil, .paused(event)), &step)
    } else if count < limits.incidentsMax, state.halted.contains(path) {
      log(Draft(nil, .resumed(event)), &step)
    }
  }

  /// Fires the next candidate, or sets one aside; false if there is none.
  private mutating func fireNext(
    _ horizon: Horizon, _ locals: inout LocalCandidates, _ step: inout Step
  ) -> Bool {
    do {
      let dirty = state.index.dirty.take()
      let candidate: Candidate?
      if dirty.count <= 1, locals.isEmpty, state.index.contests.isEmpty {
        // Most steps: one case alone can have changed anything.
        guard let caseID = dirty.first else { return false }
        candidate = try state.localCandidate(of: caseID, horizon)
      } else {
        for caseID in dirty { locals.touch(caseID, in: state) }
        candidate = try self.candidate(horizon, &locals)
      }
      guard let candidate else { return false }
      fire(candidate, &step)
    } catch {
      log(error.draft, &step)
    }
    return true
  }

  /// The candidate that fires: transitions are visited by falling priority, then in file order.
  private mutating func candidate(
    _ horizon: Horizon, _ locals: inout LocalCandidates
  ) throws(Raised) -> Candidate? {
    let sites = (locals.sites + state.index.contests.sites).compactMap { site in
      state.index.plans[site.plan].map { ($0, $0.transitions[site.transition], site) }
    }.sorted { ($1.1.priority, $0.2) < ($0.1.priority, $1.2) }
    var best: Candidate?
    for (plan, transition, site) in sites {
      if let best, best.transition.priority > transition.priority { break }
      let found: Candidate?
      if let contest = state.index.contests[site] {
        found = try state.candidate(of: transition, plan, contest, horizon)
        // One whose workflow has taken all its steps of this instant is looked at in the next.
        if found == nil, !state.isSpent(transition, plan, at: horizon.now) {
          state.index.contests.remove(site)
        }
      } else {
        found = try locals.first(transition, plan, in: state, horizon)
      }
      best = State.first(best, found)
    }
    return best
  }

  private mutating func fire(_ candidate: Candidate, _ step: inout Step) {
    let prepared: Prepared
    do {
      prepared = try state.prepared(candidate, at: step.now)
    } catch {
      log(error.draft, &step)
      return
    }
    log(Draft(candidate.caseID, prepared.event), &step)
    for draft in prepared.following { log(draft, &step) }
    step.effects += prepared.effects
    if let call = prepared.call { begin(call, &step) }
    if candidate.transition.isStep { stopRunaway(candidate, &step) }
  }

  private mutating func stopRunaway(_ candidate: Candidate, _ step: inout Step) {
    let name = candidate.transition.transition.name
    if let caseID = candidate.caseID {
      guard state.cases[caseID]?.stepsAt == step.now, state.cases[caseID]?.restedBy == nil,
        let steps = state.cases[caseID]?.steps, steps >= limits.stepsAtOneInstantMax
      else { return }
      let event = IncidentRaised(code: IncidentRaised.runaway, transition: name)
      log(Draft(caseID, .incidentRaised(event)), &step)
      return
    }
    let workflow = candidate.plan.name
    guard let taken = state.steps[workflow], taken.at == step.now,
      taken.count >= limits.stepsAtOneInstantMax, !state.pausedWorkflows.contains(workflow)
    else { return }
    let event = IncidentRaised(
      code: IncidentRaised.runaway, transition: name, workflow: candidate.plan.id)
    log(Draft(nil, .incidentRaised(event)), &step)
    let pause = Paused(by: .engine, code: IncidentRaised.runaway, name: workflow)
    log(Draft(nil, .paused(pause)), &step)
  }
}

extension State {
  /// Of two candidates the one that fires: by priority, then whose first arc has been ready longest,
  /// then the first in the file.
  static func first(_ left: Candidate?, _ right: Candidate?) -> Candidate? {
    guard let left else { return right }
    guard let right else { return left }
    if left.transition.priority != right.transition.priority {
      return left.transition.priority > right.transition.priority ? left : right
    }
    if left.ready != right.ready { return left.ready < right.ready ? left : right }
    if left.plan.id != right.plan.id { return left.plan.id < right.plan.id ? left : right }
    return left.transition.index <= right.transition.index ? left : right
  }

  /// The candidate of a case among its uncoupled transitions.
  func localCandidate(of caseID: CaseID, _ horizon: Horizon) throws(Raised) -> Candidate? {
    let found = cases.position(of: caseID)
    guard found >= 0, let version = cases[at: found]?.workflow, let plan = index.plans[version]
    else { return nil }
    var best: Candidate?
    for position in plan.localPositions(tokens(at: found)) {
      let transition = plan.visited[position]
      if let best, best.transition.priority > transition.priority { break }
      guard
        let candidate = try firstBinding(of: transition, plan, in: .inCase(found), horizon)
      else { continue }
      best = State.first(best, candidate)
    }
    return best
  }

  func candidate(
    of transition: TransitionPlan, _ plan: VersionPlan, _ contest: Contests.Contest,
    _ horizon: Horizon
  ) throws(Raised) -> Candidate? {
    if contest.isAnywhere {
      return try firstBinding(of: transition, plan, in: .everywhere, horizon)
    }
    do {
      return try contested(transition, plan, contest, horizon)
    } catch {
      // Which of several is reached first only a search in order says.
      guard !isAlone(contest, transition) else { throw error }
      return try firstBinding(of: transition, plan, in: .everywhere, horizon)
    }
  }

  /// Whether all bindings of a contest hold the same case, or the same token in the same arc.
  private func isAlone(_ contest: Contests.Contest, _ transition: TransitionPlan) -> Bool {
    guard let id = contest.tokens.first else { return contest.cases.count == 1 }
    guard contest.cases.isEmpty, contest.tokens.count == 1, let place = shared[id]?.place else {
      return false
    }
    return transition.singles.count { $0.place.symbol == place } == 1
  }

  private func contested(
    _ transition: TransitionPlan, _ plan: VersionPlan, _ contest: Contests.Contest,
    _ horizon: Horizon
  ) throws(Raised) -> Candidate? {
    var best: Candidate?
    for caseID in contest.cases {
      let found = cases.position(of: caseID)
      guard found >= 0, cases[at: found]?.workflow == plan.id,
        let candidate = try firstBinding(of: transition, plan, in: .inCase(found), horizon)
      else { continue }
      if let current = best, !precedes(candidate, current) { continue }
      best = candidate
    }
    for token in contest.tokens {
      guard let candidate = try firstBinding(of: transition, plan, in: .token(token), horizon)
      else { continue }
      if let current = best, !precedes(candidate, current) { continue }
      best = candidate
    }
    return best
  }
}

extension VersionPlan {
  /// Positions in `visited` of the uncoupled transitions that a case's tokens trigger, ascending.
  func localPositions(_ tokens: [Token]) -> [Int] {
    if tokens.count == 1 { return index(of: tokens[0].place).map { localTriggers[$0] } ?? [] }
    var positions: [Int] = []
    var seen: [PlaceSymbol] = []
    for token in tokens where !seen.contains(token.place) {
      seen.append(token.place)
      if let number = index(of: token.place) { positions += localTriggers[number] }
    }
    return positions.sorted()
  }
}
