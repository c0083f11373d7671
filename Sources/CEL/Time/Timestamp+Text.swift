extension Timestamp: CustomStringConvertible {
  /// RFC 3339 with any offset and up to nine digits of a second; nil if malformed or out of range.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    guard let date = scanner.date(), scanner.take("T") || scanner.take("t"),
      let hour = scanner.digits(2), hour < 24, scanner.take(":"),
      let minute = scanner.digits(2), minute < 60, scanner.take(":"),
      let second = scanner.digits(2), second < 60
    else { return nil }
    var nanoseconds: Int64 = 0
    if scanner.take(".") {
      guard let fraction = scanner.billionths() else { return nil }
      nanoseconds = fraction
    }
    guard let offset = scanner.zoneOffset(), scanner.isAtEnd else { return nil }
    let seconds = date.number * 86_400 + hour * 3_600 + minute * 60 + second - offset
    self.init(seconds: seconds, nanoseconds: Int32(nanoseconds))
    guard self >= .least, self <= .greatest else { return nil }
  }

  /// As protobuf's JSON has it: UTC, with 0, 3, 6 or 9 digits of a second.
  package var description: String {
    let day = seconds.flooredQuotient(86_400)
    let second = seconds - day * 86_400
    let date = CivilDate(day: day)
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
      + "\(fractionText(nanoseconds))Z"
  }
}

extension TextScanner {
  fileprivate mutating func date() -> CivilDate? {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"),
      let day = digits(2), (1...12).contains(month), day >= 1,
      day <= CivilDate.days(inMonth: month, of: year)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// `Z`, `+09:00` or `-09:30`, in seconds.
  fileprivate mutating func zoneOffset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let isNegative = take("-")
    guard isNegative || take("+") else { return nil }
    return hoursAndMinutes().map { isNegative ? -$0 : $0 }
  }

  /// `09:30` in seconds, below a day.
  mutating func hoursAndMinutes() -> Int64? {
    guard let hours = digits(2), hours < 24, take(":"), let minutes = digits(2), minutes < 60
    else { return nil }
    return hours * 3_600 + minutes * 60
  }
}
