import Engine
import LLMJudge
import LoopbackServer
import PetriNet
import Testing

@testable import LLMJudge

/// Confidence out of the probabilities of an answer's tokens.
@Suite struct ConfidenceTests {
  private static func token(
    _ text: String, _ probability: Double, _ others: [(String, Double)] = []
  ) -> AnswerToken {
    AnswerToken(
      chosen: .init(bytes: Array(text.utf8), probability: probability),
      alternatives: [.init(bytes: Array(text.utf8), probability: probability)]
        + others.map { .init(bytes: Array($0.0.utf8), probability: $0.1) })
  }

  private static func confidence(
    _ label: String, _ content: String, _ tokens: [AnswerToken],
    labels: [String] = ["approve", "deny", "defer"], isBoolean: Bool = false
  ) -> [Double]? {
    ConfidenceReader(labels: labels, isBoolean: isBoolean)
      .confidence(of: label, in: Array(content.utf8), tokens: tokens)
      .map { [$0.confidence, $0.offSchema].map { ($0 * 1_000_000).rounded() / 1_000_000 } }
  }

  @Test func `one token tells the labels apart: its share of what the labels have`() {
    let tokens = [
      Self.token("{\"", 1), Self.token("verdict", 0.001), Self.token("\":\"", 1),
      Self.token("approve", 0.6, [("deny", 0.15), ("defer", 0.05), ("The", 0.2)]),
      Self.token("\"}", 1),
    ]

    #expect(Self.confidence("approve", #"{"verdict":"approve"}"#, tokens) == [0.75, 0.2])
  }

  @Test func `several tokens multiply`() {
    let tokens = [
      Self.token("{\"verdict\":\"", 1), Self.token("de", 0.8, [("app", 0.2)]),
      Self.token("ny", 0.9, [("fer", 0.1)]), Self.token("\"}", 1),
    ]

    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, tokens) == [0.72, 0])
  }

  @Test func `another way to the same label counts for it, an open one against it`() {
    let tokens = [
      Self.token("{\"verdict\":\"", 1),
      Self.token("de", 0.5, [("deny", 0.2), ("d", 0.1), ("approve", 0.2)]),
      Self.token("ny", 1), Self.token("\"}", 1),
    ]

    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, tokens) == [0.7, 0])
  }

  @Test func `a token that begins before the label and one that ends behind it are read too`() {
    let tokens = [
      Self.token("{\"verdict", 1),
      Self.token("\":\"deny", 0.5, [("\":\"app", 0.3), ("\":", 0.1), ("\":1", 0.1)]),
      Self.token("\"}", 1),
    ]
    let whole = [Self.token(#"{"verdict":"deny"}"#, 0.9, [(#"{"verdict":"defer"}"#, 0.1)])]

    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, tokens) == [0.625, 0.1])
    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, whole) == [0.9, 0])
  }

  @Test func `a label that begins another is told apart by its end`() {
    let tokens = [
      Self.token("{\"verdict\":\"", 1), Self.token("no", 0.9, [("yes", 0.1)]),
      Self.token("\"}", 0.7, [("t", 0.3)]),
    ]

    #expect(
      Self.confidence("no", #"{"verdict":"no"}"#, tokens, labels: ["yes", "no", "not"])
        == [0.63, 0])
  }

  @Test func `booleans and bare labels have no quotes`() {
    let boolean = [
      Self.token("{\"verdict\":", 1), Self.token("true", 0.97, [("false", 0.02)]),
      Self.token("}", 1),
    ]
    let bare = [Self.token("approve", 0.5, [("deny", 0.25), ("de", 0.25)])]

    #expect(
      Self.confidence(
        "true", #"{"verdict":true}"#, boolean, labels: ["true", "false"], isBoolean: true)
        == [0.979798, 0.01])
    #expect(Self.confidence("approve", "approve", bare) == [0.5, 0])
  }

  @Test func `white space before a value says nothing, however the tokens hold it`() {
    let spaced = [
      Self.token("{\"verdict\":", 1), Self.token("true", 0.5, [(" false", 0.5)]),
      Self.token("}", 1),
    ]
    let apart = [
      Self.token("{\"verdict\":", 1), Self.token(" ", 0.5, [("false", 0.5)]),
      Self.token("true", 1), Self.token("}", 1),
    ]
    let quoted = [
      Self.token("{\"verdict\":", 1), Self.token(" \"approve", 0.75, [("\"deny", 0.25)]),
      Self.token("\"}", 1),
    ]
    let within = [
      Self.token("{\"verdict\":\"", 1), Self.token("approve", 0.75, [(" deny", 0.25)]),
      Self.token("\"}", 1),
    ]
    func boolean(_ content: String, _ tokens: [AnswerToken]) -> [Double]? {
      Self.confidence("true", content, tokens, labels: ["true", "false"], isBoolean: true)
    }

    #expect(boolean(#"{"verdict":true}"#, spaced) == [0.5, 0])
    #expect(boolean(#"{"verdict": true}"#, apart) == [0.5, 0])
    #expect(Self.confidence("approve", #"{"verdict": "approve"}"#, quoted) == [0.75, 0])
    #expect(Self.confidence("approve", #"{"verdict":"approve"}"#, within) == [1, 0.25])
  }

  @Test func `tokens that do not spell the answer, or never part the labels, tell nothing`() {
    let other = [Self.token("{\"verdict\":\"", 1), Self.token("approve", 1), Self.token("\"}", 1)]
    let short = [Self.token("{\"verdict\":\"", 1)]

    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, other) == nil)
    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, short) == nil)
    #expect(Self.confidence("deny", #"{"verdict":"deny"}"#, []) == nil)
    #expect(Self.confidence("deny", #"{"verdict":"\u0064eny"}"#, other) == nil)
  }

  /// Against a count over all whole answers that a small model of tokens can make.
  @Test func `where every way is listed, the share is that of the whole answers`() {
    var generator = SplitMix(state: 0xC0FFEE)
    let labels = ["aa", "ab", "ba"]

    for _ in 0..<200 {
      let weights = (0..<3).map { _ in Double(generator.next() % 1_000 + 1) }
      let total = weights.reduce(0, +)
      let (aa, ab, ba) = (weights[0] / total, weights[1] / total, weights[2] / total)
      let tokens = [
        Self.token("{\"verdict\":\"", 1), Self.token("a", aa + ab, [("b", ba)]),
        Self.token("a", aa / (aa + ab), [("b", ab / (aa + ab))]), Self.token("\"}", 1),
      ]

      let found = ConfidenceReader(labels: labels, isBoolean: false).confidence(
        of: "aa", in: Array(#"{"verdict":"aa"}"#.utf8), tokens: tokens)

      #expect(abs((found?.confidence ?? 2) - aa) < 1e-9)
    }
  }

  private static let logprobs = """
    "logprobs":{"content":[{"token":"{\\"verdict\\":\\"","logprob":-0.5,"bytes":null,\
    "top_logprobs":[]},{"token":"deny","logprob":-0.6931471805599453,"bytes":[100,101,110,121],\
    "top_logprobs":[{"token":"deny","logprob":-0.6931471805599453,"bytes":[100,101,110,121]},\
    {"token":"approve","logprob":-2.0794415416798357,"bytes":null},\
    {"token":"The","logprob":-9999.0,"bytes":null}]},\
    {"token":"\\"}","logprob":0,"bytes":null,"top_logprobs":[]}]}
    """

  @Test(arguments: [(0.7, Verdict.label("deny")), (0.9, .fallback(.lowConfidence))])
  func `a net that asks for confidence has it from the wire`(
    _ least: Double, _ verdict: Verdict
  ) async throws {
    let reply =
      #"{"model":"stub-1","choices":[{"message":{"content":"{\"verdict\":\"deny\"}"},"#
      + #""finish_reason":"stop",\#(Self.logprobs)}]}"#
    let bench = try Bench(ScriptedServer(always: [.reply(reply)])) { $0.confidence = .logprobs }
    defer { bench.stop() }
    var question = Bench.question(Prompts.labels)
    question.atLeast = least

    let reports = await bench.ask(question)

    #expect(reports.verdict == verdict)
    let record = try #require(reports.records.first)
    #expect(record.confidence.map { ($0 * 1_000).rounded() } == 800)
    #expect(record.offSchema.map { ($0 * 1_000).rounded() } == 375)
    #expect(record.source == .rawRenormalised)
  }
}
