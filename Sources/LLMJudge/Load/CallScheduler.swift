/// Which calls may begin at an endpoint, and when: concurrency, limits a minute, budget, breaker,
/// fairness between workflows, and the ramp after a start, all decided here.
///
/// Pure: instants are arguments, microseconds of a clock that does not go back; days are numbered by
/// the caller.
struct CallScheduler<Ticket: Sendable>: Sendable {
  struct Limits: Sendable {
    var concurrency = 64
    var requestsAMinute: Int?
    var tokensAMinute: Int?
    /// Billionths of a currency.
    var budgetADay: Int64?
    var breaker = BreakerRule()
  }

  enum Refusal: Equatable, Sendable { case paused, breakerOpen, budget }

  enum Step: Sendable {
    case begin(Ticket)
    case refuse(Ticket, Refusal)
    /// Nothing may begin before.
    case wait(until: Int64)
    /// Nothing waits, or something must end first.
    case idle
  }

  enum End: Sendable {
    /// The endpoint did its work, whatever it said.
    case answered
    case failed
    /// Nothing is known: it was not made, or was cut.
    case dropped
  }

  private struct Waiting: Sendable {
    var ticket: Ticket
    var tokens: Int64
  }

  private let limits: Limits
  private var queue = FairQueue<Waiting>()
  private var breaker: Breaker
  private var requests = SlidingCount(spanMicroseconds: 60_000_000)
  private var tokens = SlidingCount(spanMicroseconds: 60_000_000)
  private var spent: (day: Int64, amount: Int64) = (0, 0)
  private var ramp: Ramp
  private(set) var running = 0
  /// An operator let nothing new begin: what waits and what joins is refused.
  var isPaused = false

  init(_ limits: Limits, at now: Int64) {
    self.limits = limits
    breaker = Breaker(limits.breaker)
    ramp = Ramp(first: 64, since: now)
  }

  var waiting: Int { queue.count }

  mutating func breakerState(at now: Int64) -> Breaker.State { breaker.state(at: now) }

  /// - Parameters:
  ///   - flow: Calls of one flow stand in line behind each other; flows take turns.
  ///   - tokens: What the call will use, as far as it can be told.
  mutating func join(_ ticket: Ticket, flow: String, tokens: Int64 = 0) {
    queue.add(Waiting(ticket: ticket, tokens: tokens), flow: flow)
  }

  /// What is to be done next; to be called until it says to wait or nothing.
  mutating func next(at now: Int64, day: Int64) -> Step {
    guard let first = queue.first else { return .idle }
    if let refusal = refusal(at: now, day: day) {
      _ = queue.removeFirst()
      return .refuse(first.ticket, refusal)
    }
    let room = ramp.limit(of: limits.concurrency, at: now)
    guard running < room else {
      return room < limits.concurrency ? .wait(until: ramp.nextStep(after: now)) : .idle
    }
    if let instant = instant(for: first, at: now), instant > now { return .wait(until: instant) }
    _ = queue.removeFirst()
    breaker.begin(at: now)
    running += 1
    if limits.requestsAMinute != nil { requests.add(1, at: now) }
    if limits.tokensAMinute != nil { tokens.add(first.tokens, at: now) }
    return .begin(first.ticket)
  }

  private mutating func refusal(at now: Int64, day: Int64) -> Refusal? {
    if isPaused { return .paused }
    if !breaker.permits(at: now) { return .breakerOpen }
    if let budget = limits.budgetADay, spent.day == day, spent.amount >= budget { return .budget }
    return nil
  }

  /// When the limits a minute allow it; nil: there are none.
  private mutating func instant(for first: Waiting, at now: Int64) -> Int64? {
    let byRequests = limits.requestsAMinute.map { limit in
      requests.instant(for: 1, within: Int64(limit), at: now)
    }
    let byTokens = limits.tokensAMinute.map { limit in
      tokens.instant(for: first.tokens, within: Int64(limit), at: now)
    }
    return [byRequests, byTokens].compactMap { $0 }.max()
  }

  /// What was to begin is not made after all, and counts for nothing.
  mutating func giveBack(tokens unused: Int64, at now: Int64) {
    release()
    breaker.drop()
    if limits.requestsAMinute != nil { requests.add(-1, at: now) }
    if limits.tokensAMinute != nil { tokens.add(-unused, at: now) }
  }

  /// A call that began does not take up room any more, though nothing is known of it yet.
  mutating func release() { running -= 1 }

  /// What became of a call that began.
  mutating func end(_ end: End, at now: Int64) {
    switch end {
    case .answered: if breaker.end(failed: false, at: now) { ramp = Ramp(first: 1, since: now) }
    case .failed: _ = breaker.end(failed: true, at: now)
    case .dropped: breaker.drop()
    }
  }

  /// What a call used beyond what it was taken for, and what it cost.
  mutating func count(tokens more: Int64, cost: Int64, at now: Int64, day: Int64) {
    if limits.tokensAMinute != nil { tokens.add(more, at: now) }
    if spent.day != day { spent = (day, 0) }
    let (sum, overflow) = spent.amount.addingReportingOverflow(max(0, cost))
    spent.amount = overflow ? .max : sum
  }
}

/// A few calls at first, twice as many after each tenth of a second.
struct Ramp: Sendable {
  static let stepMicroseconds: Int64 = 100_000

  var first: Int
  var since: Int64

  func limit(of most: Int, at now: Int64) -> Int {
    let steps = max(0, (now - since) / Self.stepMicroseconds)
    guard steps < 32 else { return most }
    return min(most, first << Int(steps))
  }

  func nextStep(after now: Int64) -> Int64 {
    since + ((now - since) / Self.stepMicroseconds + 1) * Self.stepMicroseconds
  }
}
