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
