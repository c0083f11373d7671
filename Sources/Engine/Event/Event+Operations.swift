package import PetriNet

/// Something raised; a binding is set aside or a firing waits to be settled.
package struct IncidentRaised: Sendable {
  package var binding: [TokenID]?
  package var code: String
  package var firing: FiringID?
  package var position: String?
  package var transition: TransitionName?
  package var workflow: DefinitionID?

  package init(
    binding: [TokenID]? = nil, code: String, firing: FiringID? = nil, position: String? = nil,
    transition: TransitionName? = nil, workflow: DefinitionID? = nil
  ) {
    self.binding = binding
    self.code = code
    self.firing = firing
    self.position = position
    self.transition = transition
    self.workflow = workflow
  }
}

/// The incident left.
package struct IncidentResolved: Sendable {
  package var by: Subject
  package var how: Resolution
  package var incident: IncidentID
  package var why: SealedText?

  package init(by: Subject, how: Resolution, incident: IncidentID, why: SealedText? = nil) {
    self.by = by
    self.how = how
    self.incident = incident
    self.why = why
  }
}

/// A transition, workflow or endpoint starts nothing, or starts again.
package struct Paused: Sendable {
  package var by: Subject
  package var code: String?
  package var endpoint: String?
  package var name: WorkflowName?
  package var transition: TransitionName?
  package var why: SealedText?

  package init(
    by: Subject, code: String? = nil, endpoint: String? = nil, name: WorkflowName? = nil,
    transition: TransitionName? = nil, why: SealedText? = nil
  ) {
    self.by = by
    self.code = code
    self.endpoint = endpoint
    self.name = name
    self.transition = transition
    self.why = why
  }
}

/// A person's label of a verdict; moves nothing.
package struct LabelRecorded: Sendable {
  package var blind: Bool
  package var by: Subject
  package var label: String
  package var purpose: LabelPurpose
  package var request: RequestIdentity?
  package var verdict: Seq
  package var why: SealedText?

  package init(
    blind: Bool, by: Subject, label: String, purpose: LabelPurpose, request: RequestIdentity? = nil,
    verdict: Seq, why: SealedText? = nil
  ) {
    self.blind = blind
    self.by = by
    self.label = label
    self.purpose = purpose
    self.request = request
    self.verdict = verdict
    self.why = why
  }
}

/// `decide` said no; the log holds every decision.
package struct CommandRefused: Sendable {
  package var by: Subject?
  package var command: CommandKind
  package var of: Seq?
  package var reason: RefusalReason
  package var request: RequestIdentity?

  package init(
    by: Subject? = nil, command: CommandKind, of: Seq? = nil, reason: RefusalReason,
    request: RequestIdentity? = nil
  ) {
    self.by = by
    self.command = command
    self.of = of
    self.reason = reason
    self.request = request
  }
}

/// A command that trapped twice was put aside.
package struct CommandQuarantined: Sendable {
  package var digest: [UInt8]

  package init(digest: [UInt8]) {
    self.digest = digest
  }
}

/// A definition is known, and current if a workflow.
package struct DefinitionRegistered: Sendable {
  package var by: Subject?
  package var constants: [Constant]?
  package var hash: [UInt8]
  package var kind: DefinitionKind
  package var name: String
  package var request: RequestIdentity?

  package init(
    by: Subject? = nil, constants: [Constant]? = nil, hash: [UInt8], kind: DefinitionKind,
    name: String, request: RequestIdentity? = nil
  ) {
    self.by = by
    self.constants = constants
    self.hash = hash
    self.kind = kind
    self.name = name
    self.request = request
  }
}

/// An earlier version is current again.
package struct DefinitionActivated: Sendable {
  package var by: Subject
  package var definition: DefinitionID
  package var request: RequestIdentity?
  package var why: SealedText?

  package init(
    by: Subject, definition: DefinitionID, request: RequestIdentity? = nil, why: SealedText? = nil
  ) {
    self.by = by
    self.definition = definition
    self.request = request
    self.why = why
  }
}

/// A new owner of the log.
package struct OwnerStarted: Sendable {
  package var binary: String
  package var incarnation: [UInt8]

  package init(binary: String, incarnation: [UInt8]) {
    self.binary = binary
    self.incarnation = incarnation
  }
}

/// A key for the idempotency keys of six hours.
package struct RequestSlotOpened: Sendable {
  package var key: Int64
  package var slot: Int64

  package init(key: Int64, slot: Int64) {
    self.key = key
    self.slot = slot
  }
}

/// That key was shredded.
package struct RequestSlotClosed: Sendable {
  package var key: Int64
  package var slot: Int64

  package init(key: Int64, slot: Int64) {
    self.key = key
    self.slot = slot
  }
}

/// The keys of a person's cases are to be shredded.
package struct ErasureRequested: Sendable {
  package var by: Subject
  package var keys: [Int64]
  package var reason: String
  package var request: RequestIdentity?

  package init(by: Subject, keys: [Int64], reason: String, request: RequestIdentity? = nil) {
    self.by = by
    self.keys = keys
    self.reason = reason
    self.request = request
  }
}

/// They are.
package struct ErasureCompleted: Sendable {
  package var erasure: Seq

  package init(erasure: Seq) {
    self.erasure = erasure
  }
}

/// All slots were wrapped anew.
package struct KeysRotated: Sendable {
  package var by: Subject
  package var kek: String

  package init(by: Subject, kek: String) {
    self.by = by
    self.kek = kek
  }
}

/// Payloads of a role left by retention.
package struct PayloadsExpired: Sendable {
  package var role: String
  package var through: Seq

  package init(role: String, through: Seq) {
    self.role = role
    self.through = through
  }
}

/// A run of rows left by retention.
package struct LogPruned: Sendable {
  package var closedBefore: Instant
  package var first: Seq
  package var last: Seq
  package var rows: Int64

  package init(closedBefore: Instant, first: Seq, last: Seq, rows: Int64) {
    self.closedBefore = closedBefore
    self.first = first
    self.last = last
    self.rows = rows
  }
}

/// A snapshot of the state at `seq`.
package struct SnapshotTaken: Equatable, Sendable {
  package var seq: Seq
  package var stateHash: [UInt8]

  package init(seq: Seq, stateHash: [UInt8]) {
    self.seq = seq
    self.stateHash = stateHash
  }
}

/// Checkpoints are signed by another key.
package struct SigningKeyChanged: Sendable {
  package var new: String
  package var old: String

  package init(new: String, old: String) {
    self.new = new
    self.old = old
  }
}

/// The log was restored from a backup.
package struct Restored: Sendable {
  package var anchor: String
  package var lost: Int64

  package init(anchor: String, lost: Int64) {
    self.anchor = anchor
    self.lost = lost
  }
}

/// How an incident left.
package enum Resolution: String, Sendable { case retried, gone, ignored, settled }

/// What a person's label of a verdict is for.
package enum LabelPurpose: String, Sendable { case review, override }

/// What a registered text is.
package enum DefinitionKind: String, Sendable {
  case workflow, library, prompt, policy
  case judgeGuard = "guard"
}

/// An entry of `constants`: JSON Pointer into the file, and the evaluated int.
package struct Constant: Equatable, Sendable {
  package var pointer: String
  package var value: Int64

  package init(pointer: String, value: Int64) {
    self.pointer = pointer
    self.value = value
  }
}
