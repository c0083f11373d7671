import PetriNet

extension Speech {
  static let responses = Speech(
    dialect: "openai-responses", path: "/v1/responses", reply: responsesReply,
    problem: { problem in
      switch problem {
      case .unpaid: #"{"error":{"type":"insufficient_quota","code":"credit_balance_exhausted"}}"#
      case .questionBlocked: #"{"error":{"code":"content_filter"}}"#
      case .tooLong: #"{"error":{"code":"context_length_exceeded"}}"#
      case .badKey: #"{"error":{"code":"invalid_api_key"}}"#
      case .wait: nil
      }
    })

  @Sendable private static func responsesReply(_ said: Said) -> String? {
    let thought = #"{"type":"reasoning","id":"r","summary":[]}"#
    switch said {
    case .text(let text):
      let answer = message([part(JSONText.quoted(text))])
      return response(text.isEmpty ? [answer] : [thought, answer])
    case .literal(let text): return response([message([part(text)])])
    case .null: return response([message([])])
    case .onlyThoughts: return response([thought])
    case .cut(let text):
      return response(
        [message([part(JSONText.quoted(text))])], status: "incomplete",
        more: #","incomplete_details":{"reason":"max_output_tokens"}"#)
    case .refusal: return response([message([#"{"type":"refusal","refusal":"I cannot"}"#])])
    case .filtered:
      return response(
        [], status: "incomplete", more: #","incomplete_details":{"reason":"content_filter"}"#)
    case .questionBlocked:
      return response(
        [], status: "failed", more: #","error":{"code":"invalid_prompt","message":""}"#)
    case .filterDown, .inputCut: return nil
    case .tool, .toolUnderGoodEnd:
      return response([#"{"type":"function_call","name":"f","arguments":"{}"}"#])
    case .pending(let text):
      return response([message([part(JSONText.quoted(text))])], status: "queued")
    case .unknownEnd(let text):
      return response([message([part(JSONText.quoted(text))])], status: "paused")
    case .nothing: return response([])
    case .two(let text):
      let one = message([part(JSONText.quoted(text))])
      return response([one, one])
    case .twoTexts(let text):
      return response([message([part(JSONText.quoted(text)), part(JSONText.quoted(text))])])
    case .otherModel(let text):
      return response([message([part(JSONText.quoted(text))])], model: "stub-2")
    case .busy:
      return response([], status: "failed", more: #","error":{"code":"server_error"}"#)
    case .lastingError:
      return response([], status: "failed", more: #","error":{"code":"invalid_image"}"#)
    }
  }

  private static func part(_ literal: String) -> String {
    #"{"type":"output_text","annotations":[],"text":\#(literal)}"#
  }

  private static func message(_ parts: [String]) -> String {
    #"{"type":"message","id":"m","role":"assistant","status":"completed","content":["#
      + parts.joined(separator: ",") + "]}"
  }

  private static func response(
    _ output: [String], status: String = "completed", model: String = "stub-1", more: String = ""
  ) -> String {
    let error = more.contains("\"error\"") ? "" : #","error":null"#
    return #"{"id":"resp_1","object":"response","model":"\#(model)","status":"\#(status)""#
      + #","output":["# + output.joined(separator: ",") + "]\(error)\(more)}"
  }
}
