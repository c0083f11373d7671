import CEL
package import PetriNet

/// Why a folded state cannot run.
package enum OpeningProblem: Error, Equatable, Sendable {
  /// A case or firing is open under a version whose net was not given.
  case netMissing(DefinitionID)
}

extension Machine {
  /// Opens the values of everything that is live, and builds the index that enabling needs.
  ///
  /// - Parameters:
  ///   - nets: of every workflow version that is current or has an open case or firing.
  ///   - read: canonical text and the numbers of the keys that may open it, to a value.
  package mutating func open(
    nets: [DefinitionID: Net], read: @escaping ValueReading
  ) throws {
    reading = read
    for id in nets.keys.sorted() {
      guard let net = nets[id] else { continue }
      let plan = VersionPlan(id, net, &state)
      state.index.install(plan)
    }
    try state.openCases(read)
    try state.openFirings(read)
    try state.openShared(read)
    state.buildIndex()
  }

  /// The versions whose nets `open` needs.
  package var versionsInUse: [DefinitionID] {
    var versions = Set(state.current.values)
    for found in state.cases.values { versions.insert(found.workflow) }
    for firing in state.firings.values { versions.insert(firing.workflow) }
    return versions.sorted()
  }
}

extension Machine {
  /// The versions that calls of these nets are bound to and that are not among them, ascending:
  /// `open` needs their nets too, and those that these call in turn.
  package func versionsCalled(by nets: [DefinitionID: Net]) -> [DefinitionID] {
    var called: Set<DefinitionID> = []
    for (id, net) in nets {
      for transition in net.transitions {
        guard case .call(let work) = transition.work,
          let version = state.calledVersion(of: work.workflow, by: id), nets[version] == nil
        else { continue }
        called.insert(version)
      }
    }
    return called.sorted()
  }
}

extension Cargo {
  fileprivate func opened(_ colour: ColourSet, _ keys: [Int64], _ read: ValueReading) throws
    -> Cargo
  {
    guard case .text(let bytes) = self else { return self }
    return .value(try read(colour, bytes, keys))
  }
}

extension State {
  private func plan(_ id: DefinitionID) throws -> VersionPlan {
    guard let plan = index.plans[id] else { throw OpeningProblem.netMissing(id) }
    return plan
  }

  private func open(
    _ token: inout Token, _ plan: VersionPlan?, _ keys: [Int64], _ read: ValueReading
  ) throws {
    let colour: ColourSet?
    if isShared(token.place) {
      colour = index.sharedPlaces[token.place]?.colour
    } else {
      colour = plan.flatMap { plan in
        plan.index(of: token.place).map { plan.net.places[$0].colour }
      }
    }
    guard let colour else { return }
    token.content = try token.content?.opened(
      colour, keys + (token.key.map { [$0] } ?? []), read)
  }

  fileprivate mutating func openCases(_ read: ValueReading) throws {
    for id in cases.keys.sorted() {
      guard var found = cases[id] else { continue }
      let plan = try plan(found.workflow)
      if let colour = plan.net.caseRules.input {
        found.input = try found.input?.opened(colour, found.keys, read)
      }
      let keys = found.keys
      try found.marking.open { try open(&$0, plan, keys, read) }
      cases[id] = found
    }
  }

  fileprivate mutating func openFirings(_ read: ValueReading) throws {
    for id in firings.keys.sorted() {
      guard var firing = firings[id] else { continue }
      let plan = try plan(firing.workflow)
      let keys = firing.caseID.flatMap { cases[$0]?.keys } ?? []
      for index in firing.held.indices { try open(&firing.held[index], plan, keys, read) }
      for index in firing.copies.indices { try open(&firing.copies[index], plan, keys, read) }
      guard let transition = plan.transition(firing.transition)?.transition else {
        throw OpeningProblem.netMissing(firing.workflow)
      }
      if let colour = transition.argumentColour(plan.net) {
        firing.with = try firing.with?.opened(colour, keys, read)
      }
      if let per = transition.limit?.per, let colour = ColourSet(scalar: per.type) {
        firing.per = try firing.per?.opened(colour, keys, read)
      }
      if case .unsettled(var outcome) = firing.phase,
        let colour = transition.outcomeColour(outcome.outcome, plan.net)
          ?? resultColour(of: id, outcome.outcome)
      {
        outcome.value = try outcome.value?.opened(colour, keys, read)
        firing.phase = .unsettled(outcome)
      }
      firings[id] = firing
    }
  }

  fileprivate mutating func openShared(_ read: ValueReading) throws {
    for id in shared.keys.sorted() {
      guard var token = shared[id] else { continue }
      try open(&token, nil, [], read)
      shared[id] = token
    }
    let described = index.sharedPlaces
    let places = places
    try recent.open { name, bytes, message in
      guard let place = places.find(name), let info = described[place], let field = info.key,
        case .record(let colour) = info.colour
      else { return nil }
      let keys = message.key.map { [$0] } ?? []
      let content = try message.content?.opened(info.colour, keys, read)
      var value: Value?
      if case .value(let opened)? = content { value = opened }
      return (try read(colour.fields[field].colour, bytes, []), value)
    }
  }

  /// A shared place becomes known while the engine runs: its tokens are opened and indexed.
  mutating func index(_ place: PlacePlan, _ plan: VersionPlan, _ read: ValueReading?) {
    for id in shared.keys.sorted() {
      guard var token = shared[id], token.place == place.symbol else { continue }
      if let read { try? open(&token, plan, [], read) }
      shared[id] = token
      note(.put(id, place.symbol, nil, isNew: true))
    }
    absorb()
  }

  /// Builds the index as if all that is live had come step by step.
  fileprivate mutating func buildIndex() {
    index.isOpen = true
    for id in cases.keys.sorted() {
      changes.append(.caseOpened(id))
      for token in cases[id]?.marking.tokens ?? [] {
        changes.append(.put(token.id, token.place, id, isNew: true))
      }
    }
    for id in shared.keys.sorted() {
      guard let token = shared[id] else { continue }
      changes.append(.put(id, token.place, nil, isNew: true))
    }
    for id in firings.keys.sorted() {
      guard let firing = firings[id] else { continue }
      changes.append(.began(id))
      if case .action = firing.kind, !isSettledOrCalled(firing) { changes.append(.retried(id)) }
      if firing.isLetGo { changes.append(.letGo(id)) }
      for token in firing.held {
        guard isShared(token.place), let place = index.sharedPlaces[token.place] else { continue }
        countKey(of: token, place, 1)
      }
    }
    for key in schedules.keys.sorted() { changes.append(.scheduled(key)) }
    for id in offers.keys.sorted() { changes.append(.offered(id)) }
    for id in incidents.keys.sorted() {
      if let incident = incidents[id] { changes.append(.incident(incident, isOpen: true)) }
    }
    for aside in sharedAsides where incidents[aside.incident] == nil { heed(aside) }
    for found in cases.values {
      for aside in found.asides where incidents[aside.incident] == nil { heed(aside) }
    }
    absorb()
    openWatches()
  }

  private func isSettledOrCalled(_ firing: Firing) -> Bool {
    if case .unsettled = firing.phase { return true }
    return false
  }
}

extension Transition {
  /// What an action's argument is of.
  fileprivate func argumentColour(_ net: Net) -> ColourSet? {
    guard case .action(let work) = work else { return nil }
    return net.actions[work.action].takes
  }

  /// What the result or answer of an outcome is of.
  fileprivate func outcomeColour(_ outcome: String, _ net: Net) -> ColourSet? {
    switch work {
    case .action(let work): net.actions[work.action].returns
    case .task(let work): work.form(of: outcome).map(ColourSet.record)
    case .plain, .choose, .judge, .call: nil
    }
  }
}

extension ColourSet {
  /// The colour set of a key of `limit.per`, which is no container.
  init?(scalar type: ValueType) {
    switch type {
    case .bool: self = .bool
    case .int: self = .int(nil)
    case .double: self = .double
    case .string, .enumeration: self = .string(max: nil)
    case .bytes: self = .bytes(max: nil)
    case .timestamp: self = .timestamp
    case .duration: self = .duration(nil)
    default: return nil
    }
  }
}
