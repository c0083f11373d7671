internal import Engine
internal import GRDBSQLite
internal import Orchestration
internal import Record

/// Takes rows out of the log and leaves their subtrees in their place (LOG §5): in the transaction of
/// the event that says so.
struct Pruning {
  private let connection: OpaquePointer
  private let endingAt: PreparedStatement
  private let beginningAt: PreparedStatement
  private let checkpoint: PreparedStatement

  init(_ connection: OpaquePointer) throws(StoreError) {
    func prepared(_ sql: String) throws(StoreError) -> PreparedStatement {
      try PreparedStatement(connection, sql, "pruning")
    }
    self.connection = connection
    let columns = "SELECT first_seq,last_seq,subtrees,last_hash,by_seq FROM pruned"
    endingAt = try prepared(
      "\(columns) WHERE first_seq<=?1 AND first_seq>0 ORDER BY first_seq DESC LIMIT 1")
    beginningAt = try prepared("\(columns) WHERE first_seq=?1")
    checkpoint = try prepared(
      "SELECT size FROM checkpoint WHERE size>=?1 AND size<?2 ORDER BY size LIMIT 1")
  }

  /// What it means that these rows go.
  ///
  /// - Parameter rows: ascending, at least one.
  func plan(_ rows: [Int64], closedBefore: Instant) throws(StoreError) -> RetiringRows {
    var ranges: [ClosedRange<Int64>] = []
    for seq in rows {
      if let last = ranges.last, last.upperBound == seq - 1, try !isSigned(seq - 1) {
        ranges[ranges.count - 1] = last.lowerBound...seq
      } else {
        ranges.append(seq...seq)
      }
    }
    let first = ranges[0].lowerBound
    let last = ranges[ranges.count - 1].upperBound
    return RetiringRows(
      closedBefore: closedBefore, first: Seq(try left(of: first).last?.first ?? first),
      last: Seq(try right(of: last).last?.last ?? last),
      ranges: ranges.map { Seq($0.lowerBound)...Seq($0.upperBound) })
  }

  /// Takes them out.
  ///
  /// - Parameter row: of the event that announces it, which is in the log already.
  func remove(_ rows: RetiringRows, by row: Int64) throws(StoreError) {
    for range in rows.ranges {
      try join(range.lowerBound.number...range.upperBound.number, by: row)
    }
    // The trigger looks through the runs from the first on; one that stands before them all keeps
    // that short. It is gone before the transaction ends.
    try run("INSERT INTO pruned VALUES(0,?1,x'',x'',?2)", rows.last.number, row)
    for range in rows.ranges {
      let (first, last) = (range.lowerBound.number, range.upperBound.number)
      try run("DELETE FROM log WHERE seq BETWEEN ?1 AND ?2", first, last)
      try run("DELETE FROM payload WHERE id BETWEEN ?1<<16 AND (?2<<16)|65535", first, last)
    }
    try run("DELETE FROM pruned WHERE first_seq=0")
  }

  /// Writes the run of these rows, with those that it becomes one with.
  private func join(_ rows: ClosedRange<Int64>, by row: Int64) throws(StoreError) {
    let before = try left(of: rows.lowerBound).reversed()
    let behind = try right(of: rows.upperBound)
    let first = before.first?.first ?? rows.lowerBound
    var range = MerkleRange(start: first - 1)
    for node in before.flatMap(\.nodes) { range.append(node) }
    let hashes = try PreparedStatement(
      connection, "SELECT hash FROM log WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq", "pruning")
    hashes.bind(1, rows.lowerBound)
    hashes.bind(2, rows.upperBound)
    var lastHash: Hash256?
    while try hashes.next() {
      guard let hash = Hash256(raw: hashes.buffer(0)) else { break }
      range.append(hash)
      lastHash = hash
    }
    for node in behind.flatMap(\.nodes) { range.append(node) }
    lastHash = behind.last?.lastHash ?? lastHash
    let last = behind.last?.last ?? rows.upperBound
    guard range.end == last, let lastHash else {
      throw StoreError(
        .unreadable, code: "S106", "rows \(rows.lowerBound)…\(rows.upperBound) are not whole")
    }
    for run in behind { try self.run("DELETE FROM pruned WHERE first_seq=?1", run.first) }
    for run in before { try self.run("DELETE FROM pruned WHERE first_seq=?1", run.first) }
    try insert(range, lastHash, by: row)
  }

  private func insert(
    _ range: MerkleRange, _ lastHash: Hash256, by row: Int64
  ) throws(StoreError) {
    let statement = try PreparedStatement(
      connection, "INSERT INTO pruned VALUES(?1,?2,?3,?4,?5)", "pruning")
    statement.bind(1, range.start + 1)
    statement.bind(2, range.end)
    statement.bind(5, row)
    let subtrees = range.nodes.flatMap(\.hash.bytes)
    let code = subtrees.withUnsafeBytes { subtrees in
      lastHash.withBytes { hash in
        statement.bind(3, blob: subtrees)
        statement.bind(4, blob: hash)
        return statement.run()
      }
    }
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }

  /// The runs before row `first` that become one with it, the nearest first: a checkpoint between two
  /// runs keeps them apart.
  private func left(of first: Int64) throws(StoreError) -> [PrunedRun] {
    var runs: [PrunedRun] = []
    var end = first - 1
    while end > 0, try !isSigned(end), let run = try run(endingAt, end), run.last == end {
      runs.append(run)
      end = run.first - 1
    }
    return runs
  }

  private func right(of last: Int64) throws(StoreError) -> [PrunedRun] {
    var runs: [PrunedRun] = []
    var end = last
    while try !isSigned(end), let run = try run(beginningAt, end + 1) {
      runs.append(run)
      end = run.last
    }
    return runs
  }

  /// Whether a checkpoint covers the rows up to this one and no more.
  private func isSigned(_ row: Int64) throws(StoreError) -> Bool {
    checkpoint.bind(1, row)
    checkpoint.bind(2, row + 1)
    defer { checkpoint.reset() }
    return try checkpoint.next()
  }

  private func run(
    _ statement: PreparedStatement, _ row: Int64
  ) throws(StoreError) -> PrunedRun? {
    statement.bind(1, row)
    defer { statement.reset() }
    return try statement.next() ? PrunedRun(statement) : nil
  }

  private func run(_ sql: String, _ numbers: Int64...) throws(StoreError) {
    let statement = try PreparedStatement(connection, sql, "pruning")
    for (place, number) in numbers.enumerated() { statement.bind(Int32(place + 1), number) }
    let code = statement.run()
    guard code == SQLITE_DONE else { throw statement.failure(code) }
  }
}
