internal import CEL
internal import Engine
internal import Foundation
internal import HTTPActions
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import StandIns
internal import Transfer

/// Cases through the whole engine, so many open at a time: a case that ends makes room for the next.
enum CaseFlow {
  struct Settings {
    var folder: String
    var orders: [String]
    var inFlight: Int

    /// `VERB FOLDER ORDERS IN_FLIGHT`.
    init(_ words: [String]) throws {
      folder = try Bench.text(words, 1)
      orders = try Orders.read(Bench.text(words, 2))
      inFlight = try Bench.number(words, 3)
    }
  }

  /// The model and payments are asked over HTTP.
  static func http(_ workflow: RefundWorkflow, _ settings: Settings) async throws {
    let transfer = CurlLoop()
    try await run(
      workflow, settings,
      judge: try LLMJudge(configuration: workflow.judges, transfer: transfer),
      actions: try HTTPActionPerformer(configuration: workflow.actions, transfer: transfer))
    transfer.stop()
  }

  /// Verdicts and payments are at hand: what is left is the engine and its log.
  static func scripted(_ workflow: RefundWorkflow, _ settings: Settings) async throws {
    try await run(workflow, settings, judge: SureJudge(), actions: PaymentsAtHand())
  }

  private static func run(
    _ workflow: RefundWorkflow, _ settings: Settings, judge: any Judge,
    actions: any ActionPerformer
  ) async throws {
    let starts = try settings.orders.map { Submission(.start(try workflow.start($0))) }
    let orchestrator = try Orchestrator(
      opening: try workflow.opening(folder: settings.folder), judge: judge, actions: [actions],
      settings: LoopSettings(judgesMax: 4_096, actionsMax: 1_024))
    let watch = Stopwatch()
    try await feed(orchestrator, starts, inFlight: settings.inFlight)
    let line = watch.line(cases: starts.count)
    await orchestrator.stop()
    Bench.say(line)
  }

  /// Returns when all have ended, or got as far as a row of another kind.
  static func feed(
    _ orchestrator: Orchestrator, _ starts: [Submission], inFlight: Int,
    until kind: String = "caseClosed"
  ) async throws {
    if starts.isEmpty { return }
    var begun = 0
    for await _ in orchestrator.changes() {
      let ended = orchestrator.snapshot.kinds[kind, default: 0]
      if ended == starts.count { return }
      let end = min(starts.count, ended + inFlight)
      guard end > begun else { continue }
      orchestrator.send(Array(starts[begun..<end])) { _ in }
      begun = end
    }
    throw RefundWorkflow.Unusable(description: "the log has failed: \(orchestrator.failure as Any)")
  }
}

/// Says true at once, with the record of a call.
struct SureJudge: Judge {
  func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {
    let now = Instant(microseconds: question.deadline.microseconds - 5_000_000)
    var call = CallRecord(
      attempt: 1, endpoint: "script", requested: "stub-1", started: now, ended: now,
      source: .constrained)
    call.confidence = 0.97
    call.model = "stub-1"
    call.label = "true"
    call.status = 200
    call.finish = "stop"
    call.tokensIn = 412
    call.tokensOut = 3
    report(.verdict(.label("true"), call))
  }

  func abandon(_ firing: FiringID) {}
  func progress(of firing: FiringID) -> JudgeProgress { .idle }
}

/// Finds and refunds as the payments stand-in does, in this process.
struct PaymentsAtHand: ActionPerformer {
  let names: Set<ActionName> = [ActionName("payments.find"), ActionName("payments.refund")]

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt { outcome(of: attempt) }

  /// Ends before it returns, as the judge beside it does; over HTTP no task is begun either.
  func begin(
    _ attempt: ActionAttempt, ended: @escaping @Sendable (PerformedAttempt) -> Void
  ) -> AttemptInHand {
    ended(outcome(of: attempt))
    return AttemptInHand {}
  }

  private func outcome(of attempt: ActionAttempt) -> PerformedAttempt {
    guard case .record(let argument) = attempt.argument,
      case .string(let text)? = argument.fields.first,
      case .record(let colour) = attempt.action.returns
    else {
      return .failed(
        code: "no_order", retry: false, happened: .no, error: nil, retryAfterMicroseconds: nil)
    }
    let isRefund = attempt.action.name == ActionName("payments.refund")
    guard let payment = isRefund ? StandInPayment(id: text) : StandInPayment(order: text) else {
      return .failed(
        code: "no_order", retry: false, happened: .no, error: nil, retryAfterMicroseconds: nil)
    }
    return .ok(
      .record(
        Record(
          type: colour.type,
          fields: [
            .string(payment.id), .bool(payment.settled), .bool(isRefund),
            .int(payment.amountWon),
          ])))
  }
}

/// Wall time and processor time of this process.
struct Stopwatch {
  private let began = Self.reading()

  private static func reading() -> (wall: Double, cpu: Double) {
    var wall = timespec()
    clock_gettime(CLOCK_MONOTONIC, &wall)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let cpu =
      Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    return (Double(wall.tv_sec) + Double(wall.tv_nsec) / 1e9, cpu)
  }

  func line(cases: Int) -> String { line("cases", cases) }

  /// `NAME=COUNT`, seconds, what a second brings and what each costs.
  func line(_ name: String, _ count: Int) -> String {
    let now = Self.reading()
    let seconds = now.wall - began.wall
    let cpu = now.cpu - began.cpu
    return String(
      format: "\(name)=%d seconds=%.4f rate=%.1f cpu_ms=%.4f", count, seconds,
      Double(count) / seconds, cpu * 1_000 / Double(count))
  }
}
