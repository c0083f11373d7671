package import CEL

/// How durations are spelled in nets and in messages about them.
package enum DurationText {
  private static let units: [(name: String, seconds: Int64)] = [
    ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
  ]

  /// By the largest unit that divides it (`90s`, `2h`, `1500ms`); what has no such spelling as CEL
  /// writes it.
  package static func text(_ span: TimeSpan) -> String {
    if span.seconds < 0 || span.nanoseconds < 0 || span.nanoseconds % 1_000_000 != 0 {
      return span.description
    }
    let milliseconds = Int64(span.nanoseconds / 1_000_000)
    guard milliseconds == 0 else { return "\(span.seconds * 1000 + milliseconds)ms" }
    guard span.seconds != 0 else { return "0s" }
    for unit in units where span.seconds % unit.seconds == 0 {
      return "\(span.seconds / unit.seconds)\(unit.name)"
    }
    return span.description
  }

  /// Microseconds, rounded towards zero; nil where they do not fit.
  package static func microseconds(_ span: TimeSpan) -> Int64? {
    let (micros, overflow) = span.seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? nil : micros + Int64(span.nanoseconds / 1000)
  }

  /// `-5s` of a D with a minus before it; nil for anything else.
  static func negative(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    guard scalars.first == "-" else { return nil }
    let rest = String(scalars.dropFirst().drop { $0 == " " })
    return QuantityText.microseconds(rest) == nil ? nil : text
  }

  /// Whether it looks like a number with a unit, so that a message can speak of durations.
  static func resembles(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, ("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar == "." || scalar == " "
        || ("0"..."9").contains(scalar)
    }
  }
}
