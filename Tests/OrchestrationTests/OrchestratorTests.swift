import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Synchronization
import Testing
import Workflows

struct OrchestratorTests {
  @Test func `what a start answers is in the log`() async throws {
    let house = try House()
    let orchestrator = try house.start()

    let submitted = try await orchestrator.submit(house.order("o1"))
    await orchestrator.stop()

    guard case .started(let id, let event, false) = submitted.reply else {
      Issue.record("\(submitted.reply)")
      return
    }
    #expect(try house.log.caseRow(id)?.businessKey == "o1")
    #expect(try house.log.rows(RowQuery(caseID: id), limit: 1).first?.seq == event)
  }

  @Test func `the same key with the same body is answered as the first, another body is refused`()
    async throws
  {
    let house = try House()
    let orchestrator = try house.start()
    func key(_ body: String) -> RequestKey {
      RequestKey(
        route: "POST /cases", by: .local, key: Array("k1".utf8), body: Array(body.utf8))
    }

    let first = try await orchestrator.submit(house.order("o1"), key: key("a"))
    let again = try await orchestrator.submit(house.order("o1"), key: key("a"))
    let other = await #expect(throws: SubmissionError.self) {
      try await orchestrator.submit(house.order("o2"), key: key("b"))
    }
    await orchestrator.stop()

    #expect(again == Submitted(first.reply, isReplay: true))
    #expect(!first.isReplay)
    #expect(other == .keyReused)
  }

  @Test func `a key that comes twice in one batch opens one case`() async throws {
    let house = try House()
    let orchestrator = try house.start()
    let key = RequestKey(route: "POST /cases", by: .local, key: Array("k1".utf8))

    let results = try await orchestrator.submit(
      batch: [Submission(house.order("o1"), key: key), Submission(house.order("o1"), key: key)])
    await orchestrator.stop()

    let submitted = try results.map { try $0.get() }
    #expect(submitted[0].reply == submitted[1].reply)
    #expect(submitted.map(\.isReplay) == [false, true])
    #expect(try house.log.cases(CaseQuery(), before: nil, limit: 10).count == 1)
  }

  @Test func `a second start finds the state that the first left`() async throws {
    let house = try House()
    let first = try house.start()
    _ = try await first.submit(house.order("o1"))
    let before = try await first.read { $0.state.text }
    await first.stop()

    let second = try house.start()
    let cases = try await second.read { $0.state.cases.count }
    let after = try await second.read { $0.state.text }
    await second.stop()

    #expect(cases == 1)
    #expect(Self.withoutStart(after) == Self.withoutStart(before))
  }

  @Test func `a stopped service takes nothing`() async throws {
    let house = try House()
    let orchestrator = try house.start()
    await orchestrator.stop()

    let error = await #expect(throws: SubmissionError.self) {
      try await orchestrator.submit(house.order("o1"))
    }

    #expect(error == .storeUnavailable)
  }

  /// The state but for what each start writes: last row, epoch, incarnation.
  private static func withoutStart(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { !$0.hasPrefix("last ") && !$0.hasPrefix("incarnation ") }
  }
}

/// A workflow with one task, a log in memory, and nobody who judges or acts.
struct House {
  let log = MemoryLog()
  private let net: Net

  init() throws {
    let text = """
      workflow: errand
      types:
        Order: {id: string}
      case: {key: input.id}
      places:
        asked: {start: Order}
        done:  {end: unit}
      transitions:
        decide:
          in: {o: asked}
          task: "{{o.id}}"
          then: {yes: {done: unit}}
      """
    let loader = NetLoader(files: FileSource(["errand.yaml": text]))
    guard let source = loader.source(at: "errand.yaml") else { throw Findings(loader.findings) }
    net = try NetCompiler.compile(source).net
  }

  func start(limits: Limits = .standard) throws -> Orchestrator {
    try Orchestrator(
      opening: opening(limits: limits), judge: SilentJudge(), actions: [],
      settings: LoopSettings())
  }

  func opening(limits: Limits = .standard, group: GroupLimits = GroupLimits()) -> LoopOpening {
    let log = log
    let text = DefinitionText(
      kind: .workflow, name: "errand", hash: Array(repeating: 7, count: 32), text: Array("{}".utf8))
    return LoopOpening(
      openStore: { () throws(StoreError) in MemoryStore(log) },
      compile: { _, _ in throw StoreError(.unreadable, code: "S502", "no other version is here") },
      definitions: [.init(text: text, net: net)], binary: "petrel test",
      incarnation: { Array(repeating: 1, count: 8) }, limits: limits, group: group)
  }

  func order(_ id: String) -> Command {
    guard case .record(let record)? = net.caseRules.input else {
      preconditionFailure("the workflow starts with a record")
    }
    return .start(
      StartCase(
        workflow: WorkflowName("errand"),
        value: .record(Record(type: record.type, fields: [.string(id)])), by: .local))
  }
}

/// Is asked and says nothing.
struct SilentJudge: Judge {
  func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {}
  func abandon(_ firing: FiringID) {}
  func progress(of firing: FiringID) -> JudgeProgress { .idle }
}
