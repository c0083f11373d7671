import PetriNet
import Testing

@Suite struct JSONTextTests {
  @Test(arguments: [
    ("", JSONProblem.Kind.empty, 0), ("{\"a\":1,}", .syntax, 7), ("[1,]", .syntax, 3),
    ("{\"a\":1} x", .trailing, 8), ("{'a':1}", .syntax, 1), ("01", .syntax, 0),
    ("NaN", .syntax, 0), ("\"\\ud800\"", .encoding, 1), ("\"a\nb\"", .syntax, 2),
    ("{\"a\":1,\"\\u0061\":2}", .duplicateName, 7),
    (
      "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":0,\"c\":1}",
      .duplicateName, 61
    ),
    (String(repeating: "[", count: 65), .tooDeep, 64),
  ])
  func `what is no JSON is refused with its place`(
    text: String, kind: JSONProblem.Kind, offset: Int
  ) {
    let problem = #expect(throws: JSONProblem.self) { try JSONText.parse(text: text) }

    #expect(problem?.kind == kind)
    #expect(problem?.offset == offset)
  }

  @Test(arguments: [
    ([0xEF, 0xBB, 0xBF, 0x31] as [UInt8], 0), ([0x22, 0x61, 0xFF, 0x22], 2),
    ([0x22, 0xEA, 0xB0, 0x80, 0xED, 0xA0, 0x80, 0x22], 4), ([0x22, 0xC0, 0x80, 0x22], 1),
  ])
  func `bytes that are not UTF-8 are refused where they stand`(bytes: [UInt8], offset: Int) {
    let problem = #expect(throws: JSONProblem.self) { try JSONText.parse(bytes) }

    #expect(problem?.kind == .encoding)
    #expect(problem?.offset == offset)
  }

  @Test(arguments: [
    #"{"a":[1,-0.0,1e21,true,false,null],"가":"환불","":{}}"#, #""\"\\\n\u0001""#, "[]",
    #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":0}"#,
  ])
  func `what is written is what was read`(text: String) throws {
    #expect(try JSONText.parse(text: text).text == text)
  }

  @Test func `names that look alike but differ in bytes are two`() throws {
    let node = try JSONText.parse(text: "{\"\u{E9}\":1,\"e\u{301}\":2}")

    #expect(node["\u{E9}"] == .number(JSONNumber(1)))
    #expect(node["e\u{301}"] == .number(JSONNumber(2)))
  }

  @Test func `a value's place is found by its pointer`() {
    let bytes = Array(#"{"a": [1, {"b/c": 2}]}"#.utf8)

    #expect(JSONText.offset(of: "/a/1/b~1c", in: bytes) == 18)
    #expect(JSONText.offset(of: "/a/2", in: bytes) == nil)
  }
}
