import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import Testing
import Transfer

/// Endpoints that an operator paused, and what is told of endpoints.
@Suite struct PauseTests {
  private final class Bed: Sendable {
    let servers: [ScriptedServer]
    let loop = CurlLoop()
    let judge: LLMJudge

    init(_ servers: [ScriptedServer], _ change: (inout EndpointConfiguration) -> Void = { _ in })
      throws
    {
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
          endpoints: endpoints,
          models: [ModelConfiguration(alias: "all", endpoints: endpoints.map(\.name))]),
        transfer: loop)
    }

    deinit {
      loop.stop()
      for server in servers { server.stop() }
    }

    func ask(_ number: Int64 = 1) async -> [JudgeReport] {
      let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
      var question = Bench.question(Prompts.labels)
      question.firing = FiringID(Seq(number))
      judge.ask(question) { report in
        continuation.yield(report)
        if case .verdict = report { continuation.finish() }
      }
      return await reports.reduce(into: []) { $0.append($1) }
    }
  }

  @Test func `a paused endpoint is asked nothing: its questions fall back until it goes on`()
    async throws
  {
    let bed = try Bed([ScriptedServer(always: [Chat.reply(deny)])])

    bed.judge.pause(["e0", "another"])
    let whilePaused = await bed.ask(1)
    let asked = bed.servers[0].requests.count
    let standing = bed.judge.endpoints
    bed.judge.pause([])
    let after = await bed.ask(2)

    #expect(whilePaused.verdict == .fallback(.paused))
    #expect(whilePaused.records.isEmpty)
    #expect(asked == 0)
    #expect(standing.map(\.isPaused) == [true])
    #expect(standing.map(\.refusals) == [["paused": 1]])
    #expect(after.verdict == .label("deny"))
    #expect(bed.judge.endpoints.map(\.isPaused) == [false])
  }

  @Test func `the next endpoint of an alias takes the questions of a paused one`() async throws {
    let bed = try Bed([
      ScriptedServer(always: [Chat.reply(deny)]), ScriptedServer(always: [Chat.reply(deny)]),
    ])

    bed.judge.pause(["e0"])
    let reports = await bed.ask()

    #expect(reports.verdict == .label("deny"))
    #expect(reports.records.map(\.endpoint) == ["e1"])
  }

  @Test func `what waits for a paused endpoint falls back, and what is under way ends`()
    async throws
  {
    let gate = Gate()
    let bed = try Bed([ScriptedServer(always: [.wait(gate), Chat.reply(deny)])]) {
      $0.concurrency = 1
    }

    async let first = bed.ask(1)
    while bed.servers[0].requests.isEmpty { await Task.yield() }
    async let second = bed.ask(2)
    while bed.judge.endpoints[0].waiting == 0 { await Task.yield() }
    bed.judge.pause(["e0"])
    let waiting = await second
    gate.open()
    let underWay = await first

    #expect(waiting.verdict == .fallback(.paused))
    #expect(underWay.verdict == .label("deny"))
    #expect(bed.servers[0].requests.count == 1)
  }

  @Test func `an endpoint tells how its calls ended, what they used, and its breaker`()
    async throws
  {
    let server = ScriptedServer { request in
      [request.number == 0 ? Chat.reply(deny) : .reply("", status: 503)]
    }
    let bed = try Bed([server])

    for number in 1...7 { _ = await bed.ask(Int64(number)) }
    let standing = try #require(bed.judge.endpoints.first)

    #expect(standing.name == "e0")
    #expect(standing.dialect == "compatible")
    #expect(standing.endings == ["label": 1, "provider_unavailable": 5])
    #expect(standing.refusals == ["breaker_open": 1])
    #expect(standing.breaker == .open)
    #expect(standing.running == 0)
    #expect(standing.waiting == 0)
    #expect(standing.microseconds > 0)
  }
}
