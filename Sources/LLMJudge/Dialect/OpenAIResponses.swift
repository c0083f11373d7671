internal import Engine

/// OpenAI's responses: `POST {url}/responses` with a JSON schema; nothing is stored there.
extension Dialect {
  static let openAIResponses = Dialect(
    name: "openai-responses",
    compared: "2026-11",
    path: { _ in "/responses" },
    settledKeys: { _ in
      [
        "model", "input", "instructions", "text", "max_output_tokens", "stream", "store", "tools",
        "tool_choice", "top_logprobs", "include", "background", "previous_response_id",
        "conversation",
      ]
    },
    probabilities: .rawRenormalised,
    request: OpenAIResponses.request,
    reply: OpenAIResponses.reply,
    text: { root in
      let parts = OpenAIResponses.parts(root["output"]?.items ?? [])
      return parts.count == 1 ? parts[0]["text"] : nil
    },
    errorCodes: ChatProtocol.errorCodes)
}

private enum OpenAIResponses {
  static func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: RequestParameters
  ) -> [UInt8] {
    var json = JSONWriter()
    json.text(#"{"model":"#)
    json.string(endpoint.model)
    json.text(#","instructions":"#)
    json.string(prompt.system)
    json.text(#","input":["#)
    for turn in prompt.examples {
      json.text(#"{"role":"user","content":"#)
      json.string(turn.user)
      json.text(#"},{"role":"assistant","content":"#)
      json.string(turn.answer)
      json.text("},")
    }
    json.text(#"{"role":"user","content":"#)
    json.string(prompt.user)
    json.text(#"}],"text":{"format":{"type":"json_schema","name":"verdict","strict":true,"#)
    json.text(#""schema":"#)
    json.raw(prompt.schema)
    json.text(#"}},"max_output_tokens":\#(endpoint.tokensMax),"store":false"#)
    if endpoint.confidence == .logprobs {
      json.text(#","include":["message.output_text.logprobs"],"#)
      json.text(#""top_logprobs":\#(ChatProtocol.alternatives)"#)
    }
    json.members(parameters.outer)
    json.text("}")
    return json.bytes
  }

  static func reply(
    _ root: ReplyJSON.Element, _ endpoint: EndpointConfiguration
  ) -> DialectReply {
    let output = root["output"]?.items ?? []
    let parts = parts(output)
    var reply = DialectReply(answer(root, output, parts))
    let incomplete = root["incomplete_details"]?["reason"]?.text
    reply.model = root["model"]?.text
    reply.identifier = root["id"]?.text
    reply.tier = root["service_tier"]?.text
    reply.finish = root["status"]?.text.map { status in
      incomplete.map { "\(status): \($0)" } ?? status
    }
    let usage = root["usage"]
    reply.tokensIn = usage?["input_tokens"]?.integer
    reply.tokensOut = usage?["output_tokens"]?.integer
    reply.tokensCached = usage?["input_tokens_details"]?["cached_tokens"]?.integer
    reply.vendorCode = ChatProtocol.errorCodes(root).first ?? incomplete
    if endpoint.confidence == .logprobs {
      reply.tokens = AnswerToken.list(parts.first?["logprobs"]?.items ?? [])
    }
    return reply
  }

  /// What the messages among the items of an output are made of.
  static func parts(_ output: [ReplyJSON.Element]) -> [ReplyJSON.Element] {
    output.filter { $0["type"]?.isString("message") == true }.flatMap { $0["content"]?.items ?? [] }
  }

  private static func answer(
    _ root: ReplyJSON.Element, _ output: [ReplyJSON.Element], _ parts: [ReplyJSON.Element]
  ) -> DialectReply.Answer {
    if root["error"]?.present != nil { return failed(root) }
    if root.repeats("output") || root.repeats("status") || root.repeats("error") {
      return .ended(.ambiguous, mayRetry: true)
    }
    switch root["status"]?.text {
    case "completed": break
    case "incomplete":
      let reason = root["incomplete_details"]?["reason"]
      let isFiltered = reason?.isString("content_filter") == true
      return .ended(isFiltered ? .safetyBlockOutput : .truncated, mayRetry: false)
    case "failed": return .ended(.providerError, mayRetry: true)
    case "in_progress", "queued", "cancelled": return .ended(.notFinal, mayRetry: false)
    default: return .ended(.unknownEndState, mayRetry: false)
    }
    let isOfKnownKinds = output.allSatisfy { item in
      ["message", "reasoning"].contains { item["type"]?.isString($0) == true }
    }
    guard isOfKnownKinds else { return .ended(.unexpectedTool, mayRetry: true) }
    if parts.contains(where: { $0["type"]?.isString("refusal") == true }) {
      return .ended(.refusal, mayRetry: false)
    }
    if parts.count > 1 { return .ended(.ambiguous, mayRetry: true) }
    let hasThought = output.contains { $0["type"]?.isString("reasoning") == true }
    return .text(parts.first?["text"], hasThought: hasThought)
  }

  /// Codes for a question that the vendor will not have answered.
  private static let blocked: Set<String> = ["invalid_prompt", "misalignment_policy_violation"]

  private static func failed(_ root: ReplyJSON.Element) -> DialectReply.Answer {
    let codes = ChatProtocol.errorCodes(root)
    if codes.contains(where: blocked.contains) { return .ended(.safetyBlockInput, mayRetry: false) }
    return .failed(codes)
  }
}
