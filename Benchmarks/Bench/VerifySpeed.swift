internal import Crypto
internal import Foundation
internal import GRDBSQLite
internal import Orchestration
internal import Record
internal import SQLiteStore

/// How fast a log is verified, beside reading and hashing the same rows plainly.
enum VerifySpeed {
  static func measure(_ part: String, path: String, cores: Int) throws {
    switch part {
    case "rows":
      let watch = Stopwatch()
      let report = try LogAudit.report(of: path, LogAudit.Options(cores: cores))
      guard report.findings.isEmpty else { throw Broken() }
      Bench.say(watch.line("rows", Int(report.rowsRead)))
    case "scan":
      let watch = Stopwatch()
      var count = 0
      var last = SHA256.hash(data: [])
      try rows(of: path) { row in
        var hasher = SHA256()
        for bytes in [row.kind, row.body, row.sealed] { hasher.update(bufferPointer: bytes) }
        last = hasher.finalize()
        count += 1
      }
      guard last != SHA256.hash(data: []) else { throw Broken() }
      Bench.say(watch.line("rows", count))
    case "chain": try chain(path)
    default: throw Bench.WrongUse()
    }
  }

  struct Broken: Error {}

  /// Hashing alone: each row's leaf, and the tree over them, as a commit does it.
  private static func chain(_ path: String) throws {
    var kept: [(bytes: [UInt8], kind: Int, body: Int)] = []
    try rows(of: path) { row in
      kept.append(
        (Array(row.kind) + Array(row.body) + Array(row.sealed), row.kind.count, row.body.count))
    }
    var leaf = Leaf()
    var tree = MerkleTree()
    var previous = Leaf.origin("bench")
    let watch = Stopwatch()
    for (index, row) in kept.enumerated() {
      row.bytes.withUnsafeBytes { bytes in
        let body = row.kind + row.body
        let hash = leaf.hash(
          RawRow(
            seq: Int64(index + 1), epoch: 1, at: 1, caseNumber: 1, version: 1,
            kind: UnsafeRawBufferPointer(rebasing: bytes[..<row.kind]),
            body: UnsafeRawBufferPointer(rebasing: bytes[row.kind..<body]),
            sealed: UnsafeRawBufferPointer(rebasing: bytes[body...]), hash: nil),
          shard: 0, previous: previous)
        previous = hash ?? previous
      }
      tree.append(previous)
    }
    let line = watch.line("rows", kept.count)
    guard tree.root != previous || kept.count == 1 else { throw Broken() }
    Bench.say(line)
  }

  private static func rows(of path: String, _ body: (RawRow) -> Void) throws {
    var connection: OpaquePointer?
    guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      throw Broken()
    }
    defer { sqlite3_close(connection) }
    sqlite3_exec(connection, "PRAGMA mmap_size=1073741824", nil, nil, nil)
    var statement: OpaquePointer?
    let sql = "SELECT seq,epoch,at,case_no,kind,version,body,sealed,hash FROM log ORDER BY seq"
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Broken()
    }
    defer { sqlite3_finalize(statement) }
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
      let start = sqlite3_column_blob(statement, column)
      let count = start == nil ? 0 : Int(sqlite3_column_bytes(statement, column))
      return UnsafeRawBufferPointer(start: start, count: count)
    }
    while sqlite3_step(statement) == SQLITE_ROW {
      body(
        RawRow(
          seq: sqlite3_column_int64(statement, 0), epoch: sqlite3_column_int64(statement, 1),
          at: sqlite3_column_int64(statement, 2), caseNumber: sqlite3_column_int64(statement, 3),
          version: sqlite3_column_int64(statement, 5), kind: bytes(4), body: bytes(6),
          sealed: bytes(7), hash: Hash256(raw: bytes(8))))
    }
  }
}
