internal import Engine

/// Ollama: `POST {url}/api/chat` with a JSON schema as format; parameters may add to `options`.
///
/// Without `truncate: false` a question that is too long is cut without a word.
extension Dialect {
  static let ollama = Dialect(
    name: "ollama",
    compared: "2026-11",
    path: { _ in "/api/chat" },
    settledKeys: { _ in
      [
        "model", "messages", "format", "stream", "tools", "logprobs", "top_logprobs", "truncate",
        "options.num_predict", "options.stop",
      ]
    },
    openKey: "options",
    probabilities: .rawRenormalised,
    request: Ollama.request,
    reply: Ollama.reply,
    text: { $0["message"]?["content"] },
    errorCodes: ChatProtocol.errorCodes)
}

private enum Ollama {
  static func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: RequestParameters
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
    json.text(#"}],"format":"#)
    json.raw(prompt.schema)
    json.text(#","stream":false,"truncate":false,"options":{"num_predict":"#)
    json.text("\(endpoint.tokensMax)")
    json.members(parameters.inner)
    json.text("}")
    if endpoint.confidence == .logprobs {
      json.text(#","logprobs":true,"top_logprobs":\#(ChatProtocol.alternatives)"#)
    }
    json.members(parameters.outer)
    json.text("}")
    return json.bytes
  }

  static func reply(
    _ root: ReplyJSON.Element, _ endpoint: EndpointConfiguration
  ) -> DialectReply {
    var reply = DialectReply(answer(root))
    reply.model = root["model"]?.text
    reply.finish = root["done_reason"]?.text
    reply.tokensIn = root["prompt_eval_count"]?.integer
    reply.tokensOut = root["eval_count"]?.integer
    reply.vendorCode = ChatProtocol.errorCodes(root).first
    if endpoint.confidence == .logprobs {
      reply.tokens = AnswerToken.list(root["logprobs"]?.items ?? [])
    }
    return reply
  }

  private static func answer(_ root: ReplyJSON.Element) -> DialectReply.Answer {
    if root["error"]?.present != nil { return .failed(ChatProtocol.errorCodes(root)) }
    if root.repeats("message") || root.repeats("error") {
      return .ended(.ambiguous, mayRetry: true)
    }
    guard let message = root["message"], message.kind == .object else {
      return .ended(.empty, mayRetry: true)
    }
    guard root["done"]?.kind == .yes else { return .ended(.notFinal, mayRetry: false) }
    switch root["done_reason"]?.text {
    case "stop": break
    case "length": return .ended(.truncated, mayRetry: false)
    case "load", "unload": return .ended(.notFinal, mayRetry: false)
    default: return .ended(.unknownEndState, mayRetry: false)
    }
    if message["tool_calls"]?.items.isEmpty == false {
      return .ended(.unexpectedTool, mayRetry: true)
    }
    if message.repeats("content") { return .ended(.ambiguous, mayRetry: true) }
    let hasThought = message["thinking"]?.saysSomething == true
    return .text(message["content"], hasThought: hasThought)
  }
}
