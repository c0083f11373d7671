import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Synchronization
import Testing
import Workflows

/// The performer remembers an attempt until its end is on disk or it is let go, and no longer.
struct UnsettledAttemptsTests {
  @Test func `an attempt that has ended is forgotten once that is on disk`() async throws {
    let yard = try Yard(actionsMax: 1)
    _ = try await yard.start("1")
    await yard.performer.begun(1)
    let during = yard.load
    yard.performer.open()
    try await yard.rows(of: "caseClosed", 1)
    let after = yard.load
    await yard.stop()

    #expect(during.attemptsUnsettled == 1)
    #expect(after.attemptsUnsettled == 0)
  }

  @Test func `one that is let go while it runs is forgotten, and its late end adds nothing`()
    async throws
  {
    let yard = try Yard(actionsMax: 1)
    let id = try await yard.start("1")
    await yard.performer.begun(1)
    try await yard.terminate(id)
    try await yard.settled()
    let during = yard.load
    yard.performer.open()
    try await yard.rows(of: "lateOutcomeRecorded", 1)
    let after = yard.load
    await yard.stop()

    #expect(during.attemptsUnsettled == 0)
    #expect(after.attemptsUnsettled == 0)
  }

  @Test func `one that is let go before it began never begins and is forgotten`() async throws {
    let yard = try Yard(actionsMax: 1)
    _ = try await yard.start("1")
    await yard.performer.begun(1)
    let waiting = try await yard.start("2")
    try await yard.terminate(waiting)
    try await yard.settled()
    let during = yard.load
    yard.performer.open()
    try await yard.rows(of: "firingCompleted", 1)
    let after = yard.load
    await yard.stop()

    #expect(during.attemptsUnsettled == 1)
    #expect(after.attemptsUnsettled == 0)
    #expect(yard.performer.order.count == 1)
  }
}

/// A service over a log in memory whose cases each perform one action that waits at a gate.
private struct Yard {
  let performer = GatedPerformer()
  private let orchestrator: Orchestrator
  private let net: Net

  var load: PerformerLoad { orchestrator.load }

  init(actionsMax: Int) throws {
    let text = """
      workflow: yard
      types:
        Order: {id: string}
      actions:
        sample: {takes: {id: string}, returns: unit, effect: none}
      places:
        asked: {start: Order}
        done:  {end: unit}
      transitions:
        work:
          in: {o: asked}
          action: sample
          with: {id: o.id}
          then: {ok: {done: unit}, failed: {done: unit}}
      """
    let loader = NetLoader(files: FileSource(["yard.yaml": text]))
    guard let source = loader.source(at: "yard.yaml") else { throw Findings(loader.findings) }
    net = try NetCompiler.compile(source).net
    let definition = DefinitionText(
      kind: .workflow, name: "yard", hash: Array(repeating: 7, count: 32), text: Array("{}".utf8))
    let log = MemoryLog()
    let opening = LoopOpening(
      openStore: { () throws(StoreError) in MemoryStore(log) },
      compile: { _, _ in throw StoreError(.unreadable, code: "S502", "no other version is here") },
      definitions: [.init(text: definition, net: net)], binary: "petrel test",
      incarnation: { Array(repeating: 1, count: 8) })
    orchestrator = try Orchestrator(
      opening: opening, judge: SilentJudge(), actions: [performer],
      settings: LoopSettings(actionsMax: actionsMax))
  }

  func start(_ id: String) async throws -> CaseID {
    guard case .record(let record)? = net.caseRules.input else {
      preconditionFailure("the workflow starts with a record")
    }
    let value = Value.record(Record(type: record.type, fields: [.string(id)]))
    let reply = try await orchestrator.submit(
      .start(StartCase(workflow: WorkflowName("yard"), value: value, by: .local))
    ).reply
    guard case .started(let caseID, _, _) = reply else {
      throw StoreError(.failed, code: "S110", "\(reply)")
    }
    return caseID
  }

  func terminate(_ id: CaseID) async throws {
    _ = try await orchestrator.submit(.terminate(EndCase(caseID: id, by: .local)))
  }

  /// Returns when the effects of what was answered before have been handed on.
  func settled() async throws { _ = try await orchestrator.read { $0.state.lastSeq } }

  /// Returns when so many rows of a kind are on disk, and their effects handed on.
  func rows(of kind: String, _ count: Int) async throws {
    for await _ in orchestrator.changes()
    where orchestrator.snapshot.kinds[kind, default: 0] >= count { break }
    try await settled()
  }

  func stop() async { await orchestrator.stop() }
}
