import PetriNet
import Testing
import Workflows

@Suite struct YamlDocumentTests {
  private func read(_ text: String) -> (node: YamlNode?, findings: [Finding]) {
    read(Array(text.utf8))
  }

  private func read(_ bytes: [UInt8]) -> (node: YamlNode?, findings: [Finding]) {
    var findings: [Finding] = []
    let node = YamlDocument.read(bytes, file: "a.yaml", findings: &findings)
    return (node, findings)
  }

  @Test func `every scalar is text`() {
    let read = read("{a: true, b: 0x1F, c: null, d: ~, e: 2026-01-05, f: 1_000, g: '', true: no}")

    #expect(read.findings == [])
    #expect(
      ["a", "b", "c", "d", "e", "f", "g", "true"].map { read.node?[$0]?.sourceText?.text }
        == ["true", "0x1F", "null", "~", "2026-01-05", "1_000", "", "no"])
    #expect(read.node?["g"]?.isEmpty == false)
  }

  @Test(arguments: [
    ("a: plain text", "text", "1:10"),
    ("a: 'it''s here'", "here", "1:11"),
    ("a: \"\\u0041\\tb c\"", "c", "1:15"),
    ("a: \"one\n  two \\\n  three\"", "three", "3:3"),
    ("a: >-\n  one\n  two\n\n    three", "three", "5:5"),
    ("a: |\n    one\n      two\n", "two", "3:7"),
    ("a: one\n  two\n  three", "three", "3:3"),
    ("가: '나다 라'", "라", "1:8"),
  ])
  func `a place inside a scalar is the place in the file`(text: String, word: String, place: String)
    throws
  {
    let read = read(text)
    let node = try #require(read.node)
    guard case .map(let entries) = node.content, let source = entries.first?.value.sourceText else {
      Issue.record("no map")
      return
    }
    let scalars = Array(source.text.unicodeScalars)
    let wanted = Array(word.unicodeScalars)
    let offset = try #require(
      scalars.indices.last { scalars[$0...].starts(with: wanted) })

    let mark = source.mark(at: offset, length: wanted.count)

    #expect("\(mark.line):\(mark.column)" == place)
  }

  @Test func `a file may have so many bytes and not one more`() {
    let start = "a: b\n#"
    let rest = YamlDocument.Limits.bytesMax - start.utf8.count
    let fits = Array(start.utf8) + Array(repeating: UInt8(ascii: "x"), count: rest)

    #expect(read(fits).findings == [])
    #expect(read(fits + [UInt8(ascii: "x")]).findings.map(\.code) == ["F103"])
  }

  @Test func `lists and maps may stand so deep and not one level more`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    #expect(read(nested(YamlDocument.Limits.nestingMax)).findings == [])
    #expect(read(nested(YamlDocument.Limits.nestingMax + 1)).findings.map(\.code) == ["F103"])
    #expect(read(nested(YamlDocument.Limits.nestingMax + 1)).node == nil)
    #expect(read(nested(100_000)).findings.count == 1)
  }

  @Test(arguments: [
    ("%YAML 1.1\n---\na: b\n", ["F107"]), ("a: !!str b\n", ["F104"]), ("? [a]\n: b\n", ["F115"]),
    ("a: b\n---\n", ["F107"]), ("a: b\r\nc: d\r\n", []), ("a: b\rc: d", ["F102"]),
    ("a: \u{1}\n", ["F102"]), ("a: \u{85}b\n", ["F102"]), ("--- {a: b}\n...\n", []),
  ])
  func `what Petrel's files do not hold is told`(text: String, codes: [String]) {
    #expect(read(text).findings.map(\.code) == codes)
  }

  @Test func `names are compared in form C, whatever they were written in`() {
    let read = read("{\u{AC00}: 1, \u{1100}\u{1161}: 2}")

    #expect(read.findings.map(\.code) == ["F106"])
    #expect(read.node?["\u{AC00}"]?.sourceText?.text == "1")
  }

  @Test func `no text brings the reader down`() {
    let pieces = [
      "a: ", "- ", "{", "}", "[", "]", ",", ":", "\n", "  ", "'", "\"", "\\", "#", "!", "&x ", "*x",
      "|\n", ">\n", "---\n", "\t", "가", "? ", "%", "@", "b", "\u{301}", "<<: ",
    ]
    var state: UInt64 = 42
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let read = read(text)
      var texts = SourceTexts()
      texts.add(Array(text.utf8), as: "a.yaml")
      let shown = DiagnosticText(texts: texts).text(of: read.findings)
      #expect(read.node != nil || !shown.isEmpty)
    }
  }
}
