internal import Crypto

/// A data key of 32 bytes, with the key derived from it that boxes are encrypted under (LOG §3).
package struct DataKey: Sendable {
  let data: SymmetricKey
  let encryption: SymmetricKey

  /// - Precondition: 32 bytes.
  package init(_ bytes: [UInt8]) {
    precondition(bytes.count == 32, "a data key has 32 bytes")
    data = SymmetricKey(data: bytes)
    encryption = SymmetricKey(
      data: HMAC<SHA256>.authenticationCode(for: Array("petrel/enc/1\0".utf8), using: data))
  }

  /// The first `count` bytes of HMAC-SHA-256 under this key.
  package func authenticationCode(for message: [UInt8], count: Int = 32) -> [UInt8] {
    HMAC<SHA256>.authenticationCode(for: message, using: data)
      .withUnsafeBytes { Array($0.prefix(count)) }
  }
}
