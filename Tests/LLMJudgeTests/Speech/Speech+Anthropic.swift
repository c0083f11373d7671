import PetriNet

extension Speech {
  static func anthropic(_ version: String) -> Speech {
    Speech(
      dialect: "anthropic", version: version, path: "/v1/messages", reply: anthropicReply,
      problem: { problem in
        switch problem {
        case .unpaid:
          #"{"type":"error","error":{"type":"rate_limit_error","message":"","#
            + #""details":{"error_code":"enforced_spend_limit_reached"}}}"#
        case .tooLong: #"{"type":"error","error":{"type":"request_too_large","message":""}}"#
        case .questionBlocked, .badKey, .wait: nil
        }
      })
  }

  @Sendable private static func anthropicReply(_ said: Said) -> String? {
    let block = { (text: String) in #"{"type":"text","text":\#(JSONText.quoted(text))}"# }
    let thought = #"{"type":"thinking","thinking":"Let me see","signature":""}"#
    let tool = #"{"type":"tool_use","id":"t","name":"f","input":{"verdict":"deny"}}"#
    switch said {
    case .text(let text): return answer((text.isEmpty ? [] : [thought]) + [block(text)])
    case .literal(let text): return answer([#"{"type":"text","text":\#(text)}"#])
    case .null: return answer([])
    case .onlyThoughts: return answer([thought])
    case .cut(let text): return answer([block(text)], stop: "max_tokens")
    case .refusal:
      return answer([], stop: "refusal", more: #","stop_details":{"category":"cyber"}"#)
    case .filtered, .questionBlocked, .filterDown, .two: return nil
    case .tool: return answer([tool], stop: "tool_use")
    case .toolUnderGoodEnd: return answer([tool])
    case .pending(let text): return answer([block(text)], stop: "pause_turn")
    case .unknownEnd(let text): return answer([block(text)], stop: "halted")
    case .nothing: return #"{"type":"message","model":"stub-1","stop_reason":"end_turn"}"#
    case .twoTexts(let text): return answer([block(text), block(text)])
    case .otherModel(let text): return answer([block(text)], model: "stub-2")
    case .inputCut(let text): return answer([block(text)], stop: "model_context_window_exceeded")
    case .busy: return #"{"type":"error","error":{"type":"overloaded_error","message":""}}"#
    case .lastingError:
      return #"{"type":"error","error":{"type":"invalid_request_error","message":""}}"#
    }
  }

  private static func answer(
    _ content: [String], stop: String = "end_turn", model: String = "stub-1", more: String = ""
  ) -> String {
    #"{"id":"msg_1","type":"message","role":"assistant","model":"\#(model)","content":["#
      + content.joined(separator: ",") + #"],"stop_reason":"\#(stop)","stop_sequence":null"#
      + #","usage":{"input_tokens":100,"output_tokens":7}\#(more)}"#
  }
}
