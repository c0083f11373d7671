internal import Engine
internal import Glibc

/// The machine's own clock and randomness.
enum SystemClock {
  @Sendable static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }

  /// 16 bytes of the system's cryptographic generator.
  @Sendable static func nonce() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).flatMap { _ in
      let word: UInt64 = generator.next()
      return withUnsafeBytes(of: word) { Array($0) }
    }
  }
}
