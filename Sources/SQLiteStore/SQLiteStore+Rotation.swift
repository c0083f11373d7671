package import Engine
internal import Foundation
internal import GRDB
package import Orchestration
package import Record

extension SQLiteStore {
  /// Wraps all keys under another key-encryption key, and says so in the log (LOG §3).
  ///
  /// The store writes nothing afterwards: close it. The new key must stand where the next opening
  /// looks for it: in `KeyEncryptionKey.next` of its file, or where the old one was read.
  ///
  /// - Returns: The row that names the new key, and how many keys are under it.
  package func rotate(
    to kek: KeyEncryptionKey, by: Subject, at now: Instant
  ) throws(StoreError) -> (seq: Seq, keys: Int64) {
    guard let keys = writer.keys as? KeysFile else { throw .broken }
    let count = try keys.rewrap(under: kek)
    let seq = try appendAlone(.keysRotated(KeysRotated(by: by, kek: kek.name)), at: now)
    try KeysFile.adoptRotated(keys.path)
    close()
    return (seq, count)
  }

  /// The key under which the keys file is wrapped now, after what an earlier rotation left was ended
  /// or taken back: the log says which of the two it has to be.
  static func settledKEK(
    _ options: Options, _ queue: DatabaseQueue
  ) throws(StoreError) -> KeyEncryptionKey {
    let path = options.keysFile
    let rotated = KeysFile.rotated(path)
    if FileManager.default.fileExists(atPath: rotated) {
      let named = try rotatedTo(queue)
      if let named, KeysFile.kekName(ofFile: rotated) == named,
        KeysFile.kekName(ofFile: path) != named
      {
        try KeysFile.adoptRotated(path)
      } else {
        KeysFile.dropRotated(path)
      }
    }
    guard let file = options.kekFile,
      FileManager.default.fileExists(atPath: KeyEncryptionKey.next(file))
    else { return options.kek }
    let inForce = KeysFile.kekName(ofFile: path)
    if inForce == options.kek.name {
      KeyEncryptionKey.dropNext(file)
      return options.kek
    }
    let (next, _) = try KeyEncryptionKey.file(KeyEncryptionKey.next(file))
    guard inForce == next.name else { return options.kek }
    try KeyEncryptionKey.adoptNext(file)
    return next
  }

  /// The name of the key that the last rotation in the log was to; nil without one.
  private static func rotatedTo(_ queue: DatabaseQueue) throws(StoreError) -> String? {
    try translating("reading the last rotation") {
      try queue.read { database in
        let first = try Int64.fetchOne(
          database, sql: "SELECT first_seq FROM event_kind WHERE kind='keysRotated'")
        guard let first else { return nil }
        return try String.fetchOne(
          database,
          sql: """
            SELECT body->>'$.kek' FROM log WHERE seq>=? AND kind='keysRotated'
            ORDER BY seq DESC LIMIT 1
            """, arguments: [first])
      }
    }
  }
}
