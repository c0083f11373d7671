/// OpenRouter's chat completions. `require_parameters` keeps it from hosts that drop the schema;
/// other members of `provider` may be given as parameters.
extension Dialect {
  static let openRouter: Dialect = {
    let chat = ChatProtocol()
    var dialect = Dialect(
      name: "openrouter", compared: "2026-11", chat: chat, openKey: "provider",
      settled: ["provider.require_parameters", "route", "models", "transforms"])
    dialect.request = { prompt, endpoint, parameters in
      var chat = chat
      var provider = JSONWriter()
      provider.text(#""provider":{"require_parameters":true"#)
      provider.members(parameters.inner)
      provider.text("}")
      chat.constants = provider.bytes
      return chat.request(prompt, endpoint, parameters)
    }
    return dialect
  }()
}
