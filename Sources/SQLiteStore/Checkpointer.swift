internal import GRDB
internal import GRDBSQLite
internal import Orchestration
internal import Synchronization

/// Moves pages from the WAL into the database on a connection and thread of its own, so that no
/// commit waits for it.
final class Checkpointer: Sendable {
  /// A checkpoint begins after so many pages.
  static let pages: Int32 = 4000
  /// From so many pages on the writer lends a hand.
  static let pagesLong: Int32 = 16_000

  private let queue: DatabaseQueue
  private let isRunning = Atomic(false)

  init(path: String) throws(StoreError) {
    queue = try LogConnection.writing(path, label: "petrel.checkpointer")
  }

  /// Begins a checkpoint unless one is under way.
  func begin() {
    guard isRunning.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    else { return }
    queue.asyncWriteWithoutTransaction { [self] database in
      sqlite3_wal_checkpoint_v2(
        database.sqliteConnection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
      isRunning.store(false, ordering: .relaxed)
    }
  }

  /// Moves everything, syncs it, cuts the WAL to nothing and closes the connection.
  func finish() throws(StoreError) {
    try truncate()
    try translating("closing the database") { try queue.close() }
  }

  /// Moves everything, syncs it and cuts the WAL to nothing, unless a reader needs it.
  func truncate() throws(StoreError) {
    try translating("checkpointing") {
      try queue.writeWithoutTransaction { database in
        let code = sqlite3_wal_checkpoint_v2(
          database.sqliteConnection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard code == SQLITE_OK || code == SQLITE_BUSY else {
          throw StoreError.sqlite(code, "the WAL could not be moved", "checkpointing")
        }
      }
    }
  }
}
