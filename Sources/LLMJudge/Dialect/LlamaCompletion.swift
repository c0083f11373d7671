internal import Engine

/// The plain completion of llama.cpp's server, `POST {url}/completion`: one text in, one text out,
/// no roles, so instructions and values stand one after the other.
extension Dialect {
  static let llamaCompletion = Dialect(
    name: "llama-completion",
    compared: "2026-11",
    path: { _ in "/completion" },
    settledKeys: { _ in
      [
        "prompt", "model", "json_schema", "grammar", "n_predict", "n_probs", "stream", "stop",
        "post_sampling_probs", "messages", "return_tokens",
      ]
    },
    probabilities: .constrained,
    request: LlamaCompletion.request,
    reply: LlamaCompletion.reply,
    text: { $0["content"] },
    errorCodes: ChatProtocol.errorCodes)
}

private enum LlamaCompletion {
  static func request(
    _ prompt: RenderedPrompt, _ endpoint: EndpointConfiguration, _ parameters: RequestParameters
  ) -> [UInt8] {
    let gap = Array("\n\n".utf8)
    var text = prompt.system + gap
    for turn in prompt.examples { text += turn.user + Array("\n".utf8) + turn.answer + gap }
    text += prompt.user + Array("\n".utf8)
    var json = JSONWriter()
    json.text(#"{"model":"#)
    json.string(endpoint.model)
    json.text(#","prompt":"#)
    json.string(text)
    json.text(#","json_schema":"#)
    json.raw(prompt.schema)
    json.text(#","n_predict":\#(endpoint.tokensMax),"stream":false"#)
    if endpoint.confidence == .logprobs {
      json.text(#","n_probs":\#(ChatProtocol.alternatives),"post_sampling_probs":true"#)
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
    reply.finish = root["stop_type"]?.text
    reply.tokensIn = root["tokens_evaluated"]?.integer
    reply.tokensOut = root["tokens_predicted"]?.integer
    reply.tokensCached = root["tokens_cached"]?.integer
    reply.vendorCode = ChatProtocol.errorCodes(root).first
    if endpoint.confidence == .logprobs {
      reply.tokens = AnswerToken.list(root["completion_probabilities"]?.items ?? [])
    }
    return reply
  }

  private static func answer(_ root: ReplyJSON.Element) -> DialectReply.Answer {
    if root["error"]?.present != nil { return .failed(ChatProtocol.errorCodes(root)) }
    if root.repeats("content") || root.repeats("stop_type") {
      return .ended(.ambiguous, mayRetry: true)
    }
    guard root["content"] != nil else { return .ended(.empty, mayRetry: true) }
    if root["truncated"]?.kind == .yes { return .ended(.inputTooLarge, mayRetry: false) }
    switch root["stop_type"]?.text {
    case "eos": return .text(root["content"])
    case "limit": return .ended(.truncated, mayRetry: false)
    case "none": return .ended(.notFinal, mayRetry: false)
    default: return .ended(.unknownEndState, mayRetry: false)
    }
  }
}
