#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension AnswerToken {
  /// Tokens as OpenAI writes them and most others: `{token, bytes?, logprob, top_logprobs}`, or with
  /// `prob` and `top_probs`, which are no logarithms.
  ///
  /// Empty if one of them is not of that form.
  static func list(_ items: [ReplyJSON.Element]) -> [AnswerToken] {
    var tokens: [AnswerToken] = []
    for item in items {
      guard let chosen = choice(item) else { return [] }
      let others = item["top_logprobs"] ?? item["top_probs"]
      tokens.append(
        AnswerToken(chosen: chosen, alternatives: others?.items.compactMap { choice($0) } ?? []))
    }
    return tokens
  }

  /// Gemini's: the chosen candidates and, in a list beside it, the likeliest ones for each.
  static func list(
    chosen: [ReplyJSON.Element], alternatives: [ReplyJSON.Element]
  ) -> [AnswerToken] {
    var tokens: [AnswerToken] = []
    for (index, item) in chosen.enumerated() {
      guard let choice = choice(item, logarithm: "logProbability") else { return [] }
      let others = index < alternatives.count ? alternatives[index]["candidates"]?.items : nil
      tokens.append(
        AnswerToken(
          chosen: choice,
          alternatives: others?.compactMap { Self.choice($0, logarithm: "logProbability") } ?? []))
    }
    return tokens
  }

  private static func choice(
    _ item: ReplyJSON.Element, logarithm: String = "logprob"
  ) -> Choice? {
    guard let bytes = bytes(of: item) else { return nil }
    if let probability = item["prob"]?.real {
      return Choice(bytes: bytes, probability: min(max(0, probability), 1))
    }
    guard let logarithm = item[logarithm]?.real else { return nil }
    return Choice(bytes: bytes, probability: min(exp(logarithm), 1))
  }

  /// A token may be half of a character: its bytes say what its text cannot.
  private static func bytes(of item: ReplyJSON.Element) -> [UInt8]? {
    guard let list = item["bytes"]?.present, list.kind == .list else {
      return item["token"]?.unescaped
    }
    var bytes: [UInt8] = []
    for entry in list.items {
      guard let number = entry.integer, let byte = UInt8(exactly: number) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
