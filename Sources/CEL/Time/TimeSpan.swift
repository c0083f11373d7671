/// CEL's `duration`; the name leaves Swift's own `Duration` alone.
///
/// Both parts have the same sign, as in protobuf's `Duration`; at most ±315,576,000,000 seconds.
package struct TimeSpan: Hashable, Sendable {
  package var seconds: Int64
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static let zero = TimeSpan(seconds: 0, nanoseconds: 0)
  /// The greatest number of whole seconds, in both directions.
  package static let secondsMax: Int64 = 315_576_000_000
}

extension TimeSpan: Comparable {
  package static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// Arithmetic answers nil when the result leaves the range.
extension TimeSpan {
  package var negated: TimeSpan { TimeSpan(seconds: -seconds, nanoseconds: -nanoseconds) }

  package func adding(_ other: TimeSpan) -> TimeSpan? {
    TimeSpan.normalized(
      seconds: seconds + other.seconds,
      nanoseconds: Int64(nanoseconds) + Int64(other.nanoseconds)
    ).inRange
  }

  package func subtracting(_ other: TimeSpan) -> TimeSpan? { adding(other.negated) }

  package func multiplied(by factor: Int64) -> TimeSpan? {
    let (wholeSeconds, overflow) = seconds.multipliedReportingOverflow(by: factor)
    let product = Int64(nanoseconds).multipliedFullWidth(by: factor)
    let divided = Int64(1_000_000_000).dividingFullWidth(product)
    guard !overflow, wholeSeconds.magnitude <= Self.secondsMax.magnitude else { return nil }
    return TimeSpan.normalized(
      seconds: wholeSeconds + divided.quotient, nanoseconds: divided.remainder
    ).inRange
  }

  var inRange: TimeSpan? {
    seconds.magnitude > Self.secondsMax.magnitude
      || (seconds.magnitude == Self.secondsMax.magnitude && nanoseconds != 0) ? nil : self
  }

  /// Carries nanoseconds into seconds, so that both have one sign, or (`floor`) so that
  /// nanoseconds are not negative.
  static func normalized(seconds: Int64, nanoseconds: Int64, floor: Bool = false) -> TimeSpan {
    var whole = seconds + nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 && (floor || whole > 0) {
      whole -= 1
      rest += 1_000_000_000
    } else if rest > 0 && whole < 0 && !floor {
      whole += 1
      rest -= 1_000_000_000
    }
    return TimeSpan(seconds: whole, nanoseconds: Int32(rest))
  }
}
