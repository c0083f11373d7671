internal import CEL
internal import Engine
internal import Foundation
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Synchronization
internal import Transfer
internal import Workflows

/// One endpoint: its key at hand, reachable, and an answer in the form that was asked for.
struct EndpointExamination {
  private let endpoint: Configuration.Endpoint
  private let configuration: Configuration
  private let transfer: CurlLoop
  private static let waitMilliseconds: Int64 = 20_000

  init(
    _ endpoint: Configuration.Endpoint, _ configuration: Configuration, _ transfer: CurlLoop
  ) {
    self.endpoint = endpoint
    self.configuration = configuration
    self.transfer = transfer
  }

  func checks() async -> [Doctor.Check] {
    let judge: LLMJudge
    do {
      var alone = configuration
      alone.endpoints = [endpoint]
      alone.models = [
        Configuration.ModelAlias(name: endpoint.name, endpoints: [endpoint.name])
      ]
      alone.model = endpoint.name
      judge = try LLMJudge(configuration: try JudgeConfiguration(alone), transfer: transfer)
    } catch {
      let why = (error as? Failure)?.message ?? "\(error)"
      return [check("key", .bad, why)]
    }
    let (verdict, call) = await answer(of: judge)
    guard let call else { return [check("reachable", .bad, reason(verdict), away: true)] }
    guard call.status != nil else {
      return [check("reachable", .bad, "\(endpoint.url.value): \(reason(verdict))", away: true)]
    }
    return [check("reachable", .good, endpoint.url.value)] + judged(verdict, call)
  }

  private func judged(_ verdict: Verdict, _ call: CallRecord) -> [Doctor.Check] {
    let status = call.status.map { "HTTP \($0)" } ?? ""
    if case .fallback(.auth) = verdict { return [check("key", .bad, "refused with \(status)")] }
    let key = check("key", .good, endpoint.key == nil ? "none is sent" : "accepted")
    let milliseconds = (call.ended.microseconds - call.started.microseconds) / 1_000
    switch verdict {
    case .label:
      return [
        key, check("answers", .good, "\(call.model ?? endpoint.model) in \(milliseconds) ms"),
        check("constraint", .good, "one reply was of the schema that was sent"),
      ]
    case .fallback(let why) where Self.isOfReply(why):
      return [
        key, check("answers", .good, "\(call.model ?? endpoint.model) in \(milliseconds) ms"),
        check("constraint", .bad, "the reply was not of the schema: \(why.rawValue)"),
      ]
    case .fallback(let why):
      return [key, check("answers", .bad, "\(why.rawValue) with \(status)")]
    }
  }

  /// Whether the reply came whole but is no answer of the schema.
  private static func isOfReply(_ reason: FallbackReason) -> Bool {
    reason.rawValue.hasPrefix("not_strict_json") || reason.rawValue.hasPrefix("schema")
  }

  private func reason(_ verdict: Verdict) -> String {
    if case .fallback(let reason) = verdict { reason.rawValue } else { "" }
  }

  /// One question free of anybody's data, and the last call made for it.
  private func answer(of judge: LLMJudge) async -> (Verdict, CallRecord?) {
    let question = Self.question(
      model: endpoint.name.value,
      deadline: Instant(microseconds: MonotonicClock().now().microseconds)
        .advanced(by: Self.waitMilliseconds * 1_000))
    return await withCheckedContinuation { continuation in
      let last = LastCall()
      judge.ask(question) { report in
        switch report {
        case .call(let call, _): last.call.withLock { $0 = call }
        case .verdict(let verdict, let call):
          let known = call ?? last.call.withLock { $0 }
          if last.isFirst() { continuation.resume(returning: (verdict, known)) }
        }
      }
    }
  }

  private final class LastCall: Sendable {
    let call = Mutex<CallRecord?>(nil)
    private let isDone = Mutex(false)

    func isFirst() -> Bool {
      isDone.withLock { done in
        defer { done = true }
        return !done
      }
    }
  }

  private static func question(model: String, deadline: Instant) -> Question {
    let prompt = Prompt(
      name: "doctor", question: "Is the number even?", labels: .boolean,
      fields: [
        Prompt.Field(
          name: "number", colour: .int(nil), isPersonal: false, isTrusted: false, cut: 20)
      ],
      body: [.text("Answer true if "), .field(0), .text(" is even, else false.")],
      text: Array("doctor".utf8), file: "doctor")
    return Question(
      firing: FiringID(Seq(1)), firingText: "doctor", workflow: WorkflowName("doctor"),
      transition: TransitionName("doctor"), prompt: prompt, values: [.int(2)], models: [model],
      agree: 1, atLeast: nil, deadline: deadline)
  }

  private func check(
    _ name: String, _ result: Doctor.Check.Result, _ detail: String, away: Bool = false
  ) -> Doctor.Check {
    var check = Doctor.Check(endpoint.name.value, name, result, detail)
    check.isAway = away
    return check
  }
}

/// A service that performs actions: whether anything answers there, whatever it says.
struct ServiceExamination {
  private let service: Configuration.Service

  init(_ service: Configuration.Service) { self.service = service }

  func check() async -> Doctor.Check {
    let url = service.url.value
    let client = ServiceClient(url: url, transfer: CurlLoop(), seconds: 10)
    do {
      let reply = try await client.send("GET", "/")
      return Doctor.Check(
        service.name.value, "reachable", .good, "\(url) answers HTTP \(reply.status)")
    } catch {
      let why = (error as? Failure)?.message ?? "no whole reply"
      var check = Doctor.Check(service.name.value, "reachable", .bad, why)
      check.isAway = true
      return check
    }
  }
}
