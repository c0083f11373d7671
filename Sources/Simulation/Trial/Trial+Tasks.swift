internal import CEL
internal import Engine
internal import PetriNet
internal import Workflows

/// Persons: offers that the script answers.
extension Trial {
  func offered(_ task: TaskID, _ transition: TransitionName, at offered: Instant) {
    guard let answer = people.next(for: task, of: transition) else { return }
    agenda.plan(
      .answer(task, transition), at: max(now, offered.advanced(by: answer.afterMicroseconds)))
  }

  func answer(_ task: TaskID, _ transition: TransitionName) {
    guard let answer = people.take(task), let index = net.transition(named: transition),
      case .task(let work) = net.transitions[index].work
    else { return }
    var form: Value?
    if let given = answer.form {
      let colour = work.forms.first { $0.outcome.utf8.elementsEqual(answer.outcome.value.utf8) }
      guard let colour = colour?.colour else {
        return tell([
          Finding(
            "F504", "the outcome '\(answer.outcome.value)' asks nothing", at: given.mark,
            found: "a form", expected: "no form")
        ])
      }
      let (value, findings) = given.value(in: .record(colour))
      guard let value else { return tell(findings) }
      form = value
    }
    let command = AnswerTask(
      task: task, outcome: answer.outcome.value, form: form,
      by: answer.by.map { Subject($0) } ?? .local)
    let reply = take(.answer(command))
    // A person who may not answer leaves the task to the next one of the script.
    guard case .refused(let refusal, _) = reply else { return }
    history.add("refused", "\(transition.text): \(refusal.reason.rawValue)", at: now)
    if refusal.reason == .fourEyes || refusal.reason == .taskHeld,
      let offered = core.machine.state.offers[task]?.offered,
      let next = people.another(for: task, of: transition)
    {
      agenda.plan(
        .answer(task, transition), at: max(now, offered.advanced(by: next.afterMicroseconds)))
    }
  }
}
