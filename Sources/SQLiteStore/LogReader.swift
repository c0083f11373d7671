package import Engine
internal import Foundation
internal import GRDB
package import Orchestration
package import Record
internal import Synchronization

/// Reads a log's file beside its owner, on a copy, or when no service runs. Never writes.
///
/// Any number of threads; each call sees whole commits. Without keys personal parts stay sealed.
package final class LogReader: LogReading {
  /// So many calls are answered at the same time.
  private static let connections = 3

  package let path: String
  package let origin: String
  package let shard: Int64
  private let queues: [DatabaseQueue]
  private let turn = Atomic(0)
  let keys: KeysFile?

  /// Where the keys of a log are.
  package struct Keys: Sendable {
    package var file: String
    package var kek: KeyEncryptionKey

    package init(file: String, kek: KeyEncryptionKey) {
      self.file = file
      self.kek = kek
    }
  }

  /// Refuses a file that is no log, is of a newer format, or whose keys file does not fit.
  package init(path: String, keys: Keys? = nil) throws(StoreError) {
    self.path = path
    guard try LogConnection.content(of: path) == .log else {
      throw StoreError(.unreadable, code: "S102", "\(path) is an empty file, no log of Petrel")
    }
    var queues: [DatabaseQueue] = []
    for _ in 0..<Self.connections { queues.append(try LogConnection.reading(path)) }
    self.queues = queues
    let meta = try LogMeta(queues[0])
    origin = meta.origin
    shard = meta.shard
    self.keys = try keys.map { (keys) throws(StoreError) in
      try KeysFile.open(path: keys.file, logID: meta.logID, kek: keys.kek, isReadOnly: true)
    }
  }

  deinit {
    for queue in queues { try? queue.close() }
  }

  /// Runs `body` in one read transaction on a connection that is not used otherwise meanwhile.
  func read<Result>(
    _ operation: String, _ body: (Database) throws -> Result
  ) throws(StoreError) -> Result {
    let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
    let queue = queues[Int(UInt(bitPattern: turn) % UInt(queues.count))]
    return try translating(operation) { try queue.read(body) }
  }

  package func head() throws(StoreError) -> (seq: Seq, at: Instant) {
    let row = try read("reading the head") { database in
      try Row.fetchOne(database, sql: "SELECT seq, at FROM log ORDER BY seq DESC LIMIT 1")
        .map { ($0[0] as Int64, $0[1] as Int64) }
    }
    return (Seq(row?.0 ?? 0), Instant(microseconds: row?.1 ?? 0))
  }

  package func rows(_ query: RowQuery, limit: Int) throws(StoreError) -> [LogRow] {
    try read("reading the log") { database in
      var arguments: [any DatabaseValueConvertible] = [query.after.number]
      var condition = "seq>?"
      if let id = query.caseID {
        condition += " AND case_no=?"
        arguments.append(id.seq.number)
      }
      if !query.kinds.isEmpty {
        let marks = databaseQuestionMarks(count: query.kinds.count)
        condition += " AND kind IN (\(marks))"
        arguments += query.kinds
      }
      arguments.append(limit)
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT seq, epoch, at, case_no, kind, version, body, hash FROM log
          WHERE \(condition) ORDER BY seq\(query.isNewestFirst ? " DESC" : "") LIMIT ?
          """, arguments: StatementArguments(arguments))
      var found: [LogRow] = []
      while let row = try rows.next() { found.append(LogRow(row)) }
      return found
    }
  }

  /// Reads all rows in order, as the owner does at its start; a row that appears meanwhile may or
  /// may not be read. Refuses a log of which rows have left.
  package func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
    try fold(after: Seq(0)) { row, _ in try body(row) }
  }

  /// Reads the rows behind `first` in order, each with its hash; refuses a log of which such rows have
  /// left.
  package func fold(
    after first: Seq, _ body: (LoggedEvent, [UInt8]) throws -> Void
  ) throws(StoreError) {
    if let pruned = try pruned(behind: first) { throw SnapshotTable.unfoldable(pruned) }
    var query = RowQuery(after: first)
    while true {
      let rows = try rows(query, limit: 4096)
      for row in rows {
        let event = try LoggedEvent(row)
        do {
          try body(event, row.hash)
        } catch {
          throw StoreError.unfolded(row.seq, row.kind, error)
        }
      }
      guard rows.count == 4096, let last = rows.last else { return }
      query.after = last.seq
    }
  }

  /// One row, decoded; nil if there is none.
  package func event(at seq: Seq) throws(StoreError) -> LoggedEvent? {
    guard let row = try rows(RowQuery(after: Seq(seq.number - 1)), limit: 1).first,
      row.seq == seq
    else { return nil }
    return try LoggedEvent(row)
  }

  package func pruning(of row: Seq) throws(StoreError) -> Seq? {
    try read("reading the pruned runs") { database in
      guard let connection = database.sqliteConnection else { throw StoreError.broken }
      return try PrunedRun.of(row.number, connection).map { Seq($0.by) }
    }
  }

  /// How many rows have left by their age.
  package func rowsPruned() throws(StoreError) -> Int64 {
    try read("reading the pruned runs") { database in
      try Int64.fetchOne(
        database, sql: "SELECT coalesce(sum(last_seq-first_seq+1),0) FROM pruned") ?? 0
    }
  }

  package func payload(seq: Seq, index: Int32) throws(StoreError) -> [UInt8]? {
    guard let keys else { return nil }
    let found = try read("reading a payload") { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT p.key_no, p.box, substr(l.sealed, ?2*32+1, 32) FROM payload p, log l
          WHERE p.id=(?1<<16)|?2 AND l.seq=?1
          """, arguments: [seq.number, Int64(index)]
      )
      .map { ($0[0] as Int64, Array($0[1] as Data), Array($0[2] as Data)) }
    }
    guard let (number, box, sealed) = found, let commitment = Hash256(sealed),
      case .present(let key) = try keys.key(number)
    else { return nil }
    return try Sealing.open(
      box, commitment: commitment, under: key, shard: shard, seq: seq.number, index: index)
  }

  /// Bytes that a body names by their SHA-256.
  package func blob(_ digest: [UInt8]) throws(StoreError) -> [UInt8]? {
    try read("reading a blob") { database in
      try Data.fetchOne(
        database, sql: "SELECT bytes FROM blob WHERE hash=?", arguments: [Data(digest)]
      )
      .map { Array($0) }
    }
  }

  package func definitions() throws(StoreError) -> [StoredDefinition] {
    try read("reading the definitions") { database in
      try Row.fetchAll(
        database, sql: "SELECT seq, kind, name, hash, text FROM definition ORDER BY seq"
      )
      .map { row in
        guard let kind = DefinitionKind(rawValue: row[1]) else {
          throw StoreError(
            .unreadable, code: "S105", "a definition is of a kind that this version does not know")
        }
        return StoredDefinition(
          id: DefinitionID(Seq(row[0])), kind: kind, name: row[2], hash: Array(row[3] as Data),
          text: Array((row[4] as String).utf8))
      }
    }
  }
}

extension LogRow {
  init(_ row: Row) {
    self.init(
      seq: Seq(row[0]), epoch: row[1], at: Instant(microseconds: row[2]),
      caseID: (row[3] as Int64?).map { CaseID(Seq($0)) }, kind: row[4], version: row[5],
      body: Array((row[6] as String).utf8), hash: Array(row[7] as Data))
  }
}
