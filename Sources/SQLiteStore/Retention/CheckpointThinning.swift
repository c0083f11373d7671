internal import Engine
internal import GRDBSQLite
internal import Orchestration

/// Keeps of old checkpoints one an hour after a day, and one a day after a month (LOG §4).
///
/// Those given out stay, the newest, and the first after each change of keys, which both keys signed.
final class CheckpointThinning {
  private static let hour: Int64 = 3_600_000_000
  private static let day = 24 * hour
  private static let month = 30 * day
  /// So many checkpoints are looked at in one slice.
  private static let lookedAt: Int64 = 2_000

  private let now: Int64
  private let following: PreparedStatement
  private let newest: Int64
  /// Checkpoints that stay because of the key that signed them.
  private let confirming: Set<Int64>
  private var next: Int64 = 0
  /// The last that was looked at, which stays if the next is of another hour or day.
  private var candidate: (size: Int64, span: Int64)?

  init(_ connection: OpaquePointer, _ now: Instant) throws(StoreError) {
    self.now = now.microseconds
    following = try PreparedStatement(
      connection,
      "SELECT size, at, pinned FROM checkpoint WHERE size>?1 AND at<?2 ORDER BY size LIMIT ?3",
      "thinning the checkpoints")
    let last = try PreparedStatement(
      connection, "SELECT max(size) FROM checkpoint", "thinning the checkpoints")
    newest = try last.next() ? last.int(0) : 0
    last.reset()
    let changes = try PreparedStatement(
      connection,
      """
      SELECT (SELECT min(c.size) FROM checkpoint c WHERE c.size>=l.seq) FROM log l
      WHERE l.kind='signingKeyChanged'
        AND l.seq>=(SELECT first_seq FROM event_kind WHERE kind='signingKeyChanged')
      """, "thinning the checkpoints")
    var confirming: Set<Int64> = []
    while try changes.next() { confirming.insert(changes.int(0)) }
    self.confirming = confirming
  }

  /// Whether there may be more to do.
  func slice(_ statements: Statements) throws(StoreError) -> Bool {
    var going: [Int64] = []
    var seen: Int64 = 0
    following.bind(1, next)
    following.bind(2, now - Self.day)
    following.bind(3, Self.lookedAt)
    while going.count < Retention.rowsMax, try following.next() {
      seen += 1
      let (size, at, isPinned) = (following.int(0), following.int(1), following.int(2) != 0)
      next = size
      let span = at < now - Self.month ? at / Self.day : -1 - at / Self.hour
      if let candidate, candidate.span == span { going.append(candidate.size) }
      let stays = isPinned || size == newest || confirming.contains(size)
      candidate = stays ? nil : (size, span)
    }
    following.reset()
    guard !going.isEmpty else { return seen > 0 }
    let deletion = try PreparedStatement(
      statements.connection, "DELETE FROM checkpoint WHERE size=?1", "thinning the checkpoints")
    try statements.transaction { () throws(StoreError) in
      for size in going {
        deletion.bind(1, size)
        let code = deletion.run()
        guard code == SQLITE_DONE else { throw deletion.failure(code) }
      }
    }
    return true
  }
}
