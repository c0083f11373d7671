package import Engine

extension Event {
  /// The idempotency key of the request that led to this row, hashed.
  package var request: RequestIdentity? {
    switch self {
    case .caseOpened(let event): event.request
    case .startJoined(let event): event.request
    case .caseClosed(let event): event.request
    case .caseMigrated(let event): event.request
    case .firingSettled(let event): event.request
    case .taskAnswered(let event): event.request
    case .tokenDeposited(let event): event.request
    case .messageRepeated(let event): event.request
    case .tokensWithdrawn(let event): event.request
    case .labelRecorded(let event): event.request
    case .commandRefused(let event): event.request
    case .definitionRegistered(let event): event.request
    case .definitionActivated(let event): event.request
    case .erasureRequested(let event): event.request
    default: nil
    }
  }
}
