package import PetriNet

/// A state that is put together from what a snapshot holds, thing by thing.
///
/// Things come in any order; what the fold derives from them (which firings, offers and incidents a case
/// has, who waits for it, which business keys are taken) is made by `finish`.
package struct Restoration {
  private var state: State

  /// - Parameter shard: 0 in SQLite.
  package init(shard: Int64) { state = State(shard: shard) }

  /// What the last row left.
  package struct Head: Equatable, Sendable {
    package var seq: Seq
    package var at: Instant
    package var epoch: Int64
    /// Lower-case hexadecimal.
    package var incarnation: String
    /// The number that the next key gets.
    package var nextKey: Int64

    package init(seq: Seq, at: Instant, epoch: Int64, incarnation: String, nextKey: Int64) {
      self.seq = seq
      self.at = at
      self.epoch = epoch
      self.incarnation = incarnation
      self.nextKey = nextKey
    }
  }

  package mutating func set(_ head: Head) {
    state.lastSeq = head.seq
    state.lastAt = head.at
    state.epoch = head.epoch
    state.incarnation = head.incarnation
    state.nextKey = head.nextKey
  }

  package var shard: Int64 { state.shard }

  package mutating func symbol(of place: PlaceName) -> PlaceSymbol { state.intern(place) }

  package mutating func symbol(of transition: TransitionName) -> TransitionSymbol {
    state.transitions.intern(transition)
  }

  package mutating func add(shared token: Token) { state.shared[token.id] = token }
  package mutating func add(shared aside: Aside) { state.sharedAsides.append(aside) }
  package mutating func add(_ found: CaseState) { state.cases[found.id] = found }
  package mutating func add(_ firing: Firing) { state.firings[firing.id] = firing }
  package mutating func add(_ offer: Offer) { state.offers[offer.id] = offer }
  package mutating func add(_ incident: Incident) { state.incidents[incident.id] = incident }

  package mutating func add(_ definition: Definition) {
    state.definitions[definition.id] = definition
  }

  package mutating func setCurrent(_ definition: DefinitionID, of workflow: WorkflowName) {
    state.current[workflow] = definition
  }

  package mutating func addFilled(_ place: PlaceName) { state.filled.insert(place) }
  package mutating func addPaused(_ workflow: WorkflowName) {
    state.pausedWorkflows.insert(workflow)
  }
  package mutating func addPaused(endpoint: String) { state.pausedEndpoints.insert(endpoint) }

  /// - Parameter isHalted: by too many incidents, not by a person.
  package mutating func addPaused(_ path: TransitionPath, isHalted: Bool) {
    state.pausedTransitions.insert(path)
    if isHalted { state.halted.insert(path) }
  }

  package mutating func set(_ schedule: ScheduleKey, to next: Instant) {
    state.schedules[schedule] = next
  }

  package mutating func addSlot(_ slot: Int64, key: Int64) { state.slots[slot] = key }
  package mutating func addErasure(_ row: Seq, keys: [Int64]) { state.erasures[row] = keys }

  package mutating func set(_ steps: StepCount, of workflow: WorkflowName) {
    state.steps[workflow] = steps
  }

  /// The state, to which rows can be applied; nil if something in it names what is not there.
  package consuming func finish() -> State? {
    guard isWhole else { return nil }
    for id in state.firings.keys.sorted() {
      guard let firing = state.firings[id] else { continue }
      if let caseID = firing.caseID, !firing.isLetGo { state.cases[caseID]?.firings.append(id) }
      if let child = firing.child { state.cases[child]?.callers.append(id) }
    }
    for id in state.offers.keys.sorted() {
      if let caseID = state.offers[id]?.caseID { state.cases[caseID]?.offers.append(id) }
    }
    for id in state.incidents.keys.sorted() {
      if let caseID = state.incidents[id]?.caseID { state.cases[caseID]?.incidents.append(id) }
    }
    for id in state.cases.keys.sorted() {
      guard let found = state.cases[id], let key = found.businessKey else { continue }
      state.openKeys[BusinessKey(workflow: state.workflowName(found.workflow), key: key)] = id
    }
    return state
  }

  private var isWhole: Bool {
    let state = state
    func isKnown(_ version: DefinitionID) -> Bool { state.definitions[version] != nil }
    func isOpen(_ caseID: CaseID?) -> Bool { caseID.map { state.cases[$0] != nil } ?? true }
    return state.current.values.allSatisfy(isKnown)
      && state.cases.values.allSatisfy { isKnown($0.workflow) }
      && state.firings.values.allSatisfy {
        isKnown($0.workflow) && ($0.isLetGo || isOpen($0.caseID))
      }
      && state.offers.values.allSatisfy { isKnown($0.workflow) && isOpen($0.caseID) }
      && state.incidents.values.allSatisfy { isOpen($0.caseID) }
  }
}

extension State {
  /// The fold alone, as it is now: what is beside it (index, look-ups) stays behind.
  ///
  /// - Complexity: O(1); the first change of the state afterwards copies the table it is made in.
  package var cut: State {
    var cut = self
    cut.index = EnablingIndex()
    cut.changes = []
    cut.recent = RecentKeys()
    return cut
  }
}

extension Machine {
  /// Begins with a fold that was put together from a snapshot; `fold` goes on behind its last row.
  package init(restored state: consuming State, limits: Limits = .standard) {
    self.init(shard: state.shard, limits: limits)
    self.state = state
    self.state.index.limits = limits
  }
}
