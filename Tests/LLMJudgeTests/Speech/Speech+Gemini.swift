import PetriNet

extension Speech {
  static let gemini = Speech(
    dialect: "gemini", path: "/v1/models/stub-1:generateContent", reply: geminiReply,
    problem: { problem in
      switch problem {
      case .badKey:
        #"{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"@type":"#
          + #""type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#
      case .wait(let seconds):
        #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"#
          + #""type.googleapis.com/google.rpc.RetryInfo","retryDelay":"\#(seconds)s"}]}}"#
      case .unpaid, .questionBlocked, .tooLong: nil
      }
    })

  @Sendable private static func geminiReply(_ said: Said) -> String? {
    let part = { (text: String) in #"{"text":\#(JSONText.quoted(text))}"# }
    let thought = #"{"text":"Let me see","thought":true}"#
    switch said {
    case .text(let text):
      return candidates([candidate((text.isEmpty ? [] : [thought]) + [part(text)])])
    case .literal(let text): return candidates([candidate([#"{"text":\#(text)}"#])])
    case .null: return candidates([candidate([])])
    case .onlyThoughts: return candidates([candidate([thought])])
    case .cut(let text): return candidates([candidate([part(text)], "MAX_TOKENS")])
    case .filtered: return candidates([candidate([], "SAFETY")])
    case .questionBlocked:
      return #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"modelVersion":"stub-1"}"#
    case .refusal, .filterDown, .pending, .inputCut: return nil
    case .tool: return candidates([candidate([], "UNEXPECTED_TOOL_CALL")])
    case .toolUnderGoodEnd:
      return candidates([candidate([#"{"functionCall":{"name":"f","args":{}}}"#])])
    case .unknownEnd(let text): return candidates([candidate([part(text)], "OTHER")])
    case .nothing: return candidates([])
    case .two(let text): return candidates([candidate([part(text)]), candidate([part(text)])])
    case .twoTexts(let text): return candidates([candidate([part(text), part(text)])])
    case .otherModel(let text): return candidates([candidate([part(text)])], model: "stub-2")
    case .busy: return #"{"error":{"code":503,"status":"UNAVAILABLE","message":""}}"#
    case .lastingError: return #"{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"#
    }
  }

  private static func candidate(_ parts: [String], _ finish: String = "STOP") -> String {
    #"{"content":{"role":"model","parts":["# + parts.joined(separator: ",")
      + #"]},"finishReason":"\#(finish)","index":0}"#
  }

  private static func candidates(_ candidates: [String], model: String = "stub-1") -> String {
    #"{"candidates":["# + candidates.joined(separator: ",") + #"],"modelVersion":"\#(model)"}"#
  }
}
