extension TimeSpan: CustomStringConvertible {
  /// A signed sequence of decimal numbers with units `h m s ms us µs ns`, as in `1h30m`, `-1.5s`;
  /// nil if malformed or out of range.
  ///
  /// What is finer than a nanosecond is dropped.
  package init?(_ text: String) {
    var scanner = TextScanner(text)
    let isNegative = scanner.take("-")
    if !isNegative { _ = scanner.take("+") }
    var sum = TimeSpan.zero
    if scanner.take("0"), scanner.isAtEnd {
      self = .zero
      return
    }
    scanner = TextScanner(text)
    if !scanner.take("-") { _ = scanner.take("+") }
    repeat {
      guard let part = scanner.amount(), let total = sum.adding(part) else { return nil }
      sum = total
    } while !scanner.isAtEnd
    self = isNegative ? sum.negated : sum
  }

  /// As protobuf's JSON has it: seconds with 0, 3, 6 or 9 decimals and an `s`.
  package var description: String {
    let sign = seconds < 0 || nanoseconds < 0 ? "-" : ""
    return "\(sign)\(seconds.magnitude)\(fractionText(nanoseconds))s"
  }
}

extension TextScanner {
  /// One number with its unit.
  fileprivate mutating func amount() -> TimeSpan? {
    var whole: Int64 = 0
    var billionths: Int64 = 0
    let startsWithPoint = peek == UInt8(ascii: ".")
    if !startsWithPoint {
      guard let number = number() else { return nil }
      whole = number
    }
    if take(".") {
      if let fraction = self.billionths() {
        billionths = fraction
      } else if startsWithPoint {
        return nil
      }
    }
    guard let unit = unit() else { return nil }
    let wholeSpan: TimeSpan?
    switch unit {
    case .seconds(let seconds):
      let (product, overflow) = whole.multipliedReportingOverflow(by: seconds)
      wholeSpan =
        overflow || product > TimeSpan.secondsMax ? nil : TimeSpan(seconds: product, nanoseconds: 0)
      let fraction = billionths * seconds
      return wholeSpan?.adding(.normalized(seconds: 0, nanoseconds: fraction))
    case .nanoseconds(let nanoseconds):
      let perSecond = 1_000_000_000 / nanoseconds
      let rest = whole % perSecond * nanoseconds + billionths * nanoseconds / 1_000_000_000
      return TimeSpan.normalized(seconds: whole / perSecond, nanoseconds: rest).inRange
    }
  }

  private enum Unit {
    case seconds(Int64)
    case nanoseconds(Int64)
  }

  private mutating func unit() -> Unit? {
    if take("ns") { return .nanoseconds(1) }
    if take("us") || take("µs") || take("μs") { return .nanoseconds(1_000) }
    if take("ms") { return .nanoseconds(1_000_000) }
    if take("s") { return .seconds(1) }
    if take("m") { return .seconds(60) }
    if take("h") { return .seconds(3_600) }
    return nil
  }
}
