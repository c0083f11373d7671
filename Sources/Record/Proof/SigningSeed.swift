package import Orchestration

/// The secret of a log's Ed25519 key.
package struct SigningSeed: Sendable {
  package let bytes: [UInt8]

  /// Nil unless there are 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// Nil unless the text is 64 lower-case hexadecimal digits, white space behind them allowed.
  package init?(hex text: String) {
    guard let bytes = SecretFile.bytes(hex: text) else { return nil }
    self.init(bytes)
  }

  /// Reads the file at `path`; makes it, of mode 0600, if there is none.
  package static func file(_ path: String) throws(StoreError) -> (SigningSeed, isNew: Bool) {
    let (bytes, isNew) = try SecretFile(path: path, code: "S120", what: "signing key").contents()
    guard let seed = SigningSeed(bytes) else {
      throw StoreError(.keyMissing, code: "S120", "the signing key \(path) has not 32 bytes")
    }
    return (seed, isNew)
  }

  /// The key with which the log of this origin is signed.
  package func key(of origin: String) -> CheckpointKey {
    guard let key = CheckpointKey(name: origin, seed: bytes) else {
      preconditionFailure("any 32 bytes are a seed of Ed25519")
    }
    return key
  }
}
