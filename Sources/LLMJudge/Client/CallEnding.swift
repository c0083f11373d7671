internal import Engine
internal import Transfer

/// What one call came to.
struct CallEnding: Sendable {
  enum Retry: Equatable, Sendable {
    case never
    /// After the endpoint's own backoff.
    case afterBackoff
    /// Asked for by the other side.
    case after(milliseconds: Int64)
  }

  var verdict: Verdict
  var retry = Retry.never
  /// What was understood of the reply.
  var reply: DialectReply?
  var vendorCode: String?
  /// Of the label; nil: nothing tells.
  var confidence: LabelConfidence?

  static func label(_ label: String, _ reply: DialectReply) -> CallEnding {
    CallEnding(verdict: .label(label), reply: reply, vendorCode: reply.vendorCode)
  }

  static func fallback(
    _ reason: FallbackReason, mayRetry: Bool, _ reply: DialectReply? = nil, code: String? = nil
  ) -> CallEnding {
    CallEnding(
      verdict: .fallback(reason), retry: mayRetry ? .afterBackoff : .never, reply: reply,
      vendorCode: code ?? reply?.vendorCode)
  }
}

/// Turns what a transfer brought into exactly one ending (VERDICTS §3).
struct CallReader: Sendable {
  let dialect: Dialect
  let endpoint: EndpointConfiguration
  let parser: VerdictParser
  /// Never right; nil if the prompt has none.
  let canary: String?

  /// - Parameter unixSeconds: the wall clock, for dates of Retry-After.
  func ending(of result: TransferResult, unixSeconds: Int64) -> CallEnding {
    if let failure = result.failure { return Self.ending(of: failure) }
    if result.status == 200 { return ending(ofReply: result) }
    return ending(ofStatus: result, unixSeconds: unixSeconds)
  }

  private static func ending(of failure: TransferFailure) -> CallEnding {
    switch failure {
    case .badRequest: .fallback(.requestRejected, mayRetry: false)
    case .addressRefused: .fallback(.connect, mayRetry: false)
    case .connect: .fallback(.connect, mayRetry: true)
    case .tls: .fallback(.tls, mayRetry: false)
    case .timeoutFirstByte: .fallback(.timeoutFirstByte, mayRetry: false)
    case .timeoutSlow: .fallback(.timeoutSlow, mayRetry: false)
    case .timeoutTotal: .fallback(.timeoutTotal, mayRetry: false)
    case .connectionLost: .fallback(.connectionLost, mayRetry: true)
    case .noFinalResponse: .fallback(.unexpectedStatus, mayRetry: true)
    case .unframed: .fallback(.unframed, mayRetry: true)
    case .bodyTooLarge: .fallback(.bodyTooLarge, mayRetry: false)
    case .headersTooLarge: .fallback(.headersTooLarge, mayRetry: false)
    case .protocolError: .fallback(.protocolError, mayRetry: true)
    case .cancelled: .fallback(.interrupted, mayRetry: true)
    }
  }

  private func ending(ofReply result: TransferResult) -> CallEnding {
    // No encoding was asked for, so a body that has one is not what HTTP allows.
    if let encoding = result.header("content-encoding"), encoding.lowercased() != "identity" {
      return .fallback(.protocolError, mayRetry: true)
    }
    let root: ReplyJSON.Element
    do throws(ReplyJSON.Mistake) {
      root = try ReplyJSON(result.body).root
    } catch {
      switch error {
      case .badEncoding: return .fallback(.badEncoding, mayRetry: true)
      case .tooDeep: return .fallback(.tooDeep, mayRetry: false)
      case .trailing, .syntax: return .fallback(.notJSON, mayRetry: true)
      }
    }
    guard root.kind == .object else { return .fallback(.notJSON, mayRetry: true) }
    switch root.json.defect {
    case .loneSurrogate: return .fallback(.badEncoding, mayRetry: true)
    case .repeatedKey: return .fallback(.ambiguous, mayRetry: true)
    case nil: break
    }
    return judge(dialect.reply(root, endpoint))
  }

  private func judge(_ reply: DialectReply) -> CallEnding {
    switch reply.answer {
    case .ended(let reason, let mayRetry):
      return .fallback(reason, mayRetry: mayRetry, reply)
    case .text(let content):
      if reply.filterWasDown, !endpoint.acceptsUnfiltered {
        return .fallback(.unfiltered, mayRetry: false, reply)
      }
      guard endpoint.accepts(model: reply.model) else {
        return .fallback(.modelMismatch, mayRetry: false, reply)
      }
      switch parser.read(content, acceptsBare: dialect.answersBare(endpoint)) {
      case .refused(let reason): return .fallback(reason, mayRetry: reason != .tooDeep, reply)
      case .label(let label, let isLenient):
        if let canary, canary.utf8.elementsEqual(label.utf8) {
          return .fallback(.manipulated, mayRetry: false, reply)
        }
        var ending = CallEnding.label(label, reply)
        if isLenient { ending.vendorCode = "lenient_fence" }
        if endpoint.confidence == .logprobs, !isLenient {
          let reader = ConfidenceReader(labels: parser.labels, isBoolean: parser.isBoolean)
          ending.confidence = reader.confidence(of: label, in: content, tokens: reply.tokens)
        }
        return ending
      }
    }
  }

  private func ending(ofStatus result: TransferResult, unixSeconds: Int64) -> CallEnding {
    let root = (try? ReplyJSON(result.body))?.root
    let codes = root.map(dialect.errorCodes) ?? []
    let code = codes.first
    let wait =
      RetryAfter.milliseconds(of: result, unixSeconds: unixSeconds)
      ?? root.flatMap(dialect.waitMilliseconds)
    switch result.status {
    case 300...399: return .fallback(.redirectRefused, mayRetry: false, code: code)
    case 401, 403: return .fallback(.auth, mayRetry: false, code: code)
    case 402: return .fallback(.quota, mayRetry: false, code: code)
    case 408, 409: return .fallback(.providerUnavailable, mayRetry: true, code: code)
    case 413: return .fallback(.inputTooLarge, mayRetry: false, code: code)
    case 429:
      let isUnpaid = codes.contains(where: ErrorCodes.unpaid.contains)
      var ending = CallEnding.fallback(
        isUnpaid ? .quota : .rateLimited, mayRetry: !isUnpaid, code: code)
      if !isUnpaid, let wait { ending.retry = .after(milliseconds: wait) }
      return ending
    case 400...499:
      if codes.contains(where: ErrorCodes.filtered.contains) {
        return .fallback(.safetyBlockInput, mayRetry: false, code: code)
      }
      if codes.contains(where: ErrorCodes.badKey.contains) {
        return .fallback(.auth, mayRetry: false, code: code)
      }
      let isTooLong = codes.contains(where: ErrorCodes.tooLong.contains)
      return .fallback(isTooLong ? .inputTooLarge : .requestRejected, mayRetry: false, code: code)
    case 500...599:
      var ending = CallEnding.fallback(.providerUnavailable, mayRetry: true, code: code)
      if let wait { ending.retry = .after(milliseconds: wait) }
      return ending
    default: return .fallback(.unexpectedStatus, mayRetry: true, code: code)
    }
  }
}

extension FallbackReason {
  /// Whether another endpoint of the alias may be asked: the one that failed was out of reach or out
  /// of order, and has not answered the question.
  var permitsFailOver: Bool {
    switch self {
    case .connect, .tls, .auth, .quota, .providerUnavailable, .rateLimited, .providerError,
      .connectionLost, .unframed, .protocolError, .notJSON, .unexpectedStatus, .redirectRefused,
      .requestRejected, .headersTooLarge, .timeoutFirstByte, .timeoutSlow:
      true
    default: false
    }
  }
}
