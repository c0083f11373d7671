internal import Foundation
internal import GRDB
internal import Orchestration
internal import Record

extension SQLiteStore {
  /// The key that signs, and the checkpoints so far; refuses a log that does not hold its last
  /// anchor, and a key that is not the log's.
  static func signing(
    _ options: Options, _ meta: Meta, _ queue: DatabaseQueue, last: LogWriter.Last?
  ) throws(StoreError) -> Signing {
    let folder = URL(fileURLWithPath: options.keysFile).deletingLastPathComponent()
    let path = options.signerFile ?? folder.appendingPathComponent("petrel.signer").path
    let anchors = AnchorFile(path: options.anchors ?? AnchorFile.path(beside: options.database))
    let inForce = try verifier(queue)
    let seed: SigningSeed
    if let given = options.signer {
      seed = given
    } else {
      seed = try Self.seed(path, inForce, meta.origin)
    }
    let key = seed.key(of: meta.origin)
    if let inForce {
      guard inForce.utf8.elementsEqual(key.verifier.utf8) else {
        throw StoreError(
          .keyMissing, code: "S120",
          "the signing key is another than the log's (\(inForce)); put the log's own key back")
      }
    } else {
      try translating("naming the signing key") {
        try queue.writeWithoutTransaction { database in
          try database.execute(
            sql: "INSERT INTO meta(name,value) VALUES('verifier_key',?)", arguments: [key.verifier])
        }
      }
    }
    var isHeld = false
    do throws(StoreError) {
      try requireLastAnchor(of: meta.origin, anchors, queue, last)
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

  /// The key's file; the one beside it that a change of keys left, if the log names that.
  private static func seed(
    _ path: String, _ inForce: String?, _ origin: String
  ) throws(StoreError) -> SigningSeed {
    guard let inForce else { return try SigningSeed.file(path).0 }
    let next = path + ".new"
    if FileManager.default.fileExists(atPath: next) {
      let seed = try SigningSeed.file(next).0
      if seed.key(of: origin).verifier.utf8.elementsEqual(inForce.utf8) {
        rename(next, path)
        return seed
      }
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(
        .keyMissing, code: "S120",
        "the signing key \(path) is missing, and the log is signed with it; put it back")
    }
    return try SigningSeed.file(path).0
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

  /// What was anchored last must be in the log: else its end was cut or replaced.
  private static func requireLastAnchor(
    of origin: String, _ anchors: AnchorFile, _ queue: DatabaseQueue, _ last: LogWriter.Last?
  ) throws(StoreError) {
    guard let anchor = try anchors.last(of: origin)?.checkpoint else { return }
    let root = try translating("reading the checkpoints") {
      try queue.read {
        try Data.fetchOne(
          $0, sql: "SELECT root FROM checkpoint WHERE size=?", arguments: [anchor.size])
      }
    }
    guard let root, Hash256(root) == anchor.root, anchor.size <= last?.seq ?? 0 else {
      throw StoreError(
        .unreadable, code: "S119",
        "the last anchor in \(anchors.path), of \(anchor.size) rows, is not in this log, which "
          + "ends at row \(last?.seq ?? 0): rows were lost or replaced. petrel restore names them "
          + "and goes on")
    }
  }
}
