/// The accessors of timestamps and durations, under their names in CEL.
enum CalendarPart: String, CaseIterable, Sendable {
  case fullYear = "getFullYear"
  /// From 0.
  case month = "getMonth"
  /// From 1.
  case date = "getDate"
  /// From 0.
  case dayOfMonth = "getDayOfMonth"
  /// From 0.
  case dayOfYear = "getDayOfYear"
  /// 0 is Sunday.
  case dayOfWeek = "getDayOfWeek"
  case hours = "getHours"
  case minutes = "getMinutes"
  case seconds = "getSeconds"
  case milliseconds = "getMilliseconds"

  var isOfDurations: Bool {
    switch self {
    case .hours, .minutes, .seconds, .milliseconds: true
    default: false
    }
  }

  /// The part of the local time that is `offset` seconds ahead of UTC.
  func value(of instant: Timestamp, offset: Int64) -> Int64 {
    let local = instant.seconds + offset
    let day = local.flooredQuotient(86_400)
    let second = local - day * 86_400
    switch self {
    case .fullYear: return CivilDate(day: day).year
    case .month: return CivilDate(day: day).month - 1
    case .date: return CivilDate(day: day).day
    case .dayOfMonth: return CivilDate(day: day).day - 1
    case .dayOfYear: return day - CivilDate(year: CivilDate(day: day).year, month: 1, day: 1).number
    case .dayOfWeek: return (day + 4).flooredRemainder(7)
    case .hours: return second / 3_600
    case .minutes: return second / 60 % 60
    case .seconds: return second % 60
    case .milliseconds: return Int64(instant.nanoseconds / 1_000_000)
    }
  }

  /// The whole duration in this unit, toward zero; milliseconds are those within the second.
  func value(of span: TimeSpan) -> Int64 {
    switch self {
    case .hours: span.seconds / 3_600
    case .minutes: span.seconds / 60
    case .milliseconds: Int64(span.nanoseconds / 1_000_000)
    default: span.seconds
    }
  }
}
