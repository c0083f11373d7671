internal import GRDBSQLite
internal import Orchestration
internal import Record

/// The statements of the writer's connection.
final class Statements {
  let connection: OpaquePointer
  let begin: PreparedStatement
  let commit: PreparedStatement
  let rollback: PreparedStatement
  /// For each of `RowBatch.sizes`.
  let insertRows: [PreparedStatement]
  let insertPayload: PreparedStatement
  let insertBlob: PreparedStatement
  let insertRequest: PreparedStatement
  let insertDefinition: PreparedStatement
  let insertKind: PreparedStatement
  let insertCheckpoint: PreparedStatement
  let expireRequests: PreparedStatement
  let snapshots: SnapshotStatements
  let rowsAfter: PreparedStatement
  let request: PreparedStatement
  let payload: PreparedStatement
  let blob: PreparedStatement
  let keyOfCase: PreparedStatement
  let definitions: PreparedStatement
  let binary: PreparedStatement

  init(_ connection: OpaquePointer) throws(StoreError) {
    self.connection = connection
    func prepared(_ sql: String, _ operation: String) throws(StoreError) -> PreparedStatement {
      try PreparedStatement(connection, sql, operation)
    }
    begin = try prepared("BEGIN IMMEDIATE", "beginning a transaction")
    commit = try prepared("COMMIT", "committing")
    rollback = try prepared("ROLLBACK", "rolling back")
    insertRows = try RowBatch.sizes.map { (size) throws(StoreError) in
      let row = "(?,?,?,?,?,?,?,?,?)"
      return try prepared(
        """
        INSERT INTO log(seq,epoch,at,case_no,kind,version,body,sealed,hash)
        VALUES\(Array(repeating: row, count: size).joined(separator: ","))
        """, "writing a row")
    }
    insertPayload = try prepared(
      "INSERT INTO payload(id,key_no,role,box) VALUES(?1,?2,?3,?4)", "writing a payload")
    insertBlob = try prepared(
      "INSERT OR IGNORE INTO blob(hash,bytes) VALUES(?1,?2)", "writing a blob")
    insertRequest = try prepared(
      "INSERT OR IGNORE INTO request(slot,key,seq) VALUES(?1,?2,?3)", "writing a request key")
    insertDefinition = try prepared(
      "INSERT INTO definition(seq,kind,name,hash,text) VALUES(?1,?2,?3,?4,?5)",
      "writing a definition")
    insertKind = try prepared(
      "INSERT INTO event_kind(kind,version,first_seq) VALUES(?1,?2,?3)", "writing a kind")
    insertCheckpoint = try prepared(
      "INSERT OR REPLACE INTO checkpoint(size,at,root,note) VALUES(?1,?2,?3,?4)",
      "writing a checkpoint")
    expireRequests = try prepared(
      """
      DELETE FROM request WHERE (slot,key) IN
      (SELECT slot,key FROM request WHERE slot<=?1 LIMIT 500)
      """, "expiring request keys")
    snapshots = try SnapshotStatements(connection)
    rowsAfter = try prepared(
      """
      SELECT seq,epoch,at,case_no,kind,version,body,hash FROM log
      WHERE seq>?1 ORDER BY seq LIMIT ?2
      """, "reading the log")
    request = try prepared(
      "SELECT seq FROM request WHERE slot=?1 AND key=?2", "looking a request up")
    payload = try prepared(
      """
      SELECT p.key_no, p.box, substr(l.sealed, ?2*32+1, 32) FROM payload p, log l
      WHERE p.id=(?1<<16)|?2 AND l.seq=?1
      """, "reading a payload")
    blob = try prepared("SELECT bytes FROM blob WHERE hash=?1", "reading a blob")
    keyOfCase = try prepared(
      "SELECT body->>'$.key' FROM log WHERE kind='caseOpened' AND case_no=?1",
      "looking the key of a case up")
    definitions = try prepared(
      "SELECT seq,kind,name,hash,text FROM definition ORDER BY seq", "reading the definitions")
    binary = try prepared(
      """
      SELECT body->>'$.binary' FROM log WHERE kind='ownerStarted' AND seq<=?1
      ORDER BY seq DESC LIMIT 1
      """, "reading the log")
  }
}

extension Statements {
  /// A transaction of its own around `body`; rolled back where it or its commit fails.
  func transaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    var code = begin.run()
    guard code == SQLITE_DONE else { throw begin.failure(code) }
    do throws(StoreError) {
      try body()
      code = commit.run()
      guard code == SQLITE_DONE else { throw commit.failure(code, isCommit: true) }
    } catch {
      // A full disk has rolled back by itself.
      if sqlite3_get_autocommit(connection) == 0 { _ = rollback.run() }
      throw error
    }
  }
}
