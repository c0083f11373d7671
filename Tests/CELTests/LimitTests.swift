import CEL
import Testing

struct LimitTests {
  private static func parentheses(_ depth: Int) -> String {
    String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
  }

  private static let tooDeep = "An expression nests at most 250 levels deep."

  @Test(arguments: [
    (parentheses(249), Evaluation.value(.int(1))),
    (parentheses(250), .refused([tooDeep])),
    (parentheses(100_000), .refused([tooDeep])),
    (String(repeating: "[", count: 100_000), .refused([tooDeep])),
    (String(repeating: "true ? 1 : ", count: 50_000) + "1", .refused([tooDeep])),
    (Array(repeating: "1", count: 250).joined(separator: " + "), .value(.int(250))),
    (Array(repeating: "1", count: 251).joined(separator: " + "), .refused([tooDeep])),
    (String(repeating: "!", count: 100_000) + "true", .value(.bool(true))),
    (Array(repeating: "true", count: 10_000).joined(separator: " && "), .value(.bool(true))),
    ("'a'" + String(repeating: ".b", count: 100_000), .refused([tooDeep])),
  ])
  func `nesting is capped with a sentence`(_ text: String, _ expected: Evaluation) {
    #expect(Evaluation(text) == expected)
  }

  @Test(arguments: [
    (63, Evaluation.value(.bool(true))),
    (64, .value(.bool(true))),
    (65, .refused(["Macros nest at most 64 levels deep."])),
  ])
  func `macros nest so deep`(_ depth: Int, _ expected: Evaluation) {
    let text =
      (0..<depth).map { "[1].all(x\($0), " }.joined() + "true"
      + String(repeating: ")", count: depth)

    #expect(Evaluation(text) == expected)
  }

  @Test(arguments: [
    "xs.all(a, xs.all(b, a + b >= 0))",
    "xs.map(a, xs.map(b, a)).size() >= 0 && xs.all(a, xs.all(b, true))",
    "false && xs.all(a, xs.all(b, true)) || xs.all(a, xs.all(b, true))",
  ])
  func `an evaluation ends at its cost`(_ text: String) {
    let list = Value.list((0..<1_000).map { .int($0) })

    #expect(Evaluation(text, [("xs", .list(.int), list)]) == .raised(.costExceeded))
  }

  @Test func `comparing shared structure pays for its size`() {
    let doubled = String(repeating: ".map(x, [x, x])", count: 40)

    var environment = Environment(variables: [])
    environment.isChecked = false
    #expect(throws: EvaluationError.self) {
      try Program.compile("[1]\(doubled) == [1]\(doubled)", in: environment)
        .value(in: Frame(count: 0))
    }
  }
}
