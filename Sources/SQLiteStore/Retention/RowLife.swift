internal import Engine

/// What a row of no case belongs to, and whether it ends that (LOG §5, "Retention").
enum RowLife: Equatable {
  /// Of the log's own, or a registration.
  case stays
  /// Stands alone and is over: a door, a plain firing.
  case alone
  /// Stands alone, while nobody holds what is sealed under this key.
  case sealed(key: Int64)
  /// Begins a firing, an offer or an incident.
  case begins(isQuestion: Bool)
  case partOf(Int64)
  case ends(Int64)
  /// Ends an offer, and is a firing whose outputs raised.
  case becomes(from: Int64)
  /// Ends what may have ended before.
  case endsLate(Int64)

  init(_ event: Event) {
    switch event {
    case .fired, .messageRepeated, .messageExpired, .tokensWithdrawn, .waitsSet, .scheduleFired,
      .scheduleSkipped, .labelRecorded, .commandRefused:
      self = .alone
    case .tokenDeposited(let event): self = event.key.map { .sealed(key: $0) } ?? .alone
    case .verdictRequested: self = .begins(isQuestion: true)
    case .firingStarted, .childStarted, .taskOffered, .incidentRaised:
      self = .begins(isQuestion: false)
    case .callRecorded(let event): self = .partOf(event.firing.seq.number)
    case .attemptFailed(let event): self = .partOf(event.firing.seq.number)
    case .taskClaimed(let event): self = .partOf(event.task.seq.number)
    case .taskReleased(let event): self = .partOf(event.task.seq.number)
    case .verdictRecorded(let event): self = .outcome(event.firing, event.tokens)
    case .firingCompleted(let event): self = .outcome(event.firing, event.tokens)
    case .childEnded(let event): self = .outcome(event.firing, event.tokens)
    case .firingSettled(let event): self = .ends(event.firing.seq.number)
    case .lateOutcomeRecorded(let event): self = .endsLate(event.firing.seq.number)
    case .taskWithdrawn(let event): self = .ends(event.task.seq.number)
    case .taskAnswered(let event):
      let task = event.task.seq.number
      self = event.tokens == nil ? .becomes(from: task) : .ends(task)
    case .incidentResolved(let event): self = .ends(event.incident.seq.number)
    case .caseOpened, .startJoined, .caseClosed, .caseMigrated, .placeFilled, .scheduleSet,
      .paused, .resumed, .commandQuarantined, .definitionRegistered, .definitionActivated,
      .ownerStarted, .requestSlotOpened, .requestSlotClosed, .erasureRequested, .erasureCompleted,
      .keysRotated, .payloadsExpired, .logPruned, .snapshotTaken, .signingKeyChanged, .restored,
      .tokenSent, .tokenReceived:
      self = .stays
    }
  }

  /// Where the outputs raised, the firing waits to be settled.
  private static func outcome(_ firing: FiringID, _ tokens: [MadeToken]?) -> RowLife {
    tokens == nil ? .partOf(firing.seq.number) : .ends(firing.seq.number)
  }
}

extension Event {
  /// Firings that a cancel region ended.
  var abortedFirings: [Int64] {
    switch self {
    case .fired(let event): event.aborted?.map(\.firing.seq.number) ?? []
    case .taskAnswered(let event): event.aborted?.map(\.firing.seq.number) ?? []
    default: []
    }
  }
}
