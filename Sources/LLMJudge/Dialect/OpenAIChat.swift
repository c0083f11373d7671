/// OpenAI's chat completions: `POST {url}/chat/completions` with a JSON schema.
extension Dialect {
  static let openAIChat = Dialect(name: "openai-chat", compared: "2026-11", chat: ChatProtocol())

  /// A dialect that differs from OpenAI's in data only.
  init(
    name: String, compared: String, chat: ChatProtocol, openKey: String? = nil,
    settled: [String] = []
  ) {
    self.init(
      name: name, compared: compared,
      path: { _ in "/chat/completions" },
      settledKeys: { _ in ChatProtocol.settledKeys + settled },
      openKey: openKey,
      probabilities: .rawRenormalised,
      request: { chat.request($0, $1, $2) },
      reply: { chat.reply($0, $1) },
      text: ChatProtocol.text,
      errorCodes: ChatProtocol.errorCodes)
  }
}
