package import CEL
package import PetriNet
package import Transfer

/// What an endpoint would be sent for a question; nothing is sent.
package struct PromptPreview: Sendable {
  package var endpoint: String
  package var dialect: String
  package var url: String
  /// Those that the configuration and the dialect make; libcurl adds the host and the length.
  package var headers: [TransferRequest.Header]
  /// The request's body.
  package var body: [UInt8]
  /// In the order in which they are offered.
  package var labels: [String]
  /// Whether a value is longer than what is sent of it.
  package var isCut: Bool

  /// - Parameters:
  ///   - values: In the order of the prompt's fields.
  ///   - endpoint: Its secrets appear in the headers as they stand here.
  ///   - rotation: By how many places the labels are turned: the number of the voter, from 0.
  ///   - nonce: 16 bytes; each call has new ones.
  package init(
    of prompt: Prompt, values: [Value], at endpoint: EndpointConfiguration, rotation: Int = 0,
    nonce: [UInt8]
  ) throws(JudgeConfigurationProblem) {
    let line = try EndpointLine(endpoint)
    var guards = PreparedGuards()
    let rendered = guards.preparation(of: prompt, rotation: rotation).rendering
      .render(values, nonce: nonce)
    let request = line.request(line.body(rendered), deadline: MonotonicInstant.now())
    self.endpoint = endpoint.name
    dialect = line.dialect.name
    url = request.url
    headers = request.headers
    body = request.body ?? []
    labels = rendered.labels
    isCut = rendered.isCut
  }
}
