internal import Engine
internal import PetriNet
internal import Workflows

/// Performs attempts of actions from a script, and remembers every effect that was asked for.
struct ScriptedActions {
  private let scripts: TestScripts
  private let defaults: TestScripts
  /// By transition: how many attempts were used.
  private var used: [TransitionName: Int] = [:]
  private(set) var performed: [PerformedEffect] = []

  init(scripts: TestScripts, defaults: TestScripts) {
    self.scripts = scripts
    self.defaults = defaults
  }

  /// Performs an attempt that begins now: when it ends, and how.
  ///
  /// - Throws: F502 where the script says nothing of the transition, F504 for a result that the
  ///   action cannot have.
  mutating func perform(
    _ attempt: Attempt, at now: Instant
  ) throws(Findings) -> (at: Instant, report: Command) {
    let name = attempt.transition
    guard let script = scripts.attempts(of: name.text, defaults: defaults), !script.isEmpty else {
      throw Findings([
        Finding(
          "F502", "nothing says how the action of '\(name.text)' ends", at: .none,
          found: "no actions.\(name.text)", expected: "{ok: VALUE}, {failed: CODE} or unknown")
      ])
    }
    let index = used[name, default: 0]
    used[name] = index + 1
    let line = script[min(index, script.count - 1)]
    let outcome = try outcome(line, attempt)
    if attempt.action.effect != .none {
      performed.append(
        PerformedEffect(
          firing: attempt.firing, action: attempt.action.name, argument: attempt.argument,
          key: attempt.idempotencyKey))
    }
    let ended = EndAttempt(
      firing: attempt.firing, caseID: attempt.caseID, attempt: attempt.attempt, outcome: outcome)
    return (now.advanced(by: line.afterMicroseconds), .endAttempt(ended))
  }

  private func outcome(
    _ line: TestScripts.Attempt, _ attempt: Attempt
  ) throws(Findings) -> AttemptOutcome {
    switch line.kind {
    case .ok(let given):
      let (value, findings) = given.value(in: attempt.action.returns)
      guard let value else { throw Findings(findings) }
      return .ok(value)
    case .failed(let code, let retry): return .failed(code: code, retry: retry, happened: .no)
    case .unknown: return .failed(code: "timeout", retry: true, happened: .maybe)
    }
  }
}
