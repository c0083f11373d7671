import Engine
import LLMJudge
import LoopbackServer
import PetriNet
import Testing
import Transfer

/// One of the numbered endings of a call, as OpenAI's chat protocol can bring it about.
struct Ending: Sendable, CustomTestStringConvertible {
  var number: Int
  var name: String
  var prompt: Prompt
  var verdict: Verdict
  /// Whether a second attempt is made.
  var isRetried: Bool
  var actions: [ScriptedServer.Action]

  var testDescription: String { "\(number): \(name)" }

  init(
    _ number: Int, _ name: String, _ reason: FallbackReason, retry: Bool,
    _ actions: ScriptedServer.Action..., prompt: Prompt = Prompts.labels
  ) {
    self.number = number
    self.name = name
    self.prompt = prompt
    verdict = .fallback(reason)
    isRetried = retry
    self.actions = actions
  }

  init(
    _ number: Int, _ name: String, _ label: String, _ actions: ScriptedServer.Action...,
    prompt: Prompt = Prompts.labels
  ) {
    self.number = number
    self.name = name
    self.prompt = prompt
    verdict = .label(label)
    isRetried = false
    self.actions = actions
  }
}

let deny = #"{"verdict":"deny"}"#
let deepText = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
let statusHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

/// The answer of the model, endings 1 to 27.
let answers: [Ending] = [
  Ending(1, "exact", "deny", Chat.reply(deny)),
  Ending(2, "white space", "deny", Chat.reply(" { \"verdict\" :\n\"deny\" } ")),
  Ending(3, "escaped label", "deny", Chat.reply(#"{"verdict":"\u0064eny"}"#)),
  Ending(3, "escaped key", "deny", Chat.reply(#"{"\u0076erdict":"deny"}"#)),
  Ending(4, "fence", .notStrictJSONFence, retry: true, Chat.reply("```json\n\(deny)\n```")),
  Ending(4, "fence, allowed", "deny", Chat.reply("```json\n\(deny)\n```"), prompt: Prompts.lenient),
  Ending(5, "prose", .notStrictJSONProse, retry: true, Chat.reply("Sure: \(deny)")),
  Ending(6, "bare label", .notStrictJSONBare, retry: true, Chat.reply("deny")),
  Ending(7, "a string", .schemaType, retry: true, Chat.reply(#""deny""#)),
  Ending(8, "a list", .schemaType, retry: true, Chat.reply("[\(deny)]")),
  Ending(9, "extra key", .schemaExtraKey, retry: true, Chat.reply(#"{"verdict":"deny","why":""}"#)),
  Ending(10, "no key", .schemaMissingKey, retry: true, Chat.reply("{}")),
  Ending(
    11, "the key twice", .schemaDuplicateKey, retry: true,
    Chat.reply(#"{"verdict":"deny","verdict":"deny"}"#)),
  Ending(
    12, "the key twice, escaped", .schemaDuplicateKey, retry: true,
    Chat.reply(#"{"verdict":"deny","\u0076erdict":"approve"}"#)),
  Ending(13, "two objects", .notStrictJSONTrailing, retry: true, Chat.reply(deny + deny)),
  Ending(13, "text behind", .notStrictJSONTrailing, retry: true, Chat.reply(deny + " because")),
  Ending(13, "NUL behind", .notStrictJSONTrailing, retry: true, Chat.reply(deny + "\0")),
  Ending(14, "comma", .notStrictJSONSyntax, retry: true, Chat.reply(#"{"verdict":"deny",}"#)),
  Ending(14, "quotes", .notStrictJSONSyntax, retry: true, Chat.reply("{'verdict':'deny'}")),
  Ending(14, "comment", .notStrictJSONSyntax, retry: true, Chat.reply("/* */" + deny)),
  Ending(15, "case", .schemaUnknownLabel, retry: true, Chat.reply(#"{"verdict":"Deny"}"#)),
  Ending(16, "padded", .schemaUnknownLabel, retry: true, Chat.reply(#"{"verdict":" deny"}"#)),
  Ending(
    16, "look-alike", .schemaUnknownLabel, retry: true, Chat.reply(#"{"verdict":"d\u0435ny"}"#)),
  Ending(17, "invented", .schemaUnknownLabel, retry: true, Chat.reply(#"{"verdict":"grant"}"#)),
  Ending(
    18, "a word for a boolean", .schemaType, retry: true, Chat.reply(#"{"verdict":"true"}"#),
    prompt: Prompts.boolean),
  Ending(
    18, "one for a boolean", .schemaType, retry: true, Chat.reply(#"{"verdict":1}"#),
    prompt: Prompts.boolean),
  Ending(1, "a boolean", "true", Chat.reply(#"{"verdict":true}"#), prompt: Prompts.boolean),
  Ending(19, "a number", .schemaType, retry: true, Chat.reply(#"{"verdict":1.5}"#)),
  Ending(19, "an object", .schemaType, retry: true, Chat.reply(#"{"verdict":{"a":1}}"#)),
  Ending(20, "half a pair", .badEncoding, retry: true, Chat.reply(#"{"verdict":"\ud800"}"#)),
  Ending(
    20, "half a pair outside", .badEncoding, retry: true,
    Chat.reply(message: #""content":"{\"verdict\":\"\ud800\"}""#)),
  Ending(
    21, "no UTF-8", .badEncoding, retry: true,
    .reply(Array(Chat.body(message: #""content":""#, "stop", "stub-1", "").utf8) + [0xFF])),
  Ending(21, "a byte order mark", .badEncoding, retry: true, Chat.reply("\u{FEFF}" + deny)),
  Ending(
    22, "U+FFFD", .notStrictJSONSyntax, retry: true, Chat.reply("{\"verdict\":\"de\u{FFFD}\"}")),
  Ending(
    22, "a control", .notStrictJSONSyntax, retry: true, Chat.reply("{\"verdict\":\"de\u{1}\"}")),
  Ending(23, "too deep", .tooDeep, retry: false, Chat.reply(deepText)),
  Ending(
    23, "100,000 lists", .tooDeep, retry: false,
    Chat.reply(String(repeating: "[", count: 100_000))),
  Ending(24, "null", .empty, retry: true, Chat.reply(message: #""content":null"#)),
  Ending(24, "nothing", .empty, retry: true, Chat.reply("")),
  Ending(
    25, "only thoughts", .truncated, retry: false,
    Chat.reply(message: #""content":"","reasoning_content":"Let me see""#)),
  Ending(26, "cut at the limit", .truncated, retry: false, Chat.reply(deny, finish: "length")),
  Ending(
    27, "a refusal", .refusal, retry: false,
    Chat.reply(message: #""content":null,"refusal":"I cannot""#)),
]

/// What the provider says beside it, endings 28 to 50.
let states: [Ending] = [
  Ending(28, "filter", .safetyBlockOutput, retry: false, Chat.reply("", finish: "content_filter")),
  Ending(
    29, "question blocked", .safetyBlockInput, retry: false,
    .reply(#"{"error":{"code":"content_filter","message":""}}"#, status: 400)),
  Ending(
    30, "filter was down", .unfiltered, retry: false,
    .reply(
      #"{"model":"stub-1","choices":[{"message":{"content":"{\"verdict\":\"deny\"}"},"#
        + #""finish_reason":"stop","content_filter_results":{"error":{"code":"e"}}}]}"#)),
  Ending(31, "a tool", .unexpectedTool, retry: true, Chat.reply("", finish: "tool_calls")),
  Ending(
    31, "a tool under stop", .unexpectedTool, retry: true,
    Chat.reply(message: #""content":null,"tool_calls":[{"id":"1"}]"#)),
  Ending(33, "unknown end", .unknownEndState, retry: false, Chat.reply(deny, finish: "paused")),
  Ending(34, "no choice", .empty, retry: true, .reply(#"{"model":"stub-1","choices":[]}"#)),
  Ending(
    34, "two choices", .ambiguous, retry: true,
    .reply(
      #"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"},"#
        + #"{"message":{"content":"x"},"finish_reason":"stop"}]}"#)),
  Ending(
    34, "two texts", .ambiguous, retry: true,
    Chat.reply(
      message: #""content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]"#)),
  Ending(35, "another model", .modelMismatch, retry: false, Chat.reply(deny, model: "stub-2")),
  Ending(
    36, "an error in a 200", .providerError, retry: true,
    .reply(#"{"error":{"code":503,"message":"busy"}}"#)),
  Ending(
    36, "a lasting error in a 200", .providerError, retry: false,
    .reply(#"{"error":{"code":"invalid_request","message":""}}"#)),
  Ending(
    37, "a login page", .notJSON, retry: true, .reply("<html>login</html>", type: "text/html")),
  Ending(
    38, "another type", "deny",
    .reply(
      Chat.body(message: "\"content\":\(JSONText.quoted(deny))", "stop", "stub-1", ""),
      type: "text/plain")),
  Ending(39, "a stream", .notJSON, retry: true, .reply("data: {}\n\ndata: [DONE]\n\n")),
  Ending(39, "lines", .notJSON, retry: true, .reply("{\"a\":1}\n{\"a\":2}\n")),
  Ending(40, "204", .unexpectedStatus, retry: true, .text("HTTP/1.1 204 X\r\n\r\n")),
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
    .reply(#"{"error":{"type":"insufficient_quota","code":null}}"#, status: 429)),
  Ending(45, "404", .requestRejected, retry: false, .reply("{}", status: 404)),
  Ending(46, "408", .providerUnavailable, retry: true, .reply("{}", status: 408)),
  Ending(46, "409", .providerUnavailable, retry: true, .reply("{}", status: 409)),
  Ending(46, "529", .providerUnavailable, retry: true, .reply("{}", status: 529)),
  Ending(47, "413", .inputTooLarge, retry: false, .reply("", status: 413)),
  Ending(
    47, "400 for length", .inputTooLarge, retry: false,
    .reply(#"{"error":{"code":"context_length_exceeded"}}"#, status: 400)),
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

@Suite struct EndingsTests {
  @Test(arguments: answers + states + wires)
  func `every ending of a call is told as what it is`(_ ending: Ending) async throws {
    let server = ScriptedServer(always: ending.actions)
    let bench = try Bench(server) { $0.replyMax = 256 << 10 }
    defer { bench.stop() }

    let reports = await bench.ask(Bench.question(ending.prompt))

    #expect(reports.verdict == ending.verdict)
    #expect(server.requests.count == (ending.isRetried ? 2 : 1))
    #expect(reports.records.map(\.attempt) == (ending.isRetried ? [1, 2] : [1]))
  }

  @Test func `the table has most of the numbered endings`() {
    let numbers = Set((answers + states + wires).map(\.number))
    let elsewhere: Set<Int> = [51, 52, 53, 54, 55, 63, 64]

    print("endings of VERDICTS reached over chat: \(numbers.count) in this table")

    #expect(Set(1...64).subtracting(numbers).subtracting(elsewhere) == [32])
  }
}
