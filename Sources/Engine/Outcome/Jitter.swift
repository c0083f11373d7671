/// H(firing.id, n) of DESIGN §3, `backoff`: the same retry waits equally long on every machine.
///
/// FNV-1a over the bytes, then the finaliser of SplitMix64, so that neighbouring firings spread. It
/// protects nothing; it only has to be the same everywhere.
enum Jitter {
  /// In [0.5, 1).
  static func factor(of firing: String, _ number: Int) -> Double {
    0.5 + Double(hash(firing, number) >> 11) / Double(UInt64(1) << 54)
  }

  static func hash(_ firing: String, _ number: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in firing.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash = hash &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    return hash ^ (hash >> 31)
  }
}
