internal import Crypto
package import Orchestration

/// The operator's key (KEK) under which the slots of the keys file are wrapped.
package struct KeyEncryptionKey: Sendable {
  let key: SymmetricKey
  /// Names the key in the keys file without giving it away: 16 bytes.
  package let id: [UInt8]

  /// The same as 32 hexadecimal digits, as `keysRotated` has it.
  package var name: String { Hexadecimal.text(id) }

  /// Nil unless there are 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    key = SymmetricKey(data: bytes)
    id = Array(
      HMAC<SHA256>.authenticationCode(for: Array("petrel/kek/1\0".utf8), using: key).prefix(16))
  }

  /// Nil unless the text is 64 lower-case hexadecimal digits, a newline behind them allowed.
  package init?(hex text: String) {
    guard let bytes = SecretFile.bytes(hex: text) else { return nil }
    self.init(bytes)
  }

  /// Reads the file at `path`; makes it, of mode 0600 and with 32 random bytes, if there is none.
  ///
  /// - Returns: The key and whether the file was made just now.
  package static func file(_ path: String) throws(StoreError) -> (KeyEncryptionKey, isNew: Bool) {
    let (bytes, isNew) = try SecretFile(path: path, code: "S116", what: "key-encryption key")
      .contents()
    guard let key = KeyEncryptionKey(bytes) else {
      throw StoreError(.keyMissing, code: "S116", "the key-encryption key \(path) has not 32 bytes")
    }
    return (key, isNew)
  }

  /// Where the next key of the file at `path` lies while the keys are wrapped under it.
  package static func next(_ path: String) -> String { path + ".new" }

  /// Puts the next key in the place of the one at `path`, whose bytes are overwritten.
  package static func adoptNext(_ path: String) throws(StoreError) {
    try SecretFile.replace(path, by: next(path))
  }

  /// Takes away a next key that came into force nowhere.
  package static func dropNext(_ path: String) { SecretFile.scrub(next(path)) }
}
