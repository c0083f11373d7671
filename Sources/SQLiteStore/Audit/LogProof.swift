internal import Engine
internal import GRDB
internal import GRDBSQLite
package import Orchestration
package import PetriNet
package import Record

/// What proves one row, or that a log only grew, to those who have no log (LOG §4).
package struct LogProof {
  /// A payload that is disclosed with its row.
  private struct Disclosure {
    var index: Int32
    var salt: [UInt8]
    var plaintext: [UInt8]
  }

  private let connection: OpaquePointer
  private let meta: LogMeta

  /// That row `seq` is in the log of the newest checkpoint.
  ///
  /// - Parameter keys: with them the payloads of the row are disclosed, each alone.
  /// - Throws: `unreadable` where there is no such row, or no checkpoint covers it yet.
  package static func row(
    _ seq: Int64, in path: String, keys: LogReader.Keys? = nil
  ) throws(StoreError) -> JSONText.Node {
    try reading(path) { proof in try proof.row(seq, keys) }
  }

  /// That the rows of an older checkpoint are the beginning of those of the newest.
  package static func growth(
    since note: SignedNote, in path: String
  ) throws(StoreError) -> JSONText.Node {
    try reading(path) { proof in try proof.growth(note) }
  }

  /// The newest checkpoint, as a note; nil if there is none.
  package static func newestNote(in path: String) throws(StoreError) -> SignedNote? {
    try reading(path) { proof in try proof.newest() }
  }

  private static func reading<Result>(
    _ path: String, _ body: (LogProof) throws -> Result
  ) throws(StoreError) -> Result {
    let queue = try LogConnection.reading(path)
    defer { try? queue.close() }
    let meta = try LogMeta(queue)
    return try translating("proving") {
      try queue.read { database in
        guard let connection = database.sqliteConnection else { throw StoreError.broken }
        return try body(LogProof(connection: connection, meta: meta))
      }
    }
  }

  private func newest() throws(StoreError) -> SignedNote? {
    let statement = try PreparedStatement(
      connection, "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1",
      "reading the checkpoints")
    return try statement.next() ? SignedNote.all(in: statement.text(0)).first : nil
  }

  private func newestRequired() throws(StoreError) -> SignedNote {
    guard let note = try newest() else {
      throw StoreError(.unreadable, code: "S122", "the log has no checkpoint yet")
    }
    return note
  }

  private func row(_ seq: Int64, _ keys: LogReader.Keys?) throws(StoreError) -> JSONText.Node {
    let note = try newestRequired()
    let size = note.checkpoint.size
    let statement = try PreparedStatement(
      connection,
      """
      SELECT l.epoch, l.at, l.case_no, l.kind, l.version, l.body, l.sealed,
        coalesce((SELECT p.hash FROM log p WHERE p.seq=l.seq-1),
          (SELECT r.last_hash FROM pruned r WHERE r.last_seq=l.seq-1))
      FROM log l WHERE l.seq=?1
      """, "reading the row")
    statement.bind(1, seq)
    guard try statement.next() else {
      if let run = try PrunedRun.of(seq, connection) {
        throw StoreError(
          .unreadable, code: "S122",
          "row \(seq) was pruned by event \(run.by): its hash is in the tree, and what it said is not "
            + "in the log; proofs that were made before still check")
      }
      throw StoreError(.unreadable, code: "S122", "there is no row \(seq) in the log")
    }
    guard seq <= size else {
      throw StoreError(
        .unreadable, code: "S122",
        "row \(seq) is behind the newest checkpoint, of \(size) rows; there will be one within a "
          + "second or so")
    }
    let sealed = statement.bytes(6)
    let previous = seq == 1 ? Leaf.origin(meta.origin).bytes : statement.bytes(7)
    let parts = stride(from: 0, to: sealed.count, by: 32).map { Array(sealed[$0..<$0 + 32]) }
    let row: [JSONText.Member] = [
      .init("seq", Self.number(seq)), .init("epoch", Self.number(statement.int(0))),
      .init("at", Self.number(statement.int(1))),
      .init("case", statement.intIfAny(2).map { Self.number($0) } ?? .null),
      .init("kind", .string(statement.text(3))), .init("version", Self.number(statement.int(4))),
      .init("body", .string(statement.text(5))),
      .init("sealed", .list(parts.map { .string(Hexadecimal.text($0)) })),
    ]
    let path = try roots(TreeProof.inclusion(of: seq - 1, in: size))
    let disclosed = try keys.map { (keys) throws(StoreError) in
      try disclose(seq, parts.count, keys)
    }
    return .object(
      try head("petrel.proof.row/1", [note]) + [
        .init("shard", Self.number(meta.shard)), .init("row", .object(row)),
        .init("previous", .string(Hexadecimal.text(previous))), .init("path", path),
        .init("disclosed", .list((disclosed ?? []).map(Self.node))),
      ])
  }

  private func growth(_ old: SignedNote) throws(StoreError) -> JSONText.Node {
    let new = try newestRequired()
    guard old.checkpoint.origin.utf8.elementsEqual(meta.origin.utf8) else {
      throw StoreError(
        .unreadable, code: "S122", "the checkpoint is of another log, \(old.checkpoint.origin)")
    }
    guard old.checkpoint.size > 0, old.checkpoint.size <= new.checkpoint.size else {
      throw StoreError(
        .unreadable, code: "S122",
        "the checkpoint of \(old.checkpoint.size) rows lies beyond the newest, of "
          + "\(new.checkpoint.size)")
    }
    if let run = try PrunedRun.of(old.checkpoint.size, connection), run.last > old.checkpoint.size {
      throw StoreError(
        .unreadable, code: "S122",
        "the checkpoint of \(old.checkpoint.size) rows lies among rows that were pruned by event "
          + "\(run.by), and was not kept")
    }
    let path = try roots(
      TreeProof.consistency(from: old.checkpoint.size, to: new.checkpoint.size))
    return .object(try head("petrel.proof.growth/1", [old, new]) + [.init("path", path)])
  }

  private func head(
    _ schema: String, _ notes: [SignedNote]
  ) throws(StoreError) -> [JSONText.Member] {
    let statement = try PreparedStatement(
      connection,
      """
      SELECT value FROM meta WHERE name='verifier_key'
      UNION ALL SELECT body->>'$.new' FROM log WHERE kind='signingKeyChanged'
      """, "reading the signing keys")
    var keys: [String] = []
    while try statement.next() { keys.append(statement.text(0)) }
    return [
      .init("schema", .string(schema)), .init("origin", .string(meta.origin)),
      .init("keys", .list(keys.map { .string($0) })),
      .init("checkpoints", .list(notes.map { .string($0.text) })),
    ]
  }

  private func roots(_ ranges: [Range<Int64>]) throws(StoreError) -> JSONText.Node {
    let runs = try PrunedRun.all(connection)
    return .list(
      try ranges.map { (range) throws(StoreError) in
        .string(Base64.text(try LogTree.range(range, connection, runs).root.bytes))
      })
  }

  private func disclose(
    _ seq: Int64, _ count: Int, _ keys: LogReader.Keys
  ) throws(StoreError) -> [Disclosure] {
    let file = try KeysFile.open(
      path: keys.file, logID: meta.logID, kek: keys.kek, isReadOnly: true)
    let statement = try PreparedStatement(
      connection,
      """
      SELECT p.id & 65535, p.key_no, p.box, substr(l.sealed, (p.id & 65535)*32+1, 32)
      FROM log l JOIN payload p ON p.id>>16=l.seq
      WHERE l.seq=?1 AND p.id BETWEEN ?1<<16 AND (?1<<16)+65535 ORDER BY 1
      """, "reading the payloads")
    statement.bind(1, seq)
    var disclosed: [Disclosure] = []
    while try statement.next() {
      guard case .present(let key) = try file.key(statement.int(1)),
        let commitment = Hash256(statement.bytes(3))
      else { continue }
      let index = Int32(statement.int(0))
      disclosed.append(
        Disclosure(
          index: index,
          salt: Sealing.salt(under: key, shard: meta.shard, seq: seq, index: index),
          plaintext: try Sealing.open(
            statement.bytes(2), commitment: commitment, under: key, shard: meta.shard, seq: seq,
            index: index)))
    }
    return disclosed
  }

  private static func node(_ part: Disclosure) -> JSONText.Node {
    .object([
      .init("i", number(Int64(part.index))), .init("codec", number(0)),
      .init("salt", .string(Hexadecimal.text(part.salt))),
      .init("plaintext", .string(Base64.text(part.plaintext))),
    ])
  }

  private static func number(_ value: Int64) -> JSONText.Node { .number(JSONNumber(value)) }
}
