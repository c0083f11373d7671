import CEL
import PetriNet
import Testing
import Workflows

@Suite struct PromptReaderTests {
  private func read(
    _ front: String, _ body: String = "Look.\n", name: String = "intent"
  ) -> (prompt: Prompt?, findings: [Finding]) {
    PromptReader.read(Array("---\n\(front)\n---\n\(body)".utf8), path: "prompts/\(name).md")
  }

  private static let front = """
    prompt: intent
    question: Is it one?
    labels: {approve: say yes, deny: say no}
    fields: {note: personal string max 40, amount: trusted int 0..9, tags: list<string>, by: string?}
    cut: {tags: 7}
    canary: none_of_these
    examples: [{note: "true", amount: 5, tags: [a], label: deny}]
    rationale: true
    """

  @Test func `a prompt is read whole`() throws {
    let read = read(Self.front, "About {{note}} and {{amount}}: {x} }}.\n")

    #expect(read.findings == [])
    let prompt = try #require(read.prompt)
    #expect(
      prompt.labels
        == .strings([.init(name: "approve", note: "say yes"), .init(name: "deny", note: "say no")]))
    #expect(prompt.fields.map(\.name) == ["note", "amount", "tags", "by"])
    #expect(prompt.fields.map(\.cut) == [40, 8000, 7, 8000])
    #expect(prompt.fields.map(\.isPersonal) == [true, false, false, false])
    #expect(prompt.fields.map(\.isTrusted) == [false, true, false, false])
    #expect(
      prompt.body == [
        .text("About "), .field(0), .text(" and "), .field(1), .text(": {x} }}.\n"),
      ])
    #expect(
      prompt.examples.map(\.values) == [[.string("true"), .int(5), .list([.string("a")]), .null]])
    #expect(prompt.canary == "none_of_these")
    #expect(prompt.asksRationale)
  }

  @Test func `true and false are a question of their own`() {
    let read = read(
      "prompt: intent\nquestion: Is it?\nlabels: [true, false]\nfields: {note: string}")

    #expect(read.prompt?.labels == .boolean)
    #expect(read.prompt?.outcomes == ["true", "false"])
  }

  @Test func `line ends of Windows are read`() {
    let text =
      "---\r\nprompt: intent\r\nquestion: Is it?\r\nlabels: [true, false]\r\n"
      + "fields: {note: string}\r\n---\r\nLook at {{note}}.\r\n"

    let read = PromptReader.read(Array(text.utf8), path: "intent.md")

    #expect(read.findings == [])
    #expect(read.prompt?.body == [.text("Look at "), .field(0), .text(".\r\n")])
  }

  @Test(arguments: ["labels: [caf\u{E9}, cafe\u{301}]", "labels: {no: x, cafe\u{301}: y}"])
  func `a label in decomposed characters is told, not changed`(_ labels: String) {
    let read = read("prompt: intent\nquestion: q\nfields: {note: string}\n\(labels)")

    #expect(read.findings.first?.code == "F304")
    #expect(read.findings.first?.found == "decomposed characters")
  }

  @Test func `composed labels and canaries are what stands there, and decomposed ones none`() {
    let front = "prompt: intent\nquestion: q\nfields: {note: string}\nlabels: [승인, 거절, 👩🏽‍⚖️]\n"

    let good = read(front + "canary: 가")
    let bad = read(front + "canary: \u{1100}\u{1161}")

    #expect(good.findings == [])
    #expect(
      good.prompt?.outcomes.map { Array($0.utf8) } == ["승인", "거절", "👩🏽‍⚖️"].map { Array($0.utf8) })
    #expect(bad.findings.map(\.code) == ["F304"])
  }

  @Test func `a body, labels and examples have limits at both ends`() {
    func labels(_ count: Int) -> String {
      "prompt: intent\nquestion: q\nfields: {note: string}\nlabels: ["
        + (0..<count).map { "l\($0)" }.joined(separator: ", ") + "]"
    }
    func examples(_ count: Int) -> String {
      Self.front.replacing(
        "[{note: \"true\", amount: 5, tags: [a], label: deny}]",
        with: "["
          + Array(repeating: "{note: a, amount: 5, tags: [], label: deny}", count: count)
          .joined(separator: ", ") + "]")
    }
    let body = String(repeating: "x", count: PromptReader.Limits.bodyBytesMax)

    #expect(read(labels(2)).findings == [])
    #expect(read(labels(50)).findings == [])
    #expect(read(labels(51)).findings.map(\.code) == ["F304"])
    #expect(read(examples(20)).findings == [])
    #expect(read(examples(21)).findings.map(\.code) == ["F306"])
    #expect(read(Self.front, body).findings == [])
    #expect(read(Self.front, body + "x").findings.map(\.code) == ["F303"])
  }
}
