internal import GRDBSQLite
internal import Orchestration

/// A statement of SQLite that is prepared once and run again and again.
///
/// Used on one connection's thread only, and released before the connection is closed. Bound bytes
/// are not copied: they must live until `run` returns.
final class PreparedStatement {
  let handle: OpaquePointer
  private let connection: OpaquePointer
  private let operation: String

  init(_ connection: OpaquePointer, _ sql: String, _ operation: String) throws(StoreError) {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else {
      throw .sqlite(code, String(cString: sqlite3_errmsg(connection)), operation)
    }
    self.handle = handle
    self.connection = connection
    self.operation = operation
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ index: Int32, _ number: Int64) { sqlite3_bind_int64(handle, index, number) }

  func bind(_ index: Int32, _ number: Int64?) {
    if let number { bind(index, number) } else { sqlite3_bind_null(handle, index) }
  }

  /// Copied by SQLite.
  func bind(_ index: Int32, copying text: String) {
    sqlite3_bind_text(
      handle, index, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
  }

  func bind(_ index: Int32, text: UnsafeRawBufferPointer) {
    let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
    guard let start else {
      bind(index, copying: "")
      return
    }
    sqlite3_bind_text(handle, index, start, Int32(text.count), nil)
  }

  func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
    if blob.isEmpty {
      sqlite3_bind_zeroblob(handle, index, 0)
    } else {
      sqlite3_bind_blob(handle, index, blob.baseAddress, Int32(blob.count), nil)
    }
  }

  /// Runs a statement that gives no rows, and makes it ready for the next run.
  ///
  /// - Returns: SQLite's extended code: `SQLITE_DONE`, or what went wrong.
  func run() -> Int32 {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    return code
  }

  /// The next row is there to be read; false at the end, after which the statement is ready again.
  func next() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw failure(code) }
    return false
  }

  func reset() { sqlite3_reset(handle) }

  func failure(_ code: Int32, isCommit: Bool = false) -> StoreError {
    .sqlite(
      code, String(cString: sqlite3_errmsg(connection)), operation, isCommit: isCommit)
  }

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func intIfAny(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : int(column)
  }

  func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }

  /// Text or blob.
  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(
      UnsafeRawBufferPointer(
        start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// Text or blob, until the next row is asked for.
  func buffer(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
  }
}
