import PetriNet

extension Speech {
  static let ollama = Speech(
    dialect: "ollama", path: "/v1/api/chat", reply: ollamaReply, problem: { _ in nil })

  @Sendable private static func ollamaReply(_ said: Said) -> String? {
    let content = { (text: String) in "\"content\":\(JSONText.quoted(text))" }
    let call = #""content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]"#
    switch said {
    case .text(let text): return message(content(text))
    case .literal(let text): return message("\"content\":\(text)")
    case .null: return message(#""content":"""#)
    case .onlyThoughts: return message(#""content":"","thinking":"Let me see""#)
    case .cut(let text): return message(content(text), reason: "length")
    case .refusal, .filtered, .questionBlocked, .filterDown, .two, .twoTexts, .inputCut: return nil
    case .tool, .toolUnderGoodEnd: return message(call)
    case .pending(let text): return message(content(text), reason: "load")
    case .unknownEnd(let text): return message(content(text), reason: "paused")
    case .nothing: return #"{"model":"stub-1","done":true,"done_reason":"stop"}"#
    case .otherModel(let text): return message(content(text), model: "stub-2")
    case .busy: return nil
    case .lastingError: return #"{"error":"the runner has stopped"}"#
    }
  }

  private static func message(
    _ members: String, reason: String = "stop", model: String = "stub-1"
  ) -> String {
    #"{"model":"\#(model)","created_at":"2026-11-01T00:00:00Z","message":{"role":"assistant","#
      + members + #"},"done":true,"done_reason":"\#(reason)","prompt_eval_count":100,"#
      + #""eval_count":7}"#
  }
}

extension Speech {
  static let completion = Speech(
    dialect: "llama-completion", path: "/v1/completion", reply: completionReply,
    problem: { problem in
      guard case .tooLong = problem else { return nil }
      return #"{"error":{"code":400,"type":"exceed_context_size_error","message":""}}"#
    })

  @Sendable private static func completionReply(_ said: Said) -> String? {
    switch said {
    case .text(let text): return completion(JSONText.quoted(text))
    case .literal(let text): return completion(text)
    case .null: return completion(#""""#)
    case .cut(let text): return completion(JSONText.quoted(text), stop: "limit")
    case .pending(let text): return completion(JSONText.quoted(text), stop: "none")
    case .unknownEnd(let text): return completion(JSONText.quoted(text), stop: "word")
    case .nothing: return #"{"model":"stub-1","stop_type":"eos"}"#
    case .otherModel(let text): return completion(JSONText.quoted(text), model: "stub-2")
    case .inputCut(let text): return completion(JSONText.quoted(text), truncated: true)
    case .busy: return #"{"error":{"code":503,"type":"unavailable_error","message":"loading"}}"#
    case .lastingError: return #"{"error":{"code":400,"type":"invalid_request_error"}}"#
    case .onlyThoughts, .refusal, .filtered, .questionBlocked, .filterDown, .tool,
      .toolUnderGoodEnd, .two, .twoTexts:
      return nil
    }
  }

  private static func completion(
    _ literal: String, stop: String = "eos", model: String = "stub-1", truncated: Bool = false
  ) -> String {
    #"{"index":0,"content":\#(literal),"model":"\#(model)","stop":true,"stop_type":"\#(stop)","#
      + #""truncated":\#(truncated),"tokens_evaluated":100,"tokens_predicted":7}"#
  }
}
