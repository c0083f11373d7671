package import Engine
internal import GRDBSQLite
package import Orchestration
internal import PetriNet
internal import Record

/// Snapshots on their way into the file and out of it (LOG §6).
struct Snapshots {
  /// So many are kept.
  static let kept = 2
  /// Chunks that nothing leads to leave so many a commit.
  static let clearedAtOnce: Int64 = 4

  /// One that is being taken.
  struct Taking {
    let seq: Seq
    let at: Instant
    let encoder: SnapshotEncoder
    var chunks: Int64 = 0
    var bytes: Int64 = 0
    /// When all of it is on disk.
    var taken: SnapshotTaken?
  }

  /// The last row of the one that was restored.
  var restored: Int64 = 0
  var taking: Taking?
  /// There may be chunks without a snapshot.
  var hasLeftovers = false
}

extension SQLiteStore {
  package func restore() throws(StoreError) -> State? {
    let shard = writer.shard
    let (state, pruned, refusals) = try using("reading the snapshots") { statements in
      let table = SnapshotTable(statements.connection)
      var refusals: [String] = []
      for snapshot in try table.all() where snapshot.logged != nil {
        switch try table.state(of: snapshot, shard: shard) {
        case .state(let state):
          return (state as State?, try table.pruned(behind: snapshot.seq), refusals)
        case .refused(let why):
          refusals.append("the snapshot of row \(snapshot.seq) is passed over: \(why)")
        }
      }
      return (nil, try table.pruned(behind: 0), refusals)
    }
    for refusal in refusals { signing.announce?("S125 \(refusal)") }
    if let pruned { throw SnapshotTable.unfoldable(pruned) }
    try clearUnlogged()
    guard let state else { return nil }
    snapshots.restored = state.lastSeq.number
    try writer.begin(with: state, closed: rowsOfKeysGone(through: state.lastSeq))
    return state
  }

  /// What a crash has left: snapshots that no event names, and chunks of such that were never whole.
  private func clearUnlogged() throws(StoreError) {
    try using("clearing snapshots") { statements in
      let unlogged = try SnapshotTable(statements.connection).all().filter { $0.logged == nil }
      let leftovers = try PreparedStatement(
        statements.connection,
        "SELECT 1 FROM snapshot_chunk WHERE seq NOT IN (SELECT seq FROM snapshot) LIMIT 1",
        "clearing snapshots")
      snapshots.hasLeftovers = try leftovers.next() || !unlogged.isEmpty
      leftovers.reset()
      guard !unlogged.isEmpty else { return }
      try statements.transaction { () throws(StoreError) in
        for snapshot in unlogged {
          statements.snapshots.forgetSnapshot.bind(1, snapshot.seq)
          let code = statements.snapshots.forgetSnapshot.run()
          guard code == SQLITE_DONE else { throw statements.snapshots.forgetSnapshot.failure(code) }
        }
      }
    }
  }

  /// Rows that say which keys are gone, up to `last`.
  private func rowsOfKeysGone(through last: Seq) throws(StoreError) -> [LoggedEvent] {
    try using("reading which keys are gone") { statements in
      let first = try PreparedStatement(
        statements.connection,
        """
        SELECT min(first_seq) FROM event_kind WHERE kind IN ('erasureRequested','requestSlotClosed')
        """, "reading which keys are gone")
      guard try first.next(), let begin = first.intIfAny(0) else { return [] }
      first.reset()
      let rows = try PreparedStatement(
        statements.connection,
        """
        SELECT seq,epoch,at,case_no,kind,version,body,hash FROM log WHERE seq BETWEEN ?1 AND ?2
        AND kind IN ('erasureRequested','requestSlotClosed') ORDER BY seq
        """, "reading which keys are gone")
      rows.bind(1, begin)
      rows.bind(2, last.number)
      var events: [LoggedEvent] = []
      while try rows.next() { events.append(try LoggedEvent(rows.logRow)) }
      return events
    }
  }

  package func keys(since: Instant) throws(StoreError) -> [RecalledKey] {
    let last = snapshots.restored
    return try using("looking keys up") { statements in
      let first = try Self.firstRow(after: since, statements)
      var found: [(seq: Int64, key: RecalledKey)] = []
      let messages = try PreparedStatement(
        statements.connection,
        """
        SELECT seq,epoch,at,case_no,kind,version,body,hash FROM log WHERE seq BETWEEN ?1 AND ?2
        AND kind='tokenDeposited' AND body->>'$.message_key' IS NOT NULL
        """, "looking keys up")
      messages.bind(1, first)
      messages.bind(2, last)
      while try messages.next() {
        found.append((messages.int(0), .message(try LoggedEvent(messages.logRow))))
      }
      let closed = try PreparedStatement(
        statements.connection,
        """
        SELECT c.seq, c.at, o.seq, o.body->>'$.workflow', o.body->>'$.business_key'
        FROM log c JOIN log o ON o.seq=c.case_no
        WHERE c.seq BETWEEN ?1 AND ?2 AND c.kind='caseClosed'
        AND o.body->>'$.business_key' IS NOT NULL
        """, "looking keys up")
      closed.bind(1, first)
      closed.bind(2, last)
      while try closed.next() {
        let key = RecalledKey.closedCase(
          CaseID(Seq(closed.int(2))), of: DefinitionID(Seq(closed.int(3))), key: closed.text(4),
          closed: Instant(microseconds: closed.int(1)))
        found.append((closed.int(0), key))
      }
      return found.sorted { $0.seq < $1.seq }.map(\.key)
    }
  }

  /// The first row later than `instant`, as times never fall; one behind the last if there is none.
  private static func firstRow(
    after instant: Instant, _ statements: Statements
  ) throws(StoreError) -> Int64 {
    let following = try PreparedStatement(
      statements.connection, "SELECT seq, at FROM log WHERE seq>=?1 ORDER BY seq LIMIT 1",
      "looking keys up")
    let newest = try PreparedStatement(
      statements.connection, "SELECT max(seq) FROM log", "looking keys up")
    var low: Int64 = 1
    var high = (try newest.next() ? newest.int(0) : 0) + 1
    newest.reset()
    while low < high {
      let middle = (low + high) / 2
      following.bind(1, middle)
      let isThere = try following.next()
      let isLater = isThere ? following.int(1) > instant.microseconds : true
      let seq = isThere ? following.int(0) : high
      following.reset()
      if isLater { high = middle } else { low = seq + 1 }
    }
    return low
  }
}

// MARK: Taking

extension SQLiteStore {
  package func beginSnapshot(of cut: State) {
    precondition(cut.lastSeq.number == writer.last.seq, "a snapshot is of all rows")
    guard !isBroken else { return }
    snapshots.taking = Snapshots.Taking(
      seq: cut.lastSeq, at: cut.lastAt,
      encoder: SnapshotEncoder(cut, rowHash: writer.last.hash))
  }

  package var snapshot: SnapshotProgress {
    guard let taking = snapshots.taking else { return .none }
    return taking.taken.map { .finished($0) } ?? .underWay
  }

  package func advanceSnapshot() throws(StoreError) {
    guard let taking = snapshots.taking, taking.taken == nil, !isBroken else { return }
    let part = taking.encoder.wait()
    do throws(StoreError) {
      try using("writing a snapshot") { statements in
        try statements.transaction { () throws(StoreError) in try write(part, statements) }
      }
    } catch {
      isBroken = true
      throw error
    }
    keepSpace()
    try checkpoint()
  }

  /// Writes what is ready of the snapshot into the transaction that is being committed, or takes something
  /// of an old one away.
  func tendSnapshots(_ statements: Statements) throws(StoreError) {
    if let taking = snapshots.taking, taking.taken == nil, let part = taking.encoder.take() {
      try write(part, statements)
    } else if snapshots.hasLeftovers {
      try clear(statements)
    }
  }

  private func write(
    _ part: SnapshotEncoder.Part, _ statements: Statements
  ) throws(StoreError) {
    guard let taking = snapshots.taking else { return }
    switch part {
    case .chunk(let chunk):
      try insert(chunk, statements)
      snapshots.taking?.chunks += 1
      snapshots.taking?.bytes += Int64(chunk.text.count)
    case .failed:
      snapshots.taking = nil
      snapshots.hasLeftovers = true
      signing.announce?("S125 the state after row \(taking.seq.number) cannot be written down")
    case .end(let hash):
      let statement = statements.snapshots.insertSnapshot
      statement.bind(1, taking.seq.number)
      statement.bind(2, taking.at.microseconds)
      statement.bind(3, SnapshotEncoding.format)
      statement.bind(4, taking.chunks)
      statement.bind(5, taking.bytes)
      let code = hash.withBytes { bytes in
        statement.bind(6, blob: bytes)
        return statement.run()
      }
      guard code == SQLITE_DONE else { throw statement.failure(code) }
      snapshots.taking?.taken = SnapshotTaken(seq: taking.seq, stateHash: hash.bytes)
    }
  }

  private func insert(
    _ chunk: SnapshotChunk, _ statements: Statements
  ) throws(StoreError) {
    guard let taking = snapshots.taking else { return }
    let statement = statements.snapshots.insertChunk
    statement.bind(1, taking.seq.number)
    statement.bind(2, taking.chunks)
    let code = chunk.text.withUnsafeBytes { text in
      chunk.hash.withBytes { hash in
        statement.bind(3, text: text)
        statement.bind(4, blob: hash)
        return statement.run()
      }
    }
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }

  /// A snapshot was named by an event: older ones than the newest two are none any more.
  func logged(_ statements: Statements) throws(StoreError) {
    guard snapshots.taking?.taken != nil else { return }
    snapshots.taking = nil
    statements.snapshots.forgetOldSnapshots.bind(1, Int64(Snapshots.kept))
    let code = statements.snapshots.forgetOldSnapshots.run()
    guard code == SQLITE_DONE else { throw statements.snapshots.forgetOldSnapshots.failure(code) }
    snapshots.hasLeftovers = true
  }

  /// Chunks that belong to no snapshot leave, a few a commit.
  private func clear(_ statements: Statements) throws(StoreError) {
    let statement = statements.snapshots.clearChunks
    statement.bind(1, snapshots.taking?.seq.number ?? 0)
    statement.bind(2, Snapshots.clearedAtOnce)
    let code = statement.run()
    guard code == SQLITE_DONE else { throw statement.failure(code) }
    if sqlite3_changes(statements.connection) == 0 { snapshots.hasLeftovers = false }
  }

  /// Lets go of one that was not finished.
  func cancelSnapshot() {
    snapshots.taking?.encoder.cancel()
    snapshots.taking = nil
  }
}

extension PreparedStatement {
  /// The row of a query for `seq,epoch,at,case_no,kind,version,body,hash`.
  var logRow: LogRow {
    LogRow(
      seq: Seq(int(0)), epoch: int(1), at: Instant(microseconds: int(2)),
      caseID: intIfAny(3).map { CaseID(Seq($0)) }, kind: text(4), version: Int(int(5)),
      body: bytes(6), hash: bytes(7))
  }
}
