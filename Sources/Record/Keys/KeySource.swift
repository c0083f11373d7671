internal import Crypto

/// Where new data keys come from.
package enum KeySource: Sendable {
  /// The system's random numbers.
  case random
  /// Key n is HMAC-SHA-256(seed, n): equal seeds give equal keys, for tests and simulations.
  case seeded([UInt8])
  /// Key n is element n, for test vectors; beyond the last there are none.
  case listed([[UInt8]])

  /// Nil beyond a list's end.
  func key(_ number: Int64) -> [UInt8]? {
    switch self {
    case .random:
      return SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    case .seeded(let seed):
      return withUnsafeBytes(of: number.bigEndian) {
        Array(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: seed)))
      }
    case .listed(let keys):
      return keys.indices.contains(Int(number)) ? keys[Int(number)] : nil
    }
  }
}
