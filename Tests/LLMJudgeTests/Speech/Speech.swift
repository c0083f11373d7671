import LoopbackServer
import PetriNet
import Testing

/// What a server of one dialect says, written from the vendors' pages and not with the code that
/// reads it. nil: the dialect has no such thing.
struct Speech: Sendable, CustomTestStringConvertible {
  /// One reply's meaning.
  enum Said: Sendable {
    case text(String)
    /// The text as a JSON literal, as it is to stand on the wire.
    case literal(String)
    case null
    case onlyThoughts
    case cut(String)
    case refusal
    case filtered
    case questionBlocked
    case filterDown(String)
    case tool
    case toolUnderGoodEnd
    case pending(String)
    case unknownEnd(String)
    case nothing
    case two(String)
    case twoTexts(String)
    case otherModel(String)
    case inputCut(String)
    case busy
    case lastingError
  }

  /// What an error's body says.
  enum Problem: Sendable {
    case unpaid
    case questionBlocked
    case tooLong
    case badKey
    case wait(seconds: String)
  }

  var dialect: String
  var version: String?
  /// The request line's path.
  var path: String
  var answersBare = false
  /// A reply with status 200.
  var reply: @Sendable (Said) -> String?
  var problem: @Sendable (Problem) -> String?

  var testDescription: String { version.map { "\(dialect) \($0)" } ?? dialect }
}

extension Speech {
  static let all: [Speech] = [
    chat("openai-chat", path: "/v1/chat/completions"),
    responses,
    chat("azure", path: "/v1/openai/v1/chat/completions"),
    chat(
      "azure", version: "2024-10-21",
      path: "/v1/openai/deployments/stub-1/chat/completions?api-version=2024-10-21"),
    anthropic("2023-06-01"), anthropic("2026-10-21"),
    gemini, ollama,
    chat("llama-server", path: "/v1/chat/completions"),
    completion,
    chat("vllm", path: "/v1/chat/completions", answersBare: true),
    chat("openrouter", path: "/v1/chat/completions"),
    chat("compatible", path: "/v1/chat/completions"),
  ]
}

extension Speech {
  static func chat(
    _ dialect: String, version: String? = nil, path: String, answersBare: Bool = false
  ) -> Speech {
    Speech(
      dialect: dialect, version: version, path: path, answersBare: answersBare, reply: chatReply,
      problem: { problem in
        switch problem {
        case .unpaid: #"{"error":{"type":"insufficient_quota","code":null}}"#
        case .questionBlocked:
          #"{"error":{"message":"","code":"content_filter","#
            + #""innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#
        case .tooLong: #"{"error":{"code":"context_length_exceeded"}}"#
        case .badKey: #"{"error":{"code":"invalid_api_key"}}"#
        case .wait: nil
        }
      })
  }

  @Sendable private static func chatReply(_ said: Said) -> String? {
    let content = { (text: String) in "\"content\":\(JSONText.quoted(text))" }
    let good = content(#"{"verdict":"deny"}"#)
    let call = #""tool_calls":[{"id":"1","type":"function","function":{"name":"f"}}]"#
    switch said {
    case .text(let text): return choice(content(text))
    case .literal(let text): return choice("\"content\":\(text)")
    case .null: return choice(#""content":null"#)
    case .onlyThoughts: return choice(#""content":"","reasoning_content":"Let me see""#)
    case .cut(let text): return choice(content(text), finish: "length")
    case .refusal: return choice(#""content":null,"refusal":"I cannot""#)
    case .filtered: return choice(content(""), finish: "content_filter")
    case .questionBlocked, .pending, .inputCut: return nil
    case .filterDown(let text):
      return choice(content(text), more: #","content_filter_results":{"error":{"code":"e"}}"#)
    case .tool: return choice(#""content":null,\#(call)"#, finish: "tool_calls")
    case .toolUnderGoodEnd: return choice(#""content":null,\#(call)"#)
    case .unknownEnd(let text): return choice(content(text), finish: "paused")
    case .nothing: return #"{"model":"stub-1","choices":[]}"#
    case .two:
      let one = #"{"message":{\#(good)},"finish_reason":"stop"}"#
      return #"{"model":"stub-1","choices":[\#(one),\#(one)]}"#
    case .twoTexts(let text):
      let part = #"{"type":"text","text":\#(JSONText.quoted(text))}"#
      return choice(#""content":[\#(part),\#(part)]"#)
    case .otherModel(let text): return choice(content(text), model: "stub-2")
    case .busy: return #"{"error":{"code":503,"message":"busy"}}"#
    case .lastingError: return #"{"error":{"code":"invalid_request","message":""}}"#
    }
  }

  private static func choice(
    _ message: String, finish: String = "stop", model: String = "stub-1", more: String = ""
  ) -> String {
    #"{"id":"c1","object":"chat.completion","model":"\#(model)","choices":[{"index":0,"message":"#
      + #"{"role":"assistant",\#(message)},"finish_reason":"\#(finish)"\#(more)}]}"#
  }
}
