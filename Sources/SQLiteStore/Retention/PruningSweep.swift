internal import Engine
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Looks through the rows of a log in order and says which may go (LOG §5).
///
/// A case goes when its last row of state, `caseClosed`, is old enough; what belongs to no case goes
/// together with the row that ended it. What is held, or was written since the newest snapshot, stays.
final class PruningSweep {
  /// So many rows are looked at in one slice.
  static let rowsLookedAt: Int64 = 2_000

  private let plan: RetirementPlan
  /// No row behind this one goes.
  private let bound: Int64
  /// Rows by which snapshots are known again.
  private let snapshots: Set<Int64>
  private let rows: PreparedStatement
  private let opening: PreparedStatement
  private let ofCase: PreparedStatement
  private var next: Int64 = 0
  private var isThrough = false
  /// May go and were not given yet.
  private var ready: Set<Int64> = []
  /// Rows of what is not over yet, by the row that began it.
  private var pending: [Int64: [Int64]] = [:]
  private var questions: Set<Int64> = []

  init(
    _ connection: OpaquePointer, _ plan: RetirementPlan, before: Instant
  ) throws(StoreError) {
    self.plan = plan
    let ages = try RowAges(connection)
    let (newest, all) = try Self.snapshots(connection)
    bound = min(try ages.last(before: before), newest - 1)
    snapshots = all
    rows = try PreparedStatement(
      connection,
      """
      SELECT seq, case_no, kind, CASE WHEN case_no IS NULL OR instr(body,'"aborted":')
        THEN body END, version, at FROM log WHERE seq>?1 AND seq<=?2 ORDER BY seq LIMIT ?3
      """, "looking for rows that may go")
    opening = try PreparedStatement(
      connection, "SELECT 1 FROM log WHERE seq=?1", "looking for rows that may go")
    ofCase = try PreparedStatement(
      connection, "SELECT seq FROM log WHERE case_no=?1 AND seq<=?2",
      "looking for rows that may go")
  }

  /// The newest snapshot of which a row tells the hash, 0 if there is none; and all snapshots.
  private static func snapshots(
    _ connection: OpaquePointer
  ) throws(StoreError) -> (newest: Int64, all: Set<Int64>) {
    let statement = try PreparedStatement(
      connection,
      """
      SELECT s.seq, EXISTS(SELECT 1 FROM log l WHERE l.seq>s.seq AND l.kind='snapshotTaken'
        AND l.body->>'$.seq'=s.seq AND l.body->>'$.state_hash'=lower(hex(s.state_hash)))
      FROM snapshot s ORDER BY s.seq
      """, "reading the snapshots")
    var found: (newest: Int64, all: Set<Int64>) = (0, [])
    while try statement.next() {
      found.all.insert(statement.int(0))
      if statement.int(1) == 1 { found.newest = statement.int(0) }
    }
    return found
  }

  /// Rows that may go, at most `limit`, ascending; nil where no more will come. Empty: there may be
  /// more.
  func take(limit: Int) throws(StoreError) -> [Int64]? {
    if !isThrough, ready.count < limit { try look() }
    guard ready.count >= limit || isThrough else { return [] }
    guard !ready.isEmpty else { return nil }
    let taken = Array(ready.sorted().prefix(limit))
    ready.subtract(taken)
    return taken
  }

  private func look() throws(StoreError) {
    rows.bind(1, next)
    rows.bind(2, bound)
    rows.bind(3, Self.rowsLookedAt)
    defer { rows.reset() }
    var count: Int64 = 0
    while try rows.next() {
      count += 1
      next = rows.int(0)
      try look(at: rows)
    }
    isThrough = count < Self.rowsLookedAt
  }

  private func look(at row: PreparedStatement) throws(StoreError) {
    let seq = row.int(0)
    let number = row.intIfAny(1)
    let body = row.bytes(3)
    let event: Event? =
      body.isEmpty
      ? nil
      : try LoggedEvent(
        LogRow(
          seq: Seq(seq), epoch: 0, at: Instant(microseconds: row.int(5)),
          caseID: number.map { CaseID(Seq($0)) }, kind: row.text(2), version: Int(row.int(4)),
          body: body, hash: [])
      ).event
    for firing in event?.abortedFirings ?? [] where questions.contains(firing) { end(firing) }
    if let number {
      try look(at: seq, of: number, isClosing: row.text(2) == EventKind.caseClosed.rawValue)
    } else if let event {
      look(at: seq, event)
    }
  }

  private func look(at seq: Int64, of number: Int64, isClosing: Bool) throws(StoreError) {
    guard !plan.casesHeld.contains(CaseID(Seq(number))) else { return }
    if isClosing {
      ofCase.bind(1, number)
      ofCase.bind(2, bound)
      defer { ofCase.reset() }
      while try ofCase.next() { go(ofCase.int(0)) }
    } else if !ready.contains(seq) {
      // The rest of a case that left before: what was added to it later.
      opening.bind(1, number)
      defer { opening.reset() }
      if try !opening.next() { go(seq) }
    }
  }

  private func look(at seq: Int64, _ event: Event) {
    switch RowLife(event) {
    case .stays: break
    case .alone: go(seq)
    case .sealed(let key): if !plan.keysHeld.contains(key) { go(seq) }
    case .begins(let isQuestion):
      guard !plan.rowsHeld.contains(Seq(seq)) else { break }
      pending[seq] = [seq]
      if isQuestion { questions.insert(seq) }
    case .partOf(let first): add(seq, to: first)
    case .ends(let first), .endsLate(let first):
      add(seq, to: first)
      end(first)
    case .becomes(let first):
      let rows = pending.removeValue(forKey: first) ?? []
      if !plan.rowsHeld.contains(Seq(seq)) { pending[seq] = rows + [seq] }
    }
  }

  /// Rows about what is over already stand alone.
  private func add(_ seq: Int64, to first: Int64) {
    if plan.rowsHeld.contains(Seq(first)) { return }
    if pending[first] != nil { pending[first]?.append(seq) } else { go(seq) }
  }

  private func end(_ first: Int64) {
    questions.remove(first)
    for seq in pending.removeValue(forKey: first) ?? [] { go(seq) }
  }

  private func go(_ seq: Int64) { if !snapshots.contains(seq) { ready.insert(seq) } }
}

/// Finds rows by their age: times never fall.
struct RowAges {
  private let following: PreparedStatement
  private let head: Int64

  init(_ connection: OpaquePointer) throws(StoreError) {
    following = try PreparedStatement(
      connection, "SELECT seq, at FROM log WHERE seq>=?1 ORDER BY seq LIMIT 1",
      "looking for a time")
    let last = try PreparedStatement(connection, "SELECT max(seq) FROM log", "looking for a time")
    head = try last.next() ? last.int(0) : 0
    last.reset()
  }

  /// A number that all rows before `instant` are not behind, and all others are; 0 if there are none.
  ///
  /// - Complexity: O(log² n).
  func last(before instant: Instant) throws(StoreError) -> Int64 {
    var (low, high): (Int64, Int64) = (1, head + 1)
    while low < high {
      let middle = low + (high - low) / 2
      following.bind(1, middle)
      let found = try following.next() ? (seq: following.int(0), at: following.int(1)) : nil
      following.reset()
      if let found, found.at < instant.microseconds {
        low = found.seq + 1
      } else {
        high = middle
      }
    }
    return min(low, head + 1) - 1
  }
}
