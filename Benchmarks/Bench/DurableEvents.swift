internal import CEL
internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore
internal import Synchronization

/// How many events a second reach the disk, encoded, sealed, chained and synced.
enum DurableEvents {
  /// Runs the cases once to have their events, then appends those to a new log and leaves it in
  /// `folder`, so that the same rows can be inserted plainly.
  static func measure(folder: String, orders: [String], rowsACommit: Int) async throws {
    let workflow = try RefundWorkflow()
    let groups = try await groups(workflow, orders, rowsACommit)
    let store = try workflow.opening(folder: folder).openStore()
    try store.fold { _ in }
    let watch = Stopwatch()
    for group in groups { try store.append(group) }
    let line = watch.line("events", groups.reduce(0) { $0 + $1.events.count })
    store.close()
    Bench.say(line)
  }

  /// The events of those cases, so many a group.
  static func groups(
    _ workflow: RefundWorkflow, _ orders: [String], _ rows: Int
  ) async throws -> [AppendGroup] {
    let tape = Tape()
    let opening = workflow.opening { () throws(StoreError) in TapedStore(tape) }
    let orchestrator = try Orchestrator(
      opening: opening, judge: SureJudge(), actions: [PaymentsAtHand()], settings: LoopSettings())
    let starts = try orders.map { Submission(.start(try workflow.start($0))) }
    try await CaseFlow.feed(orchestrator, starts, inFlight: 1_000)
    await orchestrator.stop()
    let taped = tape.groups.withLock { $0 }
    let events = taped.flatMap(\.events)
    var groups = stride(from: 0, to: events.count, by: rows).map {
      AppendGroup(events: Array(events[$0..<min($0 + rows, events.count)]))
    }
    groups[0].definitions = taped.flatMap(\.definitions)
    return groups
  }
}

/// Groups in the order in which they were appended.
final class Tape: Sendable {
  let groups = Mutex<[AppendGroup]>([])
}

/// A log in memory that keeps what is appended.
final class TapedStore: EventStore {
  private let store = MemoryStore()
  private let tape: Tape

  init(_ tape: Tape) { self.tape = tape }

  var identity: LogIdentity { store.identity }

  func append(_ group: AppendGroup) throws(StoreError) {
    tape.groups.withLock { $0.append(group) }
    try store.append(group)
  }

  func probe() throws(StoreError) { try store.probe() }
  func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) { try store.fold(body) }
  func definitions() throws(StoreError) -> [StoredDefinition] { try store.definitions() }
  func open(_ reference: SealReference) throws(StoreError) -> [UInt8]? { try store.open(reference) }
  func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value {
    try store.value(of: text, in: colour)
  }
  func identify(
    _ request: RequestKey, at: Instant
  ) throws(StoreError) -> IdentifiedRequest? { try store.identify(request, at: at) }
  func event(at seq: Seq) throws(StoreError) -> LoggedEvent? { try store.event(at: seq) }
  func erase(_ keys: [Int64]) throws(StoreError) { try store.erase(keys) }
  func close() { store.close() }
}
