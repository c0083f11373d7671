import CEL
import Engine
import PetriNet

/// A version of a workflow.
struct WorkflowView: Sendable {
  var net: Net
  var definition: DefinitionID
  /// 32 bytes.
  var hash: [UInt8]
  var isCurrent = true
  var isPaused = false
  var pausedTransitions: [TransitionName] = []
  /// Of all versions of the workflow.
  var openCases = 0
}

/// How many tokens are where.
struct MarkingView: Sendable {
  struct Count: Sendable, Equatable {
    var name: String
    var count: Int
  }

  /// The last row that it is the state after.
  var seq: Seq
  /// By the title of the place, in file order; of all cases of all versions.
  var places: [Count]
  /// By transition; those with none are left out.
  var inFlight: [Count]
  /// Offers by transition; those with none are left out.
  var tasks: [Count]
}

/// A token at rest, or one that a firing in flight holds.
struct TokenView: Sendable {
  var id: TokenID
  /// As the file spells it.
  var place: String
  var colour: ColourSet
  var value: Value
  var caseID: CaseID?
  /// Available since, or from.
  var ready: Instant
  /// The firing that holds it; nil at rest.
  var heldBy: FiringID?
}

/// A firing in flight.
struct FiringView: Sendable, Equatable {
  var id: FiringID
  var transition: TransitionName
  /// `judge`, `action`, `call`.
  var kind: String
  var deadline: Instant?
  /// Of an action, from 1.
  var attempt: Int?
  /// Asked to stop; its outcome moves nothing.
  var isLetGo = false
}

/// A case that has not ended.
struct OpenCaseView: Sendable {
  var id: CaseID
  var workflow: WorkflowName
  /// Hash of the version it runs under.
  var version: [UInt8]
  var input: Value
  var inputColour: ColourSet
  /// In arrival order, tokens in end places too.
  var tokens: [TokenView]
  var inFlight: [FiringView]
  var tasks: [TaskID]
  var incidents: [IncidentID]
}

/// Which offers; all parts must hold.
struct TaskFilter: Sendable, Equatable {
  var group: String?
  /// Due before; offers without a due time are left out.
  var dueBefore: Instant?
  /// Held by this person.
  var heldBy: Subject?
  /// Held by somebody, or by nobody.
  var isClaimed: Bool?
  var caseID: CaseID?
  var workflow: WorkflowName?
  /// Leases that end later count as held.
  var now: Instant

  func admits(_ task: TaskView) -> Bool {
    if let group, task.group.map({ $0.utf8.elementsEqual(group.utf8) }) != true { return false }
    if let dueBefore, task.due.map({ $0 < dueBefore }) != true { return false }
    if let heldBy, task.holder(at: now) != heldBy { return false }
    if let isClaimed, (task.holder(at: now) != nil) != isClaimed { return false }
    if let caseID, task.caseID != caseID { return false }
    if let workflow, task.workflow != workflow { return false }
    return true
  }
}

/// An offer of a task.
struct TaskView: Sendable {
  struct Shown: Sendable {
    var name: String
    var value: Value
  }

  struct Outcome: Sendable {
    var name: String
    /// The form of the answer; nil where the outcome asks nothing.
    var form: RecordColour?
  }

  var id: TaskID
  var workflow: WorkflowName
  var transition: TransitionName
  var caseID: CaseID?
  var token: TokenID
  var title: String
  /// What stands beside the title, by the names of `with`; nil where an expression raised.
  var shown: [Shown]?
  var outcomes: [Outcome]
  var group: String?
  var due: Instant?
  /// These persons may not answer.
  var notBy: [Subject] = []
  var holder: Subject?
  /// End of the lease; with it the holder ends.
  var until: Instant?

  /// Who holds it at `now`.
  func holder(at now: Instant) -> Subject? {
    guard let until, until > now else { return nil }
    return holder
  }

  /// Changes with everything that an answer depends on.
  var tag: String {
    guard let until, let holder else { return APIName.text(id) }
    return "\(APIName.text(id))-\(until.microseconds)-\(APIName.encoded(holder.text))"
  }
}

/// Which incidents; all parts must hold.
struct IncidentFilter: Sendable, Equatable {
  var caseID: CaseID?
  var workflow: WorkflowName?
  var transition: TransitionName?
  var code: String?

  func admits(_ incident: IncidentView) -> Bool {
    if let caseID, incident.caseID != caseID { return false }
    if let workflow, incident.workflow != workflow { return false }
    if let transition, incident.transition != transition { return false }
    if let code, !incident.code.utf8.elementsEqual(code.utf8) { return false }
    return true
  }
}

/// An open incident.
struct IncidentView: Sendable, Equatable {
  var id: IncidentID
  var code: String
  var workflow: WorkflowName?
  var transition: TransitionName?
  var caseID: CaseID?
  /// A firing that waits to be settled.
  var firing: FiringID?
  /// Tokens of a binding that is set aside.
  var binding: [TokenID] = []
  /// Path in the file.
  var position: String?
  /// What the firing may be settled with; empty for a binding.
  var outcomes: [String] = []
}
