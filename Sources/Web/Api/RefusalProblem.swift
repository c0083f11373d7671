import Engine
import Orchestration
import PetriNet

/// What `decide` refused, as the problem a client reads.
enum RefusalProblem {
  /// Nil for a reply that is no refusal.
  static func problem(for answer: Submitted) -> Problem? {
    var problem: Problem
    switch answer.reply {
    case .refused(let refusal, let event):
      problem = self.problem(for: refusal)
      problem.members.append(.init("event", .seq(event)))
      if refusal.reason == .caseExists, let of = refusal.of {
        problem.members.append(.init("case", .id(CaseID(of))))
      }
    case .placeFull(let place):
      problem = Problem(
        .placeFull, "The place '\(place.text)' has no room now; nothing was written.",
        members: [.init("place", .string(place.text))])
    default: return nil
    }
    problem.headers += answer.replayHeaders
    return problem
  }

  static func problem(for refusal: Refusal) -> Problem {
    let name = refusal.name.map { "'\(VisibleText.visible($0))'" }
    switch refusal.reason {
    case .noSuchPlace where refusal.command == .migrate:
      return Problem(
        .noSuchPlace,
        "The version has no place \(name ?? "of this name") for tokens of this case; 'places' says "
          + "where they go.")
    case .noSuchFiring where refusal.command == .migrate:
      return Problem(
        .noSuchTransition,
        "The version has no transition \(name ?? "of this name") with the same arcs and work: a "
          + "firing is in flight under it.")
    case .noSuchWorkflow:
      return Problem(.noSuchWorkflow, "There is no workflow \(name ?? "of this name").")
    case .noSuchPlace: return Problem(.noSuchPlace, "There is no place \(name ?? "of this name").")
    case .noSuchCase: return Problem(.noSuchCase, "There is no such case.")
    case .noSuchTask: return Problem(.noSuchTask, "There is no such task.")
    case .noSuchToken: return Problem(.noSuchToken, "The token is not at rest in the place.")
    case .noSuchIncident: return Problem(.noSuchIncident, "There is no such incident.")
    case .noSuchFiring, .verdictNotAwaited, .outcomeNotAwaited:
      return Problem(.noSuchVerdict, "Nothing waits for this.")
    case .caseExists:
      return Problem(.caseExists, "An open or recent case has this key; its workflow refuses two.")
    case .caseClosed: return Problem(.caseClosed, "The case is closed.")
    case .casePlace:
      return Problem(.casePlace, "Only shared and message places take tokens from outside.")
    case .valueNotInColourSet: return value(refusal)
    case .raised:
      return Problem(
        .raised, refusal.message ?? "An expression of the workflow raised an error.")
    case .tooLarge:
      return Problem(.bodyTooLarge, "The row would pass a limit of the log; nothing moved.")
    case .placeFull:
      return Problem(.placeFull, "The place \(name ?? "") has no room now.")
    case .duplicateKey:
      return Problem(.duplicateKey, "A token with this key is in the place.")
    case .keyReused:
      return Problem(.keyReused, "A message with this key and another value came before.")
    case .tokenHeld:
      return Problem(
        .tokenHeld, "A firing holds the token.",
        members: refusal.of.map { [.init("firing", .id(FiringID($0)))] } ?? [])
    case .taskWithdrawn: return Problem(.taskWithdrawn, "The task is no longer offered.")
    case .taskHeld:
      return Problem(
        .taskHeld, "\(refusal.holder.map(Identity.shown) ?? "Another person") holds the task.")
    case .fourEyes:
      return Problem(
        .fourEyes, "Somebody else has to answer: this task excludes who sent the request.")
    case .noSuchOutcome:
      return Problem(.noSuchOutcome, "There is no outcome \(name ?? "of this name").")
    case .incidentResolved: return Problem(.incidentResolved, "The incident is resolved.")
    case .notYetRun: return Problem(.notBuilt, "This version cannot do that yet.")
    case .paused: return Problem(.paused, "What should start is paused.")
    }
  }

  private static func value(_ refusal: Refusal) -> Problem {
    Problem(
      .valueNotInColourSet, "The value does not fit; see errors.",
      errors: refusal.problems.map {
        .init(
          pointer: "#\($0.pointer)", code: ProblemType.valueNotInColourSet.code,
          found: $0.found, expected: $0.expected)
      })
  }
}
