package import CEL
package import Engine
package import PetriNet

/// Performs one attempt of an action: the only place for side effects. Filled by Swift functions
/// (`Petrel`) and by services bound in the configuration (`HTTPActions`).
package protocol ActionPerformer: Sendable {
  /// The actions it can perform, by name.
  var names: Set<ActionName> { get }

  /// One attempt. Throws nothing: every ending is an outcome. Cancelled when the firing is let go or
  /// its deadline has passed; what it returns then is recorded as late.
  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt

  /// The same for a caller that does not wait: returns at once; `ended` is called once, from any
  /// thread. Whoever has a thread of its own fills it without a task.
  func begin(
    _ attempt: ActionAttempt, ended: @escaping @Sendable (PerformedAttempt) -> Void
  ) -> AttemptInHand
}

extension ActionPerformer {
  package func begin(
    _ attempt: ActionAttempt, ended: @escaping @Sendable (PerformedAttempt) -> Void
  ) -> AttemptInHand {
    let task = Task { ended(await perform(attempt)) }
    return AttemptInHand { task.cancel() }
  }
}

/// An attempt that has begun.
package struct AttemptInHand: Sendable {
  /// Asks it to end; its outcome is reported all the same.
  package let cancel: @Sendable () -> Void

  package init(cancel: @escaping @Sendable () -> Void) { self.cancel = cancel }
}

/// One attempt of one firing.
package struct ActionAttempt: Sendable {
  package var firing: FiringID
  package var action: ActionDeclaration
  package var argument: Value
  /// From 1.
  package var attempt: Int
  /// `firing.id`: the same in every attempt and after a crash.
  package var idempotencyKey: String
  package var workflow: WorkflowName
  package var caseID: CaseID?
  /// Wall clock; the attempt is over then.
  package var deadline: Instant

  package init(
    firing: FiringID, action: ActionDeclaration, argument: Value, attempt: Int,
    idempotencyKey: String, workflow: WorkflowName, caseID: CaseID?, deadline: Instant
  ) {
    self.firing = firing
    self.action = action
    self.argument = argument
    self.attempt = attempt
    self.idempotencyKey = idempotencyKey
    self.workflow = workflow
    self.caseID = caseID
    self.deadline = deadline
  }
}

/// How an attempt ended.
package enum PerformedAttempt: Sendable {
  /// A value that the loop checks against `returns`.
  case ok(Value)
  /// `retryAfterMicroseconds`: what the other side asked for, if it did.
  case failed(
    code: String, retry: Bool, happened: ActionOutcome.Happened, error: String?,
    retryAfterMicroseconds: Int64?)
}
