import Engine
import LoopbackServer
import Orchestration
import Testing
import Transfer

@testable import LLMJudge

/// Limits that several endpoints share.
@Suite struct QuotaTests {
  private typealias Scheduler = CallScheduler<String>
  private static let second: Int64 = 1_000_000

  /// Two endpoints with room of their own, and what they share.
  private static func pair(
    _ change: (inout LoadGauge.Limits) -> Void
  ) -> (SharedGauge, [Scheduler]) {
    var limits = LoadGauge.Limits()
    change(&limits)
    let shared = SharedGauge(limits)
    let one = Scheduler(Scheduler.Limits(), shared: shared, at: -100 * second)
    return (shared, [one, one])
  }

  private static func begun(_ scheduler: inout Scheduler, at now: Int64) -> [String] {
    var begun: [String] = []
    while case .begin(let ticket) = scheduler.next(at: now, day: 0) { begun.append(ticket) }
    return begun
  }

  @Test
  func `so many calls are under way at both together, and one that ends makes room at either`() {
    var (shared, lines) = Self.pair { $0.concurrency = 3 }
    for number in 0..<5 {
      lines[0].join("a\(number)", flow: "w")
      lines[1].join("b\(number)", flow: "w")
    }

    let first = Self.begun(&lines[0], at: 0) + Self.begun(&lines[1], at: 0)
    lines[0].release()
    let second = Self.begun(&lines[1], at: 1)
    let third = Self.begun(&lines[0], at: 1)

    #expect(first == ["a0", "a1", "a2"])
    #expect(second == ["b0"])
    #expect(third == [])
    #expect(shared.gauge.running == 3)
    #expect(lines.map(\.running) == [2, 1])
  }

  @Test func `in no minute more requests begin at both together than the quota allows`() {
    var (_, lines) = Self.pair { $0.requestsAMinute = 10 }
    for number in 0..<40 { lines[number % 2].join("\(number)", flow: "w") }
    var starts: [Int64] = []
    for tick in 0..<4_000 as Range<Int64> {
      let now = tick * 100_000
      for index in [0, 1] {
        starts += Self.begun(&lines[index], at: now).map { _ in now }
      }
    }

    let most = starts.map { start in
      starts.count { $0 >= start && $0 < start + 60 * Self.second }
    }
    #expect(starts.count == 40)
    #expect(most.max() == 10)
  }

  @Test func `what one endpoint spent of a quota's budget the other cannot spend`() {
    var (_, lines) = Self.pair { $0.budgetADay = 100 }
    lines[0].join("a", flow: "w")
    lines[1].join("b", flow: "w")

    let first = Self.begun(&lines[0], at: 0)
    lines[0].count(tokens: 0, cost: 100, at: 1, day: 0)
    guard case .refuse("b", .budget) = lines[1].next(at: 2, day: 0) else {
      Issue.record("expected a refusal")
      return
    }
    lines[1].join("c", flow: "w")
    guard case .begin("c") = lines[1].next(at: 3, day: 1) else {
      Issue.record("expected a call on the next day")
      return
    }

    #expect(first == ["a"])
  }

  @Test func `endpoints of a quota take turns, whoever of them a call ends at`() {
    let gauge = SharedGauge(LoadGauge.Limits())
    var order: [Int] = []

    for _ in 0..<6 {
      let next = gauge.inTurn(3)[0]
      order.append(next)
      gauge.last = next
    }

    #expect(order == [1, 2, 0, 1, 2, 0])
    #expect(gauge.inTurn(1) == [0])
  }

  /// Over the wire: three endpoints of one quota with a single call at a time.
  @Test func `endpoints that share a quota of one ask one after the other, and all are answered`()
    async throws
  {
    let servers = (0..<3).map { _ in ScriptedServer(always: [Chat.reply(deny)]) }
    let loop = CurlLoop()
    defer {
      loop.stop()
      for server in servers { server.stop() }
    }
    let endpoints = servers.enumerated().map { index, server in
      var endpoint = EndpointConfiguration(
        name: "e\(index)", url: server.url, dialect: "compatible", model: "stub-1")
      endpoint.quota = "key"
      return endpoint
    }
    var quota = QuotaConfiguration(name: "key")
    quota.concurrency = 1
    let judge = try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: endpoints,
        models: endpoints.map { ModelConfiguration(alias: $0.name, endpoints: [$0.name]) },
        quotas: [quota]),
      transfer: loop)
    let (verdicts, continuation) = AsyncStream.makeStream(of: (Verdict, Int).self)

    for number in 0..<30 {
      var question = Bench.question(Prompts.labels)
      question.firing = FiringID(Seq(Int64(number)))
      question.models = ["e\(number % 3)"]
      judge.ask(question) { report in
        guard case .verdict(let verdict, _) = report else { return }
        continuation.yield((verdict, judge.endpoints.map(\.running).reduce(0, +)))
      }
    }
    var found: [(Verdict, Int)] = []
    for await item in verdicts {
      found.append(item)
      if found.count == 30 { break }
    }

    #expect(found.allSatisfy { $0.0 == .label("deny") })
    #expect(found.allSatisfy { $0.1 <= 1 })
    #expect(servers.map(\.requests.count) == [10, 10, 10])
  }
}
