import Foundation

/// Draws that follow from a number: SplitMix64.
struct SeededDraws: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// How much is tried: little in every run, all of it with `PETREL_SOAK=1`.
enum Effort {
  static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] == "1"

  /// Of `PETREL_SEED`, or fixed; printed first, so that a failure can be had again.
  static func seed(_ test: String) -> UInt64 {
    let seed = ProcessInfo.processInfo.environment["PETREL_SEED"].flatMap { UInt64($0) } ?? 20_261
    print("SEED=\(seed) \(test)")
    return seed
  }
}
