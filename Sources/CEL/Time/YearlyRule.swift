/// The rule that a zone follows each year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyRule: Sendable {
  /// When a change happens, in local time before it.
  private enum Day: Sendable {
    /// 1 ... 365; 29 February is not counted.
    case julian(Int64)
    /// 0 ... 365, from 1 January.
    case zeroBased(Int64)
    /// The first to fourth, or last (5), such weekday (0 is Sunday) of a month.
    case weekday(month: Int64, week: Int64, day: Int64)
  }

  private struct Change: Sendable {
    var day: Day
    /// After midnight; may be negative or beyond a day.
    var seconds: Int64
  }

  private let standardOffset: Int64
  private let summer: (offset: Int64, begin: Change, end: Change)?

  /// Nil if malformed.
  init?(_ text: [UInt8]) {
    var scanner = TextScanner(text)
    guard scanner.zoneName(), let standard = scanner.signedTime() else { return nil }
    standardOffset = -standard
    guard !scanner.isAtEnd else {
      summer = nil
      return
    }
    guard scanner.zoneName() else { return nil }
    var offset = standardOffset + 3_600
    if scanner.peek != UInt8(ascii: ",") {
      guard let written = scanner.signedTime() else { return nil }
      offset = -written
    }
    guard scanner.take(","), let begin = Self.change(&scanner), scanner.take(","),
      let end = Self.change(&scanner), scanner.isAtEnd
    else { return nil }
    summer = (offset, begin, end)
  }

  private static func change(_ scanner: inout TextScanner) -> Change? {
    let day: Day
    if scanner.take("M") {
      guard let month = scanner.number(), (1...12).contains(month), scanner.take("."),
        let week = scanner.number(), (1...5).contains(week), scanner.take("."),
        let weekday = scanner.number(), weekday <= 6
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if scanner.take("J") {
      guard let number = scanner.number(), (1...365).contains(number) else { return nil }
      day = .julian(number)
    } else {
      guard let number = scanner.number(), number <= 365 else { return nil }
      day = .zeroBased(number)
    }
    guard scanner.take("/") else { return Change(day: day, seconds: 7_200) }
    return scanner.signedTime().map { Change(day: day, seconds: $0) }
  }

  /// Seconds to add to UTC at an instant.
  func offset(at instant: Int64) -> Int64 {
    guard let summer else { return standardOffset }
    let year = CivilDate(day: (instant + standardOffset).flooredQuotient(86_400)).year
    let begin = Self.instant(of: summer.begin, in: year) - standardOffset
    let end = Self.instant(of: summer.end, in: year) - summer.offset
    let isSummer =
      begin < end ? begin <= instant && instant < end : !(end <= instant && instant < begin)
    return isSummer ? summer.offset : standardOffset
  }

  /// In local seconds, counted as if they were UTC.
  private static func instant(of change: Change, in year: Int64) -> Int64 {
    let newYear = CivilDate(year: year, month: 1, day: 1).number
    let day: Int64
    switch change.day {
    case .julian(let number):
      day = newYear + number - 1 + (number >= 60 && CivilDate.isLeap(year) ? 1 : 0)
    case .zeroBased(let number): day = newYear + number
    case .weekday(let month, let week, let weekday):
      let first = CivilDate(year: year, month: month, day: 1).number
      let firstFitting = (weekday - (first + 4)).flooredRemainder(7)
      let length = CivilDate.days(inMonth: month, of: year)
      var dayOfMonth = firstFitting + (week - 1) * 7
      if dayOfMonth >= length { dayOfMonth -= 7 }
      day = first + dayOfMonth
    }
    return day * 86_400 + change.seconds
  }
}

extension TextScanner {
  /// `CET` or `<+03>`.
  fileprivate mutating func zoneName() -> Bool {
    if take("<") {
      return !bytes(while: { $0 != UInt8(ascii: ">") }).isEmpty && take(">")
    }
    return !bytes(while: { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") })
      .isEmpty
  }

  /// `-3:30:15` in seconds.
  fileprivate mutating func signedTime() -> Int64? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number(), hours <= 167 else { return nil }
    var seconds = hours * 3_600
    for factor: Int64 in [60, 1] {
      guard take(":") else { break }
      guard let part = number(), part < 60 else { return nil }
      seconds += part * factor
    }
    return isNegative ? -seconds : seconds
  }
}
