package import PetriNet

/// A message, an operator's token, or a cancellation came in.
package struct TokenDeposited: Sendable {
  package var by: Subject?
  package var key: Int64?
  package var messageKey: Cargo?
  package var request: RequestIdentity?
  package var tokens: [MadeToken]
  package var why: SealedText?

  package init(
    by: Subject? = nil, key: Int64? = nil, messageKey: Cargo? = nil,
    request: RequestIdentity? = nil, tokens: [MadeToken], why: SealedText? = nil
  ) {
    self.by = by
    self.key = key
    self.messageKey = messageKey
    self.request = request
    self.tokens = tokens
    self.why = why
  }
}

/// A message with a known key; answered as the first was.
package struct MessageRepeated: Sendable {
  package var by: Subject?
  package var first: Seq
  package var request: RequestIdentity?

  package init(by: Subject? = nil, first: Seq, request: RequestIdentity? = nil) {
    self.by = by
    self.first = first
    self.request = request
  }
}

/// Messages nobody took within `keep` leave.
package struct MessageExpired: Sendable {
  package var withdrawn: [TokenID]

  package init(withdrawn: [TokenID]) {
    self.withdrawn = withdrawn
  }
}

/// An operator took tokens out of a shared or message place.
package struct TokensWithdrawn: Sendable {
  package var by: Subject
  package var request: RequestIdentity?
  package var why: SealedText
  package var withdrawn: [TokenID]

  package init(by: Subject, request: RequestIdentity? = nil, why: SealedText, withdrawn: [TokenID])
  {
    self.by = by
    self.request = request
    self.why = why
    self.withdrawn = withdrawn
  }
}

/// A shared place got its initial tokens, once for ever.
package struct PlaceFilled: Sendable {
  package var place: PlaceName
  package var tokens: [MadeToken]
  package var workflow: DefinitionID

  package init(place: PlaceName, tokens: [MadeToken], workflow: DefinitionID) {
    self.place = place
    self.tokens = tokens
    self.workflow = workflow
  }
}

/// Ready instants were added to tokens at rest.
package struct WaitsSet: Sendable {
  package var added: [AddedWaits]
  package var workflow: DefinitionID?

  package init(added: [AddedWaits], workflow: DefinitionID? = nil) {
    self.added = added
    self.workflow = workflow
  }
}

/// A schedule's next instant, or its end.
package struct ScheduleSet: Sendable {
  package var next: Instant?
  package var schedule: String
  package var workflow: DefinitionID

  package init(next: Instant? = nil, schedule: String, workflow: DefinitionID) {
    self.next = next
    self.schedule = schedule
    self.workflow = workflow
  }
}

/// A schedule was due.
package struct ScheduleFired: Sendable {
  package var due: Instant
  package var missed: Int?
  package var next: Instant
  package var schedule: String
  package var tokens: [MadeToken]?
  package var workflow: DefinitionID

  package init(
    due: Instant, missed: Int? = nil, next: Instant, schedule: String, tokens: [MadeToken]? = nil,
    workflow: DefinitionID
  ) {
    self.due = due
    self.missed = missed
    self.next = next
    self.schedule = schedule
    self.tokens = tokens
    self.workflow = workflow
  }
}

/// Instants of a schedule were missed and skipped.
package struct ScheduleSkipped: Sendable {
  package var due: Instant
  package var missed: Int
  package var next: Instant
  package var schedule: String
  package var workflow: DefinitionID

  package init(due: Instant, missed: Int, next: Instant, schedule: String, workflow: DefinitionID) {
    self.due = due
    self.missed = missed
    self.next = next
    self.schedule = schedule
    self.workflow = workflow
  }
}

/// Tokens left for another shard.
package struct TokenSent: Sendable {
  package var sent: [TokenID]
  package var toShard: Int64

  package init(sent: [TokenID], toShard: Int64) {
    self.sent = sent
    self.toShard = toShard
  }
}

/// Tokens came from another shard.
package struct TokenReceived: Sendable {
  package var fromSeq: Seq
  package var fromShard: Int64
  package var index: Int
  package var tokens: [MadeToken]

  package init(fromSeq: Seq, fromShard: Int64, index: Int, tokens: [MadeToken]) {
    self.fromSeq = fromSeq
    self.fromShard = fromShard
    self.index = index
    self.tokens = tokens
  }
}

/// Instants added to a token at rest.
package struct AddedWaits: Equatable, Sendable {
  package var token: TokenID
  package var waits: [ArcWait]

  package init(token: TokenID, waits: [ArcWait]) {
    self.token = token
    self.waits = waits
  }
}
