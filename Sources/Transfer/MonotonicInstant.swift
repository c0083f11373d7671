internal import Glibc

/// A point of the monotonic clock of this process's machine, which no correction of the wall clock
/// moves: what deadlines of transfers are measured by.
package struct MonotonicInstant: Hashable, Comparable, Sendable {
  /// Since an arbitrary start.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static func now() -> MonotonicInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// `milliseconds` later; saturates.
  package func advanced(byMilliseconds milliseconds: Int64) -> MonotonicInstant {
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    return advanced(
      byNanoseconds: overflow ? (milliseconds > 0 ? .max : .min) : nanoseconds)
  }

  /// `microseconds` later; saturates.
  package func advanced(byMicroseconds microseconds: Int64) -> MonotonicInstant {
    let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
    return advanced(
      byNanoseconds: overflow ? (microseconds > 0 ? .max : .min) : nanoseconds)
  }

  /// `nanoseconds` later; saturates.
  package func advanced(byNanoseconds nanoseconds: Int64) -> MonotonicInstant {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return MonotonicInstant(nanoseconds: overflow ? (nanoseconds > 0 ? .max : .min) : sum)
  }

  /// Nanoseconds from `earlier` to this; negative if it is later.
  package func nanoseconds(since earlier: MonotonicInstant) -> Int64 {
    nanoseconds - earlier.nanoseconds
  }
}
