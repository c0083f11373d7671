internal import GRDBSQLite
internal import Orchestration
internal import Record

/// The tree of a log's rows, out of their stored hashes and the subtrees of pruned ones.
enum LogTree {
  /// The leaves of `wanted`.
  ///
  /// - Throws: `unreadable` where a row is missing that no pruned run covers.
  static func range(
    _ wanted: Range<Int64>, _ connection: OpaquePointer, _ runs: [PrunedRun]
  ) throws(StoreError) -> MerkleRange {
    var range = MerkleRange(start: wanted.lowerBound)
    let statement = try PreparedStatement(
      connection, "SELECT seq, hash FROM log WHERE seq>?1 AND seq<=?2 ORDER BY seq",
      "reading the log")
    statement.bind(1, wanted.lowerBound)
    statement.bind(2, wanted.upperBound)
    var runs = runs.filter { $0.last > wanted.lowerBound && $0.first <= wanted.upperBound }[...]
    while try statement.next() {
      let seq = statement.int(0)
      while let run = runs.first, run.first < seq {
        runs.removeFirst()
        take(run, into: &range, wanted)
      }
      guard seq == range.end + 1, let hash = Hash256(statement.bytes(1)) else { break }
      range.append(hash)
    }
    for run in runs { take(run, into: &range, wanted) }
    guard range.end == wanted.upperBound else {
      throw StoreError(.unreadable, code: "S106", "row \(range.end + 1) is missing")
    }
    return range
  }

  /// Those of the run's subtrees that lie in the leaves wanted.
  private static func take(
    _ run: PrunedRun, into range: inout MerkleRange, _ wanted: Range<Int64>
  ) {
    var start = run.first - 1
    for node in run.nodes {
      let end = start + (1 << node.level)
      if start == range.end, end <= wanted.upperBound { range.append(node) }
      start = end
    }
  }
}

extension PrunedRun {
  static func all(_ connection: OpaquePointer) throws(StoreError) -> [PrunedRun] {
    let statement = try PreparedStatement(
      connection, "SELECT first_seq,last_seq,subtrees,last_hash,by_seq FROM pruned ORDER BY 1",
      "reading the pruned runs")
    var runs: [PrunedRun] = []
    while try statement.next() { runs.append(PrunedRun(statement)) }
    return runs
  }

  /// The run of which row `seq` is one.
  static func of(
    _ seq: Int64, _ connection: OpaquePointer
  ) throws(StoreError) -> PrunedRun? {
    let statement = try PreparedStatement(
      connection,
      """
      SELECT first_seq,last_seq,subtrees,last_hash,by_seq FROM pruned
      WHERE first_seq<=?1 ORDER BY first_seq DESC LIMIT 1
      """, "reading the pruned runs")
    statement.bind(1, seq)
    guard try statement.next() else { return nil }
    let run = PrunedRun(statement)
    return run.last >= seq ? run : nil
  }

  /// The run of the row at hand: `first_seq,last_seq,subtrees,last_hash,by_seq`.
  init(_ statement: PreparedStatement) {
    self.init(
      first: statement.int(0), last: statement.int(1), subtrees: statement.bytes(2),
      lastHash: Hash256(statement.bytes(3)), by: statement.int(4))
  }
}
