import CEL
import PetriNet
import Testing

@testable import LLMJudge

@Suite struct PromptRenderingTests {
  private static let nonce = [UInt8](0..<16)
  private static let fence = "000102030405060708090a0b0c0d0e0f"

  private func user(_ message: String, cut: Int = 400) -> String {
    var prompt = Prompts.labels
    prompt.fields[0].cut = cut
    let rendered = PromptRendering(prompt).render([.string(message)], nonce: Self.nonce)
    return String(decoding: rendered.user, as: UTF8.self)
  }

  @Test func `values stand in the user message, between lines that nobody can foresee`() {
    let text = user("give it back")

    #expect(
      text == """
        <message \(Self.fence)>
        "give it back"
        </message \(Self.fence)>
        Answer with one of: "approve", "deny".
        """)
  }

  @Test(arguments: [
    ("한국어 ✓ 👍", "한국어 ✓ 👍"), (#"a "b" \ c"#, #"a \"b\" \\ c"#),
    ("</message>", #"\u003c/message>"#), ("a\nb\tc\r\0", #"a\u000ab\u0009c\u000d\u0000"#),
    ("\u{7F}\u{85}\u{9F}", #"\u007f\u0085\u009f"#),
    ("\u{200B}\u{200D}\u{2060}\u{FEFF}", #"\u200b\u200d\u2060\ufeff"#),
    ("\u{202E}abc\u{2066}\u{2069}", #"\u202eabc\u2066\u2069"#),
    ("\u{2028}\u{2029}\u{AD}", #"\u2028\u2029\u00ad"#),
    ("\u{E0041}", #"\udb40\udc41"#), ("\u{115F}\u{3164}\u{34F}", #"\u115f\u3164\u034f"#),
    ("{{message}} \(fence)", "{{message}} \(fence)"), ("e\u{301}", "e\u{301}"),
  ])
  func `what hides, closes or reorders is escaped, scalar by scalar`(
    _ message: String, _ expected: String
  ) {
    let line = user(message).utf8.split(separator: 0x0A)[1]

    #expect(line.elementsEqual("\"\(expected)\"".utf8))
  }

  @Test(arguments: [
    ("abcd", 4, "abcd", false), ("abcde", 4, "abcd…", true), ("한국어로", 3, "한국어…", true),
    ("e\u{301}x", 2, "e\u{301}…", true), ("", 1, "", false),
  ])
  func `a long value is cut by scalars and says so`(
    _ message: String, _ cut: Int, _ expected: String, _ isCut: Bool
  ) {
    var prompt = Prompts.labels
    prompt.fields[0].cut = cut

    let rendered = PromptRendering(prompt).render([.string(message)], nonce: Self.nonce)

    let line = rendered.user.split(separator: 0x0A)[1]
    #expect(line.elementsEqual("\"\(expected)\"".utf8))
    #expect(rendered.isCut == isCut)
  }

  @Test func `the body names untrusted fields and shows trusted ones, and expands nothing else`() {
    var prompt = Prompts.prompt(labels: .boolean)
    prompt.fields.append(
      .init(name: "limit", colour: .int(nil), isPersonal: false, isTrusted: true, cut: 100))
    prompt.body = [.text("Below "), .field(1), .text("? See "), .field(0), .text(" {{x}}.")]

    let rendered = PromptRendering(prompt).render(
      [.string("{{limit}}"), .int(5_000)], nonce: Self.nonce)

    #expect(
      String(decoding: rendered.system, as: UTF8.self) == #"Below 5000? See "message" {{x}}."#)
    #expect(
      String(decoding: rendered.user, as: UTF8.self) == """
        <message \(Self.fence)>
        "{{limit}}"
        </message \(Self.fence)>
        <limit \(Self.fence)>
        5000
        </limit \(Self.fence)>
        Answer with one of: true, false.
        """)
    #expect(
      String(decoding: rendered.schema, as: UTF8.self)
        == #"{"type":"object","properties":{"verdict":{"type":"boolean"}},"required":["verdict"],"#
        + #""additionalProperties":false}"#)
  }

  @Test func `records and lists are JSON, and a cut one is a string`() {
    let colour = RecordColour(
      name: nil,
      fields: [
        .init(name: "a", colour: .string(max: nil)), .init(name: "b", colour: .optional(.int(nil))),
      ])
    var prompt = Prompts.labels
    prompt.fields = [
      .init(
        name: "item", colour: .record(colour), isPersonal: false, isTrusted: false, cut: 400)
    ]
    let value = Value.record(Record(type: colour.type, fields: [.string("<x>"), .int(3)]))
    var short = prompt
    short.fields[0].cut = 5

    let lines = [prompt, short].map { prompt in
      PromptRendering(prompt).render([value], nonce: Self.nonce).user.split(separator: 0x0A)[1]
    }

    #expect(
      lines.map { String(decoding: $0, as: UTF8.self) } == [
        #"{"a":"\u003cx>","b":3}"#, #""{\"a\":…""#,
      ])
  }

  @Test func `notes on labels follow the body, and the canary has its place among the labels`() {
    var prompt = Prompts.prompt(
      labels: .strings([.init(name: "approve", note: "pay it"), .init(name: "deny")]))
    prompt.canary = "none_of_these"

    let rendered = PromptRendering(prompt).render([.string("x")], nonce: Self.nonce)

    #expect(
      String(decoding: rendered.system, as: UTF8.self)
        == "The customer wrote \"message\". Judge.\n\n\n- \"approve\": pay it\n")
    #expect(Set(prompt.offeredLabels) == ["approve", "deny", "none_of_these"])
    #expect(prompt.offeredLabels.filter { $0 != "none_of_these" } == ["approve", "deny"])
    #expect(prompt.offeredLabels == prompt.offeredLabels)
  }

  @Test func `a guard's identity changes with all that a verdict depends on`() {
    var endpoint = EndpointConfiguration(
      name: "stand-in", url: "http://127.0.0.1:1/v1", dialect: "openai-chat", model: "stub-1")
    let first = GuardIdentity(prompt: Prompts.labels, endpoints: [endpoint])
    endpoint.parameters = #"{"b":1,"a":2}"#
    let second = GuardIdentity(prompt: Prompts.labels, endpoints: [endpoint])
    endpoint.parameters = #"{ "a": 2, "b": 1 }"#
    let third = GuardIdentity(prompt: Prompts.labels, endpoints: [endpoint])
    endpoint.name = "other"
    endpoint.url = "https://example.com"
    let fourth = GuardIdentity(prompt: Prompts.labels, endpoints: [endpoint])

    #expect(first.hash != second.hash)
    #expect(second == third)
    #expect(third == fourth)
    #expect(
      String(decoding: first.text, as: UTF8.self)
        == #"{"alias":[{"dialect":"openai-chat","max_tokens":64,"model":"stub-1","parameters":{}}],"#
        + #""fields":[{"cut":40,"name":"message","personal":true,"trusted":false,"#
        + #""type":"a string of at most 4000 characters"}],"labels":["approve","deny"],"#
        + #""prompt":"---\nprompt: refund-intent\n---\n","rendering":1,"#
        + #""schema":{"additionalProperties":false,"properties":{"verdict":{"#
        + #""enum":["approve","deny"],"type":"string"}},"required":["verdict"],"type":"object"}}"#)
  }
}
