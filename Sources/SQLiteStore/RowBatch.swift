internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Rows on their way into the table of the log, several of them a statement: each statement opens
/// all the table's indexes anew.
///
/// Its memory is used again and again. Touched on the connection's queue only.
final class RowBatch {
  /// Rows of the statements that are prepared, the most first; the last is 1.
  static let sizes = [16, 4, 1]

  private struct Row {
    let seq: Int64
    let epoch: Int64
    let at: Int64
    let caseNumber: Int64?
    let version: Int64
    /// Where its bytes begin, and how long they are: kind, body, sealed, hash.
    let start: Int
    let kind: Int
    let body: Int
    let sealed: Int
  }

  private var rows: [Row] = []
  private var bytes: [UInt8] = []

  var isFull: Bool { rows.count >= Self.sizes[0] }

  func add(_ record: borrowing LogRecord) {
    let start = bytes.count
    let kind = record.kind.rawValue.utf8
    bytes.append(contentsOf: kind)
    bytes.append(contentsOf: record.body)
    bytes.append(contentsOf: record.sealed)
    record.hash.withBytes { bytes.append(contentsOf: $0) }
    rows.append(
      Row(
        seq: record.seq, epoch: record.epoch, at: record.at, caseNumber: record.caseNumber,
        version: Int64(record.version), start: start, kind: kind.count, body: record.body.count,
        sealed: record.sealed.count))
  }

  /// Inserts all rows; afterwards the batch is empty.
  ///
  /// - Throws: `fenced`, naming the row, if one is in the log already.
  func insert(_ statements: Statements) throws(StoreError) {
    defer { forget() }
    var first = 0
    while first < rows.count {
      let left = rows.count - first
      guard let place = Self.sizes.firstIndex(where: { $0 <= left }) else { return }
      let size = Self.sizes[place]
      let statement = statements.insertRows[place]
      let code = run(statement, first..<first + size)
      if code != SQLITE_DONE {
        guard size == 1 else { return try insertSingly(first..<first + size, statements) }
        throw failure(code, rows[first].seq, statement)
      }
      first += size
    }
  }

  func forget() {
    rows.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// After a refusal: tells which row was refused.
  private func insertSingly(_ range: Range<Int>, _ statements: Statements) throws(StoreError) {
    guard let statement = statements.insertRows.last else { return }
    for index in range {
      let code = run(statement, index..<index + 1)
      guard code == SQLITE_DONE else { throw failure(code, rows[index].seq, statement) }
    }
    throw StoreError(.failed, code: "S110", "writing rows together was refused, and singly not")
  }

  private func failure(
    _ code: Int32, _ seq: Int64, _ statement: PreparedStatement
  ) -> StoreError {
    let isTaken = code == SQLITE_CONSTRAINT | (6 << 8) || code == SQLITE_CONSTRAINT | (10 << 8)
    return isTaken ? .fenced(seq) : statement.failure(code)
  }

  private func run(_ statement: PreparedStatement, _ range: Range<Int>) -> Int32 {
    bytes.withUnsafeBytes { bytes in
      var first: Int32 = 0
      for row in rows[range] {
        statement.bind(first + 1, row.seq)
        statement.bind(first + 2, row.epoch)
        statement.bind(first + 3, row.at)
        statement.bind(first + 4, row.caseNumber)
        let body = row.start + row.kind
        let sealed = body + row.body
        let hash = sealed + row.sealed
        statement.bind(first + 5, text: UnsafeRawBufferPointer(rebasing: bytes[row.start..<body]))
        statement.bind(first + 6, row.version)
        statement.bind(first + 7, text: UnsafeRawBufferPointer(rebasing: bytes[body..<sealed]))
        statement.bind(first + 8, blob: UnsafeRawBufferPointer(rebasing: bytes[sealed..<hash]))
        statement.bind(first + 9, blob: UnsafeRawBufferPointer(rebasing: bytes[hash..<hash + 32]))
        first += 9
      }
      return statement.run()
    }
  }
}
