internal import Engine

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
  /// The answer's own name, where it does not stand in a header.
  var identifier: String?
  var tokensIn: Int64?
  var tokensOut: Int64?
  /// Of `tokensIn`, those read from a cache.
  var tokensCached: Int64?
  var vendorCode: String?
  /// The vendor's content filter did not work on this answer.
  var filterWasDown = false
  /// The answer's tokens in order, with their probabilities; empty: none were sent.
  var tokens: [AnswerToken] = []

  init(_ answer: Answer) { self.answer = answer }
}

/// One token of an answer, its probability, and those of the tokens that might have stood there.
struct AnswerToken: Equatable, Sendable {
  struct Choice: Equatable, Sendable {
    var bytes: [UInt8]
    /// 0 to 1.
    var probability: Double
  }

  var chosen: Choice
  /// Likeliest first; the chosen one may be among them.
  var alternatives: [Choice]
}

extension DialectReply.Answer {
  /// Nothing was answered: `hasThought` tells that all tokens went into thinking.
  static func nothing(hasThought: Bool) -> DialectReply.Answer {
    hasThought ? .ended(.truncated, mayRetry: false) : .ended(.empty, mayRetry: true)
  }

  /// What a string of the reply says; white space alone is nothing.
  static func text(
    _ element: ReplyJSON.Element?, hasThought: Bool = false
  ) -> DialectReply.Answer {
    guard let element = element?.present else { return .nothing(hasThought: hasThought) }
    guard element.kind == .string else { return .ended(.notJSON, mayRetry: true) }
    guard let bytes = element.unescaped else { return .ended(.badEncoding, mayRetry: true) }
    let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    return isBlank ? .nothing(hasThought: hasThought) : .text(bytes)
  }

  /// An error inside of a reply with status 200.
  static func failed(_ codes: [String]) -> DialectReply.Answer {
    if codes.contains(where: ErrorCodes.filtered.contains) {
      return .ended(.safetyBlockInput, mayRetry: false)
    }
    return .ended(.providerError, mayRetry: codes.contains(where: ErrorCodes.mayPass))
  }
}

extension ReplyJSON.Element {
  /// Whether it is a string with something in it.
  var saysSomething: Bool { kind == .string && source.count > 2 }

  /// A code as text: a string, or a whole number.
  var code: String? {
    switch kind {
    case .string: text
    case .number: integer.map { String($0) }
    default: nil
    }
  }

  /// A finite number.
  var real: Double? {
    guard kind == .number, let number = Double(String(decoding: source, as: UTF8.self)),
      number.isFinite
    else { return nil }
    return number
  }
}
