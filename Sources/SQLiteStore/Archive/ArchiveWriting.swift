internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Copies rows of a log into a new file, and what is needed to verify and read them there.
struct ArchiveWriting {
  /// Kinds of rows that stay wherever they stand.
  private static let kept = """
    'definitionRegistered','definitionActivated','ownerStarted','erasureRequested',\
    'erasureCompleted','keysRotated','payloadsExpired','logPruned','snapshotTaken',\
    'signingKeyChanged','restored'
    """

  private let source: OpaquePointer
  private let target: Database
  private let runs: [PrunedRun]

  init(_ source: OpaquePointer, _ target: Database) throws(StoreError) {
    self.source = source
    self.target = target
    runs = try PrunedRun.all(source)
  }

  /// A new file with the tables of a log.
  static func target(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      for pragma in [
        "page_size=4096", "auto_vacuum=INCREMENTAL", "encoding='UTF-8'",
        "application_id=\(LogSchema.applicationID)", "user_version=\(LogSchema.format)",
      ] { try database.execute(sql: "PRAGMA \(pragma)") }
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { try $0.execute(sql: LogSchema.sql) }
    return queue
  }

  /// - Returns: The rows, with the whole of pruned runs at their borders.
  func write(_ wanted: ClosedRange<Int64>) throws -> ClosedRange<Int64> {
    let head = max(try number("SELECT max(seq) FROM log"), runs.last?.last ?? 0)
    let first = runs.first { $0.rows.contains(wanted.lowerBound) }?.first ?? wanted.lowerBound
    let last =
      runs.first { $0.rows.contains(wanted.upperBound) }?.last ?? min(wanted.upperBound, head)
    let there = "SELECT EXISTS(SELECT 1 FROM log WHERE seq BETWEEN \(first) AND \(last))"
    let hasRows = try first <= last && number(there) == 1
    guard hasRows else {
      throw StoreError(
        .unreadable, code: "S122",
        "the log has none of the rows \(wanted.lowerBound) to \(wanted.upperBound): it has \(head)")
    }
    let rows = first...last
    try copy("meta", "SELECT name, value FROM meta")
    try target.execute(
      sql: "INSERT INTO meta VALUES('archive',?)", arguments: [LogArchive.text(rows)])
    try copy(
      "log",
      """
      SELECT seq,epoch,at,case_no,kind,version,body,sealed,hash FROM log
      WHERE seq BETWEEN \(first) AND \(last) OR kind IN (\(Self.kept)) ORDER BY seq
      """)
    try copy(
      "payload",
      """
      SELECT id,key_no,role,box FROM payload
      WHERE id BETWEEN \(first << 16) AND \(last << 16 | 65_535) ORDER BY id
      """)
    try copy("definition", "SELECT seq,kind,name,hash,text FROM definition ORDER BY seq")
    try copy("event_kind", "SELECT kind,version,first_seq FROM event_kind")
    try copyCheckpoints(rows)
    try copyBlobs(rows)
    try coverRest(rows, head: head)
    return rows
  }

  /// Those of the rows, the newest, and those that a change of keys needs.
  private func copyCheckpoints(_ rows: ClosedRange<Int64>) throws {
    try copy(
      "checkpoint",
      """
      SELECT size,at,root,note,pinned FROM checkpoint
      WHERE size BETWEEN \(rows.lowerBound - 1) AND \(rows.upperBound)
        OR size=(SELECT max(size) FROM checkpoint)
        OR size IN (SELECT (SELECT min(c.size) FROM checkpoint c WHERE c.size>=l.seq) FROM log l
          WHERE l.kind='signingKeyChanged') ORDER BY size
      """)
  }

  /// Bytes that the rows name.
  private func copyBlobs(_ rows: ClosedRange<Int64>) throws {
    guard try number("SELECT EXISTS(SELECT 1 FROM blob)") == 1 else { return }
    var named: Set<Hash256> = []
    let bodies = try PreparedStatement(
      source, "SELECT body FROM log WHERE seq BETWEEN ?1 AND ?2", "archiving")
    bodies.bind(1, rows.lowerBound)
    bodies.bind(2, rows.upperBound)
    while try bodies.next() { BlobSweep.scan(bodies.buffer(0)) { named.insert($0) } }
    let blob = try PreparedStatement(source, "SELECT bytes FROM blob WHERE hash=?1", "archiving")
    for hash in named {
      let bytes = try hash.withBytes { digest in
        blob.bind(1, blob: digest)
        defer { blob.reset() }
        return try blob.next() ? blob.bytes(0) : nil
      }
      guard let bytes else { continue }
      try target.execute(
        sql: "INSERT INTO blob VALUES(?,?)", arguments: [Data(hash.bytes), Data(bytes)])
    }
  }

  /// Pruned runs: those of the log among the rows, and others for all that is not here.
  private func coverRest(_ rows: ClosedRange<Int64>, head: Int64) throws {
    for run in runs where run.first >= rows.lowerBound && run.last <= rows.upperBound {
      try insert(
        run.first, run.last, run.nodes.flatMap(\.hash.bytes), run.lastHash, by: run.by)
    }
    let sizes = try Int64.fetchAll(target, sql: "SELECT size FROM checkpoint ORDER BY size")
    let here = try Int64.fetchAll(
      target, sql: "SELECT seq FROM log WHERE seq<? OR seq>? ORDER BY seq",
      arguments: [rows.lowerBound, rows.upperBound])
    var next: Int64 = 1
    for row in here.filter({ $0 < rows.lowerBound }) {
      try cover(next..<row, sizes)
      next = row + 1
    }
    try cover(next..<rows.lowerBound, sizes)
    next = rows.upperBound + 1
    for row in here.filter({ $0 > rows.upperBound }) {
      try cover(next..<row, sizes)
      next = row + 1
    }
    try cover(next..<(head + 1), sizes)
  }

  /// Runs for consecutive rows, of which none crosses a checkpoint.
  private func cover(_ rows: Range<Int64>, _ sizes: [Int64]) throws {
    var first = rows.lowerBound
    let borders = sizes.filter { $0 >= rows.lowerBound && $0 < rows.upperBound - 1 }
    for last in borders + [rows.upperBound - 1] where first <= last {
      let range = try LogTree.range(first - 1..<last, source, runs)
      let stored = try PreparedStatement(source, "SELECT hash FROM log WHERE seq=?1", "archiving")
      stored.bind(1, last)
      let hash =
        try stored.next()
        ? Hash256(stored.bytes(0)) : runs.first { $0.last == last }?.lastHash
      try insert(first, last, range.nodes.flatMap(\.hash.bytes), hash, by: 0)
      first = last + 1
    }
  }

  private func insert(
    _ first: Int64, _ last: Int64, _ subtrees: [UInt8], _ hash: Hash256?, by row: Int64
  ) throws {
    try target.execute(
      sql: "INSERT INTO pruned VALUES(?,?,?,?,?)",
      arguments: [first, last, Data(subtrees), Data(hash?.bytes ?? []), row])
  }

  private func copy(_ table: String, _ query: String) throws {
    let reading = try PreparedStatement(source, query, "archiving")
    let count = sqlite3_column_count(reading.handle)
    let marks = databaseQuestionMarks(count: Int(count))
    let writing = try target.makeStatement(sql: "INSERT INTO \(table) VALUES(\(marks))")
    while try reading.next() {
      try writing.execute(
        arguments: StatementArguments((0..<count).map { reading.databaseValue($0) }))
    }
  }

  private func number(_ query: String) throws(StoreError) -> Int64 {
    let statement = try PreparedStatement(source, query, "archiving")
    return try statement.next() ? statement.int(0) : 0
  }
}

extension PreparedStatement {
  fileprivate func databaseValue(_ column: Int32) -> DatabaseValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_NULL: .null
    case SQLITE_INTEGER: int(column).databaseValue
    case SQLITE_TEXT: String(decoding: bytes(column), as: UTF8.self).databaseValue
    default: Data(bytes(column)).databaseValue
    }
  }
}
