import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Synchronization
import Testing
import Workflows

struct FullDiskTests {
  @Test func `on a full disk a result waits, and the log is read once a probe goes through`()
    async throws
  {
    let disk = WatchedDisk(fails: [.append, .probe, .probe, .probe], with: .full)
    let errand = try Errand(disk)
    let orchestrator = try errand.start()

    await errand.run(orchestrator)
    await orchestrator.stop()

    let calls = disk.calls
    #expect(
      calls.map(\.text)
        == [
          "open", "fold", "append", "append", "append failed", "open", "probe failed", "open",
          "probe failed", "open", "probe failed", "open", "probe", "fold", "append",
        ])
    let probes = calls.filter { $0.text.hasPrefix("probe") }.map(\.nanoseconds)
    let gaps = zip(probes, probes.dropFirst()).map { $1 - $0 }
    #expect(zip(gaps, [50_000_000, 100_000_000, 200_000_000]).allSatisfy { $0 >= $1 })
    #expect(errand.performed == 1)
  }

  @Test func `a group that fails again and again is tried at growing distances`() async throws {
    let disk = WatchedDisk(fails: [.append, .append, .append], with: .failed)
    let errand = try Errand(disk)
    let orchestrator = try errand.start()

    await errand.run(orchestrator)
    await orchestrator.stop()

    let calls = disk.calls
    let again = ["append failed", "open", "probe", "fold"]
    #expect(
      calls.map(\.text)
        == ["open", "fold", "append", "append"] + again + again + again + ["append"])
    let failures = calls.filter { $0.text == "append failed" }.map(\.nanoseconds)
    let gaps = zip(failures, failures.dropFirst()).map { $1 - $0 }
    #expect(gaps.last.map { $0 >= 50_000_000 } == true)
    #expect(errand.performed == 1)
  }
}

/// What was asked of a log, and which of it fails.
final class WatchedDisk: Sendable {
  enum Operation: String, Sendable {
    case open, fold, append, probe
  }

  struct Call: Sendable {
    var text: String
    /// On the monotonic clock.
    var nanoseconds: Int64
  }

  private struct State {
    var calls: [Call] = []
    var failing: [Operation]
    var isBad = false
  }

  private let kind: StoreError.Kind
  private let state: Mutex<State>

  /// - Parameter fails: calls that fail, in order, once the disk has gone bad.
  init(fails: [Operation], with kind: StoreError.Kind) {
    self.kind = kind
    state = Mutex(State(failing: fails))
  }

  var calls: [Call] { state.withLock { $0.calls } }

  func goBad() { state.withLock { $0.isBad = true } }

  func note(_ operation: Operation) throws(StoreError) {
    let now = MonotonicClock.monotonicNanoseconds()
    let fails = state.withLock { state in
      let fails = state.isBad && state.failing.first == operation
      if fails { state.failing.removeFirst() }
      let text = operation.rawValue + (fails ? " failed" : "")
      state.calls.append(Call(text: text, nanoseconds: now))
      return fails
    }
    if fails { throw StoreError(kind, code: "S900", "made to fail") }
  }
}

/// A log in memory behind a watched disk.
private final class WatchedStore: EventStore {
  private let store: MemoryStore
  private let disk: WatchedDisk

  init(_ log: MemoryLog, _ disk: WatchedDisk) throws(StoreError) {
    try disk.note(.open)
    store = MemoryStore(log)
    self.disk = disk
  }

  var identity: LogIdentity { store.identity }

  func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
    try disk.note(.fold)
    try store.fold(body)
  }

  func append(_ group: AppendGroup) throws(StoreError) {
    try disk.note(.append)
    try store.append(group)
  }

  func probe() throws(StoreError) {
    try disk.note(.probe)
    try store.probe()
  }

  func definitions() throws(StoreError) -> [StoredDefinition] { try store.definitions() }
  func open(_ reference: SealReference) throws(StoreError) -> [UInt8]? { try store.open(reference) }
  func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value {
    try store.value(of: text, in: colour)
  }
  func identify(
    _ request: RequestKey, at instant: Instant
  ) throws(StoreError) -> IdentifiedRequest? { try store.identify(request, at: instant) }
  func event(at seq: Seq) throws(StoreError) -> LoggedEvent? { try store.event(at: seq) }
  func erase(_ keys: [Int64]) throws(StoreError) { try store.erase(keys) }
  func close() { store.close() }
}

/// A workflow with one action, during which the disk goes bad.
private final class Errand: ActionPerformer {
  private let log = MemoryLog()
  private let net: Net
  private let disk: WatchedDisk
  private let count = Mutex(0)

  let names: Set<ActionName> = [ActionName("run")]

  init(_ disk: WatchedDisk) throws {
    let text = """
      workflow: errand
      types:
        Order: {id: string}
      actions:
        run: {takes: {id: string}, returns: unit, effect: none}
      places:
        asked: {start: Order}
        done:  {end: unit}
      transitions:
        go:
          in: {o: asked}
          action: run
          with: {id: o.id}
          timeout: 1h
          then: {ok: {done: unit}, failed: {done: unit}}
      """
    let loader = NetLoader(files: FileSource(["errand.yaml": text]))
    guard let source = loader.source(at: "errand.yaml") else { throw Findings(loader.findings) }
    net = try NetCompiler.compile(source).net
    self.disk = disk
  }

  var performed: Int { count.withLock { $0 } }

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    count.withLock { $0 += 1 }
    disk.goBad()
    return .ok(.null)
  }

  func start() throws -> Orchestrator {
    let (log, disk) = (log, disk)
    let text = DefinitionText(
      kind: .workflow, name: "errand", hash: Array(repeating: 7, count: 32), text: Array("{}".utf8))
    let opening = LoopOpening(
      openStore: { () throws(StoreError) in try WatchedStore(log, disk) },
      compile: { _, _ in throw StoreError(.unreadable, code: "S502", "no other version is here") },
      definitions: [.init(text: text, net: net)], binary: "petrel test",
      incarnation: { Array(repeating: 1, count: 8) })
    return try Orchestrator(
      opening: opening, judge: SilentJudge(), actions: [self], settings: LoopSettings())
  }

  /// Starts a case and returns when it has ended.
  func run(_ orchestrator: Orchestrator) async {
    guard case .record(let record)? = net.caseRules.input else {
      preconditionFailure("the workflow starts with a record")
    }
    let start = StartCase(
      workflow: WorkflowName("errand"),
      value: .record(Record(type: record.type, fields: [.string("o1")])), by: .local)
    let changes = orchestrator.changes()
    _ = try? await orchestrator.submit(.start(start))
    for await _ in changes {
      // Nobody sees the state while the log is closed; the commit that ends the case rings again.
      let open = try? await orchestrator.read { $0.state.cases.count }
      if open == 0 { return }
    }
  }
}
