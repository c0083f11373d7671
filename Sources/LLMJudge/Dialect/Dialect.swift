internal import Engine
internal import Transfer

/// How one kind of endpoint is asked and understood. Each is data in one file, with the date on
/// which it was last compared with what the vendors say.
struct Dialect: Sendable {
  /// As `petrel.yaml` names it.
  var name: String
  /// When it was last compared, `2026-11`.
  var compared: String
  /// Values that `version` of an endpoint may have, the default one first; empty: it has none, nil:
  /// any text.
  var versions: [String]? = []
  /// Appended to the endpoint's URL.
  var path: @Sendable (EndpointConfiguration) -> String
  /// Parameters that an endpoint of this version may not name: keys at the request's top level, and
  /// `KEY.INNER` for those inside of `openKey`.
  var settledKeys: @Sendable (_ version: String?) -> [String]
  /// An object of the request that the dialect fills and to which parameters may add.
  var openKey: String?
  /// The header that carries the key, and what stands before the key in it.
  var keyHeader: @Sendable (EndpointConfiguration) -> (name: String, prefix: String) = { _ in
    ("Authorization", "Bearer ")
  }
  var headers: @Sendable (EndpointConfiguration) -> [TransferRequest.Header] = { _ in [] }
  /// Whether it answers with a label alone where a label was asked for.
  var answersBare: @Sendable (EndpointConfiguration) -> Bool = { _ in false }
  /// Of which distribution the probabilities are that it gives with an answer; nil: it gives none.
  var probabilities: CallRecord.ConfidenceSource?
  /// The request's body.
  var request: @Sendable (RenderedPrompt, EndpointConfiguration, RequestParameters) -> [UInt8]
  /// A reply with status 200.
  var reply: @Sendable (ReplyJSON.Element, EndpointConfiguration) -> DialectReply
  /// Where the model's text stands in a reply with status 200, whatever the reply ended with; nil:
  /// nowhere, or in several places.
  var text: @Sendable (ReplyJSON.Element) -> ReplyJSON.Element?
  /// Error codes in a body, from the one that says most.
  var errorCodes: @Sendable (ReplyJSON.Element) -> [String]
  /// How long an error's body asks to wait.
  var waitMilliseconds: @Sendable (ReplyJSON.Element) -> Int64? = { _ in nil }
}

/// The members of an endpoint's parameters as JSON, without braces; empty: there are none.
struct RequestParameters: Sendable {
  /// At the request's top level.
  var outer: [UInt8] = []
  /// Of the dialect's open object.
  var inner: [UInt8] = []
}

extension Dialect {
  /// All that this version speaks.
  static let all: [Dialect] = [
    .openAIChat, .openAIResponses, .azure, .anthropic, .gemini, .ollama, .llamaServer,
    .llamaCompletion, .vllm, .openRouter, .compatible,
  ]

  static func named(_ name: String) -> Dialect? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

/// The dialects of this version, for who checks configurations.
package enum DialectNames {
  package static let all: [String] = Dialect.all.map(\.name)

  /// Keys of the request that `parameters` may not name, `KEY.INNER` for those of an object that
  /// takes others; none for a dialect that is not built.
  package static func settledKeys(_ name: String, version: String?) -> [String] {
    Dialect.named(name)?.settledKeys(version) ?? []
  }

  /// What `version` may be, the default one first; empty: nothing, nil: any text.
  package static func versions(_ name: String) -> [String]? {
    Dialect.named(name).map(\.versions) ?? []
  }

  /// Whether its answers can carry probabilities.
  package static func givesProbabilities(_ name: String) -> Bool {
    Dialect.named(name)?.probabilities != nil
  }
}
