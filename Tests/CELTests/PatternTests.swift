import CEL
import Testing

struct PatternTests {
  private static func evaluate(_ text: String, _ pattern: String) -> Evaluation {
    Evaluation(
      "text.matches(pattern)",
      [("text", .string, .string(text)), ("pattern", .string, .string(pattern))])
  }

  @Test(arguments: [
    ("abc", "b", true), ("abc", "^b", false), ("abc", "c$", true), ("abc", "^abc$", true),
    ("a\nb", "^b", false), ("a\nb", "(?m)^b", true), ("a\nb", "a.b", false),
    ("a\nb", "(?s)a.b", true), ("ABC", "(?i)abc", true), ("ABC", "a(?i:b)C", false),
    ("aBC", "a(?i:b)C", true), ("Ä", "(?i)ä", true), ("K", "(?i)[a-z]", true),
    ("aaa", "^a{2}$", false), ("aaa", "^a{2,}$", true), ("aaa", "^a{1,2}$", false),
    ("a{x", "a{x", true), ("", "^$", true), ("ab", "^(?:a|b)*$", true), ("ab", "^(a|)(b|)$", true),
    ("a-1", "^\\w-\\d$", true), ("한", "^\\w$", false), ("한국", "^\\pL{2}$", true),
    ("한", "^\\p{Lo}$", true), ("a", "\\P{Lo}", true), ("x y", "x\\sy", true),
    ("foobar", "\\bfoo\\b", false), ("foo bar", "\\bfoo\\b", true), ("foobar", "foo\\B", true),
    ("]", "[]]", true), ("b", "[^a]", true), ("-", "[a-]", true), ("^", "[\\^]", true),
    ("5", "[[:digit:]]", true), ("x", "[[:^digit:]]", true), ("a.b", "a\\.b", true),
    ("a+b", "\\Qa+b\\E", true), ("A", "\\x41", true), ("A", "\\x{41}", true), ("A", "\\101", true),
    ("😀", "^.$", true), ("e\u{301}", "^.$", false), ("aaa", "a*?a+?", true),
    ("ab", "(?P<first>a)(?<second>b)", true), ("\u{b}", "\\v", true), ("\n", "[^a]", true),
  ])
  func `patterns match as RE2 does`(_ text: String, _ pattern: String, _ expected: Bool) {
    #expect(Self.evaluate(text, pattern) == .value(.bool(expected)))
  }

  @Test(arguments: [
    "(", ")", "a**", "*a", "[a", "[b-a]", "\\", "\\1", "(?=a)", "a{1001}", "a{2,1}", "\\p{Klingon}",
    "[[:foo:]]", "(?P<n", "(?z)", "\\C", "x{1000}{1000}", "((a{1000}){1000})", "\\xZZ",
    "[\\d-z-\\w",
    String(repeating: "(", count: 100_000),
  ])
  func `what RE2 refuses, and what is too large, raises`(_ pattern: String) {
    #expect(Self.evaluate("a", pattern) == .raised(.invalidArgument))
  }

  @Test(arguments: [
    "(a*)*b", "(a|aa)+b", "(a?){50}a{50}b", "(.*)(.*)(.*)(.*)b", "^(([a-z])+.)+[A-Z]$",
  ])
  func `no pattern takes more than linear time`(_ pattern: String) {
    let text = String(repeating: "a", count: 2_000)

    #expect(Self.evaluate(text, pattern) == .value(.bool(false)))
  }

  @Test func `a match pays for the text and the pattern`() {
    let text = String(repeating: "a", count: 100_000)

    #expect(Self.evaluate(text, "(a?){500}b") == .raised(.costExceeded))
  }
}
