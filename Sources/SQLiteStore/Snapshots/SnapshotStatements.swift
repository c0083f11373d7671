internal import Orchestration

/// The statements that write snapshots and take them away.
final class SnapshotStatements {
  let insertSnapshot: PreparedStatement
  let insertChunk: PreparedStatement
  let forgetSnapshot: PreparedStatement
  let forgetOldSnapshots: PreparedStatement
  let clearChunks: PreparedStatement

  init(_ connection: OpaquePointer) throws(StoreError) {
    func prepared(_ sql: String, _ operation: String) throws(StoreError) -> PreparedStatement {
      try PreparedStatement(connection, sql, operation)
    }
    insertSnapshot = try prepared(
      "INSERT INTO snapshot(seq,at,format,chunks,bytes,state_hash) VALUES(?1,?2,?3,?4,?5,?6)",
      "writing a snapshot")
    insertChunk = try prepared(
      "INSERT OR REPLACE INTO snapshot_chunk(seq,n,body,hash) VALUES(?1,?2,?3,?4)",
      "writing a snapshot")
    forgetSnapshot = try prepared("DELETE FROM snapshot WHERE seq=?1", "clearing snapshots")
    forgetOldSnapshots = try prepared(
      """
      DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?1)
      """, "clearing snapshots")
    clearChunks = try prepared(
      """
      DELETE FROM snapshot_chunk WHERE (seq,n) IN
      (SELECT seq,n FROM snapshot_chunk WHERE seq<>?1 AND seq NOT IN (SELECT seq FROM snapshot)
       LIMIT ?2)
      """, "clearing snapshots")
  }
}
