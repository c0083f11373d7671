internal import Crypto
internal import Foundation

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

  /// The keys of `numbers` in order, as many as there are.
  func keys(_ numbers: Range<Int64>) -> [[UInt8]] {
    if case .random = self, let keys = Self.random(numbers.count) { return keys }
    var keys: [[UInt8]] = []
    for number in numbers {
      guard let key = key(number) else { break }
      keys.append(key)
    }
    return keys
  }

  /// The system is asked once for all of them; nil if it does not give so much at once.
  private static func random(_ count: Int) -> [[UInt8]]? {
    let descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count * 32)
    guard read(descriptor, &bytes, bytes.count) == bytes.count else { return nil }
    return (0..<count).map { Array(bytes[$0 * 32..<($0 + 1) * 32]) }
  }
}
