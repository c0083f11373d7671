internal import Engine
internal import PetriNet
internal import Workflows

/// Persons who answer tasks from a script, by transition: each offer takes the next answer of the
/// list, the last one repeats; silence: nobody answers.
struct ScriptedPeople {
  private let scripts: TestScripts
  private let defaults: TestScripts
  private var used: [TransitionName: Int] = [:]
  private var planned: [TaskID: TestScripts.Answer] = [:]

  init(scripts: TestScripts, defaults: TestScripts) {
    self.scripts = scripts
    self.defaults = defaults
  }

  /// The answer to a new offer.
  mutating func next(for task: TaskID, of transition: TransitionName) -> TestScripts.Answer? {
    guard let script = scripts.answers(of: transition.text, defaults: defaults), !script.isEmpty
    else { return nil }
    let index = used[transition, default: 0]
    used[transition] = index + 1
    let answer = script[min(index, script.count - 1)]
    planned[task] = answer
    return answer
  }

  /// The next answer to an offer whose first one was refused; never the same again.
  mutating func another(for task: TaskID, of transition: TransitionName) -> TestScripts.Answer? {
    let script = scripts.answers(of: transition.text, defaults: defaults) ?? []
    guard used[transition, default: 0] < script.count else { return nil }
    return next(for: task, of: transition)
  }

  /// The answer that is due for an offer.
  mutating func take(_ task: TaskID) -> TestScripts.Answer? { planned.removeValue(forKey: task) }
}
