import CEL
package import PetriNet

/// What the fold of the log holds (LOG §1, "What the fold holds"), with the index that enabling
/// needs beside it.
///
/// `apply` alone changes the fold; equal logs give equal folds, whatever the index holds. Text of it
/// in a fixed order: `State.text`.
package struct State: Sendable {
  package let shard: Int64
  package internal(set) var lastSeq = Seq(0)
  package internal(set) var lastAt = Instant(microseconds: 0)
  package internal(set) var epoch: Int64 = 0
  /// Hex of the incarnation of the last `ownerStarted`.
  package internal(set) var incarnation = ""

  package private(set) var places = NameTable<PlaceName>()
  /// By number of the place: whether it is shared.
  private var owned: [Bool] = []
  package internal(set) var transitions = NameTable<TransitionName>()

  package internal(set) var definitions: [DefinitionID: Definition] = [:]
  package internal(set) var current: [WorkflowName: DefinitionID] = [:]
  package internal(set) var cases = NumberTable<CaseID, CaseState>()
  package internal(set) var openKeys: [BusinessKey: CaseID] = [:]
  /// Tokens of no case, of all shared and message places.
  package internal(set) var shared = NumberTable<TokenID, Token>()
  package internal(set) var sharedAsides: [Aside] = []
  package internal(set) var firings = NumberTable<FiringID, Firing>()
  package internal(set) var offers = NumberTable<TaskID, Offer>()
  package internal(set) var incidents: [IncidentID: Incident] = [:]
  package internal(set) var pausedWorkflows: Set<WorkflowName> = []
  package internal(set) var pausedTransitions: Set<TransitionPath> = []
  package internal(set) var pausedEndpoints: Set<String> = []
  /// Those halted by too many incidents, which go on by themselves.
  package internal(set) var halted: Set<TransitionPath> = []
  package internal(set) var filled: Set<PlaceName> = []
  package internal(set) var schedules: [ScheduleKey: Instant] = [:]
  /// Number of the slot to the number of its key.
  package internal(set) var slots: [Int64: Int64] = [:]
  package internal(set) var erasures: [Seq: [Int64]] = [:]
  /// The number the next key gets: one more than the greatest seen.
  package internal(set) var nextKey: Int64 = 1
  /// One-step firings without a case, by workflow.
  package internal(set) var steps: [WorkflowName: StepCount] = [:]

  /// Business keys of closed cases and keys of messages: a window of the log, no part of the fold.
  var recent = RecentKeys()
  /// What changed since the index looked; empty before the state was opened.
  var changes: [Change] = []
  var index = EnablingIndex()

  init(shard: Int64) { self.shard = shard }
}

extension State {
  package var nextSeq: Seq { Seq(lastSeq.number + 1) }

  package func placeName(_ symbol: PlaceSymbol) -> PlaceName { places[symbol] }

  package func transitionName(_ symbol: TransitionSymbol) -> TransitionName {
    transitions[symbol]
  }

  /// The name of the workflow that a registration is a version of.
  package func workflowName(_ id: DefinitionID) -> WorkflowName {
    if let plan = index.plans[id] { return plan.name }
    guard let definition = definitions[id] else {
      preconditionFailure("a version in use is registered")
    }
    return WorkflowName(definition.name)
  }

  /// A token at rest.
  package func token(_ id: TokenID, of caseID: CaseID?) -> Token? {
    if let caseID, let token = cases[caseID]?.marking[id] { return token }
    return shared[id]
  }

  /// Whether tokens of the place are of no case.
  package func isShared(_ place: PlaceSymbol) -> Bool { owned[Int(place.index)] }

  /// What stands behind an open case's version, or the version of a row without a case.
  func version(of caseID: CaseID?, or workflow: DefinitionID?) -> DefinitionID {
    if let workflow { return workflow }
    guard let caseID, let version = cases[caseID]?.workflow else {
      preconditionFailure("a row without a workflow has an open case")
    }
    return version
  }

  mutating func intern(_ place: PlaceName) -> PlaceSymbol {
    let symbol = places.intern(place)
    if Int(symbol.index) == owned.count { owned.append(place.isOwned) }
    return symbol
  }

  mutating func note(_ change: Change) {
    if index.isOpen { changes.append(change) }
  }
}
