internal import Orchestration

/// Which calls may begin at an endpoint, and when: concurrency, limits a minute, budget, breaker,
/// fairness between workflows, and the ramp after a start, all decided here, and with the quota that
/// the endpoint shares with others.
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
  private var own: LoadGauge
  private let shared: SharedGauge?
  private var ramp: Ramp
  /// An operator let nothing new begin: what waits and what joins is refused.
  var isPaused = false

  /// - Parameter shared: what the endpoint shares with others; nil: nothing.
  init(_ limits: Limits, shared: SharedGauge? = nil, at now: Int64) {
    self.limits = limits
    self.shared = shared
    own = LoadGauge(
      .init(
        concurrency: limits.concurrency, requestsAMinute: limits.requestsAMinute,
        tokensAMinute: limits.tokensAMinute, budgetADay: limits.budgetADay))
    breaker = Breaker(limits.breaker)
    ramp = Ramp(first: 64, since: now)
  }

  var waiting: Int { queue.count }
  var running: Int { own.running }

  mutating func breakerState(at now: Int64) -> Breaker.State { breaker.state(at: now) }

  /// - Parameters:
  ///   - flow: Calls of one flow stand in line behind each other; flows take turns.
  ///   - weight: Of the flow: twice the weight, twice as many turns.
  ///   - tokens: What the call will use, as far as it can be told.
  mutating func join(_ ticket: Ticket, flow: String, weight: Int = 1, tokens: Int64 = 0) {
    queue.add(Waiting(ticket: ticket, tokens: tokens), flow: flow, weight: weight)
  }

  /// What is to be done next; to be called until it says to wait or nothing.
  ///
  /// - Parameter isWanted: Whether a call that waits is still to be made; if not, it is dropped and
  ///   costs its flow no turn.
  mutating func next(
    at now: Int64, day: Int64, where isWanted: (Ticket) -> Bool = { _ in true }
  ) -> Step {
    guard let first = queue.first(where: { isWanted($0.ticket) }) else { return .idle }
    if let refusal = refusal(at: now, day: day) {
      _ = queue.removeFirst()
      return .refuse(first.ticket, refusal)
    }
    let room = ramp.limit(of: limits.concurrency, at: now)
    guard running < room else {
      return room < limits.concurrency ? .wait(until: ramp.nextStep(after: now)) : .idle
    }
    // Another endpoint's end wakes this one then.
    if shared?.gauge.isFull == true { return .idle }
    let instants = [
      own.instant(forTokens: first.tokens, at: now),
      shared?.gauge.instant(forTokens: first.tokens, at: now),
    ]
    if let instant = instants.compactMap({ $0 }).max(), instant > now {
      return .wait(until: instant)
    }
    _ = queue.removeFirst()
    breaker.begin(at: now)
    own.begin(tokens: first.tokens, at: now)
    shared?.gauge.begin(tokens: first.tokens, at: now)
    return .begin(first.ticket)
  }

  private mutating func refusal(at now: Int64, day: Int64) -> Refusal? {
    if isPaused { return .paused }
    if !breaker.permits(at: now) { return .breakerOpen }
    return own.isSpent(on: day) || shared?.gauge.isSpent(on: day) == true ? .budget : nil
  }

  /// What was to begin is not made after all, and counts for nothing.
  mutating func giveBack(tokens unused: Int64, at now: Int64) {
    breaker.drop()
    own.giveBack(tokens: unused, at: now)
    shared?.gauge.giveBack(tokens: unused, at: now)
  }

  /// A call that began does not take up room any more, though nothing is known of it yet.
  mutating func release() {
    own.release()
    shared?.gauge.release()
  }

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
    own.count(tokens: more, cost: cost, at: now, day: day)
    shared?.gauge.count(tokens: more, cost: cost, at: now, day: day)
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
