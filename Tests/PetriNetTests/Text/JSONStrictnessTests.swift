import PetriNet
import Testing

@Suite struct JSONStrictnessTests {
  @Test(arguments: [
    (" null ", "null"), ("[1, -0.0, 1e+21]", "[1,-0.0,1e+21]"),
    (#"{"b": {"a": []}, "a": "é\u00e9\n\/"}"#, #"{"b":{"a":[]},"a":"éé\n/"}"#),
    (#""\ud83d\ude00\u0000""#, #""😀\u0000""#), ("9223372036854775807", "9223372036854775807"),
  ])
  func `what is JSON is read and written back`(text: String, written: String) throws {
    #expect(try JSONText.parse(text: text).text == written)
  }

  @Test(arguments: [
    ("", JSONProblem.Kind.empty, 0), ("  ", .empty, 2), ("[1,]", .syntax, 3),
    ("{\"a\":1,}", .syntax, 7),
    ("{a:1}", .syntax, 1), ("01", .syntax, 0), ("+1", .syntax, 0), ("1.", .syntax, 2),
    (".5", .syntax, 0), ("1e", .syntax, 2), ("NaN", .syntax, 0), ("nul", .syntax, 0),
    ("truefalse", .trailing, 4), ("[1] // no", .trailing, 4), ("'a'", .syntax, 0),
    ("\"a", .syntax, 2), ("\"\t\"", .syntax, 1), (#""\x41""#, .syntax, 1), (#""\u12""#, .syntax, 1),
    (#""\ud83d""#, .encoding, 1), (#""\ude00\ud83d""#, .encoding, 1), ("\u{FEFF}1", .encoding, 0),
    (#"{"a":1,"a":2}"#, .duplicateName, 7), (#"{"a":1,"\u0061":2}"#, .duplicateName, 7),
  ])
  func `what is not quite JSON is refused at its place`(
    text: String, kind: JSONProblem.Kind, offset: Int
  ) {
    let problem = #expect(throws: JSONProblem.self) { try JSONText.parse(text: text) }

    #expect(problem?.kind == kind)
    #expect(problem?.offset == offset)
  }

  @Test func `bytes that are no UTF-8 are refused at their place`() {
    let problem = #expect(throws: JSONProblem.self) {
      try JSONText.parse([0x22, 0x61, 0xC0, 0xAF, 0x22])
    }

    #expect(problem?.kind == .encoding)
    #expect(problem?.offset == 2)
  }

  @Test func `lists may stand so deep and not one level more`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    #expect(throws: Never.self) { try JSONText.parse(text: nested(JSONText.depthMax)) }
    let problem = #expect(throws: JSONProblem.self) {
      try JSONText.parse(text: nested(JSONText.depthMax + 1))
    }
    #expect(problem?.kind == .tooDeep)
  }

  @Test func `names that only look the same are different, and order counts`() throws {
    let composed = try JSONText.parse(text: "{\"\u{E9}\":1}")
    let decomposed = try JSONText.parse(text: "{\"e\u{301}\":1}")

    #expect(composed != decomposed)
    #expect(composed["\u{E9}"] == .number(JSONNumber(1)))
    #expect(composed["e\u{301}"] == nil)
  }

  @Test(arguments: [
    ("", 0), ("/a", 5), ("/a/0", 6), ("/a/1", 9), ("/a~1b", 20), ("/none", nil),
  ])
  func `a pointer leads to the offset of its value`(pointer: String, offset: Int?) {
    #expect(JSONText.offset(of: pointer, in: Array(#"{"a":[1, 2], "a/b": true}"#.utf8)) == offset)
  }

  @Test func `numbers are exact where they can be`() {
    #expect(JSONNumber("9223372036854775808")?.integer == nil)
    #expect(JSONNumber("-9223372036854775808")?.integer == .min)
    #expect(JSONNumber("1.0")?.integer == nil)
    #expect(JSONNumber("1e2")?.double == 100)
    #expect(JSONNumber("1 ") == nil)
  }

  @Test(arguments: [
    ([UInt8](), ""), ([0], "AA=="), ([0, 255], "AP8="), ([1, 2, 3], "AQID"), ([251, 255], "+/8="),
  ])
  func `base64 is read and written with padding`(bytes: [UInt8], text: String) {
    #expect(Base64.text(bytes) == text)
    #expect(Base64.bytes(text) == bytes)
  }

  @Test(arguments: ["A", "AA", "AA=", "A===", "AB==", "AA==AA==", "A A=", "-_8=", "AAA=="])
  func `other spellings of base64 are refused`(text: String) {
    #expect(Base64.bytes(text) == nil)
  }
}
