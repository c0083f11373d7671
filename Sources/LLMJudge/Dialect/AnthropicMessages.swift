internal import Engine
internal import Transfer

/// Anthropic's messages: `POST {url}/messages` with a JSON schema as output format.
///
/// The version is a date in a header. From 2026-10-21 on the key is a bearer token, and
/// temperature, top_p and top_k are refused even at their defaults. It gives no probabilities.
extension Dialect {
  static let anthropic = Dialect(
    name: "anthropic",
    compared: "2026-11",
    versions: [AnthropicMessages.older, AnthropicMessages.newer],
    path: { _ in "/messages" },
    settledKeys: { version in
      AnthropicMessages.settledKeys
        + (version == AnthropicMessages.newer ? ["temperature", "top_p", "top_k"] : [])
    },
    keyHeader: { endpoint in
      endpoint.version == AnthropicMessages.newer ? ("Authorization", "Bearer ") : ("x-api-key", "")
    },
    headers: { [.init("anthropic-version", $0.version ?? AnthropicMessages.older)] },
    request: AnthropicMessages.request,
    reply: { root, _ in AnthropicMessages.reply(root) },
    text: { root in
      let texts = (root["content"]?.items ?? []).filter { $0["type"]?.isString("text") == true }
      return texts.count == 1 ? texts[0]["text"] : nil
    },
    errorCodes: AnthropicMessages.errorCodes)
}

private enum AnthropicMessages {
  static let older = "2023-06-01"
  static let newer = "2026-10-21"

  static let settledKeys = [
    "model", "system", "messages", "max_tokens", "output_config", "output_format", "stream",
    "stop_sequences", "tools", "tool_choice", "fallbacks",
  ]

  static func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: RequestParameters
  ) -> [UInt8] {
    var json = JSONWriter()
    json.text(#"{"model":"#)
    json.string(endpoint.model)
    json.text(#","max_tokens":\#(endpoint.tokensMax),"system":"#)
    json.string(prompt.system)
    json.text(#","messages":["#)
    for turn in prompt.examples {
      json.text(#"{"role":"user","content":"#)
      json.string(turn.user)
      json.text(#"},{"role":"assistant","content":"#)
      json.string(turn.answer)
      json.text("},")
    }
    json.text(#"{"role":"user","content":"#)
    json.string(prompt.user)
    json.text(#"}],"output_config":{"format":{"type":"json_schema","schema":"#)
    json.raw(prompt.schema)
    json.text("}}")
    json.members(parameters.outer)
    json.text("}")
    return json.bytes
  }

  static func reply(_ root: ReplyJSON.Element) -> DialectReply {
    var reply = DialectReply(answer(root))
    reply.model = root["model"]?.text
    reply.identifier = root["id"]?.text
    reply.finish = root["stop_reason"]?.text
    let usage = root["usage"]
    reply.tier = usage?["service_tier"]?.text
    let read = usage?["cache_read_input_tokens"]?.integer
    let written = usage?["cache_creation_input_tokens"]?.integer
    reply.tokensIn = usage?["input_tokens"]?.integer.map { fresh in
      [read, written].reduce(fresh) { sum, part in
        let (total, overflow) = sum.addingReportingOverflow(part ?? 0)
        return overflow ? sum : total
      }
    }
    reply.tokensOut = usage?["output_tokens"]?.integer
    reply.tokensCached = read
    reply.vendorCode = errorCodes(root).first ?? root["stop_details"]?["category"]?.text
    return reply
  }

  private static func answer(_ root: ReplyJSON.Element) -> DialectReply.Answer {
    if root["error"]?.present != nil || root["type"]?.isString("error") == true {
      return .failed(errorCodes(root))
    }
    if root.repeats("content") || root.repeats("stop_reason") || root.repeats("error") {
      return .ended(.ambiguous, mayRetry: true)
    }
    switch root["stop_reason"]?.text {
    case "end_turn": break
    case "max_tokens": return .ended(.truncated, mayRetry: false)
    case "model_context_window_exceeded": return .ended(.inputTooLarge, mayRetry: false)
    case "tool_use": return .ended(.unexpectedTool, mayRetry: true)
    case "pause_turn": return .ended(.notFinal, mayRetry: false)
    case "refusal": return .ended(.refusal, mayRetry: false)
    default: return .ended(.unknownEndState, mayRetry: false)
    }
    let blocks = root["content"]?.items ?? []
    var texts: [ReplyJSON.Element] = []
    var hasThought = false
    for block in blocks {
      switch block["type"]?.text {
      case "text": texts.append(block)
      case "thinking", "redacted_thinking": hasThought = true
      default: return .ended(.unexpectedTool, mayRetry: true)
      }
    }
    if texts.count > 1 { return .ended(.ambiguous, mayRetry: true) }
    return .text(texts.first?["text"], hasThought: hasThought)
  }

  /// `error.details.error_code`, which tells a spent budget from a short limit, then `error.type`.
  static func errorCodes(_ root: ReplyJSON.Element) -> [String] {
    guard let error = root["error"] else { return [] }
    return [error["details"]?["error_code"], error["type"]].compactMap { $0?.code }
  }
}
