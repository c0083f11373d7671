internal import GRDB
internal import GRDBSQLite
internal import Orchestration

extension StoreError {
  /// A failure of SQLite as LOG §7 sorts them. `isCommit` while a transaction is being committed.
  ///
  /// Holds SQLite's code and message and the operation, never arguments.
  static func sqlite(
    _ code: Int32, _ message: String, _ operation: String, isCommit: Bool = false
  ) -> StoreError {
    let text = "\(operation): \(message) (SQLite \(code))"
    switch code & 0xFF {
    case SQLITE_FULL:
      return StoreError(.full, code: "S111", "the disk is full; nothing was written. \(text)")
    case SQLITE_BUSY, SQLITE_LOCKED:
      return StoreError(
        .failed, code: "S112", "the database was busy for over 5 s; nothing was written. \(text)")
    case SQLITE_IOERR where isCommit:
      return StoreError(
        .unknown, code: "S118",
        "whether the last rows are on disk is unknown; they are read again at the next start. "
          + text)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return StoreError(.unreadable, code: "S106", text)
    default:
      return StoreError(.failed, code: "S110", "nothing was written. \(text)")
    }
  }

  static func of(_ error: any Error, _ operation: String) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else {
      return StoreError(.failed, code: "S110", "\(operation): \(error)")
    }
    return sqlite(error.extendedResultCode.rawValue, error.message ?? "no message", operation)
  }
}

/// Runs `body` and gives errors of GRDB and SQLite as refusals.
func translating<Result>(
  _ operation: String, _ body: () throws -> Result
) throws(StoreError) -> Result {
  do {
    return try body()
  } catch {
    throw StoreError.of(error, operation)
  }
}
