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
    let content = try LogConnection.content(of: path)
    let queue = try LogConnection.writing(path, label: "petrel.writer")
    if content == .new { try create(queue, options) }
    let checkpointer = try Checkpointer(path: path)
    try checkpointer.truncate()
    if content == .new { try syncFolder(folder) }
    let meta = try Meta(queue)
    try checkKinds(queue)
    let last = try lastRow(queue)
    var options = options
    if last != nil { options.kek = try settledKEK(options, queue) }
    let keys = try keysFile(options, meta, isNew: last == nil)
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

  /// What a log says of itself beside its rows.
  struct Meta {
    var origin: String
    var logID: [UInt8]
    var shard: Int64

    init(_ queue: DatabaseQueue) throws(StoreError) {
      let found = try translating("reading meta") {
        try queue.read { database in
          (
            try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='origin'"),
            try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='log_id'"),
            try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE name='shard'"),
            try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name='encryption'")
          )
        }
      }
      guard let origin = found.0, let id = found.1.flatMap({ Hexadecimal.bytes($0.utf8) }),
        id.count == 8, let shard = found.2
      else { throw StoreError(.unreadable, code: "S106", "the log does not say what it is") }
      guard found.3 == "on" else {
        throw StoreError(
          .unreadable, code: "S103",
          "the log was begun without encryption, which this version does not read")
      }
      self.origin = origin
      logID = id
      self.shard = shard
    }
  }

  private static func create(
    _ queue: DatabaseQueue, _ options: Options
  ) throws(StoreError) {
    var random = SystemRandomNumberGenerator()
    let id =
      options.logID ?? withUnsafeBytes(of: random.next() as UInt64) { Array($0) }
    precondition(id.count == 8, "a log's id has 8 bytes")
    let hex = Hexadecimal.text(id)
    let meta: [(String, any DatabaseValueConvertible)] = [
      ("origin", "\(options.host)/\(hex)/0"), ("log_id", hex), ("shard", 0),
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

  /// The names of new files are on disk when it returns.
  private static func syncFolder(_ folder: String) throws(StoreError) {
    let descriptor = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.failed, code: "S110", "the folder \(folder) cannot be opened")
    }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw StoreError(.failed, code: "S110", "the folder \(folder) cannot be synced")
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
      guard EventKind(rawValue: kind) != nil, version == EventKind.version else {
        throw StoreError(
          .unreadable, code: "S105",
          "the log holds rows of kind \(kind), version \(version), from row \(seq) on, which "
            + "this version of Petrel does not know; use the version that wrote them")
      }
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

  /// A log without rows gets its keys file now; one with rows must have it.
  private static func keysFile(
    _ options: Options, _ meta: Meta, isNew: Bool
  ) throws(StoreError) -> KeysFile {
    if FileManager.default.fileExists(atPath: options.keysFile) {
      return try KeysFile.open(
        path: options.keysFile, logID: meta.logID, kek: options.kek, source: options.keySource)
    }
    guard isNew else {
      throw StoreError(
        .keyMissing, code: "S115",
        "the keys file \(options.keysFile) is missing, and the log has rows sealed under it; "
          + "put it back, or restore it from its own backup")
    }
    let file = try KeysFile.create(
      path: options.keysFile, logID: meta.logID, kek: options.kek, source: options.keySource)
    try syncFolder(URL(fileURLWithPath: options.keysFile).deletingLastPathComponent().path)
    return file
  }
}
