import PetriNet

extension State {
  mutating func apply(_ event: CaseOpened, _ row: LoggedEvent) {
    guard let caseID = row.caseID else { preconditionFailure("an opened case has its number") }
    var input = event.input
    if input == nil, case .value(let cargo)? = event.tokens.first?.content { input = cargo }
    cases[caseID] = CaseState(
      id: caseID, opened: row.at, workflow: event.workflow, businessKey: event.businessKey,
      keys: [event.key], parent: event.parent, inputOrigin: TokenID(row.seq, 0), input: input)
    sawKey(event.key)
    if let key = event.businessKey {
      openKeys[BusinessKey(workflow: workflowName(event.workflow), key: key)] = caseID
    }
    if let parent = event.parent {
      firings[parent]?.child = caseID
      cases[caseID]?.callers = [parent]
    }
    note(.caseOpened(caseID))
    put(event.tokens, row, from: [])
  }

  mutating func apply(_ event: StartJoined, _ row: LoggedEvent) {
    guard let caseID = row.caseID else { return }
    cases[caseID]?.isJoined = true
    guard let parent = event.parent else { return }
    firings[parent]?.child = caseID
    cases[caseID]?.callers.append(parent)
  }

  mutating func apply(_ event: CaseClosed, _ row: LoggedEvent) {
    guard let caseID = row.caseID, let closed = cases[caseID] else {
      preconditionFailure("a case that closes is open")
    }
    for token in closed.marking.tokens {
      note(.left(token, caseID, closed.workflow))
      note(.gone(token))
    }
    for task in closed.offers { removeOffer(task) }
    for firing in closed.firings { abort(firing) }
    for incident in closed.incidents {
      if let left = incidents.removeValue(forKey: incident) { note(.incident(left, isOpen: false)) }
    }
    cases[caseID] = nil
    if let key = closed.businessKey {
      let key = BusinessKey(workflow: workflowName(closed.workflow), key: key)
      if openKeys[key] == caseID { openKeys[key] = nil }
      recent.close(key, caseID, at: row.at)
    }
    note(.caseClosed(closed.workflow))
  }

  /// A firing ends with its case: what it holds of the case is gone, shared tokens go back, at once or,
  /// of an action or a call, when that has ended.
  private mutating func abort(_ id: FiringID) {
    guard var firing = firings[id] else { preconditionFailure("a firing of a case is known") }
    let ofCase = firing.held.filter { !isShared($0.place) }
    discard(ofCase)
    firing.held.removeAll { !isShared($0.place) }
    switch (firing.kind, firing.phase) {
    case (.action, .running), (.call, .running):
      firing.phase = .letGo
      firings[id] = firing
      note(.letGo(id))
    default:
      firings[id] = nil
      note(.ended(firing))
      for token in firing.held { rest(token, of: nil, isNew: false) }
    }
  }

  mutating func apply(_ event: CaseMigrated, _ row: LoggedEvent) {
    guard let caseID = row.caseID else { preconditionFailure("a migrated case has its number") }
    let sources = take(event.consumed.map(BoundTokens.one), of: caseID)
    discard(sources)
    cases[caseID]?.workflow = event.to
    note(.migrated(from: event.from, to: event.to))
    if let input = event.input {
      cases[caseID]?.input = input
      cases[caseID]?.inputOrigin = TokenID(row.seq, -1)
    }
    for flying in event.flying ?? [] {
      if let firing = firings[flying.firing] { note(.moved(firing)) }
      firings[flying.firing]?.transition = transitions.intern(flying.transition)
      firings[flying.firing]?.workflow = event.to
    }
    cases[caseID]?.asides = []
    put(event.tokens, row, from: sources)
    note(.everything)
  }

  mutating func apply(_ event: TokenDeposited, _ row: LoggedEvent) {
    if let key = event.key { sawKey(key) }
    put(event.tokens, row, from: [], key: event.key)
    if let caseID = row.caseID { cases[caseID]?.cancelled = row.seq }
    if let messageKey = event.messageKey, let token = event.tokens.first {
      var content: Cargo?
      if case .value(let cargo) = token.content { content = cargo }
      recent.deposit(
        messageKey,
        RecentKeys.Message(first: row.seq, at: row.at, content: content, key: event.key),
        in: token.place)
    }
  }

  mutating func apply(_ event: WaitsSet, _ row: LoggedEvent) {
    for added in event.added {
      if let caseID = row.caseID,
        cases[caseID]?.marking.add(added.waits, to: added.token) == true
      {
        note(.waits(added.token, caseID))
        continue
      }
      if shared[added.token] != nil {
        shared[added.token]?.waits += added.waits
        note(.waits(added.token, nil))
      } else {
        addToHeld(added)
      }
    }
    note(.everything)
  }

  /// A firing in flight may give the token back.
  private mutating func addToHeld(_ added: AddedWaits) {
    for id in firings.keys {
      guard let index = firings[id]?.held.firstIndex(where: { $0.id == added.token }) else {
        continue
      }
      firings[id]?.held[index].waits += added.waits
      return
    }
  }

  mutating func sawKey(_ key: Int64) { nextKey = max(nextKey, key + 1) }
}
