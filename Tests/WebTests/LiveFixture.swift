import CEL
import Engine
import Logging
import Orchestration
import PetriNet
import Record
import Workflows

@testable import Web

/// The real engine over a log in memory, with a workflow of two tasks, a message place and a shared
/// one; no model and no action.
struct LiveFixture {
  static let workflow = """
    workflow: desk
    types:
      Request: {order: string max 20, customer: personal string, amount: int 0..1000000}
      Payment: {order: string, amount: int}
    case: {key: input.order, again: join, subject: input.customer}
    places:
      requested: {start: Request}
      second: {first: string}
      approved: {end: {by: string, customer: personal string}}
      rejected: {end: {why: string}}
      stuck: {end: {share: int}}
      책상: {shared: string, initial: [왼쪽]}
      paid: {message: Payment, key: order, keep: 1h}
      settled: {end: unit}
    transitions:
      first_approval:
        in: {r: requested}
        task: "{{input.order}}: first"
        with: {customer: input.customer, amount: r.amount}
        for: refunds
        due: 1h
        ask: {reject: {why: string max 20}}
        then:
          approve: {second: {first: answer.by}}
          reject: {rejected: {why: answer.why}}
          divide: {stuck: {share: 10 / r.amount}}
      second_approval:
        in: {s: second}
        task: "{{input.order}}: second"
        for: refunds
        not: "[s.first]"
        then: {approve: {approved: {by: answer.by, customer: input.customer}}}
      take_payment:
        in: {r: requested, m: {from: paid, where: m.order == input.order}}
        read: {d: 책상}
        out: {settled: unit}
    """

  struct NoJudge: Judge {
    func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {}
    func abandon(_ firing: FiringID) {}
    func progress(of firing: FiringID) -> JudgeProgress { .idle }
  }

  let orchestrator: Orchestrator
  let log: MemoryLog

  init() throws {
    let workspace = Workspace.load(
      Configuration(), workflowPaths: ["desk.yaml"], promptPaths: [],
      files: FileSource(["desk.yaml": Self.workflow]))
    guard let net = workspace.workflows.first?.net, !workspace.hasErrors else {
      throw LoadProblem(findings: workspace.findings.map { "\($0.code) \($0.message)" })
    }
    let log = MemoryLog(keys: MemoryKeys())
    self.log = log
    let text = DefinitionText(
      kind: .workflow, name: "desk", hash: [UInt8](repeating: 7, count: 32),
      text: Array(Self.workflow.utf8))
    orchestrator = try Orchestrator(
      opening: LoopOpening(
        openStore: { () throws(StoreError) in MemoryStore(log) },
        compile: { _, _ in net },
        definitions: [LoopOpening.Definition(text: text, net: net)], binary: "petrel",
        incarnation: { [1, 2, 3, 4, 5, 6, 7, 8] }),
      judge: NoJudge(), actions: [], settings: LoopSettings())
  }

  struct LoadProblem: Error { let findings: [String] }

  /// Runs the server on a free port of loopback, and the engine behind it, while `body` runs.
  func serve<T: Sendable>(
    limits: WebConfiguration.Limits = .init(),
    _ body: @Sendable (LiveClient) async throws -> T
  ) async throws -> T {
    let server = try WebServer(
      orchestrator: orchestrator, reading: log,
      configuration: WebConfiguration(port: 0, limits: limits, version: "0.3.0"),
      logger: Logger(label: "petrel.web") { _ in SwiftLogNoOpLogHandler() },
      storedNet: { version, _ in throw Fixture.Unloaded(version: version.name) },
      findPerson: Fixture.find)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      guard let port = await server.boundPort else { throw LoadProblem(findings: ["no port"]) }
      let client = LiveClient(port: port, server: server)
      let result: Result<T, any Error>
      do {
        result = .success(try await body(client))
      } catch {
        result = .failure(error)
      }
      await server.stop()
      try await group.waitForAll()
      await orchestrator.stop()
      return try result.get()
    }
  }
}
