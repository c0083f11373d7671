internal import Engine

/// OpenAI's chat completions: `POST {url}/chat/completions` with a JSON schema.
extension Dialect {
  static let openAIChat = Dialect(
    name: "openai-chat",
    compared: "2026-11",
    path: "/chat/completions",
    settledKeys: [
      "model", "messages", "response_format", "max_completion_tokens", "max_tokens", "stream", "n",
      "tools", "tool_choice", "functions", "function_call", "logprobs", "top_logprobs",
    ],
    keyHeader: ("Authorization", "Bearer "),
    request: { OpenAIChat.request($0, $1, $2, limitKey: "max_completion_tokens") },
    reply: OpenAIChat.reply,
    errorCodes: OpenAIChat.errorCodes)

  /// The same as others serve it: the limit under its older name, which all of them know.
  static let compatible: Dialect = {
    var dialect = openAIChat
    dialect.name = "compatible"
    dialect.request = { OpenAIChat.request($0, $1, $2, limitKey: "max_tokens") }
    return dialect
  }()
}

private enum OpenAIChat {
  static func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: [UInt8],
    limitKey: String
  ) -> [UInt8] {
    var json = JSONWriter()
    json.text(#"{"model":"#)
    json.string(endpoint.model)
    json.text(#","messages":[{"role":"system","content":"#)
    json.string(prompt.system)
    for turn in prompt.examples {
      json.text(#"},{"role":"user","content":"#)
      json.string(turn.user)
      json.text(#"},{"role":"assistant","content":"#)
      json.string(turn.answer)
    }
    json.text(#"},{"role":"user","content":"#)
    json.string(prompt.user)
    json.text(#"}],"response_format":{"type":"json_schema","json_schema":{"name":"verdict","#)
    json.text(#""strict":true,"schema":"#)
    json.raw(prompt.schema)
    json.text("}},")
    json.string(limitKey)
    json.text(":\(endpoint.tokensMax)")
    if !parameters.isEmpty {
      json.text(",")
      json.raw(parameters)
    }
    json.text("}")
    return json.bytes
  }

  static func reply(_ root: ReplyJSON.Element) -> DialectReply {
    let choices = root["choices"]?.items ?? []
    var reply = DialectReply(answer(root, choices))
    reply.model = root["model"]?.text
    reply.fingerprint = root["system_fingerprint"]?.text
    reply.tier = root["service_tier"]?.text
    reply.finish = choices.first?["finish_reason"]?.text
    let usage = root["usage"]
    reply.tokensIn = usage?["prompt_tokens"]?.integer
    reply.tokensOut = usage?["completion_tokens"]?.integer
    reply.tokensCached = usage?["prompt_tokens_details"]?["cached_tokens"]?.integer
    let codes = errorCodes(root) + (choices.first.map(errorCodes) ?? [])
    reply.vendorCode = codes.first
    let filters = [
      choices.first?["content_filter_results"], choices.first?["content_filter_result"],
    ]
    reply.filterWasDown = filters.contains { $0?["error"]?.present != nil }
    return reply
  }

  private static func answer(
    _ root: ReplyJSON.Element, _ choices: [ReplyJSON.Element]
  ) -> DialectReply.Answer {
    if root["error"]?.present != nil { return failed(root) }
    if root.repeats("choices") || root.repeats("error") || choices.count > 1 {
      return .ended(.ambiguous, mayRetry: true)
    }
    guard let choice = choices.first else { return .ended(.empty, mayRetry: true) }
    if choice["error"]?.present != nil { return failed(choice) }
    guard let message = choice["message"], message.kind == .object else {
      return .ended(choice.repeats("message") ? .ambiguous : .empty, mayRetry: true)
    }
    if let refusal = message["refusal"]?.present, refusal.source.count > 2 {
      return .ended(.refusal, mayRetry: false)
    }
    return ending(choice["finish_reason"]?.text, message)
  }

  private static func ending(
    _ finish: String?, _ message: ReplyJSON.Element
  ) -> DialectReply.Answer {
    switch finish {
    case "stop": break
    case "length": return .ended(.truncated, mayRetry: false)
    case "content_filter": return .ended(.safetyBlockOutput, mayRetry: false)
    case "tool_calls", "function_call": return .ended(.unexpectedTool, mayRetry: true)
    case "error": return .ended(.providerError, mayRetry: true)
    default: return .ended(.unknownEndState, mayRetry: false)
    }
    let hasCall = message["function_call"]?.present != nil
    if hasCall || message["tool_calls"]?.items.isEmpty == false {
      return .ended(.unexpectedTool, mayRetry: true)
    }
    if message.repeats("content") { return .ended(.ambiguous, mayRetry: true) }
    return content(message["content"]?.present, message)
  }

  private static func content(
    _ content: ReplyJSON.Element?, _ message: ReplyJSON.Element
  ) -> DialectReply.Answer {
    guard let content else { return nothing(message) }
    switch content.kind {
    case .string: return text(content, message)
    case .list:
      let parts = content.items
      if parts.contains(where: { $0["type"]?.isString("refusal") == true }) {
        return .ended(.refusal, mayRetry: false)
      }
      let texts = parts.filter { $0["type"]?.isString("text") == true }
      guard texts.count == 1 else {
        return texts.isEmpty ? nothing(message) : .ended(.ambiguous, mayRetry: true)
      }
      return texts[0]["text"].map { text($0, message) } ?? nothing(message)
    default: return .ended(.notJSON, mayRetry: true)
    }
  }

  private static func text(
    _ element: ReplyJSON.Element, _ message: ReplyJSON.Element
  ) -> DialectReply.Answer {
    guard let bytes = element.unescaped else { return .ended(.badEncoding, mayRetry: true) }
    let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    return isBlank ? nothing(message) : .text(bytes)
  }

  /// No answer: all tokens went into thinking, or nothing was said.
  private static func nothing(_ message: ReplyJSON.Element) -> DialectReply.Answer {
    let thoughts = [message["reasoning_content"], message["reasoning"]]
    let hasThought = thoughts.contains {
      $0.map { $0.kind != .null && $0.source.count > 2 } == true
    }
    return hasThought ? .ended(.truncated, mayRetry: false) : .ended(.empty, mayRetry: true)
  }

  private static func failed(_ holder: ReplyJSON.Element) -> DialectReply.Answer {
    let codes = errorCodes(holder)
    if codes.contains(where: ErrorCodes.filtered.contains) {
      return .ended(.safetyBlockInput, mayRetry: false)
    }
    return .ended(.providerError, mayRetry: codes.contains(where: ErrorCodes.mayPass))
  }

  /// `error.code`, `error.innererror.code`, `error.type`, as they are.
  static func errorCodes(_ holder: ReplyJSON.Element) -> [String] {
    guard let error = holder["error"] else { return [] }
    if error.kind == .string { return error.text.map { [$0] } ?? [] }
    return [error["code"], error["innererror"]?["code"], error["type"]].compactMap { code in
      switch code?.kind {
      case .string: code?.text
      case .number: code?.integer.map { String($0) }
      default: nil
      }
    }
  }
}
