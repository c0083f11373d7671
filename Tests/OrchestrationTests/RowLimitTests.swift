import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Synchronization
import Testing
import Workflows

/// The limits of a row (LOG §1), at both ends: what is taken can be written, the rest is refused
/// before anything happens, and the service goes on either way.
struct RowLimitTests {
  /// `{"text":"…"}`
  private static let payloadFrame = #"{"text":""}"#.utf8.count

  @Test(arguments: [(0, true), (1, false)])
  func `a personal text may fill a payload and not pass it`(
    more: Int, isTaken: Bool
  ) async throws {
    let desk = try Desk()
    let text = String(repeating: "x", count: (1 << 20) - Self.payloadFrame + more)

    let reply = try await desk.start(key: "k", text: text)
    let after = try await desk.start(key: "after", text: "x")
    await desk.stop()

    #expect(reply.isStarted == isTaken)
    #expect(isTaken || reply.refusal == .tooLarge)
    #expect(after.isStarted)
  }

  @Test(arguments: [(1_000, true), (30_000, true), (66_000, false), (200_000, false)])
  func `the key of a case stands in its row`(bytes: Int, isTaken: Bool) async throws {
    let desk = try Desk()

    let reply = try await desk.start(key: String(repeating: "k", count: bytes), text: "x")
    let after = try await desk.start(key: "after", text: "x")
    await desk.stop()

    #expect(reply.isStarted == isTaken)
    #expect(isTaken || reply.refusal == .tooLarge)
    #expect(after.isStarted)
  }

  @Test(arguments: [(58, true), (62, false)])
  func `a list of short strings stands in the body`(count: Int, isTaken: Bool) async throws {
    let desk = try Desk()
    let items = Array(repeating: String(repeating: "\u{1}", count: 172), count: count)

    let reply = try await desk.start(key: "k", text: "x", items: items)
    let after = try await desk.start(key: "after", text: "x")
    await desk.stop()

    #expect(reply.isStarted == isTaken)
    #expect(isTaken || reply.refusal == .tooLarge)
    #expect(after.isStarted)
  }

  @Test(arguments: [(8_192, true), (8_193, false)])
  func `what a person says beside an answer has a limit`(
    bytes: Int, isTaken: Bool
  ) async throws {
    let desk = try Desk()
    let reply = try await desk.start(key: "k", text: "x", items: ["ask"])
    guard case .started(let id, _, _) = reply else { return #expect(Bool(false)) }
    let task = try #require(try await desk.task(of: id))

    let answer = try await desk.answer(task, note: String(repeating: "n", count: bytes))
    let again = try await desk.answer(task, note: nil)
    await desk.stop()

    #expect(isTaken == (answer.refusal == nil))
    #expect(isTaken || answer.refusal == .tooLarge)
    // A refused answer leaves the task as it was.
    #expect((again.refusal == nil) == !isTaken)
  }

  @Test func `an output that no payload holds sets its binding aside before anything happens`()
    async throws
  {
    let desk = try Desk()
    let half = String(repeating: "x", count: 600_000)

    let reply = try await desk.start(key: "k", text: half, items: ["double"])
    guard case .started(let id, _, _) = reply else { return #expect(Bool(false)) }
    let incidents = try await desk.incidents(of: id)
    let after = try await desk.start(key: "after", text: "x", items: ["double"])
    await desk.stop()

    #expect(incidents == ["too_large"])
    #expect(after.isStarted)
  }

  @Test func `a result that no row holds is a bad reply, and a long error is cut`() async throws {
    let desk = try Desk()

    _ = try await desk.start(key: "k", text: "x", items: ["large"])
    let large = try await desk.outcome(of: "k")
    _ = try await desk.start(key: "l", text: "x", items: ["fail"])
    let failed = try await desk.outcome(of: "l")
    await desk.stop()

    #expect(large.code == "bad_reply")
    #expect(failed.code == "odd")
    #expect(failed.error == String(repeating: "환", count: 2_730) + "…")
  }
}

extension Reply {
  fileprivate var isStarted: Bool {
    if case .started = self { true } else { false }
  }

  fileprivate var refusal: RefusalReason? {
    if case .refused(let refusal, _) = self { refusal.reason } else { nil }
  }
}

/// A service over a log in memory, whose cases do what their items say.
private final class Desk: ActionPerformer {
  struct Outcome: Equatable {
    var code: String?
    var error: String?
  }

  let names: Set<ActionName> = [ActionName("fetch")]
  private let log = MemoryLog()
  private let net: Net
  private let running: Mutex<Orchestrator?> = Mutex(nil)

  private static let text = """
    workflow: desk
    types:
      Order: {key: string, text: personal string, items: list<string>}
      Kept:  {text: personal string}
    actions:
      fetch: {takes: {mode: string}, returns: {text: string, rest: list<string>}, effect: none}
    case: {key: input.key}
    places:
      asked:   {start: Order}
      kept:    Kept
      done:    {end: unit}
    transitions:
      double:
        in: {o: asked}
        guard: "'double' in o.items"
        out: {kept: {text: o.text + o.text}}
      keep:
        in: {k: kept}
        out: {done: unit}
      fetch:
        in: {o: asked}
        guard: "'large' in o.items || 'fail' in o.items"
        action: fetch
        with: {mode: "o.items[0]"}
        then: {ok: {done: unit}, failed: {done: unit}}
      ask:
        in: {o: asked}
        guard: "'ask' in o.items"
        task: "{{o.key}}"
        then: {yes: {done: unit}}
    """

  init() throws {
    let loader = NetLoader(files: FileSource(["desk.yaml": Self.text]))
    guard let source = loader.source(at: "desk.yaml") else { throw Findings(loader.findings) }
    net = try NetCompiler.compile(source).net
    let (log, net) = (log, net)
    let text = DefinitionText(
      kind: .workflow, name: "desk", hash: Array(repeating: 7, count: 32), text: Array("{}".utf8))
    let opening = LoopOpening(
      openStore: { () throws(StoreError) in MemoryStore(log) },
      compile: { _, _ in throw StoreError(.unreadable, code: "S502", "no other version is here") },
      definitions: [.init(text: text, net: net)], binary: "petrel test",
      incarnation: { Array(repeating: 1, count: 8) })
    let orchestrator = try Orchestrator(
      opening: opening, judge: SilentJudge(), actions: [self], settings: LoopSettings())
    running.withLock { $0 = orchestrator }
  }

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    guard case .record(let record) = attempt.argument, record.fields == [.string("large")] else {
      return .failed(
        code: "odd", retry: false, happened: .no, error: String(repeating: "환", count: 9_000),
        retryAfterMicroseconds: nil)
    }
    let rest = Array(repeating: Value.string(String(repeating: "y", count: 1_000)), count: 70)
    guard case .record(let returns) = attempt.action.returns else {
      preconditionFailure("the action returns a record")
    }
    return .ok(.record(Record(type: returns.type, fields: [.string("x"), .list(rest)])))
  }

  private var orchestrator: Orchestrator {
    get throws { try #require(running.withLock { $0 }) }
  }

  func start(key: String, text: String, items: [String] = []) async throws -> Reply {
    guard case .record(let record)? = net.caseRules.input else {
      preconditionFailure("the workflow starts with a record")
    }
    let value = Value.record(
      Record(
        type: record.type,
        fields: [.string(key), .string(text), .list(items.map { .string($0) })]))
    return try await orchestrator.submit(
      .start(StartCase(workflow: WorkflowName("desk"), value: value, by: .local))
    ).reply
  }

  func task(of id: CaseID) async throws -> TaskID? {
    try await orchestrator.read { $0.state.cases[id]?.offers.first }
  }

  func answer(_ task: TaskID, note: String?) async throws -> Reply {
    try await orchestrator.submit(
      .answer(AnswerTask(task: task, outcome: "yes", note: note, by: .local))
    ).reply
  }

  func incidents(of id: CaseID) async throws -> [String] {
    try await orchestrator.read { machine in
      machine.state.incidents.values.filter { $0.caseID == id }.map(\.code)
    }
  }

  /// How the action of a case ended, once it has.
  func outcome(of key: String) async throws -> Outcome {
    for await _ in try orchestrator.changes() {
      let store = MemoryStore(log)
      for seq in (1...store.identity.lastSeq.number).reversed() {
        guard let row = try store.event(at: Seq(seq)), let id = row.caseID,
          case .firingCompleted(let event) = row.event,
          try log.caseRow(id)?.businessKey == key
        else { continue }
        return Outcome(code: event.code, error: try error(event.error))
      }
    }
    return Outcome()
  }

  private func error(_ text: SealedText?) throws -> String? {
    guard let seal = text?.seal, let bytes = try log.payload(seq: Seq(seal.seq), index: seal.index)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  func stop() async { await running.withLock { $0 }?.stop() }
}
