internal import Orchestration
internal import PetriNet

/// The built-in action `log.write`: a line on standard error, with the case and what was given.
///
/// Personal fields are left as `‹sealed›` where the action's type marks them.
struct LogWriteAction: ActionPerformer {
  static let name = ActionName("log.write")

  var names: Set<ActionName> { [Self.name] }

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    let node = ValueWriting.node(
      of: attempt.argument, in: attempt.action.takes,
      options: ValueWriting.Options(hidesPersonal: true))
    let subject = attempt.caseID.map { " c\($0.seq.number)" } ?? ""
    Console.note("\(attempt.workflow.text)\(subject): \(node.text)")
    return .ok(.null)
  }
}
