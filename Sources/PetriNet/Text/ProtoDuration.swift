import CEL

/// A duration in proto3's JSON: seconds with at most nine places and the letter s (`-1.5s`).
enum ProtoDuration {
  static func timeSpan(_ text: String) -> TimeSpan? {
    var bytes = Array(text.utf8)[...]
    guard bytes.popLast() == UInt8(ascii: "s") else { return nil }
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let seconds = number(parts[0], digitsMax: 12),
      seconds <= 315_576_000_000
    else { return nil }
    var nanoseconds: Int64 = 0
    if parts.count == 2 {
      guard let fraction = number(parts[1], digitsMax: 9) else { return nil }
      nanoseconds = fraction
      for _ in parts[1].count..<9 { nanoseconds *= 10 }
    }
    guard seconds < 315_576_000_000 || nanoseconds == 0 else { return nil }
    let sign: Int64 = isNegative ? -1 : 1
    return TimeSpan(seconds: sign * seconds, nanoseconds: Int32(sign * nanoseconds))
  }

  private static func number(_ digits: ArraySlice<UInt8>, digitsMax: Int) -> Int64? {
    guard (1...digitsMax).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }
}
