import CEL
import PetriNet

extension State {
  func decide(_ command: RecordCall) -> Decision {
    let firing = firings[command.firing]
    let isLate = firing?.isRunning != true
    let event = CallRecorded(
      call: command.call, firing: command.firing, late: isLate, reason: command.reason)
    return Decision(
      [Draft(firing?.caseID ?? command.caseID, .callRecorded(event))],
      reply: isLate ? .late(event: nextSeq) : .done(event: nextSeq))
  }

  func decide(_ command: RecordVerdict, at now: Instant) -> Decision {
    guard let firing = firings[command.firing], firing.isRunning, case .judge = firing.kind else {
      return late(command)
    }
    var verdict = command.verdict
    var outcome = RecordedOutcome(outcome: "fallback", at: now)
    switch verdict {
    case .fallback(let reason): outcome.reason = reason
    case .label(let label):
      let route = index.plans[firing.workflow]?.transition(firing.transition)?
        .transition.work.route(of: label)
      if route == nil || label.hasSameBytes(as: "fallback") {
        verdict = .fallback(.schemaUnknownLabel)
        outcome.reason = .schemaUnknownLabel
      } else {
        outcome.outcome = label
      }
    }
    let ended = ended(firing, outcome)
    var event = VerdictRecorded(call: command.call, firing: firing.id, verdict: verdict)
    do {
      let made = try outputs(of: ended, at: now)
      event.tokens = made.tokens
      return Decision(
        [Draft(firing.caseID, .verdictRecorded(event))] + made.incidents(nextSeq, firing.caseID),
        reply: .done(event: nextSeq))
    } catch {
      return Decision(
        [Draft(firing.caseID, .verdictRecorded(event)), unsettled(firing.id, ended, error)],
        reply: .done(event: nextSeq))
    }
  }

  /// A verdict nobody awaits moves nothing: its call is recorded as late, else it is refused.
  private func late(_ command: RecordVerdict) -> Decision {
    guard let call = command.call else {
      return refuse(
        Refusal(.verdict, .verdictNotAwaited, of: command.firing.seq), command.caseID, by: .engine)
    }
    var reason: FallbackReason?
    if case .fallback(let given) = command.verdict { reason = given }
    let event = CallRecorded(call: call, firing: command.firing, late: true, reason: reason)
    return Decision(
      [Draft(command.caseID, .callRecorded(event))], reply: .late(event: nextSeq))
  }
}
