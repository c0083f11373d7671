import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

/// Aliases with more than one way to an answer, and endpoints that are left alone.
@Suite struct RouteTests {
  private final class House: Sendable {
    let loop = CurlLoop()
    let servers: [ScriptedServer]
    let judge: LLMJudge

    init(
      _ servers: [ScriptedServer], models: [ModelConfiguration], breaker: BreakerRule = .init(),
      _ change: (inout EndpointConfiguration) -> Void = { _ in }
    ) throws {
      self.servers = servers
      let endpoints = servers.enumerated().map { index, server in
        var endpoint = EndpointConfiguration(
          name: "e\(index)", url: server.url, dialect: "compatible", model: "stub-1")
        endpoint.attempts = 1
        change(&endpoint)
        return endpoint
      }
      judge = try LLMJudge(
        configuration: JudgeConfiguration(
          endpoints: endpoints, models: models, breaker: breaker), transfer: loop)
    }

    /// The first `count` reports.
    func reports(_ question: Question, count: Int) async -> [JudgeReport] {
      let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
      judge.ask(question) { continuation.yield($0) }
      var found: [JudgeReport] = []
      for await report in reports {
        found.append(report)
        if found.count == count { break }
      }
      return found
    }

    func verdict(_ question: Question) async -> Verdict? {
      await reports(question, count: 1).verdict
    }

    func stop() {
      loop.stop()
      servers.forEach { $0.stop() }
    }
  }

  @Test func `a shadow endpoint is asked, is on record, and moves nothing`() async throws {
    let gate = Gate()
    let house = try House(
      [
        ScriptedServer(always: [.wait(gate), Chat.reply(deny)]),
        ScriptedServer(always: [Chat.reply(#"{"verdict":"approve"}"#)]),
      ], models: [.init(alias: "fast", endpoints: ["e0"], shadow: ["e1"])])
    defer { house.stop() }
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)

    house.judge.ask(Bench.question(Prompts.labels)) { report in
      if case .call = report { gate.open() }
      continuation.yield(report)
      if case .verdict = report { continuation.finish() }
    }
    let all = await reports.reduce(into: []) { $0.append($1) }

    #expect(all.verdict == .label("deny"))
    #expect(all.records.map(\.endpoint) == ["e1", "e0"])
    #expect(all.records.map(\.label) == ["approve", "deny"])
  }

  @Test func `a shadow that fails or hangs changes no verdict`() async throws {
    for actions in [[ScriptedServer.Action.close], [.hang], [.reply("x", status: 500)]] {
      let house = try House(
        [ScriptedServer(always: [Chat.reply(deny)]), ScriptedServer(always: actions)],
        models: [.init(alias: "fast", endpoints: ["e0"], shadow: ["e1"])])
      defer { house.stop() }
      let (verdicts, continuation) = AsyncStream.makeStream(of: Verdict.self)

      house.judge.ask(Bench.question(Prompts.labels)) { report in
        if case .verdict(let verdict, _) = report { continuation.yield(verdict) }
      }
      var iterator = verdicts.makeAsyncIterator()

      #expect(await iterator.next() == .label("deny"))
    }
  }

  @Test func `a call that takes long is hedged: the first answer counts, the other is cut`()
    async throws
  {
    let house = try House(
      [ScriptedServer(always: [.hang]), ScriptedServer(always: [Chat.reply(deny)])],
      models: [.init(alias: "fast", endpoints: ["e0", "e1"], hedgeMilliseconds: 20)])
    defer { house.stop() }

    let all = await house.reports(Bench.question(Prompts.labels), count: 2)

    guard case .verdict(.label("deny"), let winner?)? = all.first,
      case .call(let loser, .interrupted)? = all.last
    else {
      Issue.record("expected the verdict, then the call that was cut, found \(all)")
      return
    }
    #expect([winner.endpoint, loser.endpoint] == ["e1", "e0"])
    #expect([winner.attempt, loser.attempt] == [2, 1])
  }

  @Test func `an answer before the delay needs no second call`() async throws {
    let house = try House(
      [ScriptedServer(always: [Chat.reply(deny)]), ScriptedServer(always: [Chat.reply(deny)])],
      models: [.init(alias: "fast", endpoints: ["e0", "e1"], hedgeMilliseconds: 10_000)])
    defer { house.stop() }

    let verdict = await house.verdict(Bench.question(Prompts.labels))

    #expect(verdict == .label("deny"))
    #expect(house.servers[1].requests.isEmpty)
  }

  @Test func `of a hedged pair one may fail: the other decides`() async throws {
    let gate = Gate()
    let house = try House(
      [
        ScriptedServer(always: [.wait(gate), Chat.reply(deny)]),
        ScriptedServer(always: [.reply("no", status: 500)]),
      ], models: [.init(alias: "fast", endpoints: ["e0", "e1"], hedgeMilliseconds: 20)])
    defer { house.stop() }
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)

    house.judge.ask(Bench.question(Prompts.labels)) { report in
      if case .call = report { gate.open() }
      continuation.yield(report)
      if case .verdict = report { continuation.finish() }
    }
    let all = await reports.reduce(into: []) { $0.append($1) }

    #expect(all.verdict == .label("deny"))
    #expect(all.records.map(\.endpoint) == ["e1", "e0"])
  }

  @Test func `voters see the labels in turned order, and the rest is cut once it is decided`()
    async throws
  {
    let servers = [
      ScriptedServer(always: [Chat.reply(deny)]), ScriptedServer(always: [Chat.reply(deny)]),
      ScriptedServer(always: [.hang]),
    ]
    let house = try House(
      servers, models: (0..<3).map { .init(alias: "m\($0)", endpoints: ["e\($0)"]) })
    defer { house.stop() }
    var question = Bench.question(Prompts.labels)
    question.models = ["m2", "m1", "m0"]
    question.agree = 2

    let all = await house.reports(question, count: 3)

    #expect(all.contains { if case .verdict(.label("deny"), _) = $0 { true } else { false } })
    guard case .call(let cut, .interrupted)? = all.last else {
      Issue.record("expected the third call to be cut")
      return
    }
    #expect(cut.endpoint == "e2")
    #expect(
      servers.map { $0.requests[0].bodyText.contains(#""enum":["approve","deny"]"#) }
        == [true, false, true])
    #expect(
      servers.map {
        $0.requests[0].bodyText.contains(#"Answer with one of: \"approve\", \"deny\"."#)
      } == [true, false, true])
  }

  @Test func `an endpoint that dies is left alone, and found again when it is back`() async throws {
    let gate = Gate()
    var rule = BreakerRule()
    rule.failures = 3
    rule.openMicroseconds = 60_000
    let house = try House(
      [
        ScriptedServer { _ in gate.isOpen ? [Chat.reply(deny)] : [.reply("down", status: 503)] },
        ScriptedServer(always: [Chat.reply(deny)]),
      ],
      models: [.init(alias: "one", endpoints: ["e0"]), .init(alias: "other", endpoints: ["e1"])],
      breaker: rule)
    defer { house.stop() }
    let ask = { (alias: String, firing: Int64) async -> Verdict? in
      var question = Bench.question(Prompts.labels, firing: firing)
      question.models = [alias]
      return await house.verdict(question)
    }

    var verdicts: [Verdict?] = []
    for firing in 1...4 as ClosedRange<Int64> { verdicts.append(await ask("one", firing)) }
    let asked = house.servers[0].requests.count
    let other = await ask("other", 5)
    gate.open()
    var last: Verdict?
    var firing: Int64 = 6
    while last != .label("deny"), firing < 1_000_000 {
      last = await ask("one", firing)
      firing += 1
    }

    #expect(
      verdicts
        == [
          .fallback(.providerUnavailable), .fallback(.providerUnavailable),
          .fallback(.providerUnavailable), .fallback(.breakerOpen),
        ])
    #expect(asked == 3)
    #expect(other == .label("deny"))
    #expect(last == .label("deny"))
    #expect(house.servers[0].requests.count == 4)
  }

  @Test func `behind an open breaker the alias turns to its next endpoint`() async throws {
    var rule = BreakerRule()
    rule.failures = 1
    let house = try House(
      [
        ScriptedServer(always: [.reply("down", status: 503)]),
        ScriptedServer(always: [Chat.reply(deny)]),
      ], models: [.init(alias: "both", endpoints: ["e0", "e1"])], breaker: rule)
    defer { house.stop() }

    let first = await house.reports(Bench.question(Prompts.labels), count: 2)
    let second = await house.reports(Bench.question(Prompts.labels, firing: 8), count: 1)

    #expect([first.verdict, second.verdict] == [.label("deny"), .label("deny")])
    #expect(house.servers.map(\.requests.count) == [1, 2])
  }

  @Test func `a prompt that an endpoint refuses again and again is not sent there for a while`()
    async throws
  {
    let house = try House(
      [ScriptedServer(always: [.reply("{}", status: 400)])],
      models: [.init(alias: "one", endpoints: ["e0"])])
    defer { house.stop() }
    var verdicts: [Verdict?] = []

    for firing in 1...6 as ClosedRange<Int64> {
      verdicts.append(await house.verdict(Bench.question(Prompts.labels, firing: firing)))
    }

    #expect(verdicts.filter { $0 == .fallback(.requestRejected) }.count == 5)
    #expect(verdicts.last == .fallback(.breakerOpen))
  }

  @Test func `when a day's money is spent the endpoint is asked no more`() async throws {
    let body = Chat.body(message: "\"content\":\(JSONText.quoted(deny))", "stop", "stub-1", "")
    let house = try House(
      [ScriptedServer(always: [.reply(body)])], models: [.init(alias: "one", endpoints: ["e0"])]
    ) { endpoint in
      endpoint.prices = .init(currency: "USD", input: 1_000_000_000, output: 1_000_000_000)
      endpoint.budgetADay = 150_000
    }
    defer { house.stop() }
    var verdicts: [Verdict?] = []

    for firing in 1...3 as ClosedRange<Int64> {
      verdicts.append(await house.verdict(Bench.question(Prompts.labels, firing: firing)))
    }

    #expect(verdicts == [.label("deny"), .label("deny"), .fallback(.budget)])
  }
}
