package import PetriNet

extension Token {
  package init(
    _ id: TokenID, place: PlaceSymbol, origin: TokenID, content: Cargo?, available: Instant,
    waits: [ArcWait], key: Int64?
  ) {
    self.init(
      id: id, place: place, origin: origin, content: content, available: available, waits: waits,
      key: key)
  }
}

extension Marking {
  /// - Parameter tokens: in order of arrival.
  package init(_ tokens: [Token]) {
    self.init()
    for token in tokens { insert(token) }
  }
}

extension Aside {
  /// - Parameter tokens: ascending.
  package init(
    _ incident: IncidentID, workflow: DefinitionID, transition: TransitionSymbol,
    tokens: [TokenID]
  ) {
    self.init(incident: incident, workflow: workflow, transition: transition, tokens: tokens)
  }
}

extension CaseState {
  package init(
    _ id: CaseID, opened: Instant, workflow: DefinitionID, businessKey: String?, keys: [Int64],
    parent: FiringID?
  ) {
    self.init(
      id: id, opened: opened, workflow: workflow, businessKey: businessKey, keys: keys,
      parent: parent, inputOrigin: TokenID(id.seq, 0))
  }

  package mutating func setInput(_ input: Cargo?, writtenAs origin: TokenID) {
    self.input = input
    inputOrigin = origin
  }

  package mutating func setMarking(_ tokens: [Token], asides: [Aside]) {
    marking = Marking(tokens)
    self.asides = asides
  }

  package mutating func setCourse(joined: Bool, cancelled: Seq?, restedBy: IncidentID?) {
    isJoined = joined
    self.cancelled = cancelled
    self.restedBy = restedBy
  }

  package mutating func setSteps(_ steps: Int, at instant: Instant) {
    self.steps = steps
    stepsAt = instant
  }
}

extension Firing {
  package init(
    _ id: FiringID, _ kind: Kind, caseID: CaseID?, workflow: DefinitionID,
    transition: TransitionSymbol, started: Instant, consumed: [BoundTokens],
    read: [BoundTokens]?, text: FiringText, deadline: Instant, next: Instant
  ) {
    self.init(
      id: id, kind: kind, caseID: caseID, workflow: workflow, transition: transition,
      started: started, consumed: consumed, read: read, held: [], copies: [], deadline: deadline,
      next: next, text: text)
  }

  package mutating func set(held: [Token], copies: [Token], with: Cargo?, per: Cargo?) {
    self.held = held
    self.copies = copies
    self.with = with
    self.per = per
  }

  package mutating func set(
    phase: Phase, attempt: Int, interruptions: Int, maybe: Bool, votes: [String], child: CaseID?
  ) {
    self.phase = phase
    self.attempt = attempt
    self.interruptions = interruptions
    self.maybe = maybe
    self.votes = votes
    self.child = child
  }
}

extension FiringText {
  package init(_ shard: Int64, _ seq: Seq, _ incarnation: String) {
    self.init(shard: shard, seq: seq, incarnation: incarnation)
  }
}

extension RecordedOutcome {
  package init(_ outcome: String, at: Instant) { self.init(outcome: outcome, at: at) }

  package mutating func set(value: Cargo?) { self.value = value }
}

extension Offer {
  package init(
    _ id: TaskID, caseID: CaseID?, workflow: DefinitionID, transition: TransitionSymbol,
    offered: Instant, token: TokenID, read: [BoundTokens]?, due: Instant?, group: String?,
    notBy: [Subject]?, holder: Subject?, until: Instant?
  ) {
    self.init(
      id: id, caseID: caseID, workflow: workflow, transition: transition, offered: offered,
      token: token, read: read, due: due, group: group, notBy: notBy, holder: holder, until: until)
  }
}

extension Incident {
  package init(
    _ id: IncidentID, caseID: CaseID?, code: String, position: String?,
    transition: TransitionName?, workflow: DefinitionID?, binding: [TokenID]?, firing: FiringID?
  ) {
    self.init(
      id: id, caseID: caseID, code: code, position: position, transition: transition,
      workflow: workflow, binding: binding, firing: firing)
  }
}

extension Definition {
  package init(_ id: DefinitionID, _ kind: DefinitionKind, name: String, hash: [UInt8]) {
    self.init(id: id, kind: kind, name: name, hash: hash)
  }
}

extension TransitionPath {
  package init(_ workflow: WorkflowName, _ transition: TransitionName) {
    self.init(workflow: workflow, transition: transition)
  }
}

extension ScheduleKey {
  package init(_ workflow: WorkflowName, _ schedule: String) {
    self.init(workflow: workflow, schedule: schedule)
  }
}

extension StepCount {
  package init(_ count: Int, at: Instant) { self.init(at: at, count: count) }
}
