/// How long a reply asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.
package enum RetryAfter {
  /// A day. What asks for more, for less than nothing, or for nonsense is not heard.
  package static let millisecondsMax: Int64 = 86_400_000

  /// nil if nothing is asked for, or nothing that could be meant.
  ///
  /// - Parameter unixSeconds: the wall clock, for dates.
  package static func milliseconds(of result: TransferResult, unixSeconds: Int64) -> Int64? {
    if let exact = result.header("retry-after-ms").flatMap({ decimal($0, scale: 1) }) {
      return exact
    }
    guard let text = result.header("retry-after") else { return nil }
    if let wait = decimal(text, scale: 1_000) { return wait }
    guard let date = HTTPDate.unixSeconds(text), date >= unixSeconds else { return nil }
    let (wait, overflow) = (date - unixSeconds).multipliedReportingOverflow(by: 1_000)
    return overflow || wait > millisecondsMax ? nil : wait
  }

  /// Digits with at most one point, times `scale`, rounded up.
  private static func decimal(_ text: String, scale: Int64) -> Int64? {
    let isPlain = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    guard isPlain, let number = Double(text), number.isFinite else { return nil }
    let wait = (number * Double(scale)).rounded(.up)
    return wait <= Double(millisecondsMax) ? Int64(wait) : nil
  }
}

extension TransferResult {
  /// How far the other side's clock is ahead of ours by its header Date, in microseconds: the least
  /// that fits, 0 where both may say the same. Nil without a date.
  ///
  /// Date has whole seconds and was written after the request began and before the first byte came.
  ///
  /// - Parameter started: the wall clock when the transfer began, microseconds since 1970.
  package func clockSkew(started: Int64) -> Int64? {
    guard let text = header("date"), let seconds = HTTPDate.unixSeconds(text) else { return nil }
    let came = started + (firstByte ?? ended).nanoseconds(since: self.started) / 1_000
    let (earliest, latest) = (seconds * 1_000_000, (seconds + 1) * 1_000_000)
    if latest < started { return latest - started }
    return earliest > came ? earliest - came : 0
  }
}

/// The one date form that HTTP still makes: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func unixSeconds(_ text: String) -> Int64? {
    let words = text.utf8.split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard words.count == 6, words[0].utf8.last == UInt8(ascii: ","), words[5] == "GMT",
      let day = Int64(words[1]), (1...31).contains(day),
      let month = months.firstIndex(of: words[2]),
      let year = Int64(words[3]), (1970...9999).contains(year)
    else { return nil }
    let clock = words[4].utf8.split(separator: UInt8(ascii: ":")).map {
      Int64(String(decoding: $0, as: UTF8.self))
    }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
      (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
    else { return nil }
    return days(year, Int64(month) + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
