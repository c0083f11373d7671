package import Engine
internal import GRDB
internal import GRDBSQLite
package import Orchestration
package import Record

/// The log in one SQLite file, owned by this process (LOG §5, §7).
///
/// All calls come from one thread. After a failure it answers nothing but refusals: close it, open
/// the file anew and fold.
///
/// `@unchecked Sendable`: rows of a group that is still being gathered are written on the queue of
/// the connection. What that touches (`writer`, `signing`, `snapshots`, `retirement`, `prepared`, `failure` and the statements)
/// is touched on that queue only, or by the calling thread while the queue has nothing to do.
package final class SQLiteStore: EventStore, @unchecked Sendable {
  /// What opening needs.
  package struct Options: Sendable {
    /// The database; WAL, lock and journal stand beside it.
    package var database: String
    package var keysFile: String
    package var kek: KeyEncryptionKey
    /// The file that `kek` was read from, if any. A rotation cut short left the next key beside it:
    /// which of the two is in force is found out on opening, and the file holds that one then.
    package var kekFile: String?
    /// Host part of the origin; at creation only.
    package var host: String
    /// 8 bytes; at creation only. Random if nil.
    package var logID: [UInt8]?
    /// Wall clock, for `created_at` at creation and for the lock.
    package var now: Instant
    package var pid: Int32
    package var keySource: KeySource
    /// Bound on the size of the file, beyond which the disk counts as full; nil = none.
    package var pagesMax: Int?
    /// Signs the checkpoints; nil: what `signerFile` holds.
    package var signer: SigningSeed?
    /// Made if need be; nil: `petrel.signer` beside the keys file.
    package var signerFile: String?
    /// Where checkpoints are written down; nil: `petrel.anchors` beside the database.
    package var anchors: String?
    /// Takes the line of each checkpoint, and what went wrong with the anchors.
    package var announceCheckpoint: (@Sendable (String) -> Void)?
    /// A log to which nothing is appended for so long is signed to its last row.
    package var restNanoseconds: UInt64 = 1_000_000_000
    /// Opens a log that does not hold its last anchor, or lacks keys, to say so in the log.
    package var acceptsLoss = false

    package init(
      database: String, keysFile: String, kek: KeyEncryptionKey, host: String = "localhost",
      logID: [UInt8]? = nil, now: Instant, pid: Int32, keySource: KeySource = .random,
      pagesMax: Int? = nil, signer: SigningSeed? = nil, anchors: String? = nil
    ) {
      self.database = database
      self.keysFile = keysFile
      self.kek = kek
      self.host = host
      self.logID = logID
      self.now = now
      self.pid = pid
      self.keySource = keySource
      self.pagesMax = pagesMax
      self.signer = signer
      self.anchors = anchors
    }
  }

  let path: String
  let queue: DatabaseQueue
  let checkpointer: Checkpointer
  let lock: OwnerLock
  private let holder: OwnerLock.Holder
  var writer: LogWriter
  var statements: Statements?
  /// Pages in the WAL after the last commit.
  let pagesInWAL: PageCount
  /// Pages in the WAL when a checkpoint was last begun.
  var pagesCheckpointed: Int32 = 0
  /// Entries of request slots up to this one are being taken away.
  var slotExpiring: Int64?
  /// Rows in the open transaction, which the next group begins with.
  var prepared = 0
  /// What went wrong while they were written.
  var failure: StoreError?
  let batch = RowBatch()
  private let space: WALSpace
  var isBroken = false
  var signing: Signing
  var snapshots = Snapshots()
  /// The pass of retention under way, or the last one.
  var retirement: Retirement?
  /// Keys may be missing without an event: the caller will write one.
  var acceptsMissingKeys = false

  init(
    path: String, queue: DatabaseQueue, checkpointer: Checkpointer, lock: OwnerLock,
    holder: OwnerLock.Holder, writer: LogWriter, signing: Signing
  ) throws(StoreError) {
    self.path = path
    self.queue = queue
    self.checkpointer = checkpointer
    self.lock = lock
    self.holder = holder
    self.writer = writer
    self.signing = signing
    let pages = PageCount()
    pagesInWAL = pages
    space = WALSpace(database: path)
    space.keepAhead(of: 0)
    statements = try translating("preparing") {
      try queue.writeWithoutTransaction { database in
        guard let connection = database.sqliteConnection else { throw StoreError.broken }
        sqlite3_wal_hook(
          connection,
          { context, _, _, pages in
            guard let context else { return SQLITE_OK }
            Unmanaged<PageCount>.fromOpaque(context).takeUnretainedValue().pages = pages
            return SQLITE_OK
          }, Unmanaged.passUnretained(pages).toOpaque())
        return try Statements(connection)
      }
    }
  }

  /// What SQLite's hook writes and the same thread reads after each commit.
  final class PageCount {
    var pages: Int32 = 0
  }

  package var identity: LogIdentity {
    sync { _ in self.writer.identity } ?? writer.identity
  }

  /// Has room on the disk for the next groups.
  func keepSpace() { space.keepAhead(of: pagesInWAL.pages) }

  package var bytesAhead: Int64 { space.bytes(of: pagesInWAL.pages) }

  /// Writes into the lock where the service answers, for those who find the log held.
  package func announce(url: String) {
    var holder = holder
    holder.url = url
    lock.write(holder)
  }

  package func close() {
    guard statements != nil else { return }
    signAtEnd()
    cancelSnapshot()
    isBroken = true
    sync { connection in
      if sqlite3_get_autocommit(connection) == 0 { _ = self.statements?.rollback.run() }
      self.statements = nil
      self.retirement = nil
    }
    writer.keys.rest()
    // Whatever fails here is made good by the next start, which moves the WAL again.
    try? queue.close()
    try? checkpointer.finish()
    lock.release()
  }

  /// Runs `body` on the connection's queue.
  func sync<Result>(_ body: (OpaquePointer) -> Result) -> Result? {
    queue.writeWithoutTransaction { database in
      database.sqliteConnection.map(body)
    }
  }

  /// Runs `body` on the connection's queue, with its statements.
  func using<Result>(
    _ operation: String, _ body: (Statements) throws -> Result
  ) throws(StoreError) -> Result {
    guard let statements else { throw .broken }
    return try translating(operation) {
      try queue.writeWithoutTransaction { _ in try body(statements) }
    }
  }
}
