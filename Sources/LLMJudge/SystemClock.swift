internal import Engine
internal import Transfer

/// The machine's own clock and randomness.
enum SystemClock {
  @Sendable static func now() -> Instant { Instant(microseconds: WallClock.microseconds()) }

  /// 16 bytes of the system's cryptographic generator.
  @Sendable static func nonce() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).flatMap { _ in
      let word: UInt64 = generator.next()
      return withUnsafeBytes(of: word) { Array($0) }
    }
  }
}
