package import CEL
package import PetriNet

/// What the shell performs once the events beside it are on disk.
package enum Effect: Sendable {
  /// Put a question to a model, and report calls and the verdict.
  case judge(Inquiry)
  /// The question's firing has ended; what still comes is recorded as late.
  case abandonJudge(FiringID)
  /// Perform an attempt of an action, and report how it ended.
  case act(Attempt)
  /// The action's firing was let go: ask it to stop, and report how it ended.
  case abandonAction(FiringID)
}

/// One question of one firing.
package struct Inquiry: Sendable {
  package var firing: FiringID
  /// `firing.id`, the same after a restart.
  package var firingText: String
  package var caseID: CaseID?
  package var workflow: WorkflowName
  package var transition: TransitionName
  package var guardID: DefinitionID
  package var prompt: Prompt
  /// In the order of the prompt's fields.
  package var values: [Value]
  /// Aliases to ask; empty = the operator's default.
  package var models: [String]
  /// How many must agree when several are asked; 1 otherwise.
  package var agree: Int
  package var atLeast: Double?
  package var deadline: Instant

  package init(
    firing: FiringID, firingText: String, caseID: CaseID?, workflow: WorkflowName,
    transition: TransitionName, guardID: DefinitionID, prompt: Prompt, values: [Value],
    models: [String], agree: Int, atLeast: Double?, deadline: Instant
  ) {
    self.firing = firing
    self.firingText = firingText
    self.caseID = caseID
    self.workflow = workflow
    self.transition = transition
    self.guardID = guardID
    self.prompt = prompt
    self.values = values
    self.models = models
    self.agree = agree
    self.atLeast = atLeast
    self.deadline = deadline
  }
}

/// One attempt of one firing of an action.
package struct Attempt: Sendable {
  package var firing: FiringID
  package var caseID: CaseID?
  package var workflow: WorkflowName
  package var transition: TransitionName
  package var action: ActionDeclaration
  package var argument: Value
  /// From 1.
  package var attempt: Int
  package var deadline: Instant
  /// `firing.id`: the same in every attempt and after a crash.
  package var idempotencyKey: String

  package init(
    firing: FiringID, caseID: CaseID?, workflow: WorkflowName, transition: TransitionName,
    action: ActionDeclaration, argument: Value, attempt: Int, deadline: Instant,
    idempotencyKey: String
  ) {
    self.firing = firing
    self.caseID = caseID
    self.workflow = workflow
    self.transition = transition
    self.action = action
    self.argument = argument
    self.attempt = attempt
    self.deadline = deadline
    self.idempotencyKey = idempotencyKey
  }
}
