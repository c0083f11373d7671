/// An instant in CEL's range, 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
package struct Timestamp: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, floor.
  package var seconds: Int64
  /// 0 ..< 1,000,000,000, counted forward from `seconds`.
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static let least = Timestamp(seconds: -62_135_596_800, nanoseconds: 0)
  package static let greatest = Timestamp(seconds: 253_402_300_799, nanoseconds: 999_999_999)
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// Arithmetic answers nil when the result leaves the range of its type.
extension Timestamp {
  package func adding(_ span: TimeSpan) -> Timestamp? {
    let (seconds, overflow) = seconds.addingReportingOverflow(span.seconds)
    guard !overflow else { return nil }
    let sum = TimeSpan.normalized(
      seconds: seconds, nanoseconds: Int64(nanoseconds) + Int64(span.nanoseconds), floor: true)
    let result = Timestamp(seconds: sum.seconds, nanoseconds: sum.nanoseconds)
    return result >= .least && result <= .greatest ? result : nil
  }

  package func subtracting(_ span: TimeSpan) -> Timestamp? { adding(span.negated) }

  /// The time from `other` to this instant; nil beyond what 64 bits of nanoseconds hold (some 292
  /// years), which is the limit the CEL conformance cases ask for.
  package func since(_ other: Timestamp) -> TimeSpan? {
    let span = TimeSpan.normalized(
      seconds: seconds - other.seconds, nanoseconds: Int64(nanoseconds - other.nanoseconds))
    let (nanoseconds, overflow) = span.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow, !nanoseconds.addingReportingOverflow(Int64(span.nanoseconds)).overflow else {
      return nil
    }
    return span
  }
}
