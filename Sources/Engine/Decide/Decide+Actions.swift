import CEL
import PetriNet

extension State {
  func decide(_ command: EndAttempt, at now: Instant) -> Decision {
    guard let firing = firings[command.firing], case .action = firing.kind else {
      return late(command, command.caseID)
    }
    guard firing.isRunning, firing.attempt == command.attempt, firing.next <= now else {
      return late(command, firing.caseID)
    }
    let (transition, work, action) = actionWork(of: firing)
    switch command.outcome {
    case .ok(let given):
      let value = action.returns.coerced(given).unsealed
      guard action.returns.contains(value), fits(value, action.returns) else {
        return failed(
          firing, transition, work, action,
          AttemptFailure(code: AttemptFailure.badReply, isMaybe: true), at: now)
      }
      var outcome = RecordedOutcome(outcome: "ok", attempts: firing.attempt, at: now)
      outcome.value = value == .null ? nil : .value(value)
      return completed(firing, outcome, error: nil, at: now)
    case .failed(let code, let retry, let happened, let error, let wait):
      return failed(
        firing, transition, work, action,
        AttemptFailure(
          code: code, retry: retry, isMaybe: happened == .maybe, error: error, wait: wait),
        at: now)
    }
  }

  private func fits(_ result: Value, _ colour: ColourSet) -> Bool {
    var size = RowSize()
    size.add(result, colour)
    return size.fits(index.limits)
  }

  private func actionWork(of firing: Firing) -> (TransitionPlan, ActionWork, ActionDeclaration) {
    guard let plan = index.plans[firing.workflow],
      let transition = plan.transition(firing.transition),
      case .action(let work) = transition.transition.work
    else { preconditionFailure("the version of a firing in flight is loaded") }
    return (transition, work, plan.net.actions[work.action])
  }

  /// The attempt's deadline has passed: nobody knows whether the effect happened.
  func timedOut(_ firing: Firing, at now: Instant) -> Decision {
    let (transition, work, action) = actionWork(of: firing)
    return failed(
      firing, transition, work, action,
      AttemptFailure(code: AttemptFailure.timeout, retry: true, isMaybe: true), at: now)
  }

  private func failed(
    _ firing: Firing, _ transition: TransitionPlan, _ work: ActionWork,
    _ action: ActionDeclaration, _ failure: AttemptFailure, at now: Instant
  ) -> Decision {
    let error = SealedText(failure.error, cutAt: index.limits.textBytesMax)
    if failure.retry, firing.attempt < work.attemptsMax {
      let wait = work.wait(
        before: firing.attempt, of: firing.text.text, asked: failure.wait)
      let next = now.advanced(by: wait)
      let event = AttemptFailed(
        attempt: firing.attempt, code: failure.code,
        deadline: next.advanced(by: work.timeoutMicroseconds), error: error, firing: firing.id,
        maybe: failure.isMaybe, next: next)
      return Decision(
        [Draft(firing.caseID, .attemptFailed(event))], reply: .done(event: nextSeq))
    }
    let outcome = RecordedOutcome(
      outcome: work.failureOutcome(action, isMaybe: firing.maybe || failure.isMaybe),
      code: failure.code, attempts: firing.attempt, at: now)
    return completed(firing, outcome, error: error, at: now)
  }

  private func completed(
    _ firing: Firing, _ outcome: RecordedOutcome, error: SealedText?, at now: Instant
  ) -> Decision {
    let ended = ended(firing, outcome)
    var event = FiringCompleted(
      attempts: outcome.attempts ?? firing.attempt, code: outcome.code, error: error,
      firing: firing.id, outcome: outcome.outcome, result: outcome.value)
    let reply = Reply.done(event: nextSeq)
    do {
      let made = try outputs(of: ended, at: now)
      event.tokens = made.tokens
      if made.tokens.contains(where: { $0.holds(outcome.given) }) { event.result = nil }
      return Decision(
        [Draft(firing.caseID, .firingCompleted(event))] + made.incidents(nextSeq, firing.caseID),
        reply: reply)
    } catch {
      return Decision(
        [Draft(firing.caseID, .firingCompleted(event)), unsettled(firing.id, ended, error)],
        reply: reply)
    }
  }

  /// An outcome of a firing that was let go, or has ended: it moves nothing but what was let go.
  private func late(_ command: EndAttempt, _ caseID: CaseID?) -> Decision {
    var event = LateOutcomeRecorded(firing: command.firing, outcome: "ok")
    switch command.outcome {
    case .ok(let value):
      // Without the firing nobody knows what of the value is personal.
      if let firing = firings[command.firing], value != .null {
        let returns = actionWork(of: firing).2.returns
        let result = returns.coerced(value).unsealed
        if fits(result, returns) { event.result = .value(result) }
      }
    case .failed(let code, _, let happened, let error, _):
      event.outcome = happened == .maybe ? "unknown" : "failed"
      event.code = code
      event.error = SealedText(error, cutAt: index.limits.textBytesMax)
    }
    return Decision(
      [Draft(caseID, .lateOutcomeRecorded(event))], reply: .late(event: nextSeq))
  }

  /// Attempts under way when the owner died are repeated under the same key; after too many
  /// interruptions nobody knows whether the effect happened.
  func interrupted(_ firing: Firing, at now: Instant) -> Decision {
    let (_, work, action) = actionWork(of: firing)
    if firing.interruptions + 1 >= index.limits.interruptionsMax {
      let outcome = RecordedOutcome(
        outcome: work.failureOutcome(action, isMaybe: true), code: AttemptFailed.interrupted,
        attempts: firing.attempt, at: now)
      return completed(firing, outcome, error: nil, at: now)
    }
    let event = AttemptFailed(
      attempt: firing.attempt, code: AttemptFailed.interrupted,
      deadline: now.advanced(by: work.timeoutMicroseconds), firing: firing.id, next: now)
    return Decision([Draft(firing.caseID, .attemptFailed(event))], reply: .done(event: nextSeq))
  }
}

/// How an attempt failed.
struct AttemptFailure {
  static let badReply = "bad_reply"
  static let timeout = "timeout"

  var code: String
  var retry = false
  var isMaybe: Bool
  var error: String?
  /// What the other side asked for.
  var wait: Int64?
}

extension ActionWork {
  /// `unknown` where the effect may have happened and the net can say so; a final effect always can.
  fileprivate func failureOutcome(_ action: ActionDeclaration, isMaybe: Bool) -> String {
    guard isMaybe, routes.contains(where: { $0.outcome.hasSameBytes(as: "unknown") }) else {
      return "failed"
    }
    return "unknown"
  }

  /// Microseconds before the retry that follows attempt `attempt`: doubling, with jitter drawn from
  /// the firing; what the other side asked for counts up to the backoff's end.
  fileprivate func wait(before attempt: Int, of firing: String, asked: Int64?) -> Int64 {
    var wait = backoffLowMicroseconds
    for _ in 1..<max(attempt, 1) where wait < backoffHighMicroseconds {
      let (doubled, overflow) = wait.multipliedReportingOverflow(by: 2)
      wait = overflow ? .max : doubled
    }
    wait = min(wait, backoffHighMicroseconds)
    let jittered = Int64(Double(wait) * Jitter.factor(of: firing, attempt))
    return max(jittered, min(asked ?? 0, backoffHighMicroseconds))
  }
}

extension MadeToken {
  /// Whether it is written with this very value.
  func holds(_ value: Value) -> Bool {
    if case .value(.value(let own)) = content { return own == value }
    return false
  }
}
