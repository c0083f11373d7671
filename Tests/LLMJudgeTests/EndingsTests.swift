import Engine
import LLMJudge
import LoopbackServer
import PetriNet
import Testing
import Transfer

/// One of the numbered endings of a call, for every dialect that can bring it about.
struct Ending: Sendable, CustomTestStringConvertible {
  /// What the server does.
  enum Scene: Sendable {
    case says(Speech.Said)
    /// A reply with status 200 whose text is these bytes.
    case saysBytes([UInt8])
    case status(Int, Speech.Problem)
    /// The same under another content type.
    case typed(Speech.Said, String)
    case wire([ScriptedServer.Action])
  }

  var number: Int
  var name: String
  var prompt: Prompt
  var verdict: Verdict
  /// Whether a second attempt is made.
  var isRetried: Bool
  var scene: Scene

  var testDescription: String { "\(number): \(name)" }

  init(
    _ number: Int, _ name: String, _ reason: FallbackReason, retry: Bool, _ scene: Scene,
    prompt: Prompt = Prompts.labels
  ) {
    self.number = number
    self.name = name
    self.prompt = prompt
    verdict = .fallback(reason)
    isRetried = retry
    self.scene = scene
  }

  init(
    _ number: Int, _ name: String, _ label: String, _ scene: Scene,
    prompt: Prompt = Prompts.labels
  ) {
    self.number = number
    self.name = name
    self.prompt = prompt
    verdict = .label(label)
    isRetried = false
    self.scene = scene
  }

  init(
    _ number: Int, _ name: String, _ reason: FallbackReason, retry: Bool,
    _ actions: ScriptedServer.Action...
  ) {
    self.init(number, name, reason, retry: retry, .wire(actions))
  }

  /// nil where the dialect has no such thing.
  func actions(_ speech: Speech) -> [ScriptedServer.Action]? {
    switch scene {
    case .says(let said): return speech.reply(said).map { [.reply($0)] }
    case .saysBytes(let bytes):
      guard let body = speech.reply(.text("#")) else { return nil }
      return [.reply(Array(body.utf8).replacing([UInt8(ascii: "#")], with: bytes))]
    case .status(let status, let problem):
      return speech.problem(problem).map { [.reply($0, status: status)] }
    case .typed(let said, let type): return speech.reply(said).map { [.reply($0, type: type)] }
    case .wire(let actions): return actions
    }
  }

  /// What it comes to in a dialect: one that answers bare labels takes them.
  func verdict(in speech: Speech) -> (verdict: Verdict, isRetried: Bool) {
    if number == 6, speech.answersBare { return (.label("deny"), false) }
    return (verdict, isRetried)
  }
}

let deny = #"{"verdict":"deny"}"#
let deepText = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
let statusHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

/// The answer of the model, endings 1 to 27.
let answers: [Ending] = [
  Ending(1, "exact", "deny", .says(.text(deny))),
  Ending(2, "white space", "deny", .says(.text(" { \"verdict\" :\n\"deny\" } "))),
  Ending(3, "escaped label", "deny", .says(.text(#"{"verdict":"\u0064eny"}"#))),
  Ending(3, "escaped key", "deny", .says(.text(#"{"\u0076erdict":"deny"}"#))),
  Ending(4, "fence", .notStrictJSONFence, retry: true, .says(.text("```json\n\(deny)\n```"))),
  Ending(
    4, "fence, allowed", "deny", .says(.text("```json\n\(deny)\n```")), prompt: Prompts.lenient),
  Ending(5, "prose", .notStrictJSONProse, retry: true, .says(.text("Sure: \(deny)"))),
  Ending(6, "bare label", .notStrictJSONBare, retry: true, .says(.text("deny"))),
  Ending(7, "a string", .schemaType, retry: true, .says(.text(#""deny""#))),
  Ending(8, "a list", .schemaType, retry: true, .says(.text("[\(deny)]"))),
  Ending(
    9, "extra key", .schemaExtraKey, retry: true, .says(.text(#"{"verdict":"deny","why":""}"#))),
  Ending(10, "no key", .schemaMissingKey, retry: true, .says(.text("{}"))),
  Ending(
    11, "the key twice", .schemaDuplicateKey, retry: true,
    .says(.text(#"{"verdict":"deny","verdict":"deny"}"#))),
  Ending(
    12, "the key twice, escaped", .schemaDuplicateKey, retry: true,
    .says(.text(#"{"verdict":"deny","\u0076erdict":"approve"}"#))),
  Ending(13, "two objects", .notStrictJSONTrailing, retry: true, .says(.text(deny + deny))),
  Ending(13, "text behind", .notStrictJSONTrailing, retry: true, .says(.text(deny + " because"))),
  Ending(13, "NUL behind", .notStrictJSONTrailing, retry: true, .says(.text(deny + "\0"))),
  Ending(14, "comma", .notStrictJSONSyntax, retry: true, .says(.text(#"{"verdict":"deny",}"#))),
  Ending(14, "quotes", .notStrictJSONSyntax, retry: true, .says(.text("{'verdict':'deny'}"))),
  Ending(14, "comment", .notStrictJSONSyntax, retry: true, .says(.text("/* */" + deny))),
  Ending(15, "case", .schemaUnknownLabel, retry: true, .says(.text(#"{"verdict":"Deny"}"#))),
  Ending(16, "padded", .schemaUnknownLabel, retry: true, .says(.text(#"{"verdict":" deny"}"#))),
  Ending(
    16, "look-alike", .schemaUnknownLabel, retry: true, .says(.text(#"{"verdict":"d\u0435ny"}"#))),
  Ending(
    1, "a Korean label", "승인", .says(.text(#"{"verdict":"승인"}"#)), prompt: Prompts.korean),
  Ending(
    16, "the same label, decomposed", .schemaUnknownLabel, retry: true,
    .says(.text("{\"verdict\":\"\u{1109}\u{1173}\u{11BC}\u{110B}\u{1175}\u{11AB}\"}")),
    prompt: Prompts.korean),
  Ending(17, "invented", .schemaUnknownLabel, retry: true, .says(.text(#"{"verdict":"grant"}"#))),
  Ending(
    18, "a word for a boolean", .schemaType, retry: true, .says(.text(#"{"verdict":"true"}"#)),
    prompt: Prompts.boolean),
  Ending(
    18, "one for a boolean", .schemaType, retry: true, .says(.text(#"{"verdict":1}"#)),
    prompt: Prompts.boolean),
  Ending(1, "a boolean", "true", .says(.text(#"{"verdict":true}"#)), prompt: Prompts.boolean),
  Ending(19, "a number", .schemaType, retry: true, .says(.text(#"{"verdict":1.5}"#))),
  Ending(19, "an object", .schemaType, retry: true, .says(.text(#"{"verdict":{"a":1}}"#))),
  Ending(20, "half a pair", .badEncoding, retry: true, .says(.text(#"{"verdict":"\ud800"}"#))),
  Ending(
    20, "half a pair outside", .badEncoding, retry: true,
    .says(.literal(#""{\"verdict\":\"\ud800\"}""#))),
  Ending(
    21, "no UTF-8", .badEncoding, retry: true,
    .saysBytes([0xFF])),
  Ending(21, "a byte order mark", .badEncoding, retry: true, .says(.text("\u{FEFF}" + deny))),
  Ending(
    22, "U+FFFD", .notStrictJSONSyntax, retry: true, .says(.text("{\"verdict\":\"de\u{FFFD}\"}"))),
  Ending(
    22, "a control", .notStrictJSONSyntax, retry: true, .says(.text("{\"verdict\":\"de\u{1}\"}"))),
  Ending(23, "too deep", .tooDeep, retry: false, .says(.text(deepText))),
  Ending(
    23, "100,000 lists", .tooDeep, retry: false,
    .says(.text(String(repeating: "[", count: 100_000)))),
  Ending(24, "null", .empty, retry: true, .says(.null)),
  Ending(24, "nothing", .empty, retry: true, .says(.text(""))),
  Ending(
    25, "only thoughts", .truncated, retry: false,
    .says(.onlyThoughts)),
  Ending(26, "cut at the limit", .truncated, retry: false, .says(.cut(deny))),
  Ending(
    27, "a refusal", .refusal, retry: false,
    .says(.refusal)),
]

/// What the provider says beside it, endings 28 to 50.
let states: [Ending] = [
  Ending(28, "filter", .safetyBlockOutput, retry: false, .says(.filtered)),
  Ending(
    29, "question blocked", .safetyBlockInput, retry: false,
    .status(400, .questionBlocked)),
  Ending(
    29, "question blocked in a 200", .safetyBlockInput, retry: false, .says(.questionBlocked)),
  Ending(
    30, "filter was down", .unfiltered, retry: false, .says(.filterDown(deny))),
  Ending(31, "a tool", .unexpectedTool, retry: true, .says(.tool)),
  Ending(
    31, "a tool under stop", .unexpectedTool, retry: true,
    .says(.toolUnderGoodEnd)),
  Ending(32, "not ready", .notFinal, retry: false, .says(.pending(deny))),
  Ending(33, "unknown end", .unknownEndState, retry: false, .says(.unknownEnd(deny))),
  Ending(34, "no choice", .empty, retry: true, .says(.nothing)),
  Ending(34, "two choices", .ambiguous, retry: true, .says(.two(deny))),
  Ending(34, "two texts", .ambiguous, retry: true, .says(.twoTexts(deny))),
  Ending(35, "another model", .modelMismatch, retry: false, .says(.otherModel(deny))),
  Ending(36, "an error in a 200", .providerError, retry: true, .says(.busy)),
  Ending(36, "a lasting error in a 200", .providerError, retry: false, .says(.lastingError)),
  Ending(
    37, "a login page", .notJSON, retry: true, .reply("<html>login</html>", type: "text/html")),
  Ending(38, "another type", "deny", .typed(.text(deny), "text/plain")),
  Ending(39, "a stream", .notJSON, retry: true, .reply("data: {}\n\ndata: [DONE]\n\n")),
  Ending(39, "lines", .notJSON, retry: true, .reply("{\"a\":1}\n{\"a\":2}\n")),
  Ending(40, "204", .unexpectedStatus, retry: true, .text("HTTP/1.1 204 X\r\n\r\n")),
  Ending(
    40, "100 alone", .unexpectedStatus, retry: true, .text("HTTP/1.1 100 Continue\r\n\r\n"), .close),
  Ending(
    40, "102 and 103 alone", .unexpectedStatus, retry: true,
    .text("HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 X\r\nLink: x\r\n\r\n"), .close),
  Ending(40, "999", .unexpectedStatus, retry: true, .reply("", status: 999)),
  Ending(
    41, "elsewhere", .redirectRefused, retry: false,
    .reply("", status: 307, headers: ["Location: http://169.254.169.254/"])),
  Ending(42, "400", .requestRejected, retry: false, .reply("{}", status: 400)),
  Ending(42, "422", .requestRejected, retry: false, .reply("{}", status: 422)),
  Ending(43, "401", .auth, retry: false, .reply("{}", status: 401)),
  Ending(43, "403", .auth, retry: false, .reply("no", status: 403)),
  Ending(44, "402", .quota, retry: false, .reply("{}", status: 402)),
  Ending(
    44, "429 for money", .quota, retry: false,
    .status(429, .unpaid)),
  Ending(43, "400 for the key", .auth, retry: false, .status(400, .badKey)),
  Ending(
    48, "429 with a wait in its body", .rateLimited, retry: true,
    .status(429, .wait(seconds: "0.005"))),
  Ending(
    48, "429 with a long wait in its body", .rateLimited, retry: false,
    .status(429, .wait(seconds: "3600"))),
  Ending(45, "404", .requestRejected, retry: false, .reply("{}", status: 404)),
  Ending(46, "408", .providerUnavailable, retry: true, .reply("{}", status: 408)),
  Ending(46, "409", .providerUnavailable, retry: true, .reply("{}", status: 409)),
  Ending(46, "529", .providerUnavailable, retry: true, .reply("{}", status: 529)),
  Ending(47, "413", .inputTooLarge, retry: false, .reply("", status: 413)),
  Ending(
    47, "400 for length", .inputTooLarge, retry: false,
    .status(400, .tooLong)),
  Ending(47, "the question was cut", .inputTooLarge, retry: false, .says(.inputCut(deny))),
  Ending(
    48, "429 within time", .rateLimited, retry: true,
    .reply("{}", status: 429, headers: ["retry-after-ms: 5"])),
  Ending(
    48, "429 beyond time", .rateLimited, retry: false,
    .reply("{}", status: 429, headers: ["Retry-After: 3600"])),
  Ending(
    49, "a wait below zero", .rateLimited, retry: true,
    .reply("{}", status: 429, headers: ["Retry-After: -5"])),
  Ending(
    49, "a wait without end", .rateLimited, retry: true,
    .reply("{}", status: 429, headers: ["Retry-After: 1000000000000"])),
  Ending(
    49, "a wait that is no number", .rateLimited, retry: true,
    .reply("{}", status: 429, headers: ["Retry-After: NaN"])),
  Ending(
    49, "a date that is past", .rateLimited, retry: true,
    .reply("{}", status: 429, headers: ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"])),
  Ending(
    50, "500 in words", .providerUnavailable, retry: true,
    .reply("no key", status: 500, type: "text/plain")),
]

/// What the wire does, endings 51 to 62.
let wires: [Ending] = [
  Ending(56, "closed", .connectionLost, retry: true, .close),
  Ending(56, "reset", .connectionLost, retry: true, .reset),
  Ending(
    57, "cut", .connectionLost, retry: true, .text(statusHead + "Content-Length: 9\r\n\r\n{"),
    .close),
  Ending(58, "no framing", .unframed, retry: true, .text(statusHead + "\r\n{}"), .close),
  Ending(58, "headers cut", .unframed, retry: true, .text(statusHead + "X: "), .close),
  Ending(58, "headers without end", .unframed, retry: true, .text(statusHead), .close),
  Ending(
    58, "headers with a length, without end", .unframed, retry: true,
    .text(statusHead + "Content-Length: 2\r\n"), .close),
  Ending(58, "status line cut", .unframed, retry: true, .text("HTTP/1.1 20"), .close),
  Ending(
    59, "too much", .bodyTooLarge, retry: false, .reply(String(repeating: " ", count: 300_000))),
  Ending(
    60, "a long header", .headersTooLarge, retry: false,
    .text(statusHead + "X: " + String(repeating: "y", count: 200_000) + "\r\n\r\n")),
  Ending(
    61, "two lengths", .protocolError, retry: true,
    .text(statusHead + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")),
  Ending(
    62, "an encoding nobody asked for", .protocolError, retry: true,
    .reply("{}", headers: ["Content-Encoding: gzip"])),
  Ending(62, "not HTTP", .protocolError, retry: true, .text("SSH-2.0-OpenSSH\r\n"), .close),
]

let endings: [Ending] = answers + states + wires

@Suite struct EndingsTests {
  /// What became of an ending in a dialect, where it is not what the table says.
  private static func mistake(_ ending: Ending, _ speech: Speech) async throws -> String?? {
    guard let actions = ending.actions(speech) else { return nil }
    let server = ScriptedServer(always: actions)
    let bench = try Bench(server) { endpoint in
      endpoint.dialect = speech.dialect
      endpoint.version = speech.version
      endpoint.replyMax = 256 << 10
    }
    defer { bench.stop() }

    let reports = await bench.ask(Bench.question(ending.prompt))

    let (verdict, isRetried) = ending.verdict(in: speech)
    let attempts = isRetried ? [1, 2] : [1]
    let isRight =
      reports.verdict == verdict && server.requests.count == attempts.count
      && reports.records.map(\.attempt) == attempts
      && server.requests.allSatisfy { $0.line == "POST \(speech.path) HTTP/1.1" }
    let found = reports.verdict.map { "\($0)" } ?? "nothing"
    return .some(
      isRight
        ? nil : "\(ending): \(found) after \(server.requests.map(\.line)), not \(verdict)")
  }

  @Test(arguments: Speech.all)
  func `every ending of a call is told as what it is`(_ speech: Speech) async throws {
    var mistakes: [String] = []
    var pairs = 0

    for ending in endings {
      guard let mistake = try await Self.mistake(ending, speech) else { continue }
      pairs += 1
      if let mistake { mistakes.append(mistake) }
    }

    print("endings of \(speech.testDescription): \(pairs) pairs")
    #expect(mistakes == [])
    #expect(pairs > 60)
  }

  @Test func `the table has all numbered endings but those of clocks and connections`() {
    let numbers = Set(endings.map(\.number))
    let elsewhere: Set<Int> = [51, 52, 53, 54, 55, 63, 64]
    let pairs = Speech.all.map { speech in endings.count { $0.actions(speech) != nil } }

    print("endings by dialect: \(pairs.reduce(0, +)) pairs of \(numbers.count) numbered endings")

    #expect(Set(1...64).subtracting(numbers) == elsewhere)
  }
}
