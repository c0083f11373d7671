package import CEL

/// Durations as nets and configurations write them: `500ms 5s 10m 8h 2d`.
package enum DurationText {
  /// Nil if it is not digits followed by one unit, or beyond CEL's range.
  package static func span(_ text: String) -> TimeSpan? {
    let digits = text.utf8.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard !digits.isEmpty, let count = Int64(Substring(digits)) else { return nil }
    let unit = String(Substring(text.utf8.dropFirst(digits.count)))
    if unit.hasSameBytes(as: "ms") {
      return span(seconds: count / 1000, nanoseconds: Int32(count % 1000) * 1_000_000)
    }
    guard let factor = units.first(where: { unit.hasSameBytes(as: $0.name) })?.seconds else {
      return nil
    }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: factor)
    return overflow ? nil : span(seconds: seconds, nanoseconds: 0)
  }

  /// The largest unit that divides it; what has no such spelling as CEL writes it.
  package static func text(_ span: TimeSpan) -> String {
    let milliseconds = span.nanoseconds / 1_000_000
    if span.seconds < 0 || span.nanoseconds < 0 || span.nanoseconds % 1_000_000 != 0 {
      return span.description
    }
    guard milliseconds == 0 else { return "\(span.seconds * 1000 + Int64(milliseconds))ms" }
    if span.seconds == 0 { return "0s" }
    for unit in units where span.seconds % unit.seconds == 0 {
      return "\(span.seconds / unit.seconds)\(unit.name)"
    }
    return span.description
  }

  /// Whether it looks like a number with a unit, so that a message can speak of durations.
  package static func resembles(_ text: String) -> Bool {
    guard let first = text.utf8.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9")
    else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar == "." || scalar == " "
        || ("0"..."9").contains(scalar)
    }
  }

  /// Microseconds, rounded towards zero; nil where they do not fit.
  package static func microseconds(_ span: TimeSpan) -> Int64? {
    let (micros, overflow) = span.seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? nil : micros + Int64(span.nanoseconds / 1000)
  }

  private static let units: [(name: String, seconds: Int64)] = [
    ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
  ]

  private static func span(seconds: Int64, nanoseconds: Int32) -> TimeSpan? {
    guard seconds < TimeSpan.secondsMax else { return nil }
    return TimeSpan(seconds: seconds, nanoseconds: nanoseconds)
  }
}
