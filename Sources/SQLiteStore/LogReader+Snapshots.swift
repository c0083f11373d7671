package import Engine
internal import GRDB
package import Orchestration
internal import Record

extension LogReader {
  /// The state of a snapshot that can be trusted: of the newest, or of the oldest behind which no row has
  /// left; nil if there is none.
  package func restored(oldest: Bool = false) throws(StoreError) -> State? {
    let shard = shard
    return try snapshots { table -> State? in
      let logged = try table.all().filter { $0.logged != nil }
      for snapshot in oldest ? logged.reversed() : logged {
        if oldest, try table.pruned(behind: snapshot.seq) != nil { continue }
        if case .state(let state) = try table.state(of: snapshot, shard: shard) { return state }
      }
      return nil
    }
  }

  /// The fold of the whole log, from the newest snapshot on that can be trusted. Values are texts.
  package func machine() throws(StoreError) -> Machine {
    let state = try restored()
    let first = state?.lastSeq ?? Seq(0)
    var machine = state.map { Machine(restored: $0) } ?? Machine(shard: shard)
    try fold(after: first) { row, _ in machine.fold(row) }
    return machine
  }

  /// Those in the file, named by an event or not, the newest first.
  package func storedSnapshots() throws(StoreError) -> [StoredSnapshot] {
    try snapshots { try $0.all() }
  }

  /// The rows that name snapshots, in order: row, what it is of, and the hash of that state.
  func snapshotsNamed() throws(StoreError) -> [(event: Int64, taken: SnapshotTaken)] {
    var found: [(event: Int64, taken: SnapshotTaken)] = []
    var query = RowQuery(kinds: ["snapshotTaken"])
    while true {
      let rows = try rows(query, limit: 500)
      for row in rows {
        guard case .snapshotTaken(let taken) = try LoggedEvent(row).event else { continue }
        found.append((row.seq.number, taken))
      }
      guard rows.count == 500, let last = rows.last else { return found }
      query.after = last.seq
    }
  }

  /// The text of a chunk as it is stored; nil if there is none.
  func chunk(_ number: Int64, of snapshot: Int64) throws(StoreError) -> [UInt8]? {
    try read("reading a snapshot") { database in
      try String.fetchOne(
        database, sql: "SELECT body FROM snapshot_chunk WHERE seq=? AND n=?",
        arguments: [snapshot, number]
      ).map { Array($0.utf8) }
    }
  }

  /// The last row that has left behind row `seq`; nil if all are there.
  package func pruned(behind seq: Seq) throws(StoreError) -> Int64? {
    try snapshots { try $0.pruned(behind: seq.number) }
  }

  private func snapshots<Result>(
    _ body: (SnapshotTable) throws -> Result
  ) throws(StoreError) -> Result {
    try read("reading the snapshots") { database in
      guard let connection = database.sqliteConnection else { throw StoreError.broken }
      return try body(SnapshotTable(connection))
    }
  }
}
