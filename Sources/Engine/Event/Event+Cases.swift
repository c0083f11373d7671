package import PetriNet

/// A start was accepted; its input is `input`, else the value of the first token.
package struct CaseOpened: Sendable {
  package var businessKey: String?
  package var by: Subject?
  package var forked: Seq?
  package var input: Cargo?
  package var key: Int64
  package var labels: [Label]?
  package var parent: FiringID?
  package var request: RequestIdentity?
  package var schedule: String?
  package var tokens: [MadeToken]
  package var workflow: DefinitionID

  package init(
    businessKey: String? = nil, by: Subject? = nil, forked: Seq? = nil, input: Cargo? = nil,
    key: Int64, labels: [Label]? = nil, parent: FiringID? = nil, request: RequestIdentity? = nil,
    schedule: String? = nil, tokens: [MadeToken], workflow: DefinitionID
  ) {
    self.businessKey = businessKey
    self.by = by
    self.forked = forked
    self.input = input
    self.key = key
    self.labels = labels
    self.parent = parent
    self.request = request
    self.schedule = schedule
    self.tokens = tokens
    self.workflow = workflow
  }
}

/// A second start with a live business key joined the open case.
package struct StartJoined: Sendable {
  package var by: Subject?
  package var parent: FiringID?
  package var request: RequestIdentity?

  package init(by: Subject? = nil, parent: FiringID? = nil, request: RequestIdentity? = nil) {
    self.by = by
    self.parent = parent
    self.request = request
  }
}

/// The case ended; all its tokens leave.
package struct CaseClosed: Sendable {
  package var by: Subject?
  package var endedIn: [EndCount]?
  package var how: CaseEnding
  package var request: RequestIdentity?
  package var why: SealedText?

  package init(
    by: Subject? = nil, endedIn: [EndCount]? = nil, how: CaseEnding,
    request: RequestIdentity? = nil, why: SealedText? = nil
  ) {
    self.by = by
    self.endedIn = endedIn
    self.how = how
    self.request = request
    self.why = why
  }
}

/// The case goes on under another version, its tokens one for one.
package struct CaseMigrated: Sendable {
  package var by: Subject
  package var consumed: [TokenID]
  package var flying: [FlyingFiring]?
  package var from: DefinitionID
  package var input: Cargo?
  package var request: RequestIdentity?
  package var to: DefinitionID
  package var tokens: [MadeToken]
  package var why: SealedText?

  package init(
    by: Subject, consumed: [TokenID], flying: [FlyingFiring]? = nil, from: DefinitionID,
    input: Cargo? = nil, request: RequestIdentity? = nil, to: DefinitionID, tokens: [MadeToken],
    why: SealedText? = nil
  ) {
    self.by = by
    self.consumed = consumed
    self.flying = flying
    self.from = from
    self.input = input
    self.request = request
    self.to = to
    self.tokens = tokens
    self.why = why
  }
}

/// How a case ended.
package enum CaseEnding: String, Sendable { case completed, cancelled, terminated, erased }

/// A label of a case, by the name the net gives it.
package struct Label: Equatable, Sendable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// How many tokens an end place kept.
package struct EndCount: Equatable, Sendable {
  package var place: PlaceName
  package var count: Int

  package init(place: PlaceName, count: Int) {
    self.place = place
    self.count = count
  }
}

/// The transition of the new version that a firing in flight belongs to after a migration.
package struct FlyingFiring: Equatable, Sendable {
  package var firing: FiringID
  package var transition: TransitionName

  package init(firing: FiringID, transition: TransitionName) {
    self.firing = firing
    self.transition = transition
  }
}
