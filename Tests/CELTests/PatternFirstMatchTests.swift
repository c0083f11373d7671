import CEL
import Testing

@Test(arguments: [
  ("b+", "abbbc", "bbb"), ("a|ab|abc", "zabcd", "abc"), ("a*", "bbb", ""),
  ("(?i)answer (true|false)", "Now ANSWER False, then answer true", "ANSWER False"),
  ("x$", "x x", "x"), ("^b", "ab", nil), ("^a", "ab", "a"), ("\\bcat\\b", "concat cat", "cat"),
  ("참|거짓", "답은 거짓 참", "거짓"), ("z", "", nil),
])
func `the leftmost match is found, as long as it gets`(
  pattern: String, text: String, match: String?
) throws {
  #expect(try Pattern(pattern).firstMatch(in: text).map(String.init) == match)
}
