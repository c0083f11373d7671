internal import Engine
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Synchronization
internal import Workflows

/// Answers questions from a script: call by call, through the parser, retries and votes of the real
/// judge, on the agenda of a trial.
struct ScriptedJudge {
  /// What the judge asks of the trial.
  enum Plan {
    /// A call of a firing begins.
    case call(CallPlan)
    /// A report to the engine.
    case report(Command)
  }

  /// One alias's way through a question.
  struct CallPlan {
    var inquiry: Inquiry
    var voter: Int
    /// From 1.
    var attempt: Int
  }

  private enum Progress { case waiting, receiving, idle }

  private struct Open {
    var inquiry: Inquiry
    var ballot: Votes?
    var progress: [Progress]
  }

  private let scripts: TestScripts
  private let defaults: TestScripts
  /// By transition: how many answers were used.
  private var used: [TransitionName: Int] = [:]
  private var open: [FiringID: Open] = [:]

  init(scripts: TestScripts, defaults: TestScripts) {
    self.scripts = scripts
    self.defaults = defaults
  }

  /// Begins a question: one call for each alias that is asked.
  mutating func ask(_ inquiry: Inquiry) -> [CallPlan] {
    let voters = max(1, inquiry.models.count)
    open[inquiry.firing] = Open(
      inquiry: inquiry, ballot: voters > 1 ? Votes(voters: voters, needed: inquiry.agree) : nil,
      progress: Array(repeating: .waiting, count: voters))
    return (0..<voters).map { CallPlan(inquiry: inquiry, voter: $0, attempt: 1) }
  }

  mutating func abandon(_ firing: FiringID) { open[firing] = nil }

  /// The process has ended: nothing is under way.
  mutating func forgetAll() { open = [:] }

  /// Which timeout a silent question ends in, as the service tells them apart.
  func silence(of firing: FiringID) -> FallbackReason {
    guard let progress = open[firing]?.progress else { return .timeoutTotal }
    if progress.contains(.receiving) { return .timeoutTotal }
    return progress.contains(.waiting) ? .timeoutFirstByte : .timeoutTotal
  }

  /// Makes a call: what comes of it, and when.
  mutating func call(_ call: CallPlan, at now: Instant) -> [(at: Instant, plan: Plan)] {
    guard open[call.inquiry.firing] != nil else { return [] }
    open[call.inquiry.firing]?.progress[call.voter] = .waiting
    guard let answer = nextAnswer(call.inquiry.transition) else { return [] }
    let then = now.advanced(by: answer.afterMicroseconds)
    let line: Rehearsal.Line
    switch answer.kind {
    case .timeout: return []
    case .fallback(let reason):
      let reason = FallbackReason(rawValue: reason) ?? .unknownEndState
      let record = record(call, started: now, ended: then)
      return finish(call, .fallback(reason), record, at: then)
    case .label(let label): line = .label(label)
    case .ending(let number): line = .ending(number)
    }
    let outcome = Rehearsal.outcome(
      of: line, prompt: call.inquiry.prompt, attempt: call.attempt, started: now, at: then,
      confidence: answer.confidence)
    switch outcome {
    case .silent(let hasBegun):
      open[call.inquiry.firing]?.progress[call.voter] = hasBegun ? .receiving : .waiting
      return []
    case .late(let verdict, let record):
      let late = max(then, call.inquiry.deadline.advanced(by: 1_000))
      return [(late, .report(report(call, verdict, record)))]
    case .ended(let verdict, let wait, let record):
      if let next = retry(call, wait, at: then) {
        var reason: FallbackReason?
        if case .fallback(let why) = verdict { reason = why }
        let report = RecordCall(
          firing: call.inquiry.firing, caseID: call.inquiry.caseID, call: record, reason: reason)
        return [(then, .report(.recordCall(report))), next]
      }
      return finish(call, verdict, record, at: then)
    }
  }

  private func retry(
    _ call: CallPlan, _ wait: Rehearsal.Wait?, at now: Instant
  ) -> (at: Instant, plan: Plan)? {
    guard let wait, call.attempt < Rehearsal.attempts else { return nil }
    let microseconds =
      switch wait {
      case .backoff:
        Rehearsal.backoffMicroseconds(after: call.attempt, firing: call.inquiry.firingText)
      case .microseconds(let given): given
      }
    let then = now.advanced(by: microseconds)
    guard then < call.inquiry.deadline else { return nil }
    var next = call
    next.attempt += 1
    return (then, .call(next))
  }

  private mutating func finish(
    _ call: CallPlan, _ verdict: Verdict, _ record: CallRecord, at then: Instant
  ) -> [(at: Instant, plan: Plan)] {
    let firing = call.inquiry.firing
    guard let ballot = open[firing]?.ballot else {
      return [(then, .report(report(call, verdict, record)))]
    }
    return ballot.take(verdict, record).map { answer in
      switch answer {
      case .call(let record, let reason):
        let report = RecordCall(
          firing: firing, caseID: call.inquiry.caseID, call: record, reason: reason)
        return (then, .report(.recordCall(report)))
      case .verdict(let verdict, let record):
        return (then, .report(report(call, verdict, record)))
      }
    }
  }

  /// A label that is not sure enough for the net is none.
  private func report(_ call: CallPlan, _ verdict: Verdict, _ record: CallRecord?) -> Command {
    var verdict = verdict
    if case .label = verdict, let least = call.inquiry.atLeast,
      record?.confidence.map({ $0 < least }) ?? true
    {
      verdict = .fallback(.lowConfidence)
    }
    return .recordVerdict(
      RecordVerdict(
        firing: call.inquiry.firing, caseID: call.inquiry.caseID, verdict: verdict, call: record))
  }

  private func record(_ call: CallPlan, started: Instant, ended: Instant) -> CallRecord {
    CallRecord(
      attempt: call.attempt, endpoint: "script", requested: "stub-1", started: started,
      ended: ended)
  }

  /// Nil: the script is silent, and so is the model.
  private mutating func nextAnswer(_ transition: TransitionName) -> TestScripts.Verdict? {
    let script = scripts.verdicts(of: transition.text, defaults: defaults) ?? []
    let index = used[transition, default: 0]
    used[transition] = index + 1
    return script.isEmpty ? nil : script[min(index, script.count - 1)]
  }
}

/// The judge's ballot, its reports caught.
private final class Votes: Sendable {
  private let caught: Caught
  private let ballot: Ballot

  private final class Caught: Sendable {
    let reports = Mutex<[JudgeReport]>([])
  }

  init(voters: Int, needed: Int) {
    let caught = Caught()
    self.caught = caught
    ballot = Ballot(voters: voters, needed: needed) { report in
      caught.reports.withLock { $0.append(report) }
    }
  }

  /// What the judge reports when an alias has ended so.
  func take(_ verdict: Verdict, _ record: CallRecord) -> [JudgeReport] {
    _ = ballot.take(.verdict(verdict, record))
    return caught.reports.withLock { reports in
      defer { reports = [] }
      return reports
    }
  }
}
