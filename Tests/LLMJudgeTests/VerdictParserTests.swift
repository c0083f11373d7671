import Engine
import PetriNet
import Testing

@testable import LLMJudge

/// A text a model could answer, and what it is read as.
struct Spelling: Sendable, CustomTestStringConvertible {
  var content: [UInt8]
  var reading: VerdictParser.Reading
  var prompt: Prompt

  var testDescription: String {
    String(decoding: content.prefix(60), as: UTF8.self).debugDescription
  }

  init(_ content: String, _ reason: FallbackReason, _ prompt: Prompt = Prompts.labels) {
    self.init(Array(content.utf8), reason, prompt)
  }

  init(_ content: [UInt8], _ reason: FallbackReason, _ prompt: Prompt = Prompts.labels) {
    self.content = content
    reading = .refused(reason)
    self.prompt = prompt
  }

  init(_ content: String, label: String, _ prompt: Prompt = Prompts.labels, isLenient: Bool = false)
  {
    self.content = Array(content.utf8)
    reading = .label(label, isLenient: isLenient)
    self.prompt = prompt
  }
}

/// Labels of which one is the other in another normal form, and one is not ASCII.
let accents = Prompts.prompt(
  labels: .strings([.init(name: "caf\u{E9}"), .init(name: "인간"), .init(name: "a/b")]))

let accepted: [Spelling] = [
  Spelling(deny, label: "deny"),
  Spelling("\t\r\n " + deny + " \n", label: "deny"),
  Spelling(#"{"verdict":"\u0064\u0065ny"}"#, label: "deny"),
  Spelling(#"{"\u0076\u0065rdict":"deny"}"#, label: "deny"),
  Spelling("{\"verdict\":\"caf\u{E9}\"}", label: "caf\u{E9}", accents),
  Spelling(#"{"verdict":"caf\u00E9"}"#, label: "caf\u{E9}", accents),
  Spelling(#"{"verdict":"인간"}"#, label: "인간", accents),
  Spelling(#"{"verdict":"\uc778\uac04"}"#, label: "인간", accents),
  Spelling(#"{"verdict":"a\/b"}"#, label: "a/b", accents),
  Spelling(#"{"verdict":true}"#, label: "true", Prompts.boolean),
  Spelling(#"{"verdict":false}"#, label: "false", Prompts.boolean),
  Spelling("```json\n\(deny)\n```", label: "deny", Prompts.lenient, isLenient: true),
  Spelling("```\n\(deny)\n```\n", label: "deny", Prompts.lenient, isLenient: true),
  Spelling(#"{"verdict":"deny","reason":"late"}"#, label: "deny", Prompts.reasoned),
  Spelling(#"{"reason":"","verdict":"deny"}"#, label: "deny", Prompts.reasoned),
]

let refused: [Spelling] = [
  Spelling("", .empty), Spelling(" \n", .empty),
  Spelling("```json\n\(deny)\n```", .notStrictJSONFence),
  Spelling("```json\n\(deny)", .notStrictJSONFence, Prompts.lenient),
  Spelling("```swift\n\(deny)\n```", .notStrictJSONFence, Prompts.lenient),
  Spelling("```json\n\(deny)\n\(deny)\n```", .notStrictJSONFence, Prompts.lenient),
  Spelling("``````", .notStrictJSONFence, Prompts.lenient),
  Spelling("The answer is \(deny)", .notStrictJSONProse),
  Spelling("Sure!\n```json\n\(deny)\n```", .notStrictJSONProse),
  Spelling("I cannot help with that.", .notStrictJSONProse),
  Spelling("true story", .notStrictJSONProse),
  Spelling("deny", .notStrictJSONBare), Spelling(" approve\n", .notStrictJSONBare),
  Spelling("true", .notStrictJSONBare, Prompts.boolean), Spelling("true", .schemaType),
  Spelling("null", .schemaType), Spelling("17", .schemaType), Spelling("-0.5e+3", .schemaType),
  Spelling(#""deny""#, .schemaType), Spelling("[]", .schemaType),
  Spelling("[\(deny)]", .schemaType),
  Spelling(#"{"verdict":"deny","why":"x"}"#, .schemaExtraKey),
  Spelling(#"{"verdict":"deny","reason":"x"}"#, .schemaExtraKey),
  Spelling(#"{"verdict":"deny","":null}"#, .schemaExtraKey),
  Spelling("{}", .schemaMissingKey), Spelling(#"{"Verdict":"deny"}"#, .schemaMissingKey),
  Spelling(#"{"verdict ":"deny"}"#, .schemaMissingKey),
  Spelling(deny, .schemaMissingKey, Prompts.reasoned),
  Spelling(#"{"verdict":"deny","reason":1}"#, .schemaType, Prompts.reasoned),
  Spelling(
    #"{"verdict":"deny","reason":""# + String(repeating: "x", count: 501) + "\"}", .schemaType,
    Prompts.reasoned),
  Spelling(#"{"verdict":"deny","verdict":"deny"}"#, .schemaDuplicateKey),
  Spelling(#"{"verdict":"deny","verdict":"approve"}"#, .schemaDuplicateKey),
  Spelling(#"{"verdict":"deny","v\u0065rdict":"approve"}"#, .schemaDuplicateKey),
  Spelling(#"{"verdict":"deny","a":1,"a":1}"#, .schemaDuplicateKey),
  Spelling(deny + deny, .notStrictJSONTrailing), Spelling(deny + "\0", .notStrictJSONTrailing),
  Spelling(deny + "\n\nBecause.", .notStrictJSONTrailing),
  Spelling(deny + "}", .notStrictJSONTrailing),
  Spelling(#"{"verdict":"deny",}"#, .notStrictJSONSyntax),
  Spelling(#"{"verdict":"deny"// no"#, .notStrictJSONSyntax),
  Spelling("{'verdict':'deny'}", .notStrictJSONSyntax), Spelling("'deny'", .notStrictJSONSyntax),
  Spelling("{verdict:\"deny\"}", .notStrictJSONSyntax),
  Spelling(#"{"verdict":"deny""#, .notStrictJSONSyntax),
  Spelling(#"{"verdict":"den"#, .notStrictJSONSyntax), Spelling("{", .notStrictJSONSyntax),
  Spelling(#"{"verdict":NaN}"#, .notStrictJSONSyntax), Spelling("NaN", .notStrictJSONSyntax),
  Spelling(#"{"verdict":01}"#, .notStrictJSONSyntax), Spelling("1.", .notStrictJSONSyntax),
  Spelling(#"{"verdict":TRUE}"#, .notStrictJSONSyntax, Prompts.boolean),
  Spelling(#"{"verdict":"de\ny"}"#.replacing("\\n", with: "\n"), .notStrictJSONSyntax),
  Spelling(#"{"verdict":"\x64eny"}"#, .notStrictJSONSyntax),
  Spelling(#"{"verdict":"\u00g4"}"#, .notStrictJSONSyntax),
  Spelling(#"{"verdict":"\u00"}"#, .notStrictJSONSyntax),
  Spelling(#"{"verdict":"Deny"}"#, .schemaUnknownLabel),
  Spelling(#"{"verdict":" deny"}"#, .schemaUnknownLabel),
  Spelling("{\"verdict\":\"deny\u{200B}\"}", .schemaUnknownLabel),
  Spelling("{\"verdict\":\"d\u{435}ny\"}", .schemaUnknownLabel),
  Spelling("{\"verdict\":\"cafe\u{301}\"}", .schemaUnknownLabel, accents),
  Spelling(#"{"verdict":""}"#, .schemaUnknownLabel),
  Spelling(#"{"verdict":"deny\u0000"}"#, .schemaUnknownLabel),
  Spelling(#"{"verdict":"true"}"#, .schemaType, Prompts.boolean),
  Spelling(#"{"verdict":1}"#, .schemaType, Prompts.boolean),
  Spelling(#"{"verdict":null}"#, .schemaType, Prompts.boolean),
  Spelling(#"{"verdict":true}"#, .schemaType), Spelling(#"{"verdict":["deny"]}"#, .schemaType),
  Spelling(#"{"verdict":{"verdict":"deny"}}"#, .schemaType),
  Spelling(#"{"verdict":"\ud800"}"#, .badEncoding),
  Spelling(#"{"verdict":"\udc00"}"#, .badEncoding),
  Spelling(#"{"verdict":"\ud800\u0064"}"#, .badEncoding), Spelling(#"{"\ud83d":1}"#, .badEncoding),
  Spelling(Array(deny.utf8) + [0xFF], .badEncoding),
  Spelling([0xEF, 0xBB, 0xBF] + Array(deny.utf8), .badEncoding),
  Spelling(deny.utf8.flatMap { [$0, 0] }, .badEncoding),
  Spelling("{\"verdict\":\"\u{FFFD}\"}", .notStrictJSONSyntax),
  Spelling("{\"verdict\":\"a\u{1}\"}", .notStrictJSONSyntax),
  Spelling("\u{1B}[0m", .notStrictJSONSyntax),
  Spelling(
    #"{"verdict":"# + String(repeating: "[", count: 32) + String(repeating: "]", count: 32) + "}",
    .tooDeep),
  Spelling(
    #"{"verdict":"# + String(repeating: "[", count: 31) + String(repeating: "]", count: 31) + "}",
    .schemaType),
  Spelling(String(repeating: "[", count: 500_000), .tooDeep),
  Spelling(String(repeating: #"{"a":"#, count: 100_000), .tooDeep),
  Spelling(String(repeating: " ", count: 1 << 20) + deny, .bodyTooLarge),
]

@Suite struct VerdictParserTests {
  @Test(arguments: accepted + refused)
  func `a text is a label or the reason why not`(_ spelling: Spelling) {
    let reading = VerdictParser(spelling.prompt).read(spelling.content)

    #expect(reading == spelling.reading)
  }

  @Test func `a dialect that answers bare labels has them accepted`() {
    let parser = VerdictParser(Prompts.labels)

    let readings = [" deny\n", "Deny", "\"deny\"", deny].map {
      parser.read(Array($0.utf8), acceptsBare: true)
    }

    #expect(
      readings == [
        .label("deny", isLenient: false), .refused(.notStrictJSONProse), .refused(.schemaType),
        .label("deny", isLenient: false),
      ])
  }

  /// Of thousands of changed answers none is read as a label that it does not spell, by a
  /// second reader that knows the only forms a label can have.
  @Test func `no changed answer becomes a label that it does not spell`() {
    let parser = VerdictParser(Prompts.labels)
    var generator = SplitMix(state: 0x5EED)
    var labels = 0

    for _ in 0..<30_000 {
      let content = Self.mutated(&generator)
      guard case .label(let label, false) = parser.read(content) else { continue }
      labels += 1
      if !Self.spells(content, label) {
        Issue.record(
          "read as \(label): \(String(decoding: content, as: UTF8.self).debugDescription)")
      }
    }

    #expect(labels > 300)
  }

  private static func mutated(_ generator: inout SplitMix) -> [UInt8] {
    let seeds = [
      deny, #"{ "verdict" : "approve" }"#, #"{"\u0076erdict":"\u0064eny"}"#, "[\(deny)]",
      #"{"verdict":"deny","x":[1,{"y":null}]}"#,
    ]
    let pieces: [[UInt8]] = [
      [0x22], [0x5C], [0x7B], [0x7D], [0x2C], [0x3A], [0], [0xFF], [0xC3, 0xA9], [0x20], [0x0A],
      Array("deny".utf8), Array("\\u0064".utf8), Array("verdict".utf8), Array("approve".utf8),
    ]
    var content = Array(seeds[Int(generator.next() % UInt64(seeds.count))].utf8)
    for _ in 0..<Int(generator.next() % 4) {
      let index = Int(generator.next() % UInt64(content.count + 1))
      let piece = pieces[Int(generator.next() % UInt64(pieces.count))]
      switch generator.next() % 3 {
      case 0: content.insert(contentsOf: piece, at: index)
      case 1 where index < content.count: content.remove(at: index)
      default: content.replaceSubrange(index..<min(index + piece.count, content.count), with: piece)
      }
    }
    return content
  }

  /// Without escapes and white space around tokens there is one text for each label.
  private static func spells(_ content: [UInt8], _ label: String) -> Bool {
    var text = String(decoding: content, as: UTF8.self)
    for scalar in "verdictnyap".unicodeScalars {
      let hex = String(scalar.value, radix: 16)
      text = text.replacing("\\u00\(hex)", with: String(scalar))
    }
    text.unicodeScalars.removeAll { $0 == " " || $0 == "\n" }
    return text.utf8.elementsEqual(#"{"verdict":"\#(label)"}"#.utf8)
  }
}

/// A small generator with a seed (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
