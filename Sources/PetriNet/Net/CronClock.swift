package import CEL

/// When a schedule is due: a cron expression under the rules of its time zone.
///
/// A local time that clocks skip is due at the jump; one that comes twice, the first time only. Of
/// day of month and day of week either suffices if both are given.
package struct CronClock: Sendable {
  private let minutes: UInt64
  private let hours: UInt64
  private let days: UInt64
  private let months: UInt64
  private let weekdays: UInt64
  private let needsBoth: Bool
  private let zone: ZoneRules

  /// Days looked at before a schedule is taken for one that is never due (29 February, at most).
  private static let daysMax = 366 * 9

  /// Nil if the expression is wrong.
  package init?(_ text: String, zone: ZoneRules) {
    guard let (bits, anyDay, anyWeekday) = CronExpression.fields(of: text) else { return nil }
    (minutes, hours, days, months, weekdays) = (bits[0], bits[1], bits[2], bits[3], bits[4])
    needsBoth = anyDay || anyWeekday
    self.zone = zone
  }

  /// The first instant after `seconds` (since 1970 UTC) at which it is due; nil if it never is.
  package func next(after seconds: Int64) -> Int64? {
    let offset = zone.offset(at: Timestamp(seconds: seconds, nanoseconds: 0))
    let (quotient, remainder) = (seconds + offset).quotientAndRemainder(dividingBy: 86_400)
    let today = remainder < 0 ? quotient - 1 : quotient
    for day in (today - 1)..<(today + Int64(Self.daysMax)) where isDue(onDay: day) {
      for hour in 0..<24 where hours & (1 << hour) != 0 {
        for minute in 0..<60 where minutes & (1 << minute) != 0 {
          let instant = instant(atLocal: day * 86_400 + Int64(hour) * 3_600 + Int64(minute) * 60)
          if instant > seconds { return instant }
        }
      }
    }
    return nil
  }

  private func isDue(onDay number: Int64) -> Bool {
    let date = CivilDate(day: number)
    guard months & (1 << UInt64(date.month)) != 0 else { return false }
    let isDay = days & (1 << UInt64(date.day)) != 0
    let weekday = ((number + 4) % 7 + 7) % 7
    let isWeekday = weekdays & (1 << UInt64(weekday)) != 0
    return needsBoth ? isDay && isWeekday : isDay || isWeekday
  }

  private func instant(atLocal local: Int64) -> Int64 {
    if let first = zone.instants(atLocal: local).first { return first }
    // Skipped: the jump lies between the instants that the offsets before and after it name.
    func offset(_ seconds: Int64) -> Int64 {
      zone.offset(at: Timestamp(seconds: seconds, nanoseconds: 0))
    }
    let before = offset(local - 86_400)
    var low = local - 86_400 - before
    var high = local + 86_400
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(middle) == before { low = middle } else { high = middle }
    }
    return high
  }
}
