package import PetriNet

/// What happened: one row of the log (LOG §1, "Kinds, version 1"). A case of this enumeration is a
/// kind, named as the log names it; its payload's properties are the body's keys.
package indirect enum Event: Sendable {
  case caseOpened(CaseOpened)
  case startJoined(StartJoined)
  case caseClosed(CaseClosed)
  case caseMigrated(CaseMigrated)
  case fired(Fired)
  case verdictRequested(VerdictRequested)
  case callRecorded(CallRecorded)
  case verdictRecorded(VerdictRecorded)
  case firingStarted(FiringStarted)
  case attemptFailed(AttemptFailed)
  case firingCompleted(FiringCompleted)
  case lateOutcomeRecorded(LateOutcomeRecorded)
  case childStarted(ChildStarted)
  case childEnded(ChildEnded)
  case firingSettled(FiringSettled)
  case taskOffered(TaskOffered)
  case taskClaimed(TaskClaimed)
  case taskReleased(TaskReleased)
  case taskWithdrawn(TaskWithdrawn)
  case taskAnswered(TaskAnswered)
  case tokenDeposited(TokenDeposited)
  case messageRepeated(MessageRepeated)
  case messageExpired(MessageExpired)
  case tokensWithdrawn(TokensWithdrawn)
  case placeFilled(PlaceFilled)
  case waitsSet(WaitsSet)
  case scheduleSet(ScheduleSet)
  case scheduleFired(ScheduleFired)
  case scheduleSkipped(ScheduleSkipped)
  case incidentRaised(IncidentRaised)
  case incidentResolved(IncidentResolved)
  case paused(Paused)
  case resumed(Paused)
  case labelRecorded(LabelRecorded)
  case commandRefused(CommandRefused)
  case commandQuarantined(CommandQuarantined)
  case definitionRegistered(DefinitionRegistered)
  case definitionActivated(DefinitionActivated)
  case ownerStarted(OwnerStarted)
  case requestSlotOpened(RequestSlotOpened)
  case requestSlotClosed(RequestSlotClosed)
  case erasureRequested(ErasureRequested)
  case erasureCompleted(ErasureCompleted)
  case keysRotated(KeysRotated)
  case payloadsExpired(PayloadsExpired)
  case logPruned(LogPruned)
  case snapshotTaken(SnapshotTaken)
  case signingKeyChanged(SigningKeyChanged)
  case restored(Restored)
  case tokenSent(TokenSent)
  case tokenReceived(TokenReceived)
}

/// An event with its place in the log.
package struct LoggedEvent: Sendable {
  package var seq: Seq
  package var epoch: Int64
  /// The `now` of its command; never falls.
  package var at: Instant
  package var caseID: CaseID?
  package var event: Event

  package init(seq: Seq, epoch: Int64, at: Instant, caseID: CaseID?, event: Event) {
    self.seq = seq
    self.epoch = epoch
    self.at = at
    self.caseID = caseID
    self.event = event
  }
}

/// A token that an event puts; its id is (row, position in `tokens`).
package struct MadeToken: Sendable {
  package enum Content: Sendable {
    case unit
    case value(Cargo)
    /// The value written by that token's event, unchanged (LOG §1, `same`).
    case same(TokenID)
  }

  package var place: PlaceName
  package var content: Content
  /// Nil: available at once.
  package var ready: Instant?
  /// Instants of arcs whose wait depends on the token or the case's input.
  package var waits: [ArcWait]

  package init(
    place: PlaceName, content: Content, ready: Instant? = nil, waits: [ArcWait] = []
  ) {
    self.place = place
    self.content = content
    self.ready = ready
    self.waits = waits
  }
}

/// When a token may pass one arc. `arc` is `transition.variable`, behind `registration/` in a token
/// of no case.
package struct ArcWait: Hashable, Sendable {
  package var arc: String
  package var ready: Instant

  package init(arc: String, ready: Instant) {
    self.arc = arc
    self.ready = ready
  }
}

/// What one `in` or `read` arc bound.
package enum BoundTokens: Hashable, Sendable {
  case one(TokenID)
  /// An arc with `count`; may be empty.
  case several([TokenID])
}

/// A firing in flight that a cancel region ended; of what it held `lost` leaves, the rest goes back.
package struct AbortedFiring: Hashable, Sendable {
  package var firing: FiringID
  package var lost: [TokenID]

  package init(firing: FiringID, lost: [TokenID]) {
    self.firing = firing
    self.lost = lost
  }
}
