/// How a model behind an OpenAI-compatible server takes the questions that are to find out whether it
/// is held to its labels.
package enum ModelManner: String, Sendable, CaseIterable {
  case enforces
  case ignoresSchema
  /// On one route of two, `/v1/responses`.
  case ignoresSchemaOnResponses
  case ignoresSchemaForBooleans
  /// Writes prose until the limit on tokens cuts it.
  case ignoresSchemaUntilCut
  /// Writes prose, under the name of another model.
  case ignoresSchemaAsAnother
  /// Spends all its tokens on thoughts.
  case onlyThinks
  /// Keeps to its labels, and writes white space until it is cut.
  case padsUntilCut
  /// Calls a tool that nobody offered.
  case callsTool
  /// Holds to JSON and to no schema.
  case anyJSON
  case failsOnSchema
  /// Knows no model of this name.
  case otherName
  case noProbabilities
  /// Those before the constraint: half of them lead to no label.
  case probabilitiesBefore
  case noLimit

  /// What it answers to a request.
  package func answer(_ request: ScriptedServer.Request) -> ScriptedServer.Action {
    let body = request.bodyText
    switch self {
    case .enforces: return Self.whole(body)
    case .ignoresSchema: return Self.reply([("The sea is wide.", "0")])
    case .ignoresSchemaOnResponses:
      return request.line.contains("/responses") ? Self.prose : Self.whole(body)
    case .ignoresSchemaForBooleans:
      return body.contains("boolean") && !Self.isCut(body)
        ? Self.reply([("The sea is wide.", "0")]) : Self.whole(body, hasTokens: false)
    case .ignoresSchemaUntilCut: return Self.reply([("The sea is", "0")], finish: "length")
    case .ignoresSchemaAsAnother:
      return Self.reply([("The sea is wide.", "0")], model: "stub-2")
    case .onlyThinks:
      return .reply(
        #"{"model":"stub-1","choices":[{"message":{"content":"","reasoning_content":"Hm, a sea"},"#
          + #""finish_reason":"length"}]}"#)
    case .padsUntilCut:
      return Self.reply([(#"{\n \"verdict\":\n   \n"#, "0")], finish: "length")
    case .callsTool: return Self.reply([("", "0")], finish: "tool_calls")
    case .anyJSON:
      return Self.isCut(body)
        ? Self.reply([(#"{\"col"#, "0")], finish: "length")
        : Self.reply([(#"{\"colour\":\"blue\"}"#, "0")])
    case .failsOnSchema: return .reply("no grammar", status: 500)
    case .otherName: return .reply(#"{"error":{"code":"model_not_found"}}"#, status: 404)
    case .noProbabilities: return Self.whole(body, hasTokens: false)
    case .probabilitiesBefore: return Self.whole(body, logprob: "-0.6931471805599453")
    case .noLimit: return Self.reply(Self.verdict(body))
    }
  }

  /// A whole answer of the responses route.
  private static var prose: ScriptedServer.Action {
    .reply(
      #"{"status":"completed","model":"stub-1","output":[{"type":"message","content":"#
        + #"[{"type":"output_text","text":"The sea is wide."}]}]}"#)
  }

  /// The first label that a body offers, as it is to be answered.
  private static func label(_ body: String) -> String {
    if body.contains("boolean") { return "true" }
    return body.contains("zeta-17") ? #"\"zeta-17\""# : #"\"가나-1\""#
  }

  private static func isCut(_ body: String) -> Bool { body.contains(#""max_tokens":1}"#) }

  /// A chat reply whose content is this, with one token a piece.
  private static func reply(
    _ pieces: [(text: String, logprob: String)], finish: String = "stop", hasTokens: Bool = true,
    model: String = "stub-1"
  ) -> ScriptedServer.Action {
    let content = pieces.map(\.text).joined()
    let tokens = pieces.map { piece in
      let alternatives = piece.logprob == "0" ? "" : #"{"token":"The","logprob":-0.7},"#
      let own = #"{"token":"\#(piece.text)","logprob":\#(piece.logprob)}"#
      return #"{"token":"\#(piece.text)","logprob":\#(piece.logprob),"top_logprobs":"#
        + "[\(alternatives)\(own)]}"
    }
    let logprobs =
      hasTokens ? #","logprobs":{"content":[\#(tokens.joined(separator: ","))]}"# : ""
    return .reply(
      #"{"model":"\#(model)","choices":[{"message":{"content":"\#(content)"},"#
        + #""finish_reason":"\#(finish)"\#(logprobs)}]}"#)
  }

  private static func verdict(
    _ body: String, logprob: String = "0"
  ) -> [(text: String, logprob: String)] {
    [(#"{\"verdict\":"#, "0"), (label(body), logprob), ("}", "0")]
  }

  private static func whole(
    _ body: String, logprob: String = "0", hasTokens: Bool = true
  ) -> ScriptedServer.Action {
    isCut(body)
      ? reply([(#"{\"verdict"#, "0")], finish: "length")
      : reply(verdict(body, logprob: logprob), hasTokens: hasTokens)
  }
}

extension ScriptedServer {
  /// A model of this manner.
  package convenience init(_ manner: ModelManner) { self.init { [manner.answer($0)] } }
}
