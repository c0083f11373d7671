import CEL
import Testing

struct TimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
    ("2026-11-20T10:11:12.123456789Z", "2026-11-20T10:11:12.123456789Z"),
    ("2026-11-20T10:11:12.120Z", "2026-11-20T10:11:12.120Z"),
    ("2026-11-20T10:11:12.000120Z", "2026-11-20T10:11:12.000120Z"),
    ("1972-01-01T10:00:20.021-05:00", "1972-01-01T15:00:20.021Z"),
    ("2000-02-29T00:30:00+09:00", "2000-02-28T15:30:00Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ("0001-01-01T00:00:00+00:01", nil), ("9999-12-31T23:59:59-00:01", nil),
    ("1900-02-29T00:00:00Z", nil), ("2026-13-01T00:00:00Z", nil), ("2026-11-20T24:00:00Z", nil),
    ("2026-11-20T10:11:12", nil), ("2026-11-20 10:11:12Z", nil), ("2026-11-20T10:11:12.Z", nil),
    ("2026-11-20T10:11:12Z ", nil),
  ])
  func `timestamps are read and written as RFC 3339`(_ text: String, _ expected: String?) {
    #expect(Timestamp(text)?.description == expected)
  }

  @Test(arguments: [
    ("1.5s", "1.500s"), ("-1.5s", "-1.500s"), ("1h30m", "5400s"), ("0", "0s"), ("-0.5s", "-0.500s"),
    ("100ms", "0.100s"), ("1us", "0.000001s"), ("1µs", "0.000001s"), ("-1ns", "-0.000000001s"),
    ("1.5h", "5400s"), ("+2m", "120s"), (".5s", "0.500s"), ("315576000000s", "315576000000s"),
    ("315576000000.1s", nil), ("1", nil), ("", nil), ("-", nil), ("1d", nil), ("1s1", nil),
    (".s", nil), ("1 s", nil), ("99999999999999999999s", nil),
  ])
  func `durations are read as numbers with units and written in seconds`(
    _ text: String, _ expected: String?
  ) {
    #expect(TimeSpan(text)?.description == expected)
  }

  @Test(arguments: [
    (
      "duration('1.5s') * 3",
      Evaluation.value(.duration(.init(seconds: 4, nanoseconds: 500_000_000)))
    ),
    ("duration('-1ns') * 2000000001", .value(.duration(.init(seconds: -2, nanoseconds: -1)))),
    ("duration('1s') * 9223372036854775807", .raised(.overflow)),
    (
      "duration('1ns') * -9223372036854775808",
      .value(.duration(.init(seconds: -9_223_372_036, nanoseconds: -854_775_808)))
    ),
    (
      "duration('2s') - duration('1ns')",
      .value(.duration(.init(seconds: 1, nanoseconds: 999_999_999)))
    ),
    (
      "duration('1s') - duration('1.1s')",
      .value(.duration(.init(seconds: 0, nanoseconds: -100_000_000)))
    ),
    ("duration('315576000000s') + duration('1ns')", .raised(.overflow)),
    (
      "timestamp('1970-01-01T00:00:00Z') - duration('1ns')",
      .value(.timestamp(.init(seconds: -1, nanoseconds: 999_999_999)))
    ),
    (
      "timestamp('2026-11-20T00:00:00Z') - timestamp('2026-11-20T00:00:00.5Z')",
      .value(.duration(.init(seconds: 0, nanoseconds: -500_000_000)))
    ),
    ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", .raised(.overflow)),
    (
      "backoff(0, duration('1s'), duration('30s'))",
      .value(.duration(.init(seconds: 1, nanoseconds: 0)))
    ),
    (
      "backoff(4, duration('1s'), duration('30s'))",
      .value(.duration(.init(seconds: 16, nanoseconds: 0)))
    ),
    (
      "backoff(5, duration('1s'), duration('30s'))",
      .value(.duration(.init(seconds: 30, nanoseconds: 0)))
    ),
    (
      "backoff(9000, duration('1ns'), duration('30s'))",
      .value(.duration(.init(seconds: 30, nanoseconds: 0)))
    ),
    ("backoff(3, duration('0s'), duration('30s'))", .value(.duration(.zero))),
    ("backoff(-1, duration('1s'), duration('30s'))", .raised(.invalidArgument)),
    ("duration('123.321456789s').getMilliseconds()", .value(.int(321))),
    ("duration('-3730.5s').getMinutes()", .value(.int(-62))),
    ("timestamp('1969-12-31T23:59:59.5Z').getMilliseconds()", .value(.int(500))),
    ("timestamp('2024-12-31T00:00:00Z').getDayOfYear()", .value(.int(365))),
    ("timestamp('2026-11-21T00:00:00Z').getDayOfWeek()", .value(.int(6))),
    ("timestamp('2026-11-21T00:00:00Z').getMonth()", .value(.int(10))),
    ("timestamp('2026-11-21T00:00:00Z').getHours('+09:30')", .value(.int(9))),
    ("timestamp('2026-11-21T00:00:00Z').getHours('Mars/Phobos')", .raised(.invalidArgument)),
  ])
  func `arithmetic of time is exact and stays in range`(_ text: String, _ expected: Evaluation) {
    #expect(Evaluation(text) == expected)
  }

  @Test func `each day of four centuries has its own date`() {
    let days = Int64(-1_000)..<146_097

    #expect(days.allSatisfy { CivilDate(day: $0).number == $0 })
    #expect(CivilDate(day: 11_016) == CivilDate(year: 2_000, month: 2, day: 29))
  }
}
