import PetriNet

extension Machine {
  /// Takes what became due up to now, one instant after another, each until nothing is enabled.
  mutating func catchUp(_ step: inout Step) {
    while let first = state.index.due.first, first.at <= step.now {
      var expired: [TokenID] = []
      // What came back meanwhile and was due before: in its turn, once this instant is worked off.
      var late: [DueQueue.Entry] = []
      while let entry = state.index.due.first, entry.at <= first.at {
        _ = state.index.due.removeFirst()
        guard entry.at == first.at else {
          late.append(entry)
          continue
        }
        if case .token(let token, nil) = entry.matter {
          let position = state.shared.position(of: token)
          guard position >= 0 else { continue }
          state.contest(slot: position)
          settle(&step)
          continue
        }
        guard state.isAwaited(entry) else { continue }
        if case .message(let token) = entry.matter {
          // One that was given back is due twice.
          if expired.last != token { expired.append(token) }
        } else {
          take(entry, &step)
          settle(&step)
        }
      }
      for entry in late { state.index.due.insert(entry) }
      if !expired.isEmpty {
        log(Draft(nil, .messageExpired(MessageExpired(withdrawn: expired))), &step)
      }
      // A message given back after its time is due in the past; what was ready then still is.
      advance(step.horizon(max(first.at, step.since)), &step)
    }
  }

  private mutating func take(_ entry: DueQueue.Entry, _ step: inout Step) {
    switch entry.matter {
    case .question(let id):
      let firing = state.firings[id]
      let verdict = RecordVerdict(
        firing: id, caseID: firing?.caseID, verdict: .fallback(step.lookups.silence(id)))
      _ = log(state.decide(verdict, at: step.now), &step)
      step.effects.append(.abandonJudge(id))
    case .attemptEnd(let id):
      guard let firing = state.firings[id] else { return }
      _ = log(
        firing.isLetGo ? state.gaveUp(firing) : state.timedOut(firing, at: step.now), &step)
    case .attemptStart(let id):
      if let effect = state.attempt(id) { step.effects.append(effect) }
    case .token(let id, let caseID):
      guard let caseID else { return state.contest(slot: state.shared.position(of: id)) }
      state.index.touch(caseID)
      if let token = state.cases[caseID]?.marking[id] { state.contest(token, of: caseID) }
    case .schedule(let id, let number):
      take(schedule: Int(number), of: id, due: entry.at, &step)
    case .message: break
    }
  }
}

extension State {
  /// Whether an entry of the queue still means something.
  func isAwaited(_ entry: DueQueue.Entry) -> Bool {
    switch entry.matter {
    case .question(let id): firings[id]?.isRunning == true
    case .attemptEnd(let id):
      firings[id]?.deadline == entry.at
        && (firings[id]?.isRunning == true || firings[id]?.isLetGo == true)
    case .attemptStart(let id):
      firings[id]?.next == entry.at && firings[id]?.isRunning == true
    case .schedule(let id, let number):
      isAwaited(schedule: Int(number), of: id, at: entry.at)
    case .message(let token), .token(let token, nil): shared.position(of: token) >= 0
    case .token(let token, let caseID?): cases[caseID]?.marking.contains(token) == true
    }
  }

  /// The deadline of an action that was let go: its end is not awaited for longer.
  func gaveUp(_ firing: Firing) -> Decision {
    let event = LateOutcomeRecorded(
      code: AttemptFailure.timeout, firing: firing.id, outcome: "unknown")
    return Decision(
      [Draft(firing.caseID, .lateOutcomeRecorded(event))], reply: .done(event: nextSeq))
  }

  /// A token became ready: coupled transitions on its place are looked at again.
  mutating func contest(_ token: Token, of caseID: CaseID) {
    guard let version = cases[caseID]?.workflow, let plan = index.plans[version],
      let number = plan.index(of: token.place)
    else { return }
    join(token, ofCase: caseID, plan, number)
    for transition in plan.coupled[number] {
      index.contest(index.site(plan, transition), transition, caseID)
    }
  }

  /// The same of a shared token, by where it lies.
  mutating func contest(slot: Int) {
    guard slot >= 0, let token = shared[at: slot], let lookers = index.lookers[token.place] else {
      return
    }
    join(token, lookers, slot: Int32(slot), isAvailable: true)
    for looker in lookers.coupled where looker.takes {
      index.contest(looker.site, looker.transition, token: token.id)
    }
  }

  mutating func forgetKeys() {
    var keep: Int64 = 0
    for plan in index.planOrder { keep = max(keep, plan.net.caseRules.keepMicroseconds) }
    let now = lastAt
    let places = places
    let shared = index.sharedPlaces
    recent.forget(closedBefore: now.advanced(by: -keep)) { name in
      let keep = places.find(name).flatMap { shared[$0]?.keepMicroseconds } ?? 0
      return now.advanced(by: -keep)
    }
  }
}
