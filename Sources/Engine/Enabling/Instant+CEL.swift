package import CEL

extension Instant {
  /// The first instant at or after a timestamp.
  package init(_ timestamp: Timestamp) {
    let microseconds =
      timestamp.seconds * 1_000_000 + (Int64(timestamp.nanoseconds) + 999) / 1_000
    self.init(microseconds: microseconds)
  }

  /// The same instant, kept in CEL's range.
  package var timestamp: Timestamp {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let seconds = remainder < 0 ? quotient - 1 : quotient
    let rest = remainder < 0 ? remainder + 1_000_000 : remainder
    let timestamp = Timestamp(seconds: seconds, nanoseconds: Int32(rest * 1_000))
    return min(max(timestamp, .least), .greatest)
  }
}

extension TimeSpan {
  /// Rounded up, so that a wait is never cut short.
  package var microseconds: Int64 {
    let rest = Int64(nanoseconds)
    return seconds * 1_000_000 + (rest > 0 ? (rest + 999) / 1_000 : rest / 1_000)
  }
}
