internal import Engine

/// Gemini: `POST {url}/models/{model}:generateContent` with a JSON schema in `generationConfig`, to
/// which parameters may add.
extension Dialect {
  static let gemini = Dialect(
    name: "gemini",
    compared: "2026-11",
    path: { endpoint in
      let isPath = endpoint.model.utf8.contains(UInt8(ascii: "/"))
      let model = URLSegment.escaped(endpoint.model, keeping: "/")
      return (isPath ? "/" : "/models/") + model + ":generateContent"
    },
    settledKeys: { _ in
      ["contents", "systemInstruction", "tools", "toolConfig", "cachedContent"]
        + [
          "responseMimeType", "responseJsonSchema", "responseSchema", "maxOutputTokens",
          "candidateCount", "stopSequences", "responseLogprobs", "logprobs",
        ].map { "generationConfig.\($0)" }
    },
    openKey: "generationConfig",
    keyHeader: { _ in ("x-goog-api-key", "") },
    probabilities: .rawRenormalised,
    request: Gemini.request,
    reply: Gemini.reply,
    text: { root in
      let candidates = root["candidates"]?.items ?? []
      let parts = candidates.first?["content"]?["parts"]?.items ?? []
      let answers = parts.filter { $0["thought"]?.kind != .yes }
      return candidates.count == 1 && answers.count == 1 ? answers[0]["text"] : nil
    },
    errorCodes: Gemini.errorCodes,
    waitMilliseconds: Gemini.waitMilliseconds)
}

private enum Gemini {
  static func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: RequestParameters
  ) -> [UInt8] {
    var json = JSONWriter()
    json.text(#"{"systemInstruction":{"parts":[{"text":"#)
    json.string(prompt.system)
    json.text(#"}]},"contents":["#)
    for turn in prompt.examples {
      write("user", turn.user, to: &json)
      json.text(",")
      write("model", turn.answer, to: &json)
      json.text(",")
    }
    write("user", prompt.user, to: &json)
    json.text(#"],"generationConfig":{"responseMimeType":"application/json","#)
    json.text(#""responseJsonSchema":"#)
    json.raw(prompt.schema)
    json.text(#","maxOutputTokens":\#(endpoint.tokensMax)"#)
    if endpoint.confidence == .logprobs {
      json.text(#","responseLogprobs":true,"logprobs":\#(ChatProtocol.alternatives)"#)
    }
    json.members(parameters.inner)
    json.text("}")
    json.members(parameters.outer)
    json.text("}")
    return json.bytes
  }

  private static func write(_ role: StaticString, _ text: [UInt8], to json: inout JSONWriter) {
    json.text(#"{"role":""#)
    json.text(role)
    json.text(#"","parts":[{"text":"#)
    json.string(text)
    json.text("}]}")
  }

  static func reply(
    _ root: ReplyJSON.Element, _ endpoint: EndpointConfiguration
  ) -> DialectReply {
    let candidates = root["candidates"]?.items ?? []
    var reply = DialectReply(answer(root, candidates))
    let blocked = root["promptFeedback"]?["blockReason"]?.text
    reply.model = root["modelVersion"]?.text
    reply.identifier = root["responseId"]?.text
    reply.finish = candidates.first?["finishReason"]?.text
    let usage = root["usageMetadata"]
    reply.tokensIn = usage?["promptTokenCount"]?.integer
    let thoughts = usage?["thoughtsTokenCount"]?.integer ?? 0
    reply.tokensOut = usage?["candidatesTokenCount"]?.integer.map { written in
      let (total, overflow) = written.addingReportingOverflow(thoughts)
      return overflow ? written : total
    }
    reply.tokensCached = usage?["cachedContentTokenCount"]?.integer
    reply.vendorCode = errorCodes(root).first ?? blocked
    if case .ended(.safetyBlockOutput, _) = reply.answer { reply.vendorCode = reply.finish }
    if endpoint.confidence == .logprobs, let result = candidates.first?["logprobsResult"] {
      reply.tokens = AnswerToken.list(
        chosen: result["chosenCandidates"]?.items ?? [],
        alternatives: result["topCandidates"]?.items ?? [])
    }
    return reply
  }

  private static func answer(
    _ root: ReplyJSON.Element, _ candidates: [ReplyJSON.Element]
  ) -> DialectReply.Answer {
    if root["error"]?.present != nil { return .failed(errorCodes(root)) }
    if root.repeats("candidates") || root.repeats("error") || candidates.count > 1 {
      return .ended(.ambiguous, mayRetry: true)
    }
    guard let candidate = candidates.first else {
      let isBlocked = root["promptFeedback"]?["blockReason"]?.present != nil
      return isBlocked
        ? .ended(.safetyBlockInput, mayRetry: false) : .ended(.empty, mayRetry: true)
    }
    if let ending = ending(candidate["finishReason"]?.text) { return ending }
    if candidate.repeats("content") { return .ended(.ambiguous, mayRetry: true) }
    let parts = candidate["content"]?["parts"]?.items ?? []
    let answers = parts.filter { $0["thought"]?.kind != .yes }
    guard answers.allSatisfy({ $0["text"] != nil }) else {
      return .ended(.unexpectedTool, mayRetry: true)
    }
    if answers.count > 1 { return .ended(.ambiguous, mayRetry: true) }
    return .text(answers.first?["text"], hasThought: answers.count < parts.count)
  }

  /// nil for an answer that is whole.
  private static func ending(_ finish: String?) -> DialectReply.Answer? {
    switch finish {
    case "STOP": nil
    case "MAX_TOKENS": .ended(.truncated, mayRetry: false)
    case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
      "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR":
      .ended(.safetyBlockOutput, mayRetry: false)
    case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS":
      .ended(.unexpectedTool, mayRetry: true)
    case "MALFORMED_RESPONSE": .ended(.providerError, mayRetry: true)
    default: .ended(.unknownEndState, mayRetry: false)
    }
  }

  /// The reason in the details, then the status as a word, then as a number.
  static func errorCodes(_ root: ReplyJSON.Element) -> [String] {
    guard let error = root["error"] else { return [] }
    let reasons = error["details"]?.items.compactMap { $0["reason"]?.text } ?? []
    return reasons + [error["status"], error["code"]].compactMap { $0?.code }
  }

  /// `RetryInfo` in the details, `{"retryDelay": "13.5s"}`.
  static func waitMilliseconds(_ root: ReplyJSON.Element) -> Int64? {
    for detail in root["error"]?["details"]?.items ?? [] {
      guard let text = detail["retryDelay"]?.text, text.utf8.last == UInt8(ascii: "s") else {
        continue
      }
      let digits = text.dropLast()
      let isPlain = digits.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
      guard isPlain, let seconds = Double(digits), seconds <= 86_400 else { continue }
      return Int64((seconds * 1_000).rounded(.up))
    }
    return nil
  }
}
