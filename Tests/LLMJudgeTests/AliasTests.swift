import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

/// Judges with several endpoints.
@Suite struct AliasTests {
  private func judge(
    _ servers: [ScriptedServer], _ loop: CurlLoop, models: [ModelConfiguration]
  ) throws -> LLMJudge {
    let endpoints = servers.enumerated().map { index, server in
      var endpoint = EndpointConfiguration(
        name: "e\(index)", url: server.url, dialect: "compatible", model: "stub-1")
      endpoint.attempts = 1
      return endpoint
    }
    return try LLMJudge(
      configuration: JudgeConfiguration(endpoints: endpoints, models: models), transfer: loop)
  }

  private func ask(_ judge: LLMJudge, _ question: Question) async -> [JudgeReport] {
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
    judge.ask(question) { report in
      continuation.yield(report)
      if case .verdict = report { continuation.finish() }
    }
    return await reports.reduce(into: []) { $0.append($1) }
  }

  @Test func `an alias turns to its next endpoint when the first is out of order`() async throws {
    let servers = [
      ScriptedServer(always: [.reply("", status: 500)]), ScriptedServer(always: [Chat.reply(deny)]),
    ]
    let loop = CurlLoop()
    defer { servers.forEach { $0.stop() } }
    defer { loop.stop() }
    let judge = try judge(servers, loop, models: [.init(alias: "both", endpoints: ["e0", "e1"])])

    let reports = await ask(judge, Bench.question(Prompts.labels))

    #expect(reports.verdict == .label("deny"))
    #expect(reports.records.map(\.endpoint) == ["e0", "e1"])
    #expect(reports.records.map(\.attempt) == [1, 2])
  }

  @Test func `an answer is an answer: no other endpoint is asked after a refusal`() async throws {
    let servers = [
      ScriptedServer(always: [Chat.reply(message: #""content":null,"refusal":"no""#)]),
      ScriptedServer(always: [Chat.reply(deny)]),
    ]
    let loop = CurlLoop()
    defer { servers.forEach { $0.stop() } }
    defer { loop.stop() }
    let judge = try judge(servers, loop, models: [.init(alias: "both", endpoints: ["e0", "e1"])])

    let reports = await ask(judge, Bench.question(Prompts.labels))

    #expect(reports.verdict == .fallback(.refusal))
    #expect(servers[1].requests.isEmpty)
  }

  @Test(
    arguments: [
      (["deny", "deny", "deny"], 2, .label("deny")),
      (["deny", "deny", "approve"], 3, .fallback(.disagreement)),
      (["deny", "approve", "deny"], 2, .label("deny")),
    ] as [([String], Int, Verdict)])
  func `several aliases vote, and enough of them must agree`(
    _ labels: [String], _ needed: Int, _ verdict: Verdict
  ) async throws {
    let servers = labels.map { ScriptedServer(always: [Chat.reply(#"{"verdict":"\#($0)"}"#)]) }
    let loop = CurlLoop()
    defer { servers.forEach { $0.stop() } }
    defer { loop.stop() }
    let models = labels.indices.map { ModelConfiguration(alias: "m\($0)", endpoints: ["e\($0)"]) }
    let judge = try judge(servers, loop, models: models)
    var question = Bench.question(Prompts.labels)
    question.models = models.map(\.alias)
    question.agree = needed

    let reports = await ask(judge, question)

    #expect(reports.verdict == verdict)
    #expect(reports.records.allSatisfy { $0.label != nil })
  }

  @Test func `stopping leaves open questions without a report`() async throws {
    let server = ScriptedServer(always: [.hang])
    let loop = CurlLoop()
    defer { server.stop() }
    let judge = try judge([server], loop, models: [.init(alias: "one", endpoints: ["e0"])])
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)

    judge.ask(Bench.question(Prompts.labels)) { continuation.yield($0) }
    while server.requests.isEmpty { await Task.yield() }
    loop.stop()
    continuation.finish()

    #expect(await reports.reduce(into: 0) { count, _ in count += 1 } == 0)
  }

  @Test(arguments: [
    Refused(.unknownDialect(endpoint: "e", dialect: "telegraph")) { $0.dialect = "telegraph" },
    Refused(.urlRefused(endpoint: "e")) { $0.url = "http://example.com" },
    Refused(.urlRefused(endpoint: "e")) { $0.url = "https://example.com/?a" },
    Refused(.parametersRefused(endpoint: "e", key: nil)) { $0.parameters = "[]" },
    Refused(.parametersRefused(endpoint: "e", key: "model")) { $0.parameters = #"{"model":"x"}"# },
    Refused(.parametersRefused(endpoint: "e", key: "model")) {
      $0.parameters = #"{"m\u006fdel":"x"}"#
    },
    Refused(.parametersRefused(endpoint: "e", key: "a")) { $0.parameters = #"{"a":1,"a":2}"# },
    Refused(.headerRefused(endpoint: "e")) { $0.key = "a\r\nX: b" },
    Refused(.versionRefused(endpoint: "e", version: "1")) { $0.version = "1" },
    Refused(.versionRefused(endpoint: "e", version: "2024-01-01")) {
      $0.dialect = "anthropic"
      $0.version = "2024-01-01"
    },
    Refused(.noProbabilities(endpoint: "e")) {
      $0.dialect = "anthropic"
      $0.confidence = .logprobs
    },
    Refused(.parametersRefused(endpoint: "e", key: "temperature")) {
      $0.dialect = "anthropic"
      $0.version = "2026-10-21"
      $0.parameters = #"{"temperature":1}"#
    },
    Refused(.parametersRefused(endpoint: "e", key: "options.num_predict")) {
      $0.dialect = "ollama"
      $0.parameters = #"{"options":{"seed":1,"num_predict":9}}"#
    },
    Refused(.parametersRefused(endpoint: "e", key: "generationConfig")) {
      $0.dialect = "gemini"
      $0.parameters = #"{"generationConfig":1}"#
    },
  ])
  func `an endpoint that cannot be used is refused when the judge is made`(_ refused: Refused) {
    var endpoint = EndpointConfiguration(
      name: "e", url: "https://example.com", dialect: "openai-chat", model: "m")
    refused.change(&endpoint)
    let configuration = JudgeConfiguration(
      endpoints: [endpoint], models: [.init(alias: "a", endpoints: ["e"])])

    #expect(throws: refused.problem) {
      _ = try LLMJudge(configuration: configuration, transfer: CurlLoop())
    }
  }
}

/// A change that makes an endpoint unusable, and what is said of it.
struct Refused: Sendable {
  var problem: JudgeConfigurationProblem
  var change: @Sendable (inout EndpointConfiguration) -> Void

  init(
    _ problem: JudgeConfigurationProblem,
    _ change: @escaping @Sendable (inout EndpointConfiguration) -> Void
  ) {
    self.problem = problem
    self.change = change
  }
}
