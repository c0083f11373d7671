internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Orchestration

/// Connections to a log's file, configured as LOG §5 says and read back.
enum LogConnection {
  /// Set in this order: what comes first cannot be set later.
  private static let pragmas: [(name: String, value: String, readBack: String)] = [
    ("page_size", "4096", "4096"),
    ("auto_vacuum", "INCREMENTAL", "2"),
    ("encoding", "'UTF-8'", "UTF-8"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "OFF", "0"),
    ("wal_autocheckpoint", "0", "0"),
    ("cache_size", "-65536", "-65536"),
    ("busy_timeout", "5000", "5000"),
    ("secure_delete", "FAST", "2"),
    ("mmap_size", "0", "0"),
  ]

  /// A connection of the owner, for the writer or for checkpoints.
  static func writing(_ path: String, label: String) throws(StoreError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = label
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(5)
    // A group's transaction is open while it is being gathered.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { database in
      for pragma in pragmas {
        try database.execute(sql: "PRAGMA \(pragma.name)=\(pragma.value)")
      }
      for pragma in pragmas {
        let found = try String.fetchOne(database, sql: "PRAGMA \(pragma.name)")
        // A build without memory mapping has nothing to read back.
        guard found == pragma.readBack || (pragma.name == "mmap_size" && found == nil) else {
          throw StoreError(
            .failed, code: "S108",
            "\(path): PRAGMA \(pragma.name) reads back \(found ?? "nothing") instead of "
              + pragma.readBack)
        }
      }
      var isKept: Int32 = 1
      sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &isKept)
    }
    return try translating("opening \(path)") {
      try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  /// A connection that only reads, beside the owner or without one.
  ///
  /// Where the files of the WAL cannot be opened, as on a read-only medium, the database is read
  /// as one that nobody writes.
  static func reading(_ path: String) throws(StoreError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "petrel.reader"
    configuration.readonly = true
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(5)
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(.unreadable, code: "S109", "there is no log at \(path)")
    }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      _ = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
      return queue
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
      && !hasWAL(path)
    {
      return try translating("opening \(path) for reading") {
        try DatabaseQueue(path: uri(path) + "?immutable=1", configuration: configuration)
      }
    } catch {
      throw StoreError.of(error, "opening \(path) for reading")
    }
  }

  /// Has SQLite take back what a process or the power ended while the file was being made: until then
  /// nobody can read it. Of a log that is whole there is no journal.
  static func settleJournal(_ path: String) throws(StoreError) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-journal")
    guard (attributes?[.size] as? Int ?? 0) > 0 else { return }
    try translating("taking back what was half written to \(path)") {
      let queue = try DatabaseQueue(path: path)
      _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
      try queue.close()
    }
  }

  private static func hasWAL(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
    return (attributes?[.size] as? Int ?? 0) > 0
  }

  private static func uri(_ path: String) -> String {
    let absolute = URL(fileURLWithPath: path).path
    let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: ";?#%"))
    return "file:" + (absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute)
  }

  /// What kind of file stands at `path`.
  enum Content: Equatable {
    /// None, or one that was never finished being made.
    case new
    case log
  }

  /// Looks at the file without changing it; refuses what is no log, or one of a newer format.
  static func content(of path: String) throws(StoreError) -> Content {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes, (attributes[.size] as? Int ?? 0) > 0 else { return .new }
    let queue = try reading(path)
    defer { try? queue.close() }
    let found = try translating("examining \(path)") {
      try queue.read { database in
        (
          try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
          try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        )
      }
    }
    if found.0 == 0 && found.2 == 0 { return .new }
    try check(path, applicationID: found.0, format: found.1)
    return .log
  }

  static func check(_ path: String, applicationID: Int32, format: Int32) throws(StoreError) {
    guard applicationID == LogSchema.applicationID else {
      throw StoreError(.unreadable, code: "S102", "\(path) is a database, but no log of Petrel")
    }
    guard format <= LogSchema.format else {
      throw StoreError(
        .unreadable, code: "S103",
        "\(path) has file format \(format); this version of Petrel knows up to "
          + "\(LogSchema.format). Use the version that wrote it, or a newer one")
    }
  }
}
