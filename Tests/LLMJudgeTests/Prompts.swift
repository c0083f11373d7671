import CEL
import Engine
import LLMJudge
import LoopbackServer
import Orchestration
import PetriNet
import Transfer

/// Prompts that the tests ask with.
enum Prompts {
  static let labels = prompt(labels: .strings([.init(name: "approve"), .init(name: "deny")]))
  static let korean = prompt(labels: .strings([.init(name: "승인"), .init(name: "거절")]))
  static let boolean = prompt(labels: .boolean)

  static let watched: Prompt = {
    var prompt = labels
    prompt.canary = "none_of_these"
    return prompt
  }()

  static let lenient: Prompt = {
    var prompt = labels
    prompt.lenientFence = true
    return prompt
  }()

  static let reasoned: Prompt = {
    var prompt = labels
    prompt.asksRationale = true
    return prompt
  }()

  static func prompt(labels: Prompt.Labels) -> Prompt {
    Prompt(
      name: "refund-intent", question: "Does the customer ask for money back?", labels: labels,
      fields: [
        .init(
          name: "message", colour: .string(max: 4_000), isPersonal: true, isTrusted: false,
          cut: 40)
      ],
      body: [.text("The customer wrote "), .field(0), .text(". Judge.\n")],
      text: Array("---\nprompt: refund-intent\n---\n".utf8), file: "prompts/refund-intent.md")
  }
}

/// What a chat endpoint answers.
enum Chat {
  /// A whole reply whose message has this content.
  static func reply(
    _ content: String, finish: String = "stop", model: String = "stub-1", more: String = ""
  ) -> ScriptedServer.Action {
    .reply(body(message: "\"content\":\(JSONText.quoted(content))", finish, model, more))
  }

  /// A whole reply with these members in its message.
  static func reply(message: String, finish: String = "stop") -> ScriptedServer.Action {
    .reply(body(message: message, finish, "stub-1", ""))
  }

  static func body(
    message: String, _ finish: String, _ model: String, _ more: String
  ) -> String {
    """
    {"id":"c1","object":"chat.completion","model":\(JSONText.quoted(model)),"choices":[{"index":0,\
    "message":{"role":"assistant",\(message)},"finish_reason":\(JSONText.quoted(finish))}],\
    "usage":{"prompt_tokens":100,"completion_tokens":7,"prompt_tokens_details":\
    {"cached_tokens":40}},"system_fingerprint":"fp1","service_tier":"default"\(more)}
    """
  }
}

/// A judge with one endpoint at a scripted server.
final class Bench: Sendable {
  static let deadlineMilliseconds: Int64 = 20_000

  let server: ScriptedServer
  let loop = CurlLoop()
  let judge: LLMJudge

  init(
    _ server: ScriptedServer, url: String? = nil, deadlineReportMilliseconds: Int64 = 0,
    _ change: (inout EndpointConfiguration) -> Void = { _ in }
  ) throws {
    self.server = server
    var endpoint = EndpointConfiguration(
      name: "stand-in", url: (url ?? server.url) + "/v1", dialect: "openai-chat", model: "stub-1")
    endpoint.attempts = 2
    endpoint.backoff = Backoff(firstMilliseconds: 1, lastMilliseconds: 1)
    change(&endpoint)
    var surroundings = LLMJudge.Surroundings.system
    surroundings.nonce = { Array(0..<16) }
    surroundings.deadlineReportMilliseconds = deadlineReportMilliseconds
    judge = try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: [endpoint], models: [ModelConfiguration(alias: "fast", endpoints: ["stand-in"])]),
      transfer: loop, surroundings: surroundings)
  }

  static func question(
    _ prompt: Prompt, firing: Int64 = 7, message: String = "give it back",
    milliseconds: Int64 = deadlineMilliseconds
  ) -> Question {
    Question(
      firing: FiringID(Seq(firing)), firingText: "s0-\(firing)-0", workflow: WorkflowName("w"),
      transition: TransitionName("t"), prompt: prompt, values: [.string(message)], models: [],
      agree: 1, atLeast: nil,
      deadline: LLMJudge.Surroundings.system.now().advanced(by: milliseconds * 1_000))
  }

  /// All reports up to the verdict.
  func ask(_ question: Question) async -> [JudgeReport] {
    let (reports, continuation) = AsyncStream.makeStream(of: JudgeReport.self)
    judge.ask(question) { report in
      continuation.yield(report)
      if case .verdict = report { continuation.finish() }
    }
    return await reports.reduce(into: []) { $0.append($1) }
  }

  /// The verdicts of questions asked at once, each with how long after its deadline it came.
  func verdicts(
    _ questions: [Question]
  ) async -> [(verdict: Verdict, lateMicroseconds: Int64)] {
    let (verdicts, continuation) = AsyncStream.makeStream(of: (Verdict, Int64).self)
    for question in questions {
      judge.ask(question) { report in
        guard case .verdict(let verdict, _) = report else { return }
        let now = LLMJudge.Surroundings.system.now()
        continuation.yield((verdict, now.microseconds - question.deadline.microseconds))
      }
    }
    var found: [(Verdict, Int64)] = []
    for await verdict in verdicts {
      found.append(verdict)
      if found.count == questions.count { break }
    }
    return found
  }

  func stop() {
    loop.stop()
    server.stop()
  }
}

extension [JudgeReport] {
  var verdict: Verdict? {
    guard case .verdict(let verdict, _)? = last else { return nil }
    return verdict
  }

  /// The records of all calls in order.
  var records: [CallRecord] {
    compactMap { report in
      switch report {
      case .call(let record, _): record
      case .verdict(_, let record): record
      }
    }
  }
}
