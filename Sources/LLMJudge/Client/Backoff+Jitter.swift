internal import Crypto

extension Backoff {
  /// The wait after `attempt` (from 1): `min(last, first · 2^(n-1)) × u`, where u in [0.5, 1) is drawn
  /// from the firing and the attempt, the same in every process.
  func microseconds(after attempt: Int, firing: String) -> Int64 {
    let shift = min(max(0, attempt - 1), 40)
    let (doubled, overflow) = firstMilliseconds.multipliedReportingOverflow(by: 1 << shift)
    let whole = overflow ? lastMilliseconds : min(doubled, lastMilliseconds)
    let number = UInt32(truncatingIfNeeded: attempt)
    let tail = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    let draw = SHA256.hash(data: Array(firing.utf8) + tail).prefix(7)
      .reduce(0) { $0 << 8 | UInt64($1) }
    let share = 0.5 + Double(draw >> 3) / Double(1 << 54 as UInt64)
    return Int64(Double(whole) * 1_000 * share)
  }
}
