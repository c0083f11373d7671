internal import Engine
internal import Orchestration
internal import Transfer

/// What an endpoint did so far, and how it stood when it was last looked at.
struct EndpointTally: Sendable {
  private var standing: EndpointStanding
  private var breaker = Breaker.State.closed

  init(_ standing: EndpointStanding) { self.standing = standing }

  /// - Parameter now: microseconds of the clock that the breaker was asked by.
  func standing(at now: Int64) -> EndpointStanding {
    var standing = standing
    standing.breaker =
      switch breaker {
      case .closed: .closed
      case .open(let until): now < until ? .open : .halfOpen
      case .halfOpen: .halfOpen
      }
    return standing
  }

  fileprivate mutating func look(at scheduler: inout CallScheduler<Turn>, now: Int64) {
    standing.waiting = scheduler.waiting
    standing.running = scheduler.running
    standing.isPaused = scheduler.isPaused
    breaker = scheduler.breakerState(at: now)
  }

  fileprivate mutating func refuse(_ reason: FallbackReason) {
    standing.refusals[reason.rawValue, default: 0] += 1
  }

  fileprivate mutating func skew(_ microseconds: Int64) {
    standing.skewMicroseconds = microseconds
  }

  fileprivate mutating func end(_ reason: FallbackReason?, _ record: CallRecord) {
    standing.endings[reason?.rawValue ?? "label", default: 0] += 1
    standing.microseconds += max(0, record.ended.microseconds - record.started.microseconds)
    standing.tokensIn += min(max(0, record.tokensIn ?? 0), 1 << 40)
    standing.tokensOut += min(max(0, record.tokensOut ?? 0), 1 << 40)
    standing.cost += min(max(0, record.cost ?? 0), 1 << 50)
  }
}

extension EndpointLine {
  /// How it does; from any thread.
  func standing(at now: MonotonicInstant) -> EndpointStanding {
    tally.withLock { $0.standing(at: now.microseconds) }
  }

  /// Notes how it stands; on the loop's thread.
  func noteStanding(at now: MonotonicInstant) {
    tally.withLock { $0.look(at: &scheduler, now: now.microseconds) }
  }

  /// Counts a turn that became no call.
  func noteRefusal(_ reason: FallbackReason) { tally.withLock { $0.refuse(reason) } }

  /// Notes how far its clock is ahead of ours.
  func noteSkew(_ microseconds: Int64) { tally.withLock { $0.skew(microseconds) } }

  /// Counts a call that has ended, and notes how the endpoint stands; on the loop's thread.
  func noteEnd(_ ending: CallEnding, _ record: CallRecord, at now: MonotonicInstant) {
    tally.withLock { tally in
      tally.end(ending.reason, record)
      tally.look(at: &scheduler, now: now.microseconds)
    }
  }
}
