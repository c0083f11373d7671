import CEL
import Testing

struct ParserTests {
  @Test(arguments: [
    ("1 +", ["syntax@3+1: Expected an expression, found the end."]),
    ("(1", ["syntax@2+1: Expected `)`, found the end."]),
    ("1 2", ["syntax@2+1: Expected an operator or the end, found `2`."]),
    ("'a", ["syntax@0+2: This literal is not closed on its line."]),
    ("'''a", ["syntax@0+4: This literal is not closed."]),
    ("'\\q'", ["syntax@1+2: `\\q` is no escape sequence."]),
    ("b'\\u0041'", ["syntax@2+2: `\\u` is no escape sequence of a bytes literal."]),
    ("'한' + #", ["syntax@6+1: `#` means nothing in an expression."]),
    (
      "9223372036854775808",
      ["literal@0+19: An int lies between -9223372036854775808 and 9223372036854775807."]
    ),
    ("18446744073709551616u", ["literal@0+21: `18446744073709551616u` is no integer of 64 bits."]),
    ("1e999", ["literal@0+5: `1e999` is too great for a double."]),
    ("1abc", ["syntax@0+4: `1abc` is neither a number nor a name."]),
    ("while", ["syntax@0+5: `while` is a reserved word and names no variable or function."]),
    (
      "a.B{c: 1}",
      [
        "syntax@0+4: Messages cannot be built in an expression; "
          + "a map is written `{'key': value}`."
      ]
    ),
    (
      "'\\q' + '\\w'",
      ["syntax@1+2: `\\q` is no escape sequence.", "syntax@8+2: `\\w` is no escape sequence."]
    ),
    ("x = 1", ["syntax@2+1: `=` means nothing in an expression: to compare, write `==`."]),
  ])
  func `a grammatical mistake is told with its place in scalars`(
    _ text: String, _ expected: [String]
  ) {
    #expect(problems(text, Samples.variables) == expected)
  }

  @Test(arguments: [
    ("1 + 2 * 3 == 7", Value.bool(true)),
    ("-9223372036854775808", .int(.min)),
    ("- 5 + 3", .int(-2)),
    ("--5", .int(5)),
    ("!!!true", .bool(false)),
    ("true ? 1 : false ? 2 : 3", .int(1)),
    ("[1, 2, 3,][1]", .int(2)),
    ("'a' // a comment\n + 'b'", .string("ab")),
    ("r'\\d' + \"\\u0041\\x42\\103\"", .string("\\dABC")),
    ("'\\uD83D\\uDE00'", .string("😀")),
    ("b'\\xff' + br'\\x'", .bytes([0xff, 0x5c, 0x78])),
    ("{'a-b': 1}.`a-b`", .int(1)),
    ("0xFFu", .uint(255)),
    (".5 + 1e-1", .double(0.6)),
    ("10 - 4 - 3", .int(3)),
    ("2 < 3 == true", .bool(true)),
  ])
  func `precedence, literals and escapes are those of the definition`(
    _ text: String, _ expected: Value
  ) {
    #expect(Evaluation(text) == .value(expected))
  }

  @Test func `names are Unicode and compared in NFC`() {
    let decomposed = "\u{1112}\u{1161}\u{11ab}"

    #expect(Evaluation("\(decomposed) + 1", [("한", .int, .int(1))]) == .value(.int(2)))
  }
}
