package import Engine
internal import GRDBSQLite
package import Orchestration
internal import PetriNet
internal import Record

extension SQLiteStore {
  package func append(_ group: AppendGroup) throws(StoreError) {
    guard !isBroken, !group.events.isEmpty || !group.definitions.isEmpty else {
      if isBroken { throw .broken }
      return
    }
    do throws(StoreError) {
      try using("appending") { statements in try write(group, statements) }
    } catch {
      isBroken = true
      throw error
    }
    signing.noteAppend()
    signing.publish()
    keepSpace()
    if !writer.keysOfClosedSlots.isEmpty {
      slotExpiring = writer.slotClosed
      for key in writer.keysOfClosedSlots { try writer.keys.shred(key) }
      writer.keysOfClosedSlots = []
    }
    try checkpoint()
  }

  /// Begins a checkpoint beside the writer each time the WAL has grown by some thousand pages.
  /// Under steady load that never moves the last ones, so a long WAL is finished by the writer
  /// itself, after which it begins anew.
  func checkpoint() throws(StoreError) {
    let pages = pagesInWAL.pages
    if pages < pagesCheckpointed { pagesCheckpointed = 0 }
    guard pages - pagesCheckpointed >= Checkpointer.pages else { return }
    pagesCheckpointed = pages
    guard pages >= Checkpointer.pagesLong else {
      checkpointer.begin()
      return
    }
    _ = try using("checkpointing") { statements in
      sqlite3_wal_checkpoint_v2(
        statements.connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
  }

  /// Writes the events into the transaction in which the next group will be committed, on the
  /// connection's queue.
  package func prepare(_ events: [LoggedEvent]) {
    guard !isBroken else { return }
    queue.asyncWriteWithoutTransaction { [self] _ in
      guard failure == nil, let statements else { return }
      do throws(StoreError) {
        try write(events[...], statements)
      } catch {
        failure = error
      }
    }
  }

  /// Writes rows, beginning the transaction if none is open.
  private func write(
    _ events: ArraySlice<LoggedEvent>, _ statements: Statements
  ) throws(StoreError) {
    if sqlite3_get_autocommit(statements.connection) != 0 {
      let code = statements.begin.run()
      guard code == SQLITE_DONE else { throw statements.begin.failure(code) }
      writer.beginGroup()
      try completeTree()
    }
    for event in events {
      let record = try writer.record(event) { (id) throws(StoreError) in
        try Self.keyNumber(of: id, statements)
      }
      batch.add(record)
      signing.series.add(record.hash)
      if batch.isFull { try batch.insert(statements) }
      try insertBeside(record, statements)
    }
    try batch.insert(statements)
    prepared += events.count
  }

  private func write(_ group: AppendGroup, _ statements: Statements) throws(StoreError) {
    do throws(StoreError) {
      if let failure { throw failure }
      try write(group.events[prepared...], statements)
      prepared = 0
      for definition in group.definitions { try insert(definition, statements) }
      if let rows = group.retiring { try remove(rows, group.events, statements) }
      if let slot = slotExpiring { try expire(slot, statements) }
      if group.events.contains(where: \.isSnapshotTaken) { try logged(statements) }
      try tendSnapshots(statements)
      try sign(statements)
      let code = statements.commit.run()
      guard code == SQLITE_DONE else { throw statements.commit.failure(code, isCommit: true) }
    } catch {
      // A full disk has rolled back by itself.
      if sqlite3_get_autocommit(statements.connection) == 0 { _ = statements.rollback.run() }
      batch.forget()
      throw error
    }
  }

  /// Writes what a row brings with it into other tables.
  private func insertBeside(
    _ record: LogRecord, _ statements: Statements
  ) throws(StoreError) {
    for box in record.boxes { try insert(box, record.seq, statements) }
    for blob in record.blobs {
      try insert(blob, statements)
      if case .blobs(let sweep?)? = retirement?.phase { sweep.keep(blob.digest) }
    }
    if let request = record.request { try insert(request, record.seq, statements) }
    if !writer.kinds.contains(record.kind) { try insertKind(record, statements) }
  }

  private func insert(
    _ box: LogRecord.Box, _ seq: Int64, _ statements: Statements
  ) throws(StoreError) {
    let statement = statements.insertPayload
    statement.bind(1, seq << 16 | Int64(box.index))
    statement.bind(2, box.keyNumber)
    statement.bind(3, copying: box.role.rawValue)
    try run(statement, blob: box.bytes, at: 4)
  }

  private func insert(
    _ blob: EncodedEvent.Blob, _ statements: Statements
  ) throws(StoreError) {
    let statement = statements.insertBlob
    let code = blob.digest.withBytes { digest in
      blob.bytes.withUnsafeBytes { bytes in
        statement.bind(1, blob: digest)
        statement.bind(2, blob: bytes)
        return statement.run()
      }
    }
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }

  private func insert(
    _ request: LogRecord.Request, _ seq: Int64, _ statements: Statements
  ) throws(StoreError) {
    let statement = statements.insertRequest
    statement.bind(1, request.slot)
    statement.bind(3, seq)
    try run(statement, blob: request.key, at: 2)
  }

  private func insertKind(_ record: LogRecord, _ statements: Statements) throws(StoreError) {
    let statement = statements.insertKind
    statement.bind(1, copying: record.kind.rawValue)
    statement.bind(2, Int64(record.version))
    statement.bind(3, record.seq)
    let code = statement.run()
    guard code == SQLITE_DONE else { throw statement.failure(code) }
    writer.kinds.insert(record.kind)
  }

  private func insert(
    _ definition: StoredDefinition, _ statements: Statements
  ) throws(StoreError) {
    let statement = statements.insertDefinition
    statement.bind(1, definition.id.seq.number)
    statement.bind(2, copying: definition.kind.rawValue)
    statement.bind(3, copying: definition.name)
    let code = definition.hash.withUnsafeBytes { hash in
      definition.text.withUnsafeBytes { text in
        statement.bind(4, blob: hash)
        statement.bind(5, text: text)
        return statement.run()
      }
    }
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }

  /// A few entries a commit, until none are left.
  private func expire(_ slot: Int64, _ statements: Statements) throws(StoreError) {
    statements.expireRequests.bind(1, slot)
    let code = statements.expireRequests.run()
    guard code == SQLITE_DONE else { throw statements.expireRequests.failure(code) }
    if sqlite3_changes(statements.connection) == 0 { slotExpiring = nil }
  }

  private func run(
    _ statement: PreparedStatement, blob: [UInt8], at index: Int32
  ) throws(StoreError) {
    let code = blob.withUnsafeBytes { bytes in
      statement.bind(index, blob: bytes)
      return statement.run()
    }
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }

  static func keyNumber(
    of id: CaseID, _ statements: Statements
  ) throws(StoreError) -> Int64? {
    let statement = statements.keyOfCase
    statement.bind(1, id.seq.number)
    defer { statement.reset() }
    if try statement.next() { return statement.intIfAny(0) }
    let run = try PrunedRun.of(id.seq.number, statements.connection)
    return run == nil ? nil : LogWriter.keyGone
  }
}
