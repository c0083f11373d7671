internal import ArgumentParser

/// Every verb of the command line, in the order of the help.
enum Verbs {
  /// Those that work on files.
  private static let ofFiles: [any ParsableCommand.Type] = [
    Initialise.self, Check.self, Explain.self, Draw.self, TestCases.self, Evaluate.self,
    PromptVerbs.self,
  ]

  private static let ofServices: [any ParsableCommand.Type] = [
    Run.self, Serve.self, CaseVerbs.self, MessageVerb.self, PlaceVerbs.self, TaskVerbs.self,
    IncidentVerbs.self, PauseVerb.self, ResumeVerb.self, VerdictVerbs.self, AuditVerbs.self,
    DatabaseVerbs.self, Doctor.self,
  ]

  private static let besides: [any ParsableCommand.Type] = [
    RestoreVerb.self, ArchiveVerb.self, KeysVerbs.self, ConfigurationVerbs.self, StandInVerbs.self,
    Completions.self, Demo.self,
  ]

  static let all: [any ParsableCommand.Type] = ofFiles + ofServices + besides
}
