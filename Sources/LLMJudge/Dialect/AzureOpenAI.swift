internal import Transfer

/// OpenAI's chat completions as Azure serves them. `model` is the deployment, which is not the
/// model's name.
///
/// Without a version `POST {url}/openai/v1/chat/completions`; with one, as in 2024-10-21,
/// `POST {url}/openai/deployments/{model}/chat/completions?api-version={version}`.
extension Dialect {
  static let azure: Dialect = {
    var dialect = Dialect(name: "azure", compared: "2026-11", chat: ChatProtocol())
    dialect.versions = nil
    dialect.path = { endpoint in
      guard let version = endpoint.version else { return "/openai/v1/chat/completions" }
      let deployment = URLSegment.escaped(endpoint.model)
      return "/openai/deployments/\(deployment)/chat/completions?api-version="
        + URLSegment.escaped(version)
    }
    dialect.keyHeader = { _ in ("api-key", "") }
    return dialect
  }()
}
