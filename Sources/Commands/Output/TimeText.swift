internal import CEL
internal import Engine

/// Times as people and programs read them.
enum TimeText {
  /// RFC 3339 in UTC, to the microsecond where there is one.
  static func absolute(_ instant: Instant) -> String {
    let (seconds, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let isBefore = rest < 0
    let timestamp = Timestamp(
      seconds: isBefore ? seconds - 1 : seconds,
      nanoseconds: Int32((isBefore ? rest + 1_000_000 : rest) * 1_000))
    return timestamp.description
  }

  /// `12 s ago`, `in 3 h`; on a terminal. Whole units, rounded down.
  static func relative(_ instant: Instant, to now: Instant) -> String {
    let microseconds = now.microseconds - instant.microseconds
    if abs(microseconds) < 1_000_000 { return "now" }
    let text = length(abs(microseconds))
    return microseconds > 0 ? "\(text) ago" : "in \(text)"
  }

  /// Relative on a terminal, RFC 3339 in a pipe.
  static func shown(_ instant: Instant, now: Instant, isUTC: Bool = false) -> String {
    Console.isTerminal && !isUTC ? relative(instant, to: now) : absolute(instant)
  }

  /// `41 ms`, `12 s`, `5 min`, `3 h`, `12 d`: the greatest unit that fits, rounded down.
  static func length(_ microseconds: Int64) -> String {
    let units: [(Int64, String)] = [
      (86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"),
      (1_000, "ms"),
    ]
    for (size, name) in units where microseconds >= size { return "\(microseconds / size) \(name)" }
    return "0 ms"
  }

  /// `00:00:05`, `3 d 01:00:00.043`: since the beginning, exact.
  static func clock(_ microseconds: Int64) -> String {
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
    let seconds = microseconds / 1_000_000
    let days = seconds / 86_400
    var text = days > 0 ? "\(days) d " : ""
    text += "\(two(seconds / 3_600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    let fraction = microseconds % 1_000_000
    guard fraction > 0 else { return text }
    var digits = String(fraction)
    digits = String(repeating: "0", count: 6 - digits.utf8.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(text).\(digits)"
  }
}
