internal import Crypto

/// A data key of 32 bytes, with the key derived from it that boxes are encrypted under (LOG §3).
package struct DataKey: Sendable {
  private let data: SymmetricKey
  let encryption: SymmetricKey

  private static let encryptionMessage = Array("petrel/enc/1\0".utf8)

  /// - Precondition: 32 bytes.
  package init(_ bytes: [UInt8]) {
    precondition(bytes.count == 32, "a data key has 32 bytes")
    data = SymmetricKey(data: bytes)
    let code = bytes.withUnsafeBytes { key in
      Self.encryptionMessage.withUnsafeBytes { Self.code(for: $0, under: key) }
    }
    encryption = code.withBytes { SymmetricKey(data: $0) }
  }

  /// The first `count` bytes of HMAC-SHA-256 under this key.
  package func authenticationCode(for message: [UInt8], count: Int = 32) -> [UInt8] {
    message.withUnsafeBytes { code(for: $0).withBytes { Array($0.prefix(count)) } }
  }

  /// HMAC-SHA-256 under this key.
  func code(for message: UnsafeRawBufferPointer) -> Hash256 {
    data.withUnsafeBytes { Self.code(for: message, under: $0) }
  }

  /// RFC 2104 for a key shorter than a block. The library's own makes a dozen arrays for each code,
  /// which a case pays for with every payload.
  private static func code(
    for message: UnsafeRawBufferPointer, under key: UnsafeRawBufferPointer
  ) -> Hash256 {
    let block = 64
    let capacity = block + max(message.count, 32)
    return withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 16) { buffer in
      defer { buffer.initializeMemory(as: UInt8.self, repeating: 0) }
      buffer.initializeMemory(as: UInt8.self, repeating: 0)
      func hash(_ pad: UInt8, _ count: Int) -> Hash256 {
        for index in 0..<block {
          buffer[index] = (index < key.count ? key[index] : 0) ^ pad
        }
        return Hash256(hashing: UnsafeRawBufferPointer(rebasing: buffer[..<(block + count)]))
      }
      let body = UnsafeMutableRawBufferPointer(rebasing: buffer[block...])
      body.copyMemory(from: message)
      let inner = hash(0x36, message.count)
      inner.withBytes { body.copyMemory(from: $0) }
      return hash(0x5c, 32)
    }
  }
}
