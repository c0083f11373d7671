import Engine
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

@testable import LLMJudge

/// Labels that are reused, where the configuration allows it.
@Suite struct CacheTests {
  private static func judge(
    _ servers: [ScriptedServer], _ loop: CurlLoop, cache: Int64?
  ) throws -> LLMJudge {
    let endpoints = servers.enumerated().map { index, server in
      var endpoint = EndpointConfiguration(
        name: "e\(index)", url: server.url, dialect: "compatible", model: "stub-\(index + 1)")
      endpoint.attempts = 1
      endpoint.returns = .any
      return endpoint
    }
    return try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: endpoints,
        models: endpoints.indices.map {
          ModelConfiguration(alias: "m\($0)", endpoints: ["e\($0)"])
        }, standard: "m0", cacheMicroseconds: cache), transfer: loop)
  }

  private static func ask(_ judge: LLMJudge, _ question: Question) async -> [JudgeReport] {
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
    judge.ask(question) { report in
      continuation.yield(report)
      if case .verdict = report { continuation.finish() }
    }
    return await reports.reduce(into: []) { $0.append($1) }
  }

  @Test func `the same guard and the same values are answered without a call, and it says so`()
    async throws
  {
    let server = ScriptedServer(always: [Chat.reply(deny)])
    let loop = CurlLoop()
    defer { server.stop() }
    defer { loop.stop() }
    let judge = try Self.judge([server], loop, cache: 3_600_000_000)

    let first = await Self.ask(judge, Bench.question(Prompts.labels, firing: 7))
    let again = await Self.ask(judge, Bench.question(Prompts.labels, firing: 8))

    #expect(first.verdict == .label("deny"))
    #expect(first.records.map(\.reused) == [nil])
    #expect(again.verdict == .label("deny"))
    #expect(again.records.map(\.reused) == [FiringID(Seq(7))])
    #expect(again.records.map(\.label) == ["deny"])
    #expect(again.records.map(\.endpoint) == ["e0"])
    #expect(again.records.allSatisfy { $0.question == nil && $0.reply == nil && $0.status == nil })
    #expect(judge.progress(of: FiringID(Seq(8))) == .idle)
    #expect(server.requests.count == 1)
  }

  @Test func `what differs in anything that a verdict depends on is asked`() async throws {
    let servers = [0, 1].map { _ in ScriptedServer(always: [Chat.reply(deny)]) }
    let loop = CurlLoop()
    defer { loop.stop() }
    defer { servers.forEach { $0.stop() } }
    let judge = try Self.judge(servers, loop, cache: 3_600_000_000)
    var questions = [
      Bench.question(Prompts.labels), Bench.question(Prompts.labels, message: "give it back "),
      Bench.question(Prompts.watched),
    ]
    var other = Bench.question(Prompts.labels)
    other.models = ["m1"]
    var both = Bench.question(Prompts.labels)
    both.models = ["m0", "m1"]
    both.agree = 2
    questions += [other, both]

    for (index, question) in questions.enumerated() {
      var question = question
      question.firing = FiringID(Seq(Int64(index + 20)))
      let reports = await Self.ask(judge, question)
      #expect(reports.verdict == .label("deny"))
      #expect(reports.records.allSatisfy { $0.reused == nil })
    }

    #expect(servers.map(\.requests.count) == [4, 2])
  }

  @Test func `a fallback is never reused, and nothing is without being allowed`() async throws {
    let (broken, whole) = (
      ScriptedServer(always: [Chat.reply("perhaps")]), ScriptedServer(always: [Chat.reply(deny)])
    )
    let loop = CurlLoop()
    defer { [broken, whole].forEach { $0.stop() } }
    defer { loop.stop() }
    let reusing = try Self.judge([broken], loop, cache: 3_600_000_000)
    let asking = try Self.judge([whole], loop, cache: nil)

    for firing in 1...3 as ClosedRange<Int64> {
      _ = await Self.ask(reusing, Bench.question(Prompts.labels, firing: firing))
      _ = await Self.ask(asking, Bench.question(Prompts.labels, firing: firing))
    }

    #expect(broken.requests.count == 3)
    #expect(whole.requests.count == 3)
  }

  private static func known(_ label: String) -> VerdictCache.Known {
    VerdictCache.Known(
      firing: FiringID(Seq(1)), label: label,
      call: CallRecord(
        attempt: 1, endpoint: "e", requested: "m", started: Instant(microseconds: 0),
        ended: Instant(microseconds: 0)))
  }

  @Test func `a label is reused until its time is over, however often it was reused`() {
    var cache = VerdictCache(heldMicroseconds: 100)

    cache.keep(Self.known("a"), under: [1], at: 0)
    cache.keep(Self.known("b"), under: [1], at: 50)
    let found = [0, 50, 99, 100].map { cache.find([1], at: $0)?.label }

    #expect(found == ["a", "a", "a", nil])
    #expect(cache.count == 0)
  }

  @Test func `the oldest goes when there is no more room`() {
    var cache = VerdictCache(heldMicroseconds: 1_000_000, most: 200)

    for number in 0..<1_000 { cache.keep(Self.known("a"), under: Self.key(number), at: 0) }

    #expect(cache.count == 200)
    #expect(cache.find(Self.key(799), at: 1) == nil)
    #expect(cache.find(Self.key(800), at: 1) == Self.known("a"))
  }

  private static func key(_ number: Int) -> [UInt8] { [UInt8(number / 256), UInt8(number % 256)] }
}
