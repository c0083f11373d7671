package import CEL
package import PetriNet

/// What an endpoint would be sent for a question; nothing is sent.
package struct PromptPreview: Sendable {
  package var endpoint: String
  package var dialect: String
  package var url: String
  /// The request's body.
  package var body: [UInt8]
  /// Whether a value is longer than what is sent of it.
  package var isCut: Bool

  /// - Parameters:
  ///   - values: In the order of the prompt's fields.
  ///   - endpoint: Its key and headers are not needed.
  ///   - nonce: 16 bytes; each call has new ones.
  package init(
    of prompt: Prompt, values: [Value], at endpoint: EndpointConfiguration, nonce: [UInt8]
  ) throws(JudgeConfigurationProblem) {
    let line = try EndpointLine(endpoint)
    let rendered = PromptRendering(prompt).render(values, nonce: nonce)
    self.endpoint = endpoint.name
    dialect = line.dialect.name
    url = endpoint.url + line.dialect.path(endpoint)
    body = line.body(rendered)
    isCut = rendered.isCut
  }
}
