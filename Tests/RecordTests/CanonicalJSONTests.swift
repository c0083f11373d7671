import Record
import Testing

struct CanonicalJSONTests {
  @Test(
    arguments: [
      (1.0, "1.0"), (-0.0, "-0.0"), (0.0, "0.0"), (1e21, "1e+21"),
      (1e20, "100000000000000000000.0"),
      (1e-7, "1e-7"), (0.000001, "0.000001"), (1.5, "1.5"), (-2.25, "-2.25"),
      (123456.789, "123456.789"), (Double.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"), (0.1, "0.1"),
      (9007199254740993.0, "9007199254740992.0"), (1.25e-9, "1.25e-9"),
      (333333333.3333332, "333333333.3333332"),
    ])
  func `a double has one spelling`(number: Double, text: String) {
    #expect(DoubleText.text(number) == text)
    #expect(CanonicalJSON.problem(in: Array(text.utf8)) == nil)
  }

  @Test func `random doubles read back to the same bits`() throws {
    var seed: UInt64 = 7
    for _ in 0..<20_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: seed)
      guard number.isFinite else { continue }
      var reader = CanonicalReader(Array(DoubleText.text(number).utf8))
      #expect(try reader.double().bitPattern == number.bitPattern)
    }
  }

  @Test func `strings are escaped where JSON asks for it and nowhere else`() {
    var writer = CanonicalWriter()

    writer.string("a\"b\\c\u{8}\t\n\u{C}\r\u{1}\u{1F}/é e\u{301}\u{7F}\u{2028}한국")

    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == "\"a\\\"b\\\\c\\b\\t\\n\\f\\r\\u0001\\u001f/é e\u{301}\u{7F}\u{2028}한국\"")
  }

  @Test func `integers keep all their digits`() {
    var writer = CanonicalWriter()

    writer.beginList()
    for number in [Int64.min, -1, 0, 7, .max] { writer.int(number) }
    writer.endList()

    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == "[-9223372036854775808,-1,0,7,9223372036854775807]")
    #expect(CanonicalJSON.problem(in: writer.bytes) == nil)
  }

  @Test(
    arguments: [
      #"{"a":1,"a":2}"#, #"{"b":1,"a":2}"#, #"{"a":1 }"#, #" {}"#, #"{} "#, "[1,]", "01", "-0",
      "1.50", "1.0e5", "1e5", "1E+21", "9223372036854775808", #""\/""#, #""\u0041""#, #""\u000a""#,
      #""\u0000""#, #""\u001F""#, "\"\u{1}\"", "\"a", "nul", "[1 ,2]", #"{"a"}"#, "", "+1", "NaN",
      #"{"é":1,"z":2}"#, "\u{FEFF}1", ".5", "1.", "\"\\ud83d\\ude00\"",
    ])
  func `another spelling is a finding`(text: String) {
    #expect(CanonicalJSON.problem(in: Array(text.utf8)) != nil)
  }

  @Test(
    arguments: [
      "{}", "[]", "null", "true", #"{"":1}"#, #"{"a":[{"b":"\u0001"}],"~":"2.0","é":{}}"#,
      "[1,-1,1.0,1e+21,\"\"]", "\"\u{E9}\"", "\"e\u{301}\"",
    ])
  func `what the log writes is read`(text: String) {
    #expect(CanonicalJSON.problem(in: Array(text.utf8)) == nil)
  }

  @Test func `keys are sorted by their bytes`() {
    // In UTF-16 the first would come second: U+10000 begins with a surrogate, below U+FF21.
    let text = "{\"\u{FF21}\":1,\"\u{10000}\":2}"

    #expect(CanonicalJSON.problem(in: Array(text.utf8)) == nil)
  }

  @Test func `bytes that are not UTF-8 are a finding`() {
    #expect(CanonicalJSON.problem(in: [0x22, 0xFF, 0x22]) != nil)
    #expect(CanonicalJSON.problem(in: [0x22, 0xED, 0xA0, 0x80, 0x22]) != nil)
  }

  @Test func `deep nesting is refused instead of crashing`() {
    let text = String(repeating: "[", count: 100_000)

    #expect(CanonicalJSON.problem(in: Array(text.utf8)) != nil)
  }
}
