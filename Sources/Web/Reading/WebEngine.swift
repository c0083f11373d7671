import Engine
import Orchestration
import PetriNet

/// What the API asks of the engine: commands, and looks at the state that is on disk.
///
/// Filled by the orchestrator; by a script in tests. Looks are answered between groups, so nobody
/// sees what a crash could take back.
protocol WebEngine: Sendable {
  /// Takes commands into one commit; answers in their order, when they are on disk.
  ///
  /// A command whose key was seen before is not given to the engine: its answer is the first one's.
  func submit(_ requests: [Submission]) async -> [SubmissionResult]

  /// The current versions, by the bytes of their names.
  func workflows() async throws(SubmissionError) -> [WorkflowView]
  /// The current version.
  func workflow(_ name: WorkflowName) async throws(SubmissionError) -> WorkflowView?
  /// All versions whose net is at hand, the oldest first.
  func versions(of name: WorkflowName) async throws(SubmissionError) -> [WorkflowView]
  func marking(of name: WorkflowName) async throws(SubmissionError) -> MarkingView?

  /// Tokens of a place of a workflow, behind `after`; of a case place those of all cases. Nil if
  /// there is no such place.
  func tokens(
    in place: String, of name: WorkflowName, after: TokenID?, limit: Int
  ) async throws(SubmissionError) -> [TokenView]?

  /// At rest or held; nil if it is nowhere.
  func token(_ id: TokenID) async throws(SubmissionError) -> TokenView?

  /// Nil if it is closed or never was.
  func openCase(_ id: CaseID) async throws(SubmissionError) -> OpenCaseView?
  /// What a migration would come to; nothing is written.
  func outlook(
    of command: MigrateCase, at now: Instant
  ) async throws(SubmissionError) -> MigrationOutlook
  /// Offers in the order they were made, behind `after`.
  func tasks(
    _ filter: TaskFilter, after: TaskID?, limit: Int
  ) async throws(SubmissionError) -> [TaskView]
  /// Nil if it is not offered any more or never was.
  func task(_ id: TaskID) async throws(SubmissionError) -> TaskView?
  /// Open incidents in the order they were raised, behind `after`.
  func incidents(
    _ filter: IncidentFilter, after: IncidentID?, limit: Int
  ) async throws(SubmissionError) -> [IncidentView]
  /// Nil if it is resolved or never was.
  func incident(_ id: IncidentID) async throws(SubmissionError) -> IncidentView?
  /// The last row after each commit behind `after`; ends when the engine stops.
  func changes(after: Seq) -> AsyncStream<Seq>
  /// How each endpoint of the judge does, in the order of the configuration.
  func endpoints() async throws(SubmissionError) -> [EndpointStanding]
  /// How the loop does; answered at once, whatever the loop is doing.
  func health() -> EngineHealth
  /// Names and numbers for `/metrics`, without anything of a case.
  func gauges() async -> [Gauge]
}

struct EngineHealth: Sendable, Equatable {
  /// Microseconds since the loop last turned.
  var sinceTurnMicroseconds: Int64
  /// How long the last commit took; nil before the first.
  var lastCommitMicroseconds: Int64?
  var isFolded: Bool
  var isWritable: Bool
  var isDraining: Bool
  var epoch: Int64
  var head: Seq
}

/// One family of numbers as Prometheus knows it.
struct Gauge: Sendable, Equatable {
  enum Kind: String, Sendable { case counter, gauge, histogram }

  struct Sample: Sendable, Equatable {
    /// Behind the family's name: `_bucket`, `_sum`, `_count` of a histogram.
    var suffix = ""
    /// In the order they are written.
    var labels: [Label] = []
    var value: Double
  }

  /// `petrel_commits_total`.
  var name: String
  var help: String
  var kind: Kind
  var samples: [Sample]
}
