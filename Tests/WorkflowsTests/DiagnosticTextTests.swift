import PetriNet
import Testing
import Workflows

@Suite struct DiagnosticTextTests {
  private func texts(_ text: String, as file: String = "w.yaml") -> SourceTexts {
    var texts = SourceTexts()
    texts.add(Array(text.utf8), as: file)
    return texts
  }

  @Test func `a finding shows its line, a caret by cells and the nearest name`() {
    let line = "      fallback: {인간_상담원_이간: {why: fallback.reason}}"
    let finding = Finding(
      "P103", "unknown place '인간_상담원_이간' in the outcome 'fallback'",
      at: SourceMark(file: "w.yaml", line: 2, column: 18, length: 9), found: "인간_상담원_이간",
      expected: "one of 12 places", nearest: "인간_상담원_이관")

    let text = DiagnosticText(texts: texts("then:\n\(line)\n")).text(of: finding)

    #expect(
      text == """
        error[P103]: unknown place '인간_상담원_이간' in the outcome 'fallback'
         --> w.yaml:2:18
          |
        2 |       fallback: {인간_상담원_이간: {why: fallback.reason}}
          |                  ^^^^^^^^^^^^^^^^ expected one of 12 places; nearest: 인간_상담원_이관
          = help: petrel explain P103

        """)
  }

  @Test func `related places stand in the same block, those of other files in their own`() {
    var texts = texts("one\ntwo\nthree\n")
    texts.add(Array("first\n".utf8), as: "lib.yaml")
    let finding = Finding(
      "F128", "declared twice", at: SourceMark(file: "w.yaml", line: 3, column: 1, length: 5),
      severity: .warning, help: "rename one",
      related: [
        (SourceMark(file: "w.yaml", line: 1, column: 2, length: 2), "here too"),
        (SourceMark(file: "lib.yaml", line: 1, column: 1, length: 5), "and here"),
      ])

    let text = DiagnosticText(texts: texts).text(of: finding)

    #expect(
      text == """
        warning[F128]: declared twice
         --> w.yaml:3:1
          |
        1 | one
          |  -- here too
        3 | three
          | ^^^^^
         --> lib.yaml:1:1
          |
        1 | first
          | ----- and here
          = help: rename one

        """)
  }

  @Test func `characters that do not show are written as escapes`() {
    let finding = Finding(
      "F125", "'a\u{202E}b' is no name", at: SourceMark(file: "w.yaml", line: 1, column: 2),
      found: "a\u{200D}b", expected: "a name")

    let text = DiagnosticText(texts: texts("a\u{202E}b\u{1B}[31m\n")).text(of: finding)

    #expect(
      text == """
        error[F125]: 'a\\u{202e}b' is no name
         --> w.yaml:1:2
          |
        1 | a\\u{202e}b\\u{1b}[31m
          |  ^^^^^^^^ expected a name, found a\\u{200d}b
          = help: petrel explain F125

        """)
  }

  @Test func `a finding without a file has no lines`() {
    let text = DiagnosticText(texts: SourceTexts()).text(
      of: Finding("P101", "no route for 'unknown'", at: .none, found: "ok", expected: "ok, unknown")
    )

    #expect(
      text == """
        error[P101]: no route for 'unknown'
          = expected ok, unknown, found ok
          = help: petrel explain P101

        """)
  }

  @Test func `programs get places in bytes, scalars and UTF-16`() {
    let finding = Finding(
      "P103", "unknown", at: SourceMark(file: "w.yaml", line: 2, column: 3, length: 2),
      node: "places.x", found: "𝒳y", expected: "a place", nearest: "xy")

    let json = DiagnosticText(texts: texts("한\n한𝒴𝒳y\n")).json(of: finding)

    #expect(
      json.text == #"{"code":"P103","severity":"error","message":"unknown","found":"𝒳y","#
        + #""expected":"a place","nearest":"xy","node":"places.x","span":{"file":"w.yaml","#
        + #""start":{"byte":11,"line":2,"column":3,"utf16":4},"#
        + #""end":{"byte":16,"line":2,"column":5,"utf16":7}},"related":[],"#
        + #""edits":[{"span":{"file":"w.yaml","start":{"byte":11,"line":2,"column":3,"utf16":4},"#
        + #""end":{"byte":16,"line":2,"column":5,"utf16":7}},"replace":"xy"}],"help":""}"#)
  }

  @Test(arguments: [
    ("abc", 3), ("한글", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇰🇷", 2), ("●─█…", 4), ("ﬀ", 1),
    ("ＡＢ", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("☎\u{FE0F}", 2), ("", 0), ("\u{200B}", 0),
  ])
  func `cells are counted by grapheme`(text: String, cells: Int) {
    #expect(DisplayWidth.cells(of: text) == cells)
  }

  @Test func `what is cut and padded fits its cells`() {
    #expect(DisplayWidth.padded("한글", to: 6) == "한글  ")
    #expect(DisplayWidth.padded("한글", to: 3) == "한글")
    #expect(DisplayWidth.cut("한글이다", to: 5) == "한글…")
    #expect(DisplayWidth.cut("한글", to: 4) == "한글")
  }

  @Test(arguments: [(1, 0), (5_000, 101)])
  func `of a line without end the part around the finding is shown`(column: Int, before: Int) {
    let line =
      String(repeating: "a", count: column - 1) + "b" + String(repeating: "c", count: 9_999)
    let finding = Finding(
      "F103", "too long", at: SourceMark(file: "w.yaml", line: 1, column: column))

    let lines = DiagnosticText(texts: texts(line)).text(of: finding)
      .split(separator: "\n").map(String.init)

    #expect(lines.allSatisfy { $0.count < 420 })
    #expect(lines[1] == " --> w.yaml:1:\(column)")
    #expect(lines[3].dropFirst(4 + before).first == "b" && lines[3].hasSuffix("c…"))
    #expect(lines[4].hasPrefix("  | " + String(repeating: " ", count: before) + "^"))
  }

  @Test func `findings are counted`() {
    let findings = [
      Finding("P101", "", at: .none), Finding("P102", "", at: .none),
      Finding("P111", "", at: .none, severity: .warning),
    ]

    #expect(DiagnosticText.counts(of: findings) == "2 errors, 1 warning, 0 notes")
  }
}
