import Testing

@testable import LLMJudge

/// The scheduler of an endpoint's calls, on a clock that the test moves.
@Suite struct SchedulerTests {
  private typealias Scheduler = CallScheduler<String>

  private static let second: Int64 = 1_000_000

  private static func limits(_ change: (inout Scheduler.Limits) -> Void) -> Scheduler.Limits {
    var limits = Scheduler.Limits()
    limits.concurrency = 1
    change(&limits)
    return limits
  }

  /// All that begins at once.
  private static func begun(_ scheduler: inout Scheduler, at now: Int64, day: Int64 = 0) -> [String]
  {
    var begun: [String] = []
    while case .begin(let ticket) = scheduler.next(at: now, day: day) { begun.append(ticket) }
    return begun
  }

  @Test func `a flood in one workflow starves no other: call k stands behind k + 1 at most`() {
    var scheduler = Scheduler(Self.limits { _ in }, at: 0)
    for number in 0..<100_000 { scheduler.join("flood \(number)", flow: "flood") }
    var now: Int64 = 0
    var behind: [Int] = []
    var flooded = 0

    for _ in 0..<1_000 {
      _ = Self.begun(&scheduler, at: now)
      scheduler.release()
      now += 1_000
    }
    for number in 0..<100 { scheduler.join("other \(number)", flow: "other") }
    while behind.count < 100 {
      for ticket in Self.begun(&scheduler, at: now) {
        if ticket.hasPrefix("other") { behind.append(flooded) } else { flooded += 1 }
      }
      scheduler.release()
      now += 1_000
    }

    let worst = behind.enumerated().map { $1 - ($0 + 1) }.max() ?? 0
    print("fairness: call k of another workflow stood behind at most k + \(worst) of 100,000")
    #expect(worst <= 1)
    #expect(scheduler.waiting == 100_000 - 1_000 - flooded)
  }

  /// Shares of a flooding workflow and of another, and how many calls may be under way.
  static let shares = [(1, 1, 1), (1, 3, 1), (5, 1, 1), (2, 7, 1), (1, 1, 64), (1_000, 1, 8)]

  @Test(arguments: shares)
  func `call k of another workflow stands behind no more of a flood than the shares allow`(
    _ flood: Int, _ other: Int, _ concurrency: Int
  ) {
    var scheduler = Scheduler(Self.limits { $0.concurrency = concurrency }, at: -100 * Self.second)
    for number in 0..<100_000 { scheduler.join("flood \(number)", flow: "flood", weight: flood) }
    var now: Int64 = 0
    func served(_ scheduler: inout Scheduler) -> [String] {
      now += 1_000
      let begun = Self.begun(&scheduler, at: now)
      for _ in begun { scheduler.release() }
      return begun
    }
    for _ in 0..<100 { _ = served(&scheduler) }
    for number in 0..<20 { scheduler.join("other \(number)", flow: "other", weight: other) }

    var (flooded, behind): (Int, [Int]) = (0, [])
    while behind.count < 20, flooded < 90_000 {
      for ticket in served(&scheduler) {
        if ticket.hasPrefix("other") { behind.append(flooded) } else { flooded += 1 }
      }
    }

    #expect(behind.count == 20)
    for (index, count) in behind.enumerated() {
      #expect(count * other <= index * flood + other, "call \(index + 1) stood behind \(count)")
      // Nor fewer: the flood has its own share.
      #expect((count + 2) * other >= index * flood, "call \(index + 1) stood behind \(count)")
    }
  }

  @Test func `calls of a flood that nobody waits for any more cost its workflow no turns`() {
    var scheduler = Scheduler(Self.limits { _ in }, at: 0)
    for number in 0..<100_000 { scheduler.join("old \(number)", flow: "flood") }
    for number in 0..<50 {
      scheduler.join("new \(number)", flow: "flood")
      scheduler.join("other \(number)", flow: "other")
    }
    var begun: [String] = []

    while case .begin(let ticket) = scheduler.next(
      at: 0, day: 0, where: { !$0.hasPrefix("old") })
    {
      begun.append(ticket)
      scheduler.release()
    }

    #expect(begun == (0..<50).flatMap { ["new \($0)", "other \($0)"] })
    #expect(scheduler.waiting == 0)
  }

  @Test func `in no minute more requests begin than are allowed`() {
    let limits = Self.limits {
      $0.concurrency = 1_000
      $0.requestsAMinute = 60
    }
    var scheduler = Scheduler(limits, at: -100 * Self.second)
    for number in 0..<300 { scheduler.join("\(number)", flow: "w") }
    var starts: [Int64] = []
    var now: Int64 = 0

    while starts.count < 300 {
      switch scheduler.next(at: now, day: 0) {
      case .begin: starts.append(now)
      case .wait(let until):
        #expect(until > now)
        now = until
      case .refuse, .idle:
        Issue.record("expected to wait")
        return
      }
    }

    let most = starts.map { start in
      starts.count { $0 >= start && $0 < start + 60 * Self.second }
    }
    #expect(most.max() == 60)
    #expect(now <= 5 * 61 * Self.second)
  }

  @Test func `tokens are taken as estimated and put right when they are known`() {
    let limits = Self.limits {
      $0.concurrency = 10
      $0.tokensAMinute = 100
    }
    var scheduler = Scheduler(limits, at: -100 * Self.second)
    for name in ["a", "b", "c"] { scheduler.join(name, flow: "w", tokens: 60) }

    let first = Self.begun(&scheduler, at: 0)
    scheduler.count(tokens: -30, cost: 0, at: 1, day: 0)
    let second = Self.begun(&scheduler, at: 1)
    let third = Self.begun(&scheduler, at: 70 * Self.second)

    #expect([first, second, third] == [["a"], ["b"], ["c"]])
  }

  @Test func `a call of more tokens than a minute allows begins when nothing else is counted`() {
    var scheduler = Scheduler(
      Self.limits { $0.tokensAMinute = 10 }, at: -100 * Self.second)
    scheduler.join("large", flow: "w", tokens: 60)

    #expect(Self.begun(&scheduler, at: 0) == ["large"])
  }

  @Test func `what is spent of a day's budget is refused until the next day`() {
    var scheduler = Scheduler(Self.limits { $0.budgetADay = 100 }, at: 0)
    for name in ["a", "b", "c"] { scheduler.join(name, flow: "w") }

    let first = Self.begun(&scheduler, at: 0, day: 7)
    scheduler.release()
    scheduler.count(tokens: 0, cost: 100, at: 1, day: 7)
    guard case .refuse("b", .budget) = scheduler.next(at: 2, day: 7) else {
      Issue.record("expected a refusal")
      return
    }
    let third = Self.begun(&scheduler, at: 3, day: 8)

    #expect(first == ["a"])
    #expect(third == ["c"])
  }

  @Test func `the breaker opens, refuses what waits, probes with one call and closes`() {
    var limits = Self.limits { $0.concurrency = 5 }
    limits.breaker.failures = 3
    var scheduler = Scheduler(limits, at: -100 * Self.second)
    for number in 0..<20 { scheduler.join("\(number)", flow: "w") }
    let open = limits.breaker.openMicroseconds

    let first = Self.begun(&scheduler, at: 0)
    for _ in first {
      scheduler.release()
      scheduler.end(.failed, at: 10)
    }
    var refused: [String] = []
    while case .refuse(let ticket, .breakerOpen) = scheduler.next(at: 11, day: 0) {
      refused.append(ticket)
      if refused.count == 5 { break }
    }
    let whileOpen = scheduler.breakerState(at: 11)
    guard case .begin("10") = scheduler.next(at: 10 + open, day: 0),
      case .refuse("11", .breakerOpen) = scheduler.next(at: 11 + open, day: 0)
    else {
      Issue.record("expected one probe, and it alone")
      return
    }
    scheduler.release()
    scheduler.end(.answered, at: 20 + open)
    let after = Self.begun(&scheduler, at: 20 + open)
    let later = Self.begun(&scheduler, at: 20 + open + 10 * Ramp.stepMicroseconds)

    #expect(first == ["0", "1", "2", "3", "4"])
    #expect(refused == ["5", "6", "7", "8", "9"])
    #expect(whileOpen == .open(until: 10 + open))
    #expect(after == ["12"])
    #expect(later == ["13", "14", "15", "16"])
  }

  @Test func `a probe that fails opens the breaker again, and one that is dropped lets another`() {
    var rule = BreakerRule()
    rule.failures = 1
    var breaker = Breaker(rule)
    let open = rule.openMicroseconds

    _ = breaker.end(failed: true, at: 0)
    let atFirst = breaker.permits(at: 1)
    let half = breaker.permits(at: open)
    breaker.begin(at: open)
    let whileProbing = breaker.permits(at: open)
    breaker.drop()
    let afterDrop = breaker.permits(at: open)
    breaker.begin(at: open)
    _ = breaker.end(failed: true, at: open + 1)
    let again = breaker.state(at: open + 2)

    #expect([atFirst, half, whileProbing, afterDrop] == [false, true, false, true])
    #expect(again == .open(until: 2 * open + 1))
  }

  @Test func `failures that are fewer than half of the calls do not open the breaker`() {
    var breaker = Breaker(BreakerRule())

    for number in 0..<1_000 { _ = breaker.end(failed: number % 3 == 0, at: Int64(number) * 1_000) }

    #expect(breaker.state(at: 1_000_000) == .closed)
  }

  @Test func `after a start the calls double with each step`() {
    var scheduler = Scheduler(Self.limits { $0.concurrency = 1_000 }, at: 0)
    for number in 0..<1_000 { scheduler.join("\(number)", flow: "w") }

    let begun = (0..<6 as Range<Int64>).map {
      Self.begun(&scheduler, at: $0 * Ramp.stepMicroseconds).count
    }

    #expect(begun == [64, 64, 128, 256, 488, 0])
  }
}
