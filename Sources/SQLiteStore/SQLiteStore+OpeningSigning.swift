internal import Foundation
internal import GRDB
internal import Orchestration
internal import Record

extension SQLiteStore {
  /// The key that signs, and the checkpoints so far; refuses a log that does not hold its last
  /// anchor, and a key that is not the log's.
  static func signing(
    _ options: Options, _ meta: LogMeta, _ queue: DatabaseQueue, last: LogWriter.Last?
  ) throws(StoreError) -> Signing {
    let folder = URL(fileURLWithPath: options.keysFile).deletingLastPathComponent()
    let path = options.signerFile ?? folder.appendingPathComponent("petrel.signer").path
    let anchors = AnchorFile(path: options.anchors ?? AnchorFile.path(beside: options.database))
    let inForce = try verifier(queue)
    let key = try Signing.key(
      given: options.signer, file: path, inForce: inForce, origin: meta.origin)
    if inForce == nil {
      try translating("naming the signing key") {
        try queue.writeWithoutTransaction { database in
          try database.execute(
            sql: "INSERT INTO meta(name,value) VALUES('verifier_key',?)", arguments: [key.verifier])
        }
      }
    }
    var isHeld = false
    do throws(StoreError) {
      try anchors.requireLast(of: meta.origin, inLogEndingAt: last?.seq ?? 0) {
        (size) throws(StoreError) in try root(size, queue)
      }
    } catch {
      guard options.acceptsLoss, error.code == "S119" else { throw error }
      isHeld = true
    }
    let newest = try newestCheckpoint(queue)
    var signing = Signing(
      series: CheckpointSeries(origin: meta.origin, key: key, last: newest), anchors: anchors,
      announce: options.announceCheckpoint, rest: options.restNanoseconds)
    signing.isHeld = isHeld
    return signing
  }

  /// The verifier key of the signing key in force; nil in a log that was never signed.
  private static func verifier(_ queue: DatabaseQueue) throws(StoreError) -> String? {
    try translating("reading the signing key's name") {
      try queue.read { database in
        let since = try Int64.fetchOne(
          database, sql: "SELECT first_seq FROM event_kind WHERE kind='signingKeyChanged'")
        if let since {
          return try String.fetchOne(
            database,
            sql: """
              SELECT body->>'$.new' FROM log WHERE seq>=? AND kind='signingKeyChanged'
              ORDER BY seq DESC LIMIT 1
              """, arguments: [since])
        }
        return try String.fetchOne(
          database, sql: "SELECT value FROM meta WHERE name='verifier_key'")
      }
    }
  }

  private static func newestCheckpoint(
    _ queue: DatabaseQueue
  ) throws(StoreError) -> (size: Int64, at: Int64)? {
    try translating("reading the checkpoints") {
      try queue.read { database in
        try Row.fetchOne(
          database, sql: "SELECT size, at FROM checkpoint ORDER BY size DESC LIMIT 1"
        )
        .map { row -> (size: Int64, at: Int64) in (row[0], row[1]) }
      }
    }
  }

  private static func root(_ size: Int64, _ queue: DatabaseQueue) throws(StoreError) -> Hash256? {
    try translating("reading the checkpoints") {
      try queue.read {
        try Data.fetchOne($0, sql: "SELECT root FROM checkpoint WHERE size=?", arguments: [size])
          .flatMap { Hash256($0) }
      }
    }
  }
}
