package import CEL
package import PetriNet

/// Something that somebody, a model, an action or the shell tells the engine.
///
/// A command carries all that deciding needs, so that `decide` is pure. The shell looks a `request`
/// up in the log first; what reaches the engine has not been seen before.
package indirect enum Command: Sendable {
  /// A new owner of the log: the first command after each start.
  case startOwner(StartOwner)
  case register(Register)
  case activate(Activate)
  /// Which guard stands behind which question. Not logged: it is read from the configuration.
  case useGuards([GuardInForce])
  case start(StartCase)
  /// A client's message, into a message place.
  case depositMessage(DepositMessage)
  /// An operator's token, into a shared or message place.
  case deposit(DepositToken)
  case withdraw(WithdrawToken)
  case cancel(EndCase)
  case terminate(EndCase)
  case migrate(MigrateCase)
  case claim(ClaimTask)
  case release(ReleaseTask)
  case answer(AnswerTask)
  /// A call of a model that did not decide alone, or came late.
  case recordCall(RecordCall)
  case recordVerdict(RecordVerdict)
  case endAttempt(EndAttempt)
  case resolveIncident(ResolveIncident)
  case settle(SettleFiring)
  case label(LabelVerdict)
  case pause(SetPause)
  case resume(SetPause)
  case erase(EraseKeys)
  /// What an erasure's row asked for is done.
  case completeErasure(Seq)
  /// A snapshot of the state is on disk.
  case recordSnapshot(SnapshotTaken)
  case openRequestSlot(Int64)
  case closeRequestSlot(Int64)
  /// Rows leave by age in the commit of this row.
  case prune(LogPruned)
  /// Payloads of a role leave by age.
  case expire(PayloadsExpired)
  /// Only the clock moved.
  case tick
}

/// Which guard (a registered definition) a question of a workflow is put under.
package struct GuardInForce: Hashable, Sendable {
  package var workflow: DefinitionID
  /// Name of the prompt.
  package var prompt: String
  /// The aliases as the transition lists them; empty = the operator's default.
  package var models: [String]
  package var guardID: DefinitionID

  package init(
    workflow: DefinitionID, prompt: String, models: [String], guardID: DefinitionID
  ) {
    self.workflow = workflow
    self.prompt = prompt
    self.models = models
    self.guardID = guardID
  }
}

/// Keys are to be shredded, so that nobody reads what is sealed under them (LOG §3). Open cases of
/// which one is the own key end.
package struct EraseKeys: Sendable {
  package var keys: [Int64]
  package var by: Subject
  package var reason: String
  package var request: RequestIdentity?

  package init(
    keys: [Int64], by: Subject, reason: String, request: RequestIdentity? = nil
  ) {
    self.keys = keys
    self.by = by
    self.reason = reason
    self.request = request
  }
}

package struct StartOwner: Sendable {
  package var binary: String
  /// 8 random bytes.
  package var incarnation: [UInt8]

  package init(binary: String, incarnation: [UInt8]) {
    self.binary = binary
    self.incarnation = incarnation
  }
}

/// Definitions that are loaded together, in dependency order. Known ones (same kind, name and hash)
/// write nothing; a workflow becomes current.
package struct Register: Sendable {
  package struct Definition: Sendable {
    package var kind: DefinitionKind
    package var name: String
    /// 32 bytes.
    package var hash: [UInt8]
    /// The compiled net of a workflow.
    package var net: Net?

    package init(kind: DefinitionKind, name: String, hash: [UInt8], net: Net? = nil) {
      self.kind = kind
      self.name = name
      self.hash = hash
      self.net = net
    }
  }

  package var definitions: [Definition]
  package var by: Subject?
  package var request: RequestIdentity?

  package init(_ definitions: [Definition], by: Subject? = nil, request: RequestIdentity? = nil) {
    self.definitions = definitions
    self.by = by
    self.request = request
  }
}

/// An earlier version becomes current again.
package struct Activate: Sendable {
  package var definition: DefinitionID
  package var by: Subject
  package var request: RequestIdentity?
  package var why: String?

  package init(
    definition: DefinitionID, by: Subject, request: RequestIdentity? = nil, why: String? = nil
  ) {
    self.definition = definition
    self.by = by
    self.request = request
    self.why = why
  }
}

/// A call of a model that did not decide.
package struct RecordCall: Sendable {
  package var firing: FiringID
  /// The firing's case, which the effect named: the row of a late report stands there.
  package var caseID: CaseID?
  package var call: CallRecord
  package var reason: FallbackReason?

  package init(
    firing: FiringID, caseID: CaseID? = nil, call: CallRecord, reason: FallbackReason? = nil
  ) {
    self.caseID = caseID
    self.firing = firing
    self.call = call
    self.reason = reason
  }
}

/// How a question ended, by the judge.
package struct RecordVerdict: Sendable {
  package var firing: FiringID
  /// The firing's case, which the effect named: the row of a late report stands there.
  package var caseID: CaseID?
  package var verdict: Verdict
  /// The call that decided; nil if none did.
  package var call: CallRecord?

  package init(
    firing: FiringID, caseID: CaseID? = nil, verdict: Verdict, call: CallRecord? = nil
  ) {
    self.caseID = caseID
    self.firing = firing
    self.verdict = verdict
    self.call = call
  }
}

/// How an attempt of an action ended.
package struct EndAttempt: Sendable {
  package var firing: FiringID
  /// The firing's case, which the effect named: the row of a late report stands there.
  package var caseID: CaseID?
  /// From 1; an attempt that is over already is recorded as late.
  package var attempt: Int
  package var outcome: AttemptOutcome

  package init(firing: FiringID, caseID: CaseID? = nil, attempt: Int, outcome: AttemptOutcome) {
    self.caseID = caseID
    self.firing = firing
    self.attempt = attempt
    self.outcome = outcome
  }
}

/// What an attempt came to (CONFIG §1, "Outcome of an HTTP action").
package enum AttemptOutcome: Sendable {
  /// Checked against the action's `returns`; what does not fit is `bad_reply`.
  case ok(Value)
  /// `retryAfterMicroseconds`: what the other side asked for, honoured up to the backoff's end.
  case failed(
    code: String, retry: Bool, happened: ActionOutcome.Happened, error: String? = nil,
    retryAfterMicroseconds: Int64? = nil)
}
