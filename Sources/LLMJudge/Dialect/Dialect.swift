internal import Engine

/// How one kind of endpoint is asked and understood. Each is data in one file, with the date on
/// which it was last compared with what the vendors say.
struct Dialect: Sendable {
  /// As `petrel.yaml` names it.
  var name: String
  /// When it was last compared, `2026-11`.
  var compared: String
  /// Appended to the endpoint's URL.
  var path: String
  /// Keys at the request's top level that parameters may not name.
  var settledKeys: [String]
  /// The header that carries the key, and what stands before the key in it.
  var keyHeader: (name: String, prefix: String)
  /// Whether it answers with a label alone where a schema was asked for.
  var answersBare = false
  /// The request's body. The last argument are the members of the endpoint's parameters, without
  /// braces, or nothing.
  var request: @Sendable (RenderedPrompt, EndpointConfiguration, [UInt8]) -> [UInt8]
  /// A reply with status 200.
  var reply: @Sendable (ReplyJSON.Element) -> DialectReply
  /// Error codes in a body, from the one that says most.
  var errorCodes: @Sendable (ReplyJSON.Element) -> [String]
}

/// What a reply says, in the terms of no vendor.
struct DialectReply: Sendable {
  enum Answer: Sendable {
    /// What the model wrote, not looked into.
    case text([UInt8])
    case ended(FallbackReason, mayRetry: Bool)
  }

  var answer: Answer
  var model: String?
  var fingerprint: String?
  var tier: String?
  var finish: String?
  var tokensIn: Int64?
  var tokensOut: Int64?
  /// Of `tokensIn`, those read from a cache.
  var tokensCached: Int64?
  var vendorCode: String?
  /// The vendor's content filter did not work on this answer.
  var filterWasDown = false

  init(_ answer: Answer) { self.answer = answer }
}

extension Dialect {
  /// All that this version speaks.
  static let all: [Dialect] = [.openAIChat, .compatible]

  static func named(_ name: String) -> Dialect? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

/// The dialects of this version, for who checks configurations.
package enum DialectNames {
  package static let all: [String] = Dialect.all.map(\.name)

  /// Keys of the request that `parameters` may not name; nil for a dialect that is not built.
  package static func settledKeys(_ name: String) -> [String]? {
    Dialect.named(name)?.settledKeys
  }
}
