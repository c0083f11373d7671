package import Engine

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tells the time. Engine time never goes back; the loop takes max(clock, last logged) besides.
package protocol Clock: Sendable {
  /// Microseconds since 1970.
  func now() -> Instant
}

/// The wall clock as read once, carried on by the monotonic clock.
///
/// A step of the wall clock while the service runs moves no deadline; across a restart the wall
/// clock counts again.
package struct MonotonicClock: Clock {
  private let wallStart: Int64
  private let monotonicStart: Int64

  package init() {
    wallStart = Self.read(CLOCK_REALTIME) / 1_000
    monotonicStart = Self.read(CLOCK_MONOTONIC)
  }

  package func now() -> Instant {
    Instant(
      microseconds: wallStart + (Self.read(CLOCK_MONOTONIC) - monotonicStart) / 1_000)
  }

  /// Nanoseconds of the monotonic clock at which `instant` is reached; saturates.
  func monotonicNanoseconds(of instant: Instant) -> Int64 {
    let (distance, overflow) = instant.microseconds.subtractingReportingOverflow(wallStart)
    guard !overflow, distance < Int64.max / 2_000 else { return .max }
    return monotonicStart + max(distance, -wallStart / 1_000) * 1_000
  }

  /// Nanoseconds of the monotonic clock now.
  package static func monotonicNanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
