import Testing

@testable import LLMJudge

/// An endpoint that dies under load and comes back, beside one that does not, millisecond by
/// millisecond on a clock of the test's own.
@Suite struct DyingEndpointTests {
  private struct Ticket: Sendable {
    var number: Int
    var joined: Int64
    var deadline: Int64 { joined + 5_000_000 }
  }

  private enum Ending: Equatable { case answered, failed, refused, late }

  /// An endpoint with those that ask it, as the desk moves them.
  private struct Line {
    /// It does not answer from here to there; a call then fails after a second.
    var dead: Range<Int64>
    var scheduler: CallScheduler<Ticket>
    var endings: [Int: [Ending]] = [:]
    var begun: [(ticket: Ticket, at: Int64)] = []
    var answeredAt: [Int64] = []
    /// What is under way, by the instant of its end.
    private var ends: [Int64: [(Ticket, Bool)]] = [:]

    init(dead: Range<Int64>) {
      self.dead = dead
      var limits = CallScheduler<Ticket>.Limits()
      limits.concurrency = 32
      scheduler = CallScheduler(limits, at: -10_000_000)
    }

    mutating func step(at now: Int64, joining: Ticket?) {
      for (ticket, hasFailed) in ends.removeValue(forKey: now) ?? [] {
        scheduler.release()
        scheduler.end(hasFailed ? .failed : .answered, at: now)
        endings[ticket.number, default: []].append(hasFailed ? .failed : .answered)
        if !hasFailed { answeredAt.append(now) }
      }
      if let joining { scheduler.join(joining, flow: "w") }
      while true {
        switch scheduler.next(at: now, day: 0) {
        case .begin(let ticket) where now >= ticket.deadline:
          scheduler.giveBack(tokens: 0, at: now)
          endings[ticket.number, default: []].append(.late)
        case .begin(let ticket):
          let isDead = dead.contains(now)
          begun.append((ticket, now))
          ends[now + (isDead ? 1_000_000 : 100_000), default: []].append((ticket, isDead))
        case .refuse(let ticket, _): endings[ticket.number, default: []].append(.refused)
        case .wait, .idle: return
        }
      }
    }

    func count(_ ending: Ending) -> Int { endings.values.count { $0 == [ending] } }
  }

  @Test func `the breaker opens and closes, nothing is lost, nothing else waits`() {
    let second: Int64 = 1_000_000
    let dead = 60 * second..<120 * second
    var dying = Line(dead: dead)
    var other = Line(dead: 0..<0)
    var asked = 0
    let clock = ContinuousClock()
    let began = clock.now

    // A question to each every 10 ms for three minutes, then until all have ended.
    for millisecond in 0..<190_000 as Range<Int64> {
      let now = millisecond * 1_000
      let isAsked = now < 180 * second && millisecond % 10 == 0
      let ticket = isAsked ? Ticket(number: asked, joined: now) : nil
      if isAsked { asked += 1 }
      dying.step(at: now, joining: ticket)
      other.step(at: now, joining: ticket)
    }

    let found = dying.answeredAt.first { $0 > dead.upperBound } ?? .max
    let whileDead = dying.begun.count { dead.contains($0.at) }
    let waits = other.begun.map { $0.at - $0.ticket.joined }
    print(
      "an endpoint is dead for 60 s of 180: of \(asked) questions \(dying.count(.answered)) answered, "
        + "\(dying.count(.failed)) failed, \(dying.count(.refused)) refused at once, "
        + "\(dying.count(.late)) late; \(whileDead) calls while it was dead; found again "
        + "\((found - dead.upperBound) / 1_000) ms after it came back; the other endpoint's "
        + "questions waited \(waits.max() ?? -1) µs at most; \(clock.now - began) of wall clock")

    #expect(asked == 18_000)
    #expect(dying.endings.count == asked)
    #expect(dying.endings.values.allSatisfy { $0.count == 1 })
    #expect(dying.begun.allSatisfy { $0.at < $0.ticket.deadline })
    // Until failures are half of what ended within ten seconds, 32 a second; then probes.
    #expect(whileDead <= 32 * 11 + 5)
    #expect(found <= dead.upperBound + 32 * second)
    let after = dying.endings.filter { Int64($0.key) * 10_000 > found + second }
    #expect(after.values.allSatisfy { $0 == [.answered] })
    #expect(after.count > 2_000)
    #expect(other.count(.answered) == asked)
    #expect(waits.count == asked)
    #expect(waits.max() == 0)
  }
}
