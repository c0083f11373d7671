package import PetriNet

/// A task is offered for one token; moves nothing.
package struct TaskOffered: Sendable {
  package var due: Instant?
  package var group: String?
  package var notBy: [Subject]?
  package var read: [BoundTokens]?
  package var token: TokenID
  package var transition: TransitionName
  package var workflow: DefinitionID?

  package init(
    due: Instant? = nil, group: String? = nil, notBy: [Subject]? = nil, read: [BoundTokens]? = nil,
    token: TokenID, transition: TransitionName, workflow: DefinitionID? = nil
  ) {
    self.due = due
    self.group = group
    self.notBy = notBy
    self.read = read
    self.token = token
    self.transition = transition
    self.workflow = workflow
  }
}

/// A person holds the task until `until`.
package struct TaskClaimed: Sendable {
  package var by: Subject
  package var holder: Subject?
  package var task: TaskID
  package var until: Instant

  package init(by: Subject, holder: Subject? = nil, task: TaskID, until: Instant) {
    self.by = by
    self.holder = holder
    self.task = task
    self.until = until
  }
}

/// The task has no holder again.
package struct TaskReleased: Sendable {
  package var by: Subject
  package var task: TaskID

  package init(by: Subject, task: TaskID) {
    self.by = by
    self.task = task
  }
}

/// The offer left unanswered.
package struct TaskWithdrawn: Sendable {
  package var reason: WithdrawalReason
  package var task: TaskID

  package init(reason: WithdrawalReason, task: TaskID) {
    self.reason = reason
    self.task = task
  }
}

/// An answer was accepted. Without `tokens` its outputs raised.
package struct TaskAnswered: Sendable {
  package var aborted: [AbortedFiring]?
  package var answer: Cargo?
  package var by: Subject
  package var cancelled: [TokenID]?
  package var consumed: [BoundTokens]
  package var note: SealedText?
  package var outcome: String
  package var read: [BoundTokens]?
  package var request: RequestIdentity?
  package var task: TaskID
  package var tokens: [MadeToken]?
  package var transition: TransitionName
  package var workflow: DefinitionID?

  package init(
    aborted: [AbortedFiring]? = nil, answer: Cargo? = nil, by: Subject, cancelled: [TokenID]? = nil,
    consumed: [BoundTokens], note: SealedText? = nil, outcome: String, read: [BoundTokens]? = nil,
    request: RequestIdentity? = nil, task: TaskID, tokens: [MadeToken]? = nil,
    transition: TransitionName, workflow: DefinitionID? = nil
  ) {
    self.aborted = aborted
    self.answer = answer
    self.by = by
    self.cancelled = cancelled
    self.consumed = consumed
    self.note = note
    self.outcome = outcome
    self.read = read
    self.request = request
    self.task = task
    self.tokens = tokens
    self.transition = transition
    self.workflow = workflow
  }
}

/// Why an offer was withdrawn.
package enum WithdrawalReason: String, Sendable {
  case taken, disabled, migrated
  case caseClosed = "case_closed"
}
