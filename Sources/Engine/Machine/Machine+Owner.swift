import CEL
import PetriNet

extension Machine {
  /// A new owner: attempts that were under way are interrupted, what has no outcome is performed
  /// again.
  mutating func startOwner(_ command: StartOwner, _ step: inout Step) -> Reply {
    let before = state.lastAt
    let reply = log(state.decide(command, at: step.now), &step)
    for id in state.firings.keys.sorted() {
      guard let firing = state.firings[id], case .action = firing.kind else { continue }
      if firing.isLetGo {
        _ = log(state.neverEnded(firing), &step)
      } else if firing.isRunning, firing.next <= before {
        _ = log(state.interrupted(firing, at: step.now), &step)
      }
    }
    step.effects += outstanding(in: state)
    return reply
  }
}

/// The effects that have no outcome yet: what is performed again after a restart.
///
/// `Machine.handle(.startOwner)` returns these already.
package func outstanding(in state: State) -> [Effect] {
  state.firings.keys.sorted().compactMap { state.outstandingEffect(of: $0) }
}

extension State {
  func outstandingEffect(of id: FiringID) -> Effect? {
    guard let firing = firings[id], firing.isRunning else { return nil }
    switch firing.kind {
    case .judge(let guardID): return inquiry(firing, guardID).map(Effect.judge)
    case .action: return firing.next <= lastAt ? attempt(id) : nil
    case .call, .task: return nil
    }
  }

  /// The question of a firing, rendered again from its binding; nil if a part of it was erased.
  private func inquiry(_ firing: Firing, _ guardID: DefinitionID) -> Inquiry? {
    let ended = ended(firing, RecordedOutcome(outcome: "", at: firing.started))
    guard case .judge(let work) = ended.transition.transition.work else { return nil }
    let frame = frame(
      ended.transition, inputs: ended.inputs, reads: ended.reads, firing.caseID,
      now: firing.started, firing: firing.text)
    let path = "/transitions/\(ended.transition.transition.name.text)"
    guard let question = try? question(work, ended.plan, path, frame) else { return nil }
    return Inquiry(
      firing: firing.id, firingText: firing.text.text, caseID: firing.caseID,
      workflow: ended.plan.name, transition: ended.transition.transition.name, guardID: guardID,
      prompt: ended.plan.net.prompts[work.prompt], values: question.values,
      models: question.models, agree: work.agree, atLeast: work.atLeast,
      deadline: firing.deadline)
  }

  /// The attempt of an action's firing that is to be made.
  func attempt(_ id: FiringID) -> Effect? {
    guard let firing = firings[id], firing.isRunning, let plan = index.plans[firing.workflow],
      let transition = plan.transition(firing.transition),
      case .action(let work) = transition.transition.work
    else { return nil }
    var argument = Value.null
    if case .value(let value)? = firing.with { argument = value }
    return .act(
      Attempt(
        firing: id, caseID: firing.caseID, workflow: plan.name,
        transition: transition.transition.name, action: plan.net.actions[work.action],
        argument: argument, attempt: firing.attempt, deadline: firing.deadline,
        idempotencyKey: firing.text.text))
  }

  /// An action that was let go has ended with the process that ran it.
  func neverEnded(_ firing: Firing) -> Decision {
    let event = LateOutcomeRecorded(
      code: AttemptFailed.interrupted, firing: firing.id, outcome: "unknown")
    return Decision(
      [Draft(firing.caseID, .lateOutcomeRecorded(event))], reply: .done(event: nextSeq))
  }
}
