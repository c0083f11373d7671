internal import Crypto

/// What every figure of this machine can be told in: SHA-256 of 1 KiB and one look-up in a
/// dictionary of 10,000 numbers.
enum Yardstick {
  /// Nanoseconds, the best of nine rounds.
  static func nanoseconds() -> Double {
    let bytes = [UInt8](repeating: 0x5A, count: 1_024)
    var table: [Int: Int] = [:]
    for number in 0..<10_000 { table[number * 7_919] = number }
    let count = 20_000
    var best = Double.infinity
    var sum = 0
    for _ in 0..<9 {
      let begun = EngineSpeed.processorNanoseconds
      for index in 0..<count {
        let digest = SHA256.hash(data: bytes)
        digest.withUnsafeBytes { sum &+= Int($0[0]) }
        sum &+= table[(index % 10_000) &* 7_919] ?? 0
      }
      best = min(best, Double(EngineSpeed.processorNanoseconds - begun) / Double(count))
    }
    precondition(sum != 0, "the work was done")
    return best
  }
}
