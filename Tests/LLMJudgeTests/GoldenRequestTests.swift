import Foundation
import LLMJudge
import LoopbackServer
import PetriNet
import Testing
import Transfer

/// The request of every dialect, byte for byte, in `Golden/requests`: what goes over the wire, from
/// the request line to the last byte of the body.
///
/// With `RECORD_SNAPSHOTS` in the environment the files are written anew instead of compared.
@Suite struct GoldenRequestTests {
  private static let folder =
    URL(filePath: #filePath).deletingLastPathComponent().path + "/Golden/requests"

  /// A way in which a dialect is used.
  struct Use: Sendable, CustomTestStringConvertible {
    var name: String
    var prompt: Prompt
    var change: @Sendable (inout EndpointConfiguration) -> Void

    var testDescription: String { name }

    init(
      _ name: String, _ dialect: String, _ prompt: Prompt = GoldenRequestTests.labels,
      _ change: @escaping @Sendable (inout EndpointConfiguration) -> Void = { _ in }
    ) {
      self.name = name
      self.prompt = prompt
      self.change = { endpoint in
        endpoint.dialect = dialect
        change(&endpoint)
      }
    }
  }

  /// With an example, and labels beyond ASCII.
  static let labels: Prompt = {
    var prompt = Prompts.prompt(
      labels: .strings([.init(name: "approve", note: "money back"), .init(name: "거절")]))
    prompt.examples = [.init(values: [.string("refund!")], label: "approve")]
    return prompt
  }()

  static let reasoned: Prompt = {
    var prompt = labels
    prompt.asksRationale = true
    return prompt
  }()

  static let uses: [Use] = [
    Use("openai-chat", "openai-chat") {
      $0.confidence = .logprobs
      $0.parameters = #"{"temperature":0,"seed":7}"#
    },
    Use("openai-chat-boolean", "openai-chat", Prompts.boolean),
    Use("openai-responses", "openai-responses") { $0.confidence = .logprobs },
    Use("azure", "azure"),
    Use("azure-deployment", "azure") {
      $0.version = "2024-10-21"
      $0.model = "my deployment"
    },
    Use("anthropic-2023-06-01", "anthropic") { $0.parameters = #"{"temperature":0}"# },
    Use("anthropic-2026-10-21", "anthropic", reasoned) { $0.version = "2026-10-21" },
    Use("gemini", "gemini") {
      $0.confidence = .logprobs
      $0.parameters =
        #"{"generationConfig":{"temperature":0,"thinkingConfig":{"thinkingBudget":0}},"#
        + #""safetySettings":[]}"#
    },
    Use("ollama", "ollama") {
      $0.confidence = .logprobs
      $0.parameters = #"{"keep_alive":"5m","options":{"temperature":0,"seed":7},"think":false}"#
    },
    Use("llama-server", "llama-server") { $0.confidence = .logprobs },
    Use("llama-completion", "llama-completion") { $0.confidence = .logprobs },
    Use("vllm", "vllm") { $0.confidence = .logprobs },
    Use("vllm-boolean", "vllm", Prompts.boolean),
    Use("vllm-reason", "vllm", reasoned),
    Use("openrouter", "openrouter") {
      $0.parameters = #"{"provider":{"order":["a","b"]},"temperature":0}"#
    },
    Use("compatible", "compatible"),
    Use("compatible-json-object", "compatible") {
      $0.deviations.schema = .jsonObject
      $0.deviations.instructions = .user
      $0.deviations.path = "/api/chat"
      $0.deviations.limitKey = "max_completion_tokens"
    },
    Use("compatible-none", "compatible") { $0.deviations.schema = .none },
  ]

  @Test(arguments: uses)
  func `the request of a dialect is the one on record`(_ use: Use) async throws {
    let server = ScriptedServer(always: [.reply("{}", status: 400)])
    let bench = try Bench(server) { endpoint in
      endpoint.key = "s3cret"
      use.change(&endpoint)
    }
    defer { bench.stop() }

    _ = await bench.ask(Bench.question(use.prompt))

    let request = try #require(server.requests.first)
    let lines = request.head.split(separator: "\r\n").filter {
      !$0.hasPrefix("Host:") && !$0.hasPrefix("Content-Length:")
    }
    let text = lines.joined(separator: "\n") + "\n\n" + request.bodyText + "\n"
    let file = "\(Self.folder)/\(use.name).http"
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOfFile: file, encoding: .utf8))
    #expect((try? JSONText.parse(request.body)) != nil)
  }

  @Test func `every dialect has its request on record`() {
    let used = Set(
      Self.uses.map { use in
        var endpoint = EndpointConfiguration(name: "e", url: "u", dialect: "", model: "m")
        use.change(&endpoint)
        return endpoint.dialect
      })

    #expect(used == Set(DialectNames.all))
  }
}
