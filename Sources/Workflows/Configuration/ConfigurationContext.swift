/// What a configuration is read with beside its files.
package struct ConfigurationContext: Sendable {
  /// What there is to know of a dialect when an endpoint is read.
  package struct Dialect: Sendable {
    package var name: String
    /// Values that `version` may have, the default one first; empty: none, nil: any text.
    package var versions: [String]?
    /// Keys of the request that `parameters` of a version may not name; `KEY.INNER` for those of an
    /// object that takes others.
    package var settledKeys: @Sendable (_ version: String?) -> [String]
    /// Whether its answers can carry probabilities.
    package var givesProbabilities: Bool
    /// Whether how a server deviates may be said.
    package var takesDeviations: Bool

    package init(
      name: String, versions: [String]? = [],
      settledKeys: @escaping @Sendable (_ version: String?) -> [String],
      givesProbabilities: Bool = true, takesDeviations: Bool = false
    ) {
      self.name = name
      self.versions = versions
      self.settledKeys = settledKeys
      self.givesProbabilities = givesProbabilities
      self.takesDeviations = takesDeviations
    }
  }

  /// Those that this version speaks.
  package var dialects: [Dialect]

  package init(dialects: [Dialect] = [Self.chat]) { self.dialects = dialects }

  /// OpenAI's chat completions.
  package static let chat = Dialect(name: "openai-chat") { _ in
    ["model", "messages", "response_format", "max_completion_tokens", "max_tokens", "stream"]
  }

  func dialect(_ name: String) -> Dialect? {
    dialects.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
