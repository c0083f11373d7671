package import CEL
package import PetriNet

/// A case is asked for.
package struct StartCase: Sendable {
  package var workflow: WorkflowName
  /// Title of the start place; nil where the workflow has one.
  package var place: String?
  package var value: Value
  package var by: Subject?
  package var request: RequestIdentity?

  package init(
    workflow: WorkflowName, place: String? = nil, value: Value, by: Subject? = nil,
    request: RequestIdentity? = nil
  ) {
    self.workflow = workflow
    self.place = place
    self.value = value
    self.by = by
    self.request = request
  }
}

/// A message from outside.
package struct DepositMessage: Sendable {
  package var workflow: WorkflowName
  /// Title of the message place.
  package var place: String
  package var value: Value
  package var by: Subject?
  package var request: RequestIdentity?

  package init(
    workflow: WorkflowName, place: String, value: Value, by: Subject? = nil,
    request: RequestIdentity? = nil
  ) {
    self.workflow = workflow
    self.place = place
    self.value = value
    self.by = by
    self.request = request
  }
}

/// A token that an operator puts into a shared or message place.
package struct DepositToken: Sendable {
  package var workflow: WorkflowName
  package var place: String
  package var value: Value
  package var by: Subject
  package var why: String
  package var request: RequestIdentity?

  package init(
    workflow: WorkflowName, place: String, value: Value, by: Subject, why: String,
    request: RequestIdentity? = nil
  ) {
    self.workflow = workflow
    self.place = place
    self.value = value
    self.by = by
    self.why = why
    self.request = request
  }
}

/// A token that an operator takes out of a shared or message place.
package struct WithdrawToken: Sendable {
  package var token: TokenID
  package var by: Subject
  package var why: String
  package var request: RequestIdentity?

  package init(token: TokenID, by: Subject, why: String, request: RequestIdentity? = nil) {
    self.token = token
    self.by = by
    self.why = why
    self.request = request
  }
}

/// A case is to end: cancelled (its net compensates if it says how) or terminated.
package struct EndCase: Sendable {
  package var caseID: CaseID
  package var by: Subject
  package var why: String?
  package var request: RequestIdentity?

  package init(
    caseID: CaseID, by: Subject, why: String? = nil, request: RequestIdentity? = nil
  ) {
    self.caseID = caseID
    self.by = by
    self.why = why
    self.request = request
  }
}

/// A case is to go on under another version of its workflow.
package struct MigrateCase: Sendable {
  /// Where the tokens of a place go that has another name there.
  package struct Move: Equatable, Sendable {
    package var from: String
    package var to: String

    package init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  package var caseID: CaseID
  /// Nil: the current version.
  package var to: DefinitionID?
  package var places: [Move]
  package var by: Subject
  package var why: String?
  package var request: RequestIdentity?

  package init(
    caseID: CaseID, to: DefinitionID? = nil, places: [Move] = [], by: Subject, why: String? = nil,
    request: RequestIdentity? = nil
  ) {
    self.caseID = caseID
    self.to = to
    self.places = places
    self.by = by
    self.why = why
    self.request = request
  }
}

/// A person takes a task, renews a lease, or hands the task to `holder`.
package struct ClaimTask: Sendable {
  package var task: TaskID
  package var by: Subject
  package var holder: Subject?

  package init(task: TaskID, by: Subject, holder: Subject? = nil) {
    self.task = task
    self.by = by
    self.holder = holder
  }
}

package struct ReleaseTask: Sendable {
  package var task: TaskID
  package var by: Subject

  package init(task: TaskID, by: Subject) {
    self.task = task
    self.by = by
  }
}

/// A person's answer.
package struct AnswerTask: Sendable {
  package var task: TaskID
  package var outcome: String
  /// The form of the outcome; nil where it asks nothing.
  package var form: Value?
  package var note: String?
  package var by: Subject
  package var request: RequestIdentity?

  package init(
    task: TaskID, outcome: String, form: Value? = nil, note: String? = nil, by: Subject,
    request: RequestIdentity? = nil
  ) {
    self.task = task
    self.outcome = outcome
    self.form = form
    self.note = note
    self.by = by
    self.request = request
  }
}

/// An operator ends an incident: tries the binding again, or leaves it set aside.
package struct ResolveIncident: Sendable {
  package enum How: Sendable { case retry, ignore }

  package var incident: IncidentID
  package var how: How
  package var by: Subject
  package var why: String?

  package init(incident: IncidentID, how: How, by: Subject, why: String? = nil) {
    self.incident = incident
    self.how = how
    self.by = by
    self.why = why
  }
}

/// An operator ends a firing whose outputs raised.
package struct SettleFiring: Sendable {
  package enum How: Sendable {
    /// Makes the tokens of the outcome on record again.
    case retry
    /// Makes those of another outcome.
    case choose(String)
    /// Case tokens leave, shared ones go back.
    case drop
  }

  package var firing: FiringID
  package var how: How
  package var by: Subject
  package var why: String?
  package var request: RequestIdentity?

  package init(
    firing: FiringID, how: How, by: Subject, why: String? = nil, request: RequestIdentity? = nil
  ) {
    self.firing = firing
    self.how = how
    self.by = by
    self.why = why
    self.request = request
  }
}

/// A person says what a verdict should have been.
package struct LabelVerdict: Sendable {
  package var verdict: Seq
  /// The verdict's case, as the log has it.
  package var caseID: CaseID?
  package var label: String
  package var purpose: LabelPurpose
  package var isBlind: Bool
  package var by: Subject
  package var why: String?
  package var request: RequestIdentity?

  package init(
    verdict: Seq, caseID: CaseID?, label: String, purpose: LabelPurpose, isBlind: Bool = false,
    by: Subject, why: String? = nil, request: RequestIdentity? = nil
  ) {
    self.verdict = verdict
    self.caseID = caseID
    self.label = label
    self.purpose = purpose
    self.isBlind = isBlind
    self.by = by
    self.why = why
    self.request = request
  }
}

/// What is paused or goes on: a workflow, one of its transitions, or an endpoint.
package struct SetPause: Sendable {
  package enum Target: Hashable, Sendable {
    case workflow(WorkflowName)
    case transition(WorkflowName, TransitionName)
    case endpoint(String)
  }

  package var target: Target
  package var by: Subject
  package var why: String?

  package init(target: Target, by: Subject, why: String? = nil) {
    self.target = target
    self.by = by
    self.why = why
  }
}
