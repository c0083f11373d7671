internal import Foundation
internal import GRDB
internal import GRDBSQLite
package import Orchestration
package import Record
internal import Synchronization

/// Verifies a log's file, beside its owner or a copy, and writes nothing (LOG §4).
///
/// Rows are read in stretches of 2¹⁶ leaves by as many connections as cores are given; each sees
/// whole commits, and rows behind the last one at the start are left out.
package struct LogAudit {
  package struct Options: Sendable {
    /// Checkpoints that were kept elsewhere.
    package var anchors: [SignedNote] = []
    /// Of the log's first signing key; nil: what the file itself says.
    package var verifier: String?
    package var cores: Int
    /// Opens the sealed payloads too.
    package var keys: LogReader.Keys?

    package init(cores: Int = 2) { self.cores = cores }
  }

  static let stretch: Int64 = 1 << 16

  private let path: String
  private let options: Options
  private let meta: LogMeta

  /// - Throws: `StoreError` where the file cannot be read at all; what is wrong with the log is told
  ///   in the report.
  package static func report(
    of path: String, _ options: Options
  ) throws(StoreError) -> AuditReport {
    let queue = try LogConnection.reading(path)
    defer { try? queue.close() }
    let audit = LogAudit(path: path, options: options, meta: try LogMeta(queue))
    return try translating("verifying \(path)") {
      try queue.read { database in
        guard let connection = database.sqliteConnection else { throw StoreError.broken }
        return try audit.report(connection)
      }
    }
  }

  private func report(_ connection: OpaquePointer) throws -> AuditReport {
    let claims = try claims(connection)
    let runs = try PrunedRun.all(connection)
    let plan = try AuditPlan(connection, head: claims.head, runs: runs)
    let stretches = try verify(plan.stretches, claims.sizes, runs)
    var next = stretches.makeIterator()
    let parts = plan.parts.compactMap { part -> LogVerification.Part? in
      switch part {
      case .stretch: next.next().map { .stretch($0) }
      case .pruned(let run): .pruned(run)
      case .gap(let rows): .gap(rows)
      }
    }
    var verification = LogVerification(parts, claims)
    verification.add(try SchemaAudit.findings(connection))
    verification.add(try DefinitionAudit.findings(connection, verification.noted))
    var report = verification.report
    var payloads = PayloadAudit(stretches, verification.noted, meta.shard)
    try payloads.count(connection)
    if let keys = options.keys {
      try payloads.open(
        connection,
        KeysFile.open(
          path: keys.file, logID: meta.logID, kek: keys.kek, isReadOnly: true))
      report.payloadsOpened = payloads.opened
    }
    verification.add(payloads.findings)
    report.findings = verification.report.findings
    report.payloads = payloads.found
    report.payloadsErased = payloads.erased
    return report
  }

  private func claims(_ connection: OpaquePointer) throws(StoreError) -> LogVerification.Claims {
    func prepared(_ sql: String) throws(StoreError) -> PreparedStatement {
      try PreparedStatement(connection, sql, "reading the checkpoints")
    }
    let newest = try prepared("SELECT max(seq) FROM log")
    let head = try newest.next() ? newest.int(0) : 0
    newest.reset()
    let pruned = try prepared("SELECT max(last_seq) FROM pruned")
    let end = try pruned.next() ? pruned.int(0) : 0
    pruned.reset()
    let verifier = try prepared("SELECT value FROM meta WHERE name='verifier_key'")
    let named = try verifier.next() ? verifier.text(0) : nil
    verifier.reset()
    let rows = try prepared("SELECT size, root, note FROM checkpoint ORDER BY size")
    var checkpoints: [StoredCheckpoint] = []
    while try rows.next() {
      checkpoints.append(
        StoredCheckpoint(size: rows.int(0), root: Hash256(rows.bytes(1)), note: rows.text(2)))
    }
    let origin = meta.origin
    return LogVerification.Claims(
      origin: origin, verifier: options.verifier ?? named, head: max(head, end),
      checkpoints: checkpoints,
      anchors: options.anchors.filter { $0.checkpoint.origin.utf8.elementsEqual(origin.utf8) },
      archive: meta.archive)
  }

  /// On several threads, each with a connection of its own.
  private func verify(
    _ stretches: [ClosedRange<Int64>], _ sizes: [Int64], _ runs: [PrunedRun]
  ) throws(StoreError) -> [StretchVerification] {
    let next = Atomic(0)
    let results = Mutex<[Int: Result<StretchVerification, StoreError>]>([:])
    DispatchQueue.concurrentPerform(iterations: max(1, min(options.cores, stretches.count))) { _ in
      do throws(StoreError) {
        let queue = try LogConnection.reading(path)
        defer { try? queue.close() }
        try translating("verifying \(path)") {
          try queue.read { database in
            guard let connection = database.sqliteConnection else { throw StoreError.broken }
            let reading = try StretchReading(connection, shard: meta.shard, runs: runs)
            while true {
              let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
              guard place < stretches.count else { return }
              let result = try reading.verify(stretches[place], sizes: sizes)
              results.withLock { $0[place] = .success(result) }
            }
          }
        }
      } catch {
        results.withLock { $0[-1] = .failure(error) }
      }
    }
    let found = results.withLock { $0 }
    if case .failure(let error)? = found[-1] { throw error }
    return stretches.indices.compactMap { try? found[$0]?.get() }
  }
}

/// Which rows are read together, and what stands for those that have left.
struct AuditPlan {
  enum Part {
    case stretch
    case pruned(PrunedRun)
    case gap(ClosedRange<Int64>)
  }

  private(set) var parts: [Part] = []
  private(set) var stretches: [ClosedRange<Int64>] = []

  init(_ connection: OpaquePointer, head: Int64, runs: [PrunedRun]) throws(StoreError) {
    let following = try PreparedStatement(
      connection, "SELECT min(seq) FROM log WHERE seq>=?1", "reading the log")
    var next: Int64 = 1
    for run in runs where run.first >= next && run.last >= run.first {
      try plan(next..<run.first, following)
      parts.append(.pruned(run))
      next = run.last + 1
    }
    if next <= head { try plan(next..<(head + 1), following) }
  }

  private mutating func plan(
    _ rows: Range<Int64>, _ following: PreparedStatement
  ) throws(StoreError) {
    var next = rows.lowerBound
    while next < rows.upperBound {
      let border = (next - 1) / LogAudit.stretch * LogAudit.stretch + LogAudit.stretch
      let end = min(border, rows.upperBound - 1)
      following.bind(1, next)
      let first = try following.next() ? following.int(0) : 0
      following.reset()
      if first <= end, first >= next {
        parts.append(.stretch)
        stretches.append(next...end)
        next = end + 1
      } else {
        let last = first > end && first < rows.upperBound ? first - 1 : rows.upperBound - 1
        parts.append(.gap(next...last))
        next = last + 1
      }
    }
  }
}

/// Reads the rows of stretches on one connection.
struct StretchReading {
  private let connection: OpaquePointer
  private let shard: Int64
  private let runs: [PrunedRun]
  private let rows: PreparedStatement
  private let before: PreparedStatement
  private let origin: Hash256

  init(_ connection: OpaquePointer, shard: Int64, runs: [PrunedRun]) throws(StoreError) {
    self.connection = connection
    self.shard = shard
    self.runs = runs
    sqlite3_exec(connection, "PRAGMA mmap_size=1073741824", nil, nil, nil)
    rows = try PreparedStatement(
      connection,
      """
      SELECT seq,epoch,at,coalesce(case_no,0)-(case_no IS 0),version,kind,body,sealed,hash FROM log
      WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq
      """, "reading the log")
    before = try PreparedStatement(
      connection, "SELECT hash FROM log WHERE seq=?1", "reading the log")
    let meta = try PreparedStatement(
      connection, "SELECT value FROM meta WHERE name='origin'", "reading meta")
    origin = Leaf.origin(try meta.next() ? meta.text(0) : "")
  }

  func verify(
    _ stretch: ClosedRange<Int64>, sizes: [Int64]
  ) throws(StoreError) -> StretchVerification {
    var verification = StretchVerification(
      rows: stretch, shard: shard, previous: try hash(before: stretch.lowerBound),
      sizes: sizes.filter { stretch.contains($0) })
    rows.bind(1, stretch.lowerBound)
    rows.bind(2, stretch.upperBound)
    defer { rows.reset() }
    while try rows.next() {
      verification.take(
        RawRow(
          seq: rows.int(0), epoch: rows.int(1), at: rows.int(2), caseNumber: rows.int(3),
          version: rows.int(4), kind: rows.buffer(5), body: rows.buffer(6),
          sealed: rows.buffer(7), hash: Hash256(raw: rows.buffer(8))))
    }
    verification.end()
    return verification
  }

  private func hash(before row: Int64) throws(StoreError) -> Hash256? {
    if row == 1 { return origin }
    if let run = runs.first(where: { $0.last == row - 1 }) { return run.lastHash }
    before.bind(1, row - 1)
    defer { before.reset() }
    return try before.next() ? Hash256(before.bytes(0)) : nil
  }
}
