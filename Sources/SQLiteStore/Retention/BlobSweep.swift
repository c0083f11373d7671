internal import GRDBSQLite
internal import Orchestration
internal import PetriNet
internal import Record

/// Deletes blobs that nothing names any more: no row, and no snapshot.
///
/// Looks through all of them once, in slices; what is named meanwhile is kept by `keep`.
final class BlobSweep {
  /// So many texts are looked at in one slice.
  private static let textsLookedAt: Int64 = 1_000
  /// So many blobs are decided in one sweep; the next one goes on behind them.
  static let blobsMax: Int64 = 100_000

  private let texts: [PreparedStatement]
  private var place = 0
  private var next: Int64 = 0
  private var unnamed: Set<Hash256> = []

  /// - Parameter rowsGone: without that all blobs are named still.
  init(_ connection: OpaquePointer, rowsGone: Bool) throws(StoreError) {
    func prepared(_ sql: String) throws(StoreError) -> PreparedStatement {
      try PreparedStatement(connection, sql, "looking for blobs that may go")
    }
    texts = [
      try prepared("SELECT seq, body FROM log WHERE seq>?1 ORDER BY seq LIMIT ?2"),
      try prepared("SELECT rowid, body FROM snapshot_chunk WHERE rowid>?1 ORDER BY rowid LIMIT ?2"),
    ]
    guard rowsGone else { return }
    // From anywhere on and round: where there are many more, each has its turn.
    let blobs = try prepared(
      """
      WITH start(hash) AS MATERIALIZED (SELECT randomblob(32))
      SELECT * FROM (SELECT b.hash FROM start s JOIN blob b ON b.hash>=s.hash LIMIT ?1)
      UNION ALL SELECT * FROM (SELECT b.hash FROM start s JOIN blob b ON b.hash<s.hash LIMIT ?1)
      """)
    blobs.bind(1, Self.blobsMax)
    while try blobs.next() { if let hash = Hash256(blobs.bytes(0)) { unnamed.insert(hash) } }
  }

  /// A row that is being written names this one.
  func keep(_ hash: Hash256) { unnamed.remove(hash) }

  /// Whether there is more to do.
  func slice(_ statements: Statements) throws(StoreError) -> Bool {
    guard !unnamed.isEmpty else { return false }
    guard place < texts.count else {
      try delete(statements)
      return !unnamed.isEmpty
    }
    texts[place].bind(1, next)
    texts[place].bind(2, Self.textsLookedAt)
    var count: Int64 = 0
    while try texts[place].next() {
      count += 1
      next = texts[place].int(0)
      Self.scan(texts[place].buffer(1)) { unnamed.remove($0) }
    }
    if count < Self.textsLookedAt { (place, next) = (place + 1, 0) }
    return true
  }

  /// Every `"#":"…"` of a text; one inside a string keeps a blob that could go, no more.
  static func scan(_ text: UnsafeRawBufferPointer, _ body: (Hash256) -> Void) {
    let mark = Array("\"#\":\"".utf8)
    var offset = 0
    while offset + mark.count + 44 < text.count {
      guard text[offset] == mark[0], text[offset + 1] == mark[1],
        text[offset..<offset + mark.count].elementsEqual(mark)
      else {
        offset += 1
        continue
      }
      let start = offset + mark.count
      let digits = String(decoding: text[start..<start + 44], as: UTF8.self)
      if let bytes = Base64.bytes(digits), let hash = Hash256(bytes) {
        body(hash)
      }
      offset = start
    }
  }

  private func delete(_ statements: Statements) throws(StoreError) {
    let deletion = try PreparedStatement(
      statements.connection, "DELETE FROM blob WHERE hash=?1", "letting blobs go")
    let going = Array(unnamed.prefix(Retention.rowsMax))
    try statements.transaction { () throws(StoreError) in
      for hash in going {
        let code = hash.withBytes { bytes in
          deletion.bind(1, blob: bytes)
          return deletion.run()
        }
        guard code == SQLITE_DONE else { throw deletion.failure(code) }
      }
    }
    unnamed.subtract(going)
  }
}
