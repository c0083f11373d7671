import Engine
import Orchestration
import PetriNet

/// An engine whose state can be looked at.
protocol MachineLooking: Sendable {
  /// - Throws: `storeUnavailable` where there is no state that is on disk.
  func look<T: Sendable>(
    _ body: @escaping @Sendable (Machine) -> T
  ) async throws(SubmissionError) -> T
}

extension WebEngine where Self: MachineLooking {
  func workflows() async throws(SubmissionError) -> [WorkflowView] {
    try await look { machine in
      machine.state.current.keys.sorted().compactMap { machine.state.workflow($0) }
    }
  }

  func workflow(_ name: WorkflowName) async throws(SubmissionError) -> WorkflowView? {
    try await look { $0.state.workflow(name) }
  }

  func versions(of name: WorkflowName) async throws(SubmissionError) -> [WorkflowView] {
    try await look { machine in
      let state = machine.state
      return state.definitions.values
        .filter { $0.kind == .workflow && WorkflowName($0.name) == name }
        .sorted { $0.id < $1.id }
        .compactMap { state.version($0) }
    }
  }

  func marking(of name: WorkflowName) async throws(SubmissionError) -> MarkingView? {
    try await look { $0.state.markingView(of: name) }
  }

  func tokens(
    in place: String, of name: WorkflowName, after: TokenID?, limit: Int
  ) async throws(SubmissionError) -> [TokenView]? {
    try await look { machine in
      machine.state.tokenViews(in: place, of: name, after: after, limit: limit)
    }
  }

  func token(_ id: TokenID) async throws(SubmissionError) -> TokenView? {
    try await look { $0.state.tokenView(id) }
  }

  func openCase(_ id: CaseID) async throws(SubmissionError) -> OpenCaseView? {
    try await look { $0.state.openCaseView(id) }
  }

  func outlook(
    of command: MigrateCase, at now: Instant
  ) async throws(SubmissionError) -> MigrationOutlook {
    try await look { $0.state.outlook(of: command, at: now) }
  }

  func tasks(
    _ filter: TaskFilter, after: TaskID?, limit: Int
  ) async throws(SubmissionError) -> [TaskView] {
    try await look { $0.state.taskViews(filter, after: after, limit: limit) }
  }

  func task(_ id: TaskID) async throws(SubmissionError) -> TaskView? {
    try await look { machine in
      machine.state.offers[id].flatMap { machine.state.taskView($0) }
    }
  }

  func incidents(
    _ filter: IncidentFilter, after: IncidentID?, limit: Int
  ) async throws(SubmissionError) -> [IncidentView] {
    try await look { machine in
      let state = machine.state
      let all = state.incidents.keys.filter { id in after.map { id > $0 } ?? true }.sorted().lazy
        .compactMap { state.incidents[$0].map { state.incidentView($0) } }
        .filter { filter.admits($0) }
      return Array(all.prefix(limit))
    }
  }

  func incident(_ id: IncidentID) async throws(SubmissionError) -> IncidentView? {
    try await look { machine in
      machine.state.incidents[id].map { machine.state.incidentView($0) }
    }
  }
}
