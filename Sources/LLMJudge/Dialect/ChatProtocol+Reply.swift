internal import Engine

extension ChatProtocol {
  func reply(_ root: ReplyJSON.Element, _ endpoint: EndpointConfiguration) -> DialectReply {
    let choices = root["choices"]?.items ?? []
    var reply = DialectReply(answer(root, choices))
    reply.model = root["model"]?.text
    reply.identifier = root["id"]?.text
    reply.fingerprint = root["system_fingerprint"]?.text
    reply.tier = root["service_tier"]?.text
    reply.finish = choices.first?["finish_reason"]?.text
    let usage = root["usage"]
    reply.tokensIn = usage?["prompt_tokens"]?.integer
    reply.tokensOut = usage?["completion_tokens"]?.integer
    reply.tokensCached = usage?["prompt_tokens_details"]?["cached_tokens"]?.integer
    let codes = Self.errorCodes(root) + (choices.first.map(Self.errorCodes) ?? [])
    reply.vendorCode = codes.first
    let filters = [
      choices.first?["content_filter_results"], choices.first?["content_filter_result"],
    ]
    reply.filterWasDown = filters.contains { $0?["error"]?.present != nil }
    if endpoint.confidence == .logprobs {
      reply.tokens = AnswerToken.list(choices.first?["logprobs"]?["content"]?.items ?? [])
    }
    return reply
  }

  private func answer(
    _ root: ReplyJSON.Element, _ choices: [ReplyJSON.Element]
  ) -> DialectReply.Answer {
    if root["error"]?.present != nil { return .failed(Self.errorCodes(root)) }
    if root.repeats("choices") || root.repeats("error") || choices.count > 1 {
      return .ended(.ambiguous, mayRetry: true)
    }
    guard let choice = choices.first else { return .ended(.empty, mayRetry: true) }
    if choice["error"]?.present != nil { return .failed(Self.errorCodes(choice)) }
    guard let message = choice["message"], message.kind == .object else {
      return .ended(choice.repeats("message") ? .ambiguous : .empty, mayRetry: true)
    }
    if let refusal = message["refusal"]?.present, refusal.source.count > 2 {
      return .ended(.refusal, mayRetry: false)
    }
    return ending(choice["finish_reason"]?.text, message)
  }

  private func ending(_ finish: String?, _ message: ReplyJSON.Element) -> DialectReply.Answer {
    switch finish {
    case let finish? where ends.contains(finish): break
    case "length": return .ended(.truncated, mayRetry: false)
    case "content_filter": return .ended(.safetyBlockOutput, mayRetry: false)
    case "tool_calls", "function_call": return .ended(.unexpectedTool, mayRetry: true)
    case "error": return .ended(.providerError, mayRetry: true)
    case "in_progress", "queued": return .ended(.notFinal, mayRetry: false)
    default: return .ended(.unknownEndState, mayRetry: false)
    }
    let hasCall = message["function_call"]?.present != nil
    if hasCall || message["tool_calls"]?.items.isEmpty == false {
      return .ended(.unexpectedTool, mayRetry: true)
    }
    if message.repeats("content") { return .ended(.ambiguous, mayRetry: true) }
    return content(message["content"]?.present, message)
  }

  private func content(
    _ content: ReplyJSON.Element?, _ message: ReplyJSON.Element
  ) -> DialectReply.Answer {
    let thoughts = [message["reasoning_content"], message["reasoning"]]
    let hasThought = thoughts.contains {
      $0.map { $0.kind != .null && $0.source.count > 2 } == true
    }
    guard let content, content.kind == .list else {
      return .text(content, hasThought: hasThought)
    }
    let parts = content.items
    if parts.contains(where: { $0["type"]?.isString("refusal") == true }) {
      return .ended(.refusal, mayRetry: false)
    }
    let texts = parts.filter { $0["type"]?.isString("text") == true }
    if texts.count > 1 { return .ended(.ambiguous, mayRetry: true) }
    return .text(texts.first?["text"], hasThought: hasThought)
  }

  /// The content of the only choice, or of its only part that is text.
  static func text(_ root: ReplyJSON.Element) -> ReplyJSON.Element? {
    let choices = root["choices"]?.items ?? []
    guard choices.count == 1, let content = choices[0]["message"]?["content"] else { return nil }
    guard content.kind == .list else { return content }
    let texts = content.items.filter { $0["type"]?.isString("text") == true }
    return texts.count == 1 ? texts[0]["text"] : nil
  }

  /// `error.code`, `error.innererror.code`, `error.type`, as they are; an error that is a text.
  static func errorCodes(_ holder: ReplyJSON.Element) -> [String] {
    guard let error = holder["error"] else { return [] }
    if error.kind == .string { return error.text.map { [$0] } ?? [] }
    return [error["code"], error["innererror"]?["code"], error["type"]].compactMap { $0?.code }
  }
}
