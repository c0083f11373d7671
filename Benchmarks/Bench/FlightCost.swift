internal import Engine
internal import Foundation
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Synchronization
internal import Transfer

/// What a call costs of many that are all in flight at once, on the judge's one thread.
enum FlightCost {
  /// What was measured is not what was to be measured.
  enum Wrong: Error {
    case answers(right: Int, of: Int)
    /// So many were in flight at once at most.
    case flight(Int, of: Int)
  }

  static func measure(port: Int, count: Int) async throws {
    raiseFileLimit()
    var endpoint = EndpointConfiguration(
      name: "stand-in", url: "http://127.0.0.1:\(port)/v1", dialect: "openai-chat",
      model: "stub-1")
    endpoint.concurrency = count
    endpoint.connectMilliseconds = 30_000
    let loop = CurlLoop()
    let judge = try LLMJudge(
      configuration: JudgeConfiguration(
        endpoints: [endpoint],
        models: [ModelConfiguration(alias: "fast", endpoints: ["stand-in"])]),
      transfer: loop)
    let (verdicts, continuation) = AsyncStream.makeStream(of: Verdict.self)
    let deadline = MonotonicClock().now().advanced(by: 60_000_000)
    let watch = Stopwatch()
    for number in 0..<count {
      judge.ask(question(number, deadline)) { report in
        if case .verdict(let verdict, _) = report { continuation.yield(verdict) }
      }
    }
    let peak = Mutex(0)
    let watching = Task {
      while !Task.isCancelled {
        let running = judge.endpoints.first?.running ?? 0
        peak.withLock { $0 = max($0, running) }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    var right = 0
    var ended = 0
    for await verdict in verdicts {
      if case .label("true") = verdict { right += 1 }
      ended += 1
      if ended == count { break }
    }
    let line = watch.line("calls", count)
    watching.cancel()
    loop.stop()
    let most = peak.withLock { $0 }
    guard right == count else { throw Wrong.answers(right: right, of: count) }
    guard most == count else { throw Wrong.flight(most, of: count) }
    Bench.say(line)
  }

  private static func question(_ number: Int, _ deadline: Instant) -> Question {
    let prompt = Prompt(
      name: "intent", question: "Does the customer ask for money back?", labels: .boolean,
      fields: [
        .init(
          name: "message", colour: .string(max: 4_000), isPersonal: true, isTrusted: false,
          cut: 4_000)
      ], body: [.text("Judge "), .field(0), .text(".")], text: [], file: "prompts/intent.md")
    return Question(
      firing: FiringID(Seq(Int64(number))), firingText: "s0-\(number)-0",
      workflow: WorkflowName("w"), transition: TransitionName("t"), prompt: prompt,
      values: [.string(RefundWorkflow.message)], models: [], agree: 1, atLeast: nil,
      deadline: deadline)
  }

  private static func raiseFileLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
