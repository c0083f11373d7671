internal import GRDBSQLite
package import Orchestration

extension SQLiteStore {
  /// What a probe writes: more than the pages that a group of one case takes.
  private static let probeBytes = 65_536

  /// Written and deleted in two transactions, so that it really goes to the disk, and into a derived
  /// table at a place that nothing else has: one that stays behind after a crash is written over.
  ///
  /// The pages that it took are free for the next group, also where the file may not grow.
  package func probe() throws(StoreError) {
    guard !isBroken else { throw .broken }
    do {
      try using("probing") { statements in
        for sql in [
          "INSERT OR REPLACE INTO node(level,n,hash) VALUES(-1,0,zeroblob(\(Self.probeBytes)))",
          "DELETE FROM node WHERE level=-1",
        ] {
          let code = sqlite3_exec(statements.connection, sql, nil, nil, nil)
          guard code == SQLITE_OK else {
            throw StoreError.sqlite(
              sqlite3_extended_errcode(statements.connection),
              String(cString: sqlite3_errmsg(statements.connection)), "probing", isCommit: true)
          }
        }
      }
    } catch {
      isBroken = true
      throw error
    }
  }
}
