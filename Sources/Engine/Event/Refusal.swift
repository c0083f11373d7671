/// What kind of command was refused (`commandRefused.command`). Closed.
package enum CommandKind: String, Sendable {
  case start, deposit, withdraw, cancel, terminate, claim, release, answer, migrate, settle, label
  case register, activate, erase, pause, resume, resolve, verdict, outcome
}

/// Why `decide` said no. Closed; each has a problem type in HTTP and a sentence.
package enum RefusalReason: String, Sendable, Equatable {
  case noSuchWorkflow = "no_such_workflow"
  case noSuchPlace = "no_such_place"
  case noSuchCase = "no_such_case"
  case noSuchTask = "no_such_task"
  case noSuchToken = "no_such_token"
  case noSuchIncident = "no_such_incident"
  case noSuchFiring = "no_such_firing"
  case caseExists = "case_exists"
  case caseClosed = "case_closed"
  case casePlace = "case_place"
  case valueNotInColourSet = "value_not_in_colour_set"
  case raised
  case tooLarge = "too_large"
  case placeFull = "place_full"
  case duplicateKey = "duplicate_key"
  case keyReused = "key_reused"
  case tokenHeld = "token_held"
  case taskWithdrawn = "task_withdrawn"
  case taskHeld = "task_held"
  case fourEyes = "four_eyes"
  case noSuchOutcome = "no_such_outcome"
  case verdictNotAwaited = "verdict_not_awaited"
  case outcomeNotAwaited = "outcome_not_awaited"
  case incidentResolved = "incident_resolved"
  case notYetRun = "not_yet_run"
  case paused
}
