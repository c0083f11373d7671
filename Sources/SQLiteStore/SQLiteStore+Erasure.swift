internal import GRDBSQLite
package import Orchestration
internal import Record

extension SQLiteStore {
  /// Shreds the keys, then deletes the payloads sealed under them and moves the WAL, so that not even
  /// what nobody can read any more stays (LOG §3).
  ///
  /// - Complexity: O(log n) a key of a case; a key of a message is looked for between two cases.
  package func erase(_ keys: [Int64]) throws(StoreError) {
    guard !isBroken else { throw .broken }
    try writer.keys.shred(keys)
    do throws(StoreError) {
      try using("erasing") { statements in
        let erasing = try KeyErasing(statements.connection, head: writer.last.seq)
        try statements.transaction { () throws(StoreError) in
          for key in keys { try erasing.delete(key) }
        }
      }
      try checkpointer.truncate()
    } catch {
      isBroken = true
      throw error
    }
  }
}

/// Deletes what is sealed under a key. Keys are numbered in the order of the rows that took them.
private struct KeyErasing {
  private let head: Int64
  private let following: PreparedStatement
  private let preceding: PreparedStatement
  private let message: PreparedStatement
  private let ofCase: PreparedStatement
  private let ofRow: PreparedStatement

  init(_ connection: OpaquePointer, head: Int64) throws(StoreError) {
    func prepared(_ sql: String) throws(StoreError) -> PreparedStatement {
      try PreparedStatement(connection, sql, "erasing")
    }
    self.head = head
    following = try prepared(
      """
      SELECT case_no, body->>'$.key' FROM log WHERE kind='caseOpened' AND case_no>=?1
      ORDER BY case_no LIMIT 1
      """)
    preceding = try prepared(
      """
      SELECT case_no FROM log WHERE kind='caseOpened' AND case_no<?1
      ORDER BY case_no DESC LIMIT 1
      """)
    message = try prepared(
      """
      SELECT seq FROM log WHERE seq>?1 AND seq<?2 AND kind='tokenDeposited'
      AND body->>'$.key'=?3
      """)
    ofCase = try prepared(
      """
      DELETE FROM payload WHERE key_no=?2 AND id IN (
        SELECT p.id FROM log l CROSS JOIN payload p
        ON p.id BETWEEN l.seq<<16 AND (l.seq<<16)+65535 WHERE l.case_no=?1)
      """)
    ofRow = try prepared("DELETE FROM payload WHERE id BETWEEN ?1<<16 AND (?1<<16)+65535")
  }

  func delete(_ key: Int64) throws(StoreError) {
    let (row, found) = try firstCase(withKeyFrom: key)
    if found == key {
      ofCase.bind(1, row)
      ofCase.bind(2, key)
      return try run(ofCase)
    }
    preceding.bind(1, row)
    let before = try preceding.next() ? preceding.int(0) : 0
    preceding.reset()
    message.bind(1, before)
    message.bind(2, row)
    message.bind(3, key)
    let deposited = try message.next() ? message.int(0) : nil
    message.reset()
    guard let deposited else { return }
    ofRow.bind(1, deposited)
    try run(ofRow)
  }

  /// The first case whose key is not below `key`, and its key; a row behind the last if there is none.
  private func firstCase(withKeyFrom key: Int64) throws(StoreError) -> (row: Int64, key: Int64?) {
    var low: Int64 = 1
    var result: (row: Int64, key: Int64?) = (head + 1, nil)
    var high = head + 1
    while low < high {
      let middle = (low + high) / 2
      following.bind(1, middle)
      let next = try following.next() ? (row: following.int(0), key: following.int(1)) : nil
      following.reset()
      if let next, next.key < key {
        low = next.row + 1
      } else {
        if let next { result = (next.row, next.key) }
        high = middle
      }
    }
    return result
  }

  private func run(_ statement: PreparedStatement) throws(StoreError) {
    let code = statement.run()
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }
}
