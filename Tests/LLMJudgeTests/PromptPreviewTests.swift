import CEL
import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

/// What is shown of a request is what goes out.
@Suite struct PromptPreviewTests {
  /// Address, headers and body as they are compared.
  private struct Sent: Equatable {
    var line: String
    var headers: [String]
    var body: String
  }

  private static func endpoint(
    _ name: String, _ speech: Speech, _ server: ScriptedServer
  ) -> EndpointConfiguration {
    var endpoint = EndpointConfiguration(
      name: name, url: server.url + "/v1/", dialect: speech.dialect, model: "stub-1")
    endpoint.version = speech.version
    endpoint.key = "k3y-of-\(name)"
    endpoint.headers = [.init("X-Team", "desk")]
    endpoint.attempts = 1
    return endpoint
  }

  private static func shown(_ preview: PromptPreview, _ server: ScriptedServer) -> Sent {
    Sent(
      line: "POST \(preview.url.dropFirst(server.url.count)) HTTP/1.1",
      headers: preview.headers.map { "\($0.name): \($0.value)" },
      body: String(decoding: preview.body, as: UTF8.self))
  }

  private static func came(_ request: ScriptedServer.Request) -> Sent {
    let lines = request.head.split(separator: "\r\n").dropFirst().map(String.init)
    return Sent(
      line: request.line,
      headers: lines.filter { !$0.hasPrefix("Host: ") && !$0.hasPrefix("Content-Length: ") },
      body: request.bodyText)
  }

  @Test(arguments: Speech.all)
  func `each voter and each shadow is sent what is shown of it, byte for byte`(
    _ speech: Speech
  ) async throws {
    let servers = (0..<4).map { _ in ScriptedServer(always: [.reply("{}", status: 400)]) }
    let loop = CurlLoop()
    defer {
      loop.stop()
      for server in servers { server.stop() }
    }
    let endpoints = zip(["a", "b", "c", "s"], servers).map { Self.endpoint($0, speech, $1) }
    let nonce = Array(0..<16 as Range<UInt8>)
    var surroundings = LLMJudge.Surroundings.system
    surroundings.nonce = { nonce }
    let judge = try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: endpoints,
        models: [
          .init(alias: "a", endpoints: ["a"]), .init(alias: "b", endpoints: ["b"], shadow: ["s"]),
          .init(alias: "c", endpoints: ["c"]),
        ]), transfer: loop, surroundings: surroundings)
    var question = Bench.question(Prompts.labels)
    question.models = ["a", "b", "c"]
    question.agree = 1
    let (reports, continuation) = AsyncStream.makeStream(of: Void.self)

    judge.ask(question) { _ in continuation.yield() }
    var left = 4
    for await _ in reports {
      left -= 1
      if left == 0 { break }
    }

    for (index, rotation) in [0, 1, 2, 1].enumerated() {
      let preview = try PromptPreview(
        of: question.prompt, values: question.values, at: endpoints[index], rotation: rotation,
        nonce: nonce)
      let request = try #require(servers[index].requests.first)
      #expect(Self.came(request) == Self.shown(preview, servers[index]))
    }
  }
}
