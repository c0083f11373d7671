internal import Engine
internal import Foundation
internal import GRDBSQLite
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// How long a start takes over a long log, and what a snapshot costs those who are served meanwhile.
enum RestartSpeed {
  /// Rows of a case that is refunded, and of one that waits for a person.
  private static let rows = (ended: 9, waiting: 4)

  /// A log of so many rows, about, with so many open cases: those that ended first, then those that
  /// wait for a person. Ends in an orderly stop, with its snapshot.
  static func make(folder: String, rows: Int, open: Int) async throws {
    let workflow = try RefundWorkflow()
    let ended = max(0, rows - open * Self.rows.waiting) / Self.rows.ended
    let orders = Orders.small(ended)
    try await run(
      workflow, folder, judge: SureJudge(), orders: orders, kind: "caseClosed", isLast: open == 0)
    try await run(
      workflow, folder, judge: RefusingJudge(), orders: (0..<open).map { "wait-\($0)" },
      kind: "taskOffered", isLast: true)
  }

  private static func run(
    _ workflow: RefundWorkflow, _ folder: String, judge: any Judge, orders: [String],
    kind: String, isLast: Bool
  ) async throws {
    var opening = try workflow.opening(folder: folder)
    opening.snapshots = SnapshotLimits(rowsMin: .max, rowsAtStopMin: isLast ? 1 : .max)
    let orchestrator = try Orchestrator(
      opening: opening, judge: judge, actions: [PaymentsAtHand()],
      settings: LoopSettings(judgesMax: 4_096, actionsMax: 1_024))
    let starts = try orders.map { Submission(.start(try workflow.start($0))) }
    try await CaseFlow.feed(orchestrator, starts, inFlight: 2_000, until: kind)
    await orchestrator.stop()
  }

  /// Opens the log as a service does, until it owns it and its first rows are on disk.
  static func start(folder: String) throws {
    let opening = try RefundWorkflow().opening(folder: folder)
    let watch = Stopwatch()
    let opened = try opening.open(at: MonotonicClock().now())
    let line = watch.line("rows", Int(opened.head.number))
    let (folded, restored) = (opened.rowsFolded, opened.restored?.number ?? 0)
    let core = opened.takeCore()
    Bench.say(
      "\(line) folded=\(folded) snapshot=\(restored) open=\(core.machine.state.cases.count)")
    core.store.close()
  }

  /// Takes the snapshots away: the next start folds all rows.
  static func forget(folder: String) throws {
    var connection: OpaquePointer?
    guard sqlite3_open(folder + "/petrel.db", &connection) == SQLITE_OK,
      sqlite3_exec(connection, "DELETE FROM snapshot", nil, nil, nil) == SQLITE_OK
    else { throw VerifySpeed.Broken() }
    sqlite3_close(connection)
  }

  /// Cases at a steady pace over a log that has many open: how long a start waits for its answer.
  ///
  /// - Parameter isOn: a snapshot begins every 50,000 rows, or as many as half the open cases; else none.
  static func serve(folder: String, cases: Int, isOn: Bool) async throws {
    let workflow = try RefundWorkflow()
    var opening = try workflow.opening(folder: folder)
    opening.snapshots = SnapshotLimits(rowsMin: isOn ? 50_000 : .max, rowsAtStopMin: .max)
    let orchestrator = try Orchestrator(
      opening: opening, judge: SureJudge(), actions: [PaymentsAtHand()],
      settings: LoopSettings(judgesMax: 4_096, actionsMax: 1_024))
    let name = "\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    let times = Times()
    let size = 16
    for number in 0..<(cases / size) {
      let orders = (0..<size).map { "pace-\(name)-\(number * size + $0)" }
      let starts = try orders.map { Submission(.start(try workflow.start($0))) }
      let began = MonotonicClock.monotonicNanoseconds()
      orchestrator.send(starts) { _ in times.add(MonotonicClock.monotonicNanoseconds() - began) }
      try await Task.sleep(for: .microseconds(5_000))
    }
    while times.count < cases / size { try await Task.sleep(for: .milliseconds(5)) }
    let taken = orchestrator.snapshot.kinds["snapshotTaken", default: 0]
    await orchestrator.stop()
    Bench.say(
      "batches=\(times.count) p50_us=\(times.microseconds(50)) p95_us=\(times.microseconds(95)) "
        + "p99_us=\(times.microseconds(99)) max_us=\(times.microseconds(100)) snapshots=\(taken)")
  }

  private final class Times: @unchecked Sendable {
    // Added to by the engine's thread, under the lock.
    private var nanoseconds: [Int64] = []
    private let lock = NSLock()

    func add(_ time: Int64) { lock.withLock { nanoseconds.append(time) } }
    var count: Int { lock.withLock { nanoseconds.count } }

    func microseconds(_ percent: Int) -> Int64 {
      let sorted = lock.withLock { nanoseconds.sorted() }
      guard !sorted.isEmpty else { return 0 }
      return sorted[min(sorted.count - 1, sorted.count * percent / 100)] / 1_000
    }
  }
}

/// Says nothing that could be used, so that a person is asked.
struct RefusingJudge: Judge {
  func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {
    report(.verdict(.fallback(.refusal), nil))
  }

  func abandon(_ firing: FiringID) {}
  func progress(of firing: FiringID) -> JudgeProgress { .idle }
}
