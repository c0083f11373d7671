import Foundation
import GRDB
import Record
import SQLiteStore

/// Somebody with a log's file and no scruples: changes it below the triggers, and knows the format.
struct Thief {
  struct Row {
    var seq: Int64
    var epoch: Int64
    var at: Int64
    var caseNumber: Int64?
    var kind: String
    var version: Int64
    var body: String
    var sealed: Data
    var hash: Data
  }

  let queue: DatabaseQueue
  let origin: String
  private let triggers: [(name: String, sql: String)]

  init(_ path: String) throws {
    queue = try DatabaseQueue(path: path)
    let queue = queue
    origin = try queue.read {
      try String.fetchOne($0, sql: "SELECT value FROM meta WHERE name='origin'") ?? ""
    }
    triggers = try queue.read { database in
      try GRDB.Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_schema WHERE type='trigger'"
      )
      .map { ($0[0], $0[1]) }
    }
  }

  var head: Int64 {
    get throws {
      try queue.read { try Int64.fetchOne($0, sql: "SELECT max(seq) FROM log") ?? 0 }
    }
  }

  var sizes: [Int64] {
    get throws {
      try queue.read { try Int64.fetchAll($0, sql: "SELECT size FROM checkpoint ORDER BY 1") }
    }
  }

  /// Without the triggers, which stand there again afterwards.
  func change(_ body: (Database) throws -> Void) throws {
    try queue.writeWithoutTransaction { database in
      try database.inTransaction {
        for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger.name)") }
        try body(database)
        for trigger in triggers { try database.execute(sql: trigger.sql) }
        return .commit
      }
    }
  }

  func row(_ seq: Int64) throws -> Row? {
    try queue.read { database in
      try GRDB.Row.fetchOne(database, sql: "SELECT * FROM log WHERE seq=?", arguments: [seq])
        .map { Self.row($0) }
    }
  }

  private static func row(_ row: GRDB.Row) -> Row {
    Row(
      seq: row["seq"], epoch: row["epoch"], at: row["at"], caseNumber: row["case_no"],
      kind: row["kind"], version: row["version"], body: row["body"], sealed: row["sealed"],
      hash: row["hash"])
  }

  /// Puts the chain in order from row `first` on.
  func rehash(from first: Int64) throws {
    let rows = try queue.read { database in
      try GRDB.Row.fetchAll(
        database, sql: "SELECT * FROM log WHERE seq>=? ORDER BY seq", arguments: [first]
      )
      .map { Self.row($0) }
    }
    let before = try row(first - 1).flatMap { Hash256($0.hash) }
    var previous = before ?? Leaf.origin(origin)
    var leaf = Leaf()
    try change { database in
      for row in rows {
        guard let hash = Self.hash(row, &leaf, previous) else { continue }
        previous = hash
        try database.execute(
          sql: "UPDATE log SET hash=? WHERE seq=?", arguments: [Data(hash.bytes), row.seq])
      }
    }
  }

  private static func hash(_ row: Row, _ leaf: inout Leaf, _ previous: Hash256) -> Hash256? {
    Array(row.kind.utf8).withUnsafeBytes { kind in
      Array(row.body.utf8).withUnsafeBytes { body in
        Array(row.sealed).withUnsafeBytes { sealed in
          leaf.hash(
            RawRow(
              seq: row.seq, epoch: row.epoch, at: row.at, caseNumber: row.caseNumber ?? 0,
              version: row.version, kind: kind, body: body, sealed: sealed, hash: nil),
            shard: 0, previous: previous)
        }
      }
    }
  }

  /// Signs the checkpoints from `first` on anew, for the rows as they are now.
  func sign(from first: Int64, with seed: SigningSeed) throws {
    let leaves = try queue.read { database in
      try Data.fetchAll(database, sql: "SELECT hash FROM log ORDER BY seq")
        .compactMap { Hash256($0) }
    }
    let key = seed.key(of: origin)
    var tree = MerkleTree()
    let sizes = try Set(self.sizes.filter { $0 >= first })
    try change { database in
      for leaf in leaves {
        tree.append(leaf)
        guard sizes.contains(tree.size) else { continue }
        let checkpoint = Checkpoint(origin: origin, size: tree.size, root: tree.root)
        try database.execute(
          sql: "UPDATE checkpoint SET root=?, note=? WHERE size=?",
          arguments: [
            Data(tree.root.bytes), SignedNote(checkpoint, signedBy: [key]).text, tree.size,
          ])
      }
    }
  }
}
