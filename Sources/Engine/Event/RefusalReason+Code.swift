extension RefusalReason {
  /// The stable code of a refusal (EXPERIENCE, Errors): of problems over HTTP and of test files alike.
  package var code: String {
    switch self {
    case .noSuchCase: "T101"
    case .caseExists: "T102"
    case .caseClosed: "T103"
    case .noSuchWorkflow: "T104"
    case .paused: "T105"
    case .noSuchFiring, .verdictNotAwaited, .outcomeNotAwaited: "T106"
    case .noSuchTask: "T201"
    case .taskWithdrawn: "T202"
    case .valueNotInColourSet: "T203"
    case .taskHeld: "T204"
    case .noSuchOutcome: "T205"
    case .noSuchPlace: "T301"
    case .placeFull: "T302"
    case .duplicateKey: "T303"
    case .tokenHeld: "T304"
    case .casePlace: "T305"
    case .keyReused: "T306"
    case .noSuchToken: "T307"
    case .noSuchIncident: "T401"
    case .incidentResolved: "T402"
    case .raised: "T403"
    case .fourEyes: "A204"
    case .tooLarge: "C205"
    case .notYetRun: "C214"
    }
  }
}
