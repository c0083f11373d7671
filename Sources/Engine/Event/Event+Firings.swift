package import PetriNet

/// A plain or choose transition fired in one step.
package struct Fired: Sendable {
  package var aborted: [AbortedFiring]?
  package var branch: String?
  package var cancelled: [TokenID]?
  package var consumed: [BoundTokens]
  package var read: [BoundTokens]?
  package var tokens: [MadeToken]
  package var transition: TransitionName
  package var workflow: DefinitionID?

  package init(
    aborted: [AbortedFiring]? = nil, branch: String? = nil, cancelled: [TokenID]? = nil,
    consumed: [BoundTokens], read: [BoundTokens]? = nil, tokens: [MadeToken],
    transition: TransitionName, workflow: DefinitionID? = nil
  ) {
    self.aborted = aborted
    self.branch = branch
    self.cancelled = cancelled
    self.consumed = consumed
    self.read = read
    self.tokens = tokens
    self.transition = transition
    self.workflow = workflow
  }
}

/// Intent of a judge, before the first call.
package struct VerdictRequested: Sendable {
  package var consumed: [BoundTokens]
  package var deadline: Instant
  package var guardID: DefinitionID
  package var per: Cargo?
  package var read: [BoundTokens]?
  package var transition: TransitionName
  package var workflow: DefinitionID?

  package init(
    consumed: [BoundTokens], deadline: Instant, guardID: DefinitionID, per: Cargo? = nil,
    read: [BoundTokens]? = nil, transition: TransitionName, workflow: DefinitionID? = nil
  ) {
    self.consumed = consumed
    self.deadline = deadline
    self.guardID = guardID
    self.per = per
    self.read = read
    self.transition = transition
    self.workflow = workflow
  }
}

/// A call that did not decide alone, or came late.
package struct CallRecorded: Sendable {
  package var call: CallRecord
  package var firing: FiringID
  package var late: Bool
  package var reason: FallbackReason?

  package init(call: CallRecord, firing: FiringID, late: Bool, reason: FallbackReason? = nil) {
    self.call = call
    self.firing = firing
    self.late = late
    self.reason = reason
  }
}

/// A judge ended. Without `tokens` its outputs raised.
package struct VerdictRecorded: Sendable {
  package var call: CallRecord?
  package var firing: FiringID
  package var verdict: Verdict
  package var tokens: [MadeToken]?

  package init(
    call: CallRecord? = nil, firing: FiringID, verdict: Verdict, tokens: [MadeToken]? = nil
  ) {
    self.call = call
    self.firing = firing
    self.verdict = verdict
    self.tokens = tokens
  }
}

/// Intent of an action.
package struct FiringStarted: Sendable {
  package var action: ActionName
  package var consumed: [BoundTokens]
  package var deadline: Instant
  package var per: Cargo?
  package var read: [BoundTokens]?
  package var transition: TransitionName
  package var with: Cargo?
  package var workflow: DefinitionID?

  package init(
    action: ActionName, consumed: [BoundTokens], deadline: Instant, per: Cargo? = nil,
    read: [BoundTokens]? = nil, transition: TransitionName, with: Cargo? = nil,
    workflow: DefinitionID? = nil
  ) {
    self.action = action
    self.consumed = consumed
    self.deadline = deadline
    self.per = per
    self.read = read
    self.transition = transition
    self.with = with
    self.workflow = workflow
  }
}

/// An attempt failed and another follows, not before `next`.
package struct AttemptFailed: Sendable {
  package var attempt: Int
  package var code: String
  package var deadline: Instant
  package var error: SealedText?
  package var firing: FiringID
  /// The effect may have taken place: nobody knows. Written only if true.
  package var maybe: Bool
  package var next: Instant

  package init(
    attempt: Int, code: String, deadline: Instant, error: SealedText? = nil, firing: FiringID,
    maybe: Bool = false, next: Instant
  ) {
    self.attempt = attempt
    self.code = code
    self.deadline = deadline
    self.error = error
    self.firing = firing
    self.maybe = maybe
    self.next = next
  }
}

/// The outcome of an action. Without `tokens` its outputs raised.
package struct FiringCompleted: Sendable {
  package var attempts: Int
  package var code: String?
  package var error: SealedText?
  package var firing: FiringID
  package var outcome: String
  package var result: Cargo?
  package var tokens: [MadeToken]?

  package init(
    attempts: Int, code: String? = nil, error: SealedText? = nil, firing: FiringID, outcome: String,
    result: Cargo? = nil, tokens: [MadeToken]? = nil
  ) {
    self.attempts = attempts
    self.code = code
    self.error = error
    self.firing = firing
    self.outcome = outcome
    self.result = result
    self.tokens = tokens
  }
}

/// An action or child let go has ended, or answered after its end.
package struct LateOutcomeRecorded: Sendable {
  package var code: String?
  package var error: SealedText?
  package var firing: FiringID
  package var outcome: String
  package var result: Cargo?

  package init(
    code: String? = nil, error: SealedText? = nil, firing: FiringID, outcome: String,
    result: Cargo? = nil
  ) {
    self.code = code
    self.error = error
    self.firing = firing
    self.outcome = outcome
    self.result = result
  }
}

/// A called case was asked for.
package struct ChildStarted: Sendable {
  package var callee: WorkflowName
  package var consumed: [BoundTokens]
  package var per: Cargo?
  package var read: [BoundTokens]?
  package var transition: TransitionName
  package var workflow: DefinitionID?

  package init(
    callee: WorkflowName, consumed: [BoundTokens], per: Cargo? = nil, read: [BoundTokens]? = nil,
    transition: TransitionName, workflow: DefinitionID? = nil
  ) {
    self.callee = callee
    self.consumed = consumed
    self.per = per
    self.read = read
    self.transition = transition
    self.workflow = workflow
  }
}

/// A called case ended.
package struct ChildEnded: Sendable {
  package var child: CaseID?
  package var code: String?
  package var firing: FiringID
  package var outcome: String
  package var result: Cargo?
  package var tokens: [MadeToken]?

  package init(
    child: CaseID? = nil, code: String? = nil, firing: FiringID, outcome: String,
    result: Cargo? = nil, tokens: [MadeToken]? = nil
  ) {
    self.child = child
    self.code = code
    self.firing = firing
    self.outcome = outcome
    self.result = result
    self.tokens = tokens
  }
}

/// A firing whose outputs raised was ended by a person.
package struct FiringSettled: Sendable {
  package var by: Subject
  package var firing: FiringID
  package var how: Settlement
  package var outcome: String?
  package var request: RequestIdentity?
  package var tokens: [MadeToken]?
  package var why: SealedText?

  package init(
    by: Subject, firing: FiringID, how: Settlement, outcome: String? = nil,
    request: RequestIdentity? = nil, tokens: [MadeToken]? = nil, why: SealedText? = nil
  ) {
    self.by = by
    self.firing = firing
    self.how = how
    self.outcome = outcome
    self.request = request
    self.tokens = tokens
    self.why = why
  }
}

/// How a person ended a firing whose outputs raised.
package enum Settlement: String, Sendable { case retried, chosen, dropped }
