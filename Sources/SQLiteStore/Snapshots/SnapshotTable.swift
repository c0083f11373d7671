internal import Engine
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// A snapshot that stands in a log's file: the row that says its chunks are all there.
package struct StoredSnapshot: Equatable, Sendable {
  /// The last row of its state.
  package var seq: Int64
  package var format: Int64
  package var chunks: Int64
  package var stateHash: [UInt8]
  /// The row that names it; nil: none does, and it counts for nothing.
  package var logged: Int64?
}

/// The snapshots of a log's file, read on a connection to it.
struct SnapshotTable {
  private let connection: OpaquePointer

  init(_ connection: OpaquePointer) { self.connection = connection }

  private func prepared(_ sql: String) throws(StoreError) -> PreparedStatement {
    try PreparedStatement(connection, sql, "reading the snapshots")
  }

  /// All of them, the newest first.
  ///
  /// - Complexity: reads the rows from each on to the one that names it.
  func all() throws(StoreError) -> [StoredSnapshot] {
    let rows = try prepared(
      "SELECT seq,format,chunks,state_hash FROM snapshot ORDER BY seq DESC")
    var found: [StoredSnapshot] = []
    while try rows.next() {
      found.append(
        StoredSnapshot(
          seq: rows.int(0), format: rows.int(1), chunks: rows.int(2), stateHash: rows.bytes(3)))
    }
    let events = try prepared(
      """
      SELECT seq FROM log WHERE seq>?1 AND kind='snapshotTaken' AND body->>'$.seq'=?1
      AND body->>'$.state_hash'=?2 LIMIT 1
      """)
    for place in found.indices {
      events.bind(1, found[place].seq)
      events.bind(2, copying: Hexadecimal.text(found[place].stateHash))
      found[place].logged = try events.next() ? events.int(0) : nil
      events.reset()
    }
    return found
  }

  /// The newest whose hash is logged; nil if there is none.
  func newestLogged() throws(StoreError) -> StoredSnapshot? { try all().first { $0.logged != nil } }

  /// The state of a snapshot, or why it cannot be trusted.
  func state(of snapshot: StoredSnapshot, shard: Int64) throws(StoreError) -> Loaded {
    guard snapshot.format == SnapshotEncoding.format else {
      return .refused("it is of format \(snapshot.format)")
    }
    let rows = try prepared("SELECT n,body,hash FROM snapshot_chunk WHERE seq=?1 ORDER BY n")
    rows.bind(1, snapshot.seq)
    defer { rows.reset() }
    var reader = SnapshotReader()
    var hashes: [UInt8] = []
    var number: Int64 = 0
    do throws(CanonicalProblem) {
      while try Self.next(rows) {
        let text = rows.bytes(1)
        let hash = Hash256(hashing: text)
        guard rows.int(0) == number, hash.bytes == rows.bytes(2) else {
          return .refused("chunk \(number) does not match its hash, or is missing")
        }
        hashes += hash.bytes
        number += 1
        try reader.take(text)
      }
      guard number == snapshot.chunks, Hash256(hashing: hashes).bytes == snapshot.stateHash else {
        return .refused("its chunks are not those of its hash")
      }
      let (meta, state) = try reader.finish()
      guard meta.seq.number == snapshot.seq, meta.shard == shard,
        try Self.isRow(meta, connection)
      else { return .refused("row \(snapshot.seq) has another hash than it had") }
      return .state(state)
    } catch {
      return .refused("it cannot be read: \(error.message)")
    }
  }

  enum Loaded {
    case state(State)
    /// A half sentence.
    case refused(String)
  }

  /// What SQLite cannot read is damaged too.
  private static func next(_ rows: PreparedStatement) throws(CanonicalProblem) -> Bool {
    do throws(StoreError) {
      return try rows.next()
    } catch {
      throw CanonicalProblem(offset: 0, error.message)
    }
  }

  /// Whether the row that a snapshot stands on has the hash that it remembers; of a row that has left,
  /// its run says so.
  private static func isRow(
    _ meta: SnapshotReader.Meta, _ connection: OpaquePointer
  ) throws(CanonicalProblem) -> Bool {
    do throws(StoreError) {
      let row = try PreparedStatement(
        connection,
        """
        SELECT hash FROM log WHERE seq=?1
        UNION ALL SELECT last_hash FROM pruned WHERE last_seq=?1
        """, "reading the log")
      row.bind(1, meta.seq.number)
      defer { row.reset() }
      return try row.next() && Hash256(row.bytes(0)) == meta.rowHash
    } catch {
      throw CanonicalProblem(offset: 0, error.message)
    }
  }

  /// The last row that has left behind row `seq`; nil if all are there.
  func pruned(behind seq: Int64) throws(StoreError) -> Int64? {
    let rows = try prepared("SELECT max(last_seq) FROM pruned WHERE last_seq>?1")
    rows.bind(1, seq)
    defer { rows.reset() }
    return try rows.next() ? rows.intIfAny(0) : nil
  }

  /// A log whose rows are not all there, and of which no snapshot helps.
  static func unfoldable(_ pruned: Int64) -> StoreError {
    StoreError(
      .unreadable, code: "S124",
      "the rows up to row \(pruned) are not all there any more, and no snapshot of the state behind "
        + "them can be read: the log cannot be folded; put a backup of the file back")
  }
}
