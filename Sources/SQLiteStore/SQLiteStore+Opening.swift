internal import Engine
internal import Foundation
internal import GRDB
package import Orchestration
internal import Record

extension SQLiteStore {
  /// Opens the log, or makes it; takes the lock beside it.
  ///
  /// Everything of an earlier run is moved out of the WAL and synced before anything is served.
  package static func open(_ options: Options) throws(StoreError) -> SQLiteStore {
    let path = options.database
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try NetworkFileSystem.refuse(folder)
    let holder = OwnerLock.Holder(pid: options.pid, started: options.now)
    let lock = try OwnerLock(database: path, holder: holder)
    try LogConnection.settleJournal(path)
    let content = try LogConnection.content(of: path)
    let queue = try LogConnection.writing(path, label: "petrel.writer")
    if content == .new { try create(queue, options) }
    let checkpointer = try Checkpointer(path: path)
    try checkpointer.truncate()
    if content == .new { try Folder.sync(folder) }
    let meta = try LogMeta(queue)
    if let rows = meta.archive {
      throw StoreError(
        .unreadable, code: "S124",
        "\(path) is an archive of rows \(rows.lowerBound) to \(rows.upperBound): it is read, and "
          + "nothing is added to it")
    }
    try checkKinds(queue)
    let last = try lastRow(queue)
    var options = options
    if last != nil { options.kek = try settledKEK(options, queue) }
    let keys = try KeysFile.ofLog(
      path: options.keysFile, logID: meta.logID, kek: options.kek, source: options.keySource,
      hasRows: last != nil)
    if let pages = options.pagesMax {
      try translating("bounding the file") {
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count=\(pages)") }
      }
    }
    let signing = try Self.signing(options, meta, queue, last: last)
    var writer = LogWriter(origin: meta.origin, shard: meta.shard, keys: keys, last: last)
    writer.kinds = try kinds(queue)
    let store = try SQLiteStore(
      path: path, queue: queue, checkpointer: checkpointer, lock: lock, holder: holder,
      writer: writer, signing: signing)
    store.acceptsMissingKeys = options.acceptsLoss
    return store
  }

  private static func create(
    _ queue: DatabaseQueue, _ options: Options
  ) throws(StoreError) {
    let made = LogMeta(host: options.host, id: options.logID, shard: 0)
    let meta: [(String, any DatabaseValueConvertible)] = [
      ("origin", made.origin), ("log_id", Hexadecimal.text(made.logID)), ("shard", made.shard),
      ("format", Int(LogSchema.format)), ("created_at", options.now.microseconds),
      ("encryption", "on"),
    ]
    try translating("making the log") {
      try queue.inTransaction(.immediate) { database in
        try database.execute(sql: "PRAGMA application_id=\(LogSchema.applicationID)")
        try database.execute(sql: "PRAGMA user_version=\(LogSchema.format)")
        try database.execute(sql: LogSchema.sql)
        for (name, value) in meta {
          try database.execute(
            sql: "INSERT INTO meta(name,value) VALUES(?,?)", arguments: [name, value])
        }
        return .commit
      }
    }
  }

  /// Refuses a log with kinds that this binary does not know, naming the first row of one.
  private static func checkKinds(_ queue: DatabaseQueue) throws(StoreError) {
    let rows = try translating("reading the kinds") {
      try queue.read { database in
        try Row.fetchAll(
          database, sql: "SELECT kind, version, first_seq FROM event_kind ORDER BY first_seq")
      }
    }
    for row in rows {
      let (kind, version, seq): (String, Int, Int64) = (row[0], row[1], row[2])
      try EventKind.require(kind, version: version, firstSeq: seq)
    }
  }

  private static func kinds(_ queue: DatabaseQueue) throws(StoreError) -> Set<EventKind> {
    let names = try translating("reading the kinds") {
      try queue.read { try String.fetchAll($0, sql: "SELECT kind FROM event_kind") }
    }
    return Set(names.compactMap { EventKind(rawValue: $0) })
  }

  private static func lastRow(_ queue: DatabaseQueue) throws(StoreError) -> LogWriter.Last? {
    let row = try translating("reading the last row") {
      try queue.read { database in
        try Row.fetchOne(
          database, sql: "SELECT seq, at, epoch, hash FROM log ORDER BY seq DESC LIMIT 1")
      }
    }
    guard let row else { return nil }
    let hash: Data = row[3]
    guard let hash = Hash256(Array(hash)) else {
      throw StoreError(.unreadable, code: "S106", "the last row has no hash")
    }
    return LogWriter.Last(seq: row[0], at: row[1], epoch: row[2], hash: hash)
  }
}

extension LogMeta {
  /// Of a log's file.
  init(_ queue: DatabaseQueue) throws(StoreError) {
    let found = try translating("reading meta") {
      try queue.read { database in
        (
          try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='origin'"),
          try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='log_id'"),
          try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE name='shard'"),
          try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='encryption'"),
          try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='archive'")
        )
      }
    }
    try self.init(origin: found.0, logID: found.1, shard: found.2, encryption: found.3)
    archive = found.4.flatMap { LogArchive.range($0) }
  }
}
