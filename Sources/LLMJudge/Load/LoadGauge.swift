/// How much is taken of what may be taken at a time, in a minute and in a day: of an endpoint, or of
/// a quota that several share.
///
/// Pure: instants are arguments, microseconds of a clock that does not go back; days are numbered by
/// the caller.
struct LoadGauge: Sendable {
  /// Absent numbers: no limit.
  struct Limits: Sendable {
    var concurrency: Int?
    var requestsAMinute: Int?
    var tokensAMinute: Int?
    /// Billionths of a currency.
    var budgetADay: Int64?
  }

  let limits: Limits
  private var requests = SlidingCount(spanMicroseconds: 60_000_000)
  private var tokens = SlidingCount(spanMicroseconds: 60_000_000)
  private var spent: (day: Int64, amount: Int64) = (0, 0)
  private(set) var running = 0

  init(_ limits: Limits) { self.limits = limits }

  var isFull: Bool { limits.concurrency.map { running >= $0 } ?? false }

  func isSpent(on day: Int64) -> Bool {
    guard let budget = limits.budgetADay else { return false }
    return spent.day == day && spent.amount >= budget
  }

  /// When the limits a minute allow one more call of so many tokens; nil: there are none.
  mutating func instant(forTokens amount: Int64, at now: Int64) -> Int64? {
    let byRequests = limits.requestsAMinute.map { limit in
      requests.instant(for: 1, within: Int64(limit), at: now)
    }
    let byTokens = limits.tokensAMinute.map { limit in
      tokens.instant(for: amount, within: Int64(limit), at: now)
    }
    return [byRequests, byTokens].compactMap { $0 }.max()
  }

  mutating func begin(tokens amount: Int64, at now: Int64) {
    running += 1
    if limits.requestsAMinute != nil { requests.add(1, at: now) }
    if limits.tokensAMinute != nil { tokens.add(amount, at: now) }
  }

  /// What began is not made after all, and counts for nothing.
  mutating func giveBack(tokens amount: Int64, at now: Int64) {
    release()
    if limits.requestsAMinute != nil { requests.add(-1, at: now) }
    if limits.tokensAMinute != nil { tokens.add(-amount, at: now) }
  }

  mutating func release() { running -= 1 }

  /// What a call used beyond what it was taken for, and what it cost.
  mutating func count(tokens more: Int64, cost: Int64, at now: Int64, day: Int64) {
    if limits.tokensAMinute != nil { tokens.add(more, at: now) }
    if spent.day != day { spent = (day, 0) }
    let (sum, overflow) = spent.amount.addingReportingOverflow(max(0, cost))
    spent.amount = overflow ? .max : sum
  }
}

/// What is taken of a quota, seen by the schedulers of all endpoints that share it.
///
/// Unchecked: touched on the loop's thread only, as they are.
final class SharedGauge: @unchecked Sendable {
  var gauge: LoadGauge
  /// The place of the endpoint, among those that share it, whose call began last.
  var last = 0

  init(_ limits: LoadGauge.Limits) { gauge = LoadGauge(limits) }

  /// So many places, those behind the last first: each gets its turn.
  func inTurn(_ count: Int) -> [Int] { (1...max(1, count)).map { (last + $0) % max(1, count) } }
}
