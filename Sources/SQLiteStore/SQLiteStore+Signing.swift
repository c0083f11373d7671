package import Engine
internal import GRDBSQLite
package import Orchestration
package import Record

extension SQLiteStore {
  /// Writes the checkpoint that is due into the transaction that is being committed.
  func sign(_ statements: Statements) throws(StoreError) {
    guard !signing.isHeld else { return }
    if let entry = signing.series.entry(at: writer.last.at) { try insert(entry, statements) }
  }

  private func insert(
    _ entry: CheckpointSeries.Entry, _ statements: Statements
  ) throws(StoreError) {
    let checkpoint = entry.note.checkpoint
    let statement = statements.insertCheckpoint
    statement.bind(1, checkpoint.size)
    statement.bind(2, entry.at)
    statement.bind(4, copying: entry.note.text)
    let code = checkpoint.root.withBytes { root in
      statement.bind(3, blob: root)
      return statement.run()
    }
    guard code == SQLITE_DONE else { throw statement.failure(code) }
    signing.signed = entry
  }

  package func settle() throws(StoreError) {
    guard !isBroken, canSignAlone,
      signing.hasRested
    else { return }
    do throws(StoreError) {
      try signNow()
    } catch {
      // Nothing was written and nothing waits for it: the next group is signed in its turn.
      if error.kind == .full || error.kind == .failed { return }
      isBroken = true
      throw error
    }
  }

  /// A checkpoint of all rows, in a transaction of its own.
  func signNow() throws(StoreError) {
    try using("signing") { statements in
      guard sqlite3_get_autocommit(statements.connection) != 0 else { return }
      try statements.transaction { () throws(StoreError) in
        try insert(signing.series.entryNow(at: writer.last.at), statements)
      }
    }
    signing.publish()
  }

  /// On stop the last rows are signed too, if nothing stands against it.
  func signAtEnd() {
    guard !isBroken, canSignAlone else { return }
    try? signNow()
  }

  private var canSignAlone: Bool { signing.canSignAlone(last: writer.last.seq) }

  /// The tree of all rows, where they were not folded or some have left.
  func completeTree() throws(StoreError) {
    guard signing.series.tree.size != writer.last.seq, let statements else { return }
    let runs = try PrunedRun.all(statements.connection)
    signing.series.begin(
      with: MerkleTree(try LogTree.range(0..<writer.last.seq, statements.connection, runs)))
  }

  /// Appends an event of the log's own between two runs of a service.
  ///
  /// - Precondition: The log was folded and nobody else appends.
  package func appendAlone(_ event: Event, at now: Instant) throws(StoreError) -> Seq {
    let seq = Seq(writer.last.seq + 1)
    let logged = LoggedEvent(
      seq: seq, epoch: writer.last.epoch,
      at: max(now, Instant(microseconds: writer.last.at)), caseID: nil, event: event)
    try append(AppendGroup(events: [logged]))
    return seq
  }
}

extension SQLiteStore {
  /// Puts another signing key in the place of the one in force: by an event whose checkpoint both
  /// have signed (LOG §4).
  package func changeSigner(to seed: SigningSeed, at now: Instant) throws(StoreError) -> Seq {
    let new = seed.key(of: writer.origin)
    guard let old = signing.series.keys.last else { throw .broken }
    signing.series.keys = [old, new]
    return try appendAlone(
      .signingKeyChanged(SigningKeyChanged(new: new.verifier, old: old.verifier)), at: now)
  }

  /// What a log lacks that its anchors know.
  package struct Loss: Equatable, Sendable {
    package var anchor: Checkpoint
    /// Rows up to the anchor that are not in the log, or are others.
    package var rows: Int64
  }

  /// What the last anchor covers and the log does not hold; nil if it holds it.
  package func loss() throws(StoreError) -> Loss? {
    let anchors = try signing.anchors.anchors(of: writer.origin).map(\.checkpoint)
    guard let last = anchors.last else { return nil }
    let roots = try using("reading the checkpoints") { statements in
      let rows = try PreparedStatement(
        statements.connection, "SELECT size, root FROM checkpoint WHERE size<=?1",
        "reading the checkpoints")
      rows.bind(1, writer.last.seq)
      var roots: [Int64: Hash256] = [:]
      while try rows.next() { roots[rows.int(0)] = Hash256(rows.bytes(1)) }
      return roots
    }
    if roots[last.size] == last.root { return nil }
    let within = anchors.filter { $0.size <= writer.last.seq }
    // Old checkpoints are thinned, so what counts is the last anchor that is in the log.
    let common = within.filter { roots[$0.size] == $0.root }.map(\.size).max() ?? 0
    let isReplaced = within.contains { $0.size > common }
    return Loss(anchor: last, rows: last.size - (isReplaced ? common : writer.last.seq))
  }

  /// Says in the log that rows which its last anchor covers are given up.
  package func giveUp(_ loss: Loss, at now: Instant) throws(StoreError) -> Seq {
    let event = Restored(anchor: Restored.anchor(loss.anchor), lost: loss.rows)
    signing.isHeld = false
    let seq = try appendAlone(.restored(event), at: now)
    if signing.series.isBehind { try signNow() }
    return seq
  }
}
