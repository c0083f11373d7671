/// Stops asking what does not answer. It opens when enough calls failed within a span and they were
/// at least half of those that ended; after a while one call probes, and what becomes of that one
/// closes or opens it again.
struct Breaker: Sendable {
  enum State: Equatable, Sendable {
    case closed
    case open(until: Int64)
    /// Its time is over; one call at a time shows whether the other side is back.
    case halfOpen(isProbing: Bool)
  }

  private let rule: BreakerRule
  private var failed: SlidingCount
  private var ended: SlidingCount
  private var current = State.closed

  init(_ rule: BreakerRule) {
    self.rule = rule
    failed = SlidingCount(spanMicroseconds: rule.withinMicroseconds)
    ended = SlidingCount(spanMicroseconds: rule.withinMicroseconds)
  }

  mutating func state(at now: Int64) -> State {
    if case .open(let until) = current, now >= until { current = .halfOpen(isProbing: false) }
    return current
  }

  mutating func permits(at now: Int64) -> Bool {
    switch state(at: now) {
    case .closed, .halfOpen(isProbing: false): true
    case .open, .halfOpen(isProbing: true): false
    }
  }

  mutating func begin(at now: Int64) {
    if case .halfOpen = state(at: now) { current = .halfOpen(isProbing: true) }
  }

  /// A call began and was not made, or was cut: it says nothing.
  mutating func drop() {
    if case .halfOpen = current { current = .halfOpen(isProbing: false) }
  }

  /// - Returns: Whether it has closed with this.
  mutating func end(failed hasFailed: Bool, at now: Int64) -> Bool {
    switch state(at: now) {
    case .open: return false
    case .halfOpen:
      current = hasFailed ? .open(until: now + rule.openMicroseconds) : .closed
      if !hasFailed { forget() }
      return !hasFailed
    case .closed:
      ended.add(1, at: now)
      guard hasFailed else { return false }
      failed.add(1, at: now)
      let failures = failed.total(at: now)
      if failures >= Int64(rule.failures), failures * 2 >= ended.total(at: now) {
        current = .open(until: now + rule.openMicroseconds)
      }
      return false
    }
  }

  private mutating func forget() {
    failed = SlidingCount(spanMicroseconds: rule.withinMicroseconds)
    ended = SlidingCount(spanMicroseconds: rule.withinMicroseconds)
  }
}
