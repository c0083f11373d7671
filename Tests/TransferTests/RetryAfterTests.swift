import Testing
import Transfer

@Test(
  arguments: [
    ("retry-after", "3", 3_000), ("retry-after", "0", 0), ("retry-after", "1.5", 1_500),
    ("retry-after-ms", "250", 250), ("retry-after", "-1", nil), ("retry-after", "NaN", nil),
    ("retry-after", "1000000000000", nil), ("retry-after", "86401", nil), ("retry-after", "", nil),
    ("retry-after", "soon", nil), ("retry-after", "1e3", nil),
    ("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT", 10_000),
    ("retry-after", "Sun, 06 Nov 1994 08:49:36 GMT", nil),
    ("retry-after", "Sun, 06 Nov 9994 08:49:37 GMT", nil),
    ("retry-after", "Sunday, 06-Nov-94 08:49:37 GMT", nil),
  ] as [(String, String, Int64?)])
func `a wait is heard if it could be meant`(_ name: String, _ text: String, _ wait: Int64?) {
  var result = TransferResult(started: .now(), ended: .now())
  result.headers = [.init(name, text)]

  let found = RetryAfter.milliseconds(of: result, unixSeconds: 784_111_777)

  #expect(found == wait)
}

/// Ours is 1994-11-06T08:49:37.5Z when the request begins; the first byte comes 200 ms later.
@Test(
  arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:36 GMT", -500_000),
    ("Sun, 06 Nov 1994 08:49:38 GMT", 300_000), ("Sun, 06 Nov 1994 08:50:38 GMT", 60_300_000),
    ("Sun, 06 Nov 1994 07:49:37 GMT", -3_599_500_000), ("yesterday", nil), ("", nil),
  ] as [(String, Int64?)])
func `how far another clock is ahead is read from Date, the least that fits`(
  _ date: String, _ skew: Int64?
) {
  let started = MonotonicInstant.now()
  var result = TransferResult(
    started: started, ended: started.advanced(byMilliseconds: 9_000))
  result.firstByte = started.advanced(byMilliseconds: 200)
  result.headers = [.init("date", date)]

  #expect(result.clockSkew(started: 784_111_777_500_000) == skew)
}

@Test func `without Date nothing is told of another clock`() {
  let result = TransferResult(started: .now(), ended: .now())

  #expect(result.clockSkew(started: 0) == nil)
}
