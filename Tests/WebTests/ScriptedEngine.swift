import CEL
import Engine
import Orchestration
import PetriNet
import Synchronization

@testable import Web

/// Answers looks from what it was given, and commands from a list; records what was submitted.
final class ScriptedEngine: WebEngine, Sendable {
  struct Script: Sendable {
    var workflows: [WorkflowView] = []
    var marking: MarkingView?
    var tokens: [TokenView] = []
    var cases: [OpenCaseView] = []
    var tasks: [TaskView] = []
    var incidents: [IncidentView] = []
    var outlook = MigrationOutlook()
    var endpoints = [EndpointStanding(name: "fast", dialect: "openai-chat", model: "stub-1")]
    /// Taken one by one; a command without one is answered as if nothing was to be done.
    var answers: [SubmissionResult] = []
    /// Keys that were seen before, with the first answer.
    var seen: [[UInt8]: SubmissionResult] = [:]
    /// What every look ends in.
    var failure: SubmissionError?
    var health = EngineHealth(
      sinceTurnMicroseconds: 1_000, lastCommitMicroseconds: 900, isFolded: true,
      isWritable: true, isDraining: false, epoch: 3, head: Seq(40))
    var gauges: [Gauge] = []
    var submitted: [Submission] = []
  }

  private let script: Mutex<Script>
  private let heads = AsyncStream<Seq>.makeStream()

  init(_ script: Script) { self.script = Mutex(script) }

  var submitted: [Submission] { script.withLock { $0.submitted } }

  func submit(_ requests: [Submission]) async -> [SubmissionResult] {
    script.withLock { script in
      requests.map { request in
        if let key = request.key?.key, let first = script.seen[key] { return first }
        if let failure = script.failure { return .failure(failure) }
        if case .tick = request.command { return .success(Submitted(.done(event: nil))) }
        script.submitted.append(request)
        guard !script.answers.isEmpty else { return .success(Submitted(.done(event: nil))) }
        return script.answers.removeFirst()
      }
    }
  }

  private func look<T: Sendable>(
    _ body: (Script) -> T
  ) throws(SubmissionError) -> T {
    let copy = script.withLock { $0 }
    if let failure = copy.failure { throw failure }
    return body(copy)
  }

  func workflows() async throws(SubmissionError) -> [WorkflowView] {
    try look { $0.workflows.filter(\.isCurrent) }
  }

  func workflow(_ name: WorkflowName) async throws(SubmissionError) -> WorkflowView? {
    try look { $0.workflows.first { $0.net.name == name && $0.isCurrent } }
  }

  func versions(of name: WorkflowName) async throws(SubmissionError) -> [WorkflowView] {
    try look { $0.workflows.filter { $0.net.name == name } }
  }

  func marking(of name: WorkflowName) async throws(SubmissionError) -> MarkingView? {
    try look { script in
      script.workflows.contains { $0.net.name == name } ? script.marking : nil
    }
  }

  func tokens(
    in place: String, of name: WorkflowName, after: TokenID?, limit: Int
  ) async throws(SubmissionError) -> [TokenView]? {
    try look { script in
      Array(
        script.tokens.filter { token in
          token.place == place && (after.map { token.id > $0 } ?? true)
        }.prefix(limit))
    }
  }

  func token(_ id: TokenID) async throws(SubmissionError) -> TokenView? {
    try look { $0.tokens.first { $0.id == id } }
  }

  func openCase(_ id: CaseID) async throws(SubmissionError) -> OpenCaseView? {
    try look { $0.cases.first { $0.id == id } }
  }

  func outlook(
    of command: MigrateCase, at now: Instant
  ) async throws(SubmissionError) -> MigrationOutlook {
    try look { $0.outlook }
  }

  func tasks(
    _ filter: TaskFilter, after: TaskID?, limit: Int
  ) async throws(SubmissionError) -> [TaskView] {
    try look { script in
      Array(
        script.tasks.filter { task in
          filter.admits(task) && (after.map { task.id > $0 } ?? true)
        }.prefix(limit))
    }
  }

  func task(_ id: TaskID) async throws(SubmissionError) -> TaskView? {
    try look { $0.tasks.first { $0.id == id } }
  }

  func incidents(
    _ filter: IncidentFilter, after: IncidentID?, limit: Int
  ) async throws(SubmissionError) -> [IncidentView] {
    try look { script in
      Array(
        script.incidents.filter { incident in
          filter.admits(incident) && (after.map { incident.id > $0 } ?? true)
        }.prefix(limit))
    }
  }

  func incident(_ id: IncidentID) async throws(SubmissionError) -> IncidentView? {
    try look { $0.incidents.first { $0.id == id } }
  }

  func endpoints() async throws(SubmissionError) -> [EndpointStanding] { try look(\.endpoints) }

  func changes(after: Seq) -> AsyncStream<Seq> { heads.stream }

  /// Says that a commit reached `head`.
  func commit(_ head: Seq) { heads.continuation.yield(head) }

  /// The engine stops: streams that follow it end.
  func end() { heads.continuation.finish() }

  func health() -> EngineHealth { script.withLock { $0.health } }
  func gauges() async -> [Gauge] { script.withLock { $0.gauges } }
}
