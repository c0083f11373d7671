internal import Crypto

/// 32 bytes: a SHA-256 of the log (leaf, node, commitment).
package struct Hash256: Hashable, Sendable {
  private var words: SIMD4<UInt64>

  /// All zero.
  package init() { words = .zero }

  /// Nil unless there are exactly 32 bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    words = .zero
    withUnsafeMutableBytes(of: &words) { target in
      for (index, byte) in bytes.enumerated() { target[index] = byte }
    }
  }

  /// Nil unless there are exactly 32 bytes.
  package init?(raw bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    words = .zero
    withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
  }

  package var bytes: [UInt8] { withBytes { Array($0) } }

  /// Lower case.
  package var hex: String { Hexadecimal.text(bytes) }

  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try Swift.withUnsafeBytes(of: words, body)
  }

  /// SHA-256 of `data`.
  package init(hashing data: UnsafeRawBufferPointer) {
    self.init()
    var hasher = SHA256()
    hasher.update(bufferPointer: data)
    let digest = hasher.finalize()
    withUnsafeMutableBytes(of: &words) { target in
      digest.withUnsafeBytes { target.copyMemory(from: $0) }
    }
  }

  /// SHA-256 of `data`.
  package init(hashing data: [UInt8]) {
    self = data.withUnsafeBytes { Hash256(hashing: $0) }
  }
}
