/// One answer of a model, or one failed try for it: what VERDICTS §5 asks to keep (LOG §1, `call`).
package struct CallRecord: Equatable, Sendable {
  package enum ConfidenceSource: String, Sendable {
    case constrained
    case rawRenormalised = "raw_renormalised"
    case votes
    case selfReport = "self_report"
    case none
  }

  /// From 1.
  package var attempt: Int
  package var confidence: Double?
  /// Billionths of the guard's currency.
  package var cost: Int64?
  /// Curl's result code, where curl failed.
  package var curl: Int?
  /// Wall clock, microseconds.
  package var ended: Instant
  /// Name of the endpoint in the configuration.
  package var endpoint: String
  package var fingerprint: String?
  /// The dialect's end state, as sent.
  package var finish: String?
  package var firstByte: Instant?
  /// What it answered, if it answered one of the labels.
  package var label: String?
  /// As returned.
  package var model: String?
  package var offSchema: Double?
  /// The request's body as sent (sealed).
  package var question: SealedBytes?
  /// The reply's body, capped (sealed).
  package var reply: SealedBytes?
  package var requestID: String?
  /// The model asked for.
  package var requested: String
  /// The firing whose label this is: no call was made, its input was the same.
  package var reused: FiringID?
  /// Where the confidence comes from.
  package var source: ConfidenceSource
  package var started: Instant
  /// Of HTTP.
  package var status: Int?
  package var tier: String?
  package var tokensIn: Int64?
  package var tokensOut: Int64?
  /// Category of a refusal, code of a filter or error, as the vendor names it.
  package var vendorCode: String?

  package init(
    attempt: Int, endpoint: String, requested: String, started: Instant, ended: Instant,
    source: ConfidenceSource = .none
  ) {
    self.attempt = attempt
    self.endpoint = endpoint
    self.requested = requested
    self.started = started
    self.ended = ended
    self.source = source
  }
}

/// How a question to a model ended.
package enum Verdict: Hashable, Sendable {
  /// `true`, `false` or one of the prompt's labels.
  case label(String)
  case fallback(FallbackReason)
}

/// Why a question ended in fallback. Closed; version 1 (CONFIG §2).
package enum FallbackReason: String, CaseIterable, Sendable {
  case notStrictJSONFence = "not_strict_json.fence"
  case notStrictJSONProse = "not_strict_json.prose"
  case notStrictJSONTrailing = "not_strict_json.trailing"
  case notStrictJSONSyntax = "not_strict_json.syntax"
  case notStrictJSONBare = "not_strict_json.bare"
  case schemaType = "schema.type"
  case schemaExtraKey = "schema.extra_key"
  case schemaMissingKey = "schema.missing_key"
  case schemaDuplicateKey = "schema.duplicate_key"
  case schemaUnknownLabel = "schema.unknown_label"
  case badEncoding = "bad_encoding"
  case tooDeep = "too_deep"
  case empty
  case truncated
  case refusal
  case safetyBlockInput = "safety_block.input"
  case safetyBlockOutput = "safety_block.output"
  case unfiltered
  case unexpectedTool = "unexpected_tool"
  case notFinal = "not_final"
  case unknownEndState = "unknown_end_state"
  case ambiguous
  case modelMismatch = "model_mismatch"
  case providerError = "provider_error"
  case notJSON = "not_json"
  case unexpectedStatus = "unexpected_status"
  case redirectRefused = "redirect_refused"
  case requestRejected = "request_rejected"
  case auth
  case quota
  case providerUnavailable = "provider_unavailable"
  case inputTooLarge = "input_too_large"
  case rateLimited = "rate_limited"
  case connect
  case tls
  case timeoutFirstByte = "timeout.first_byte"
  case timeoutSlow = "timeout.slow"
  case timeoutTotal = "timeout.total"
  case connectionLost = "connection_lost"
  case unframed
  case bodyTooLarge = "body_too_large"
  case headersTooLarge = "headers_too_large"
  case protocolError = "protocol"
  case interrupted
  case disagreement
  case lowConfidence = "low_confidence"
  case manipulated
  case breakerOpen = "breaker_open"
  case budget
  case paused
  case erased
}

/// How an attempt of an action ended (CONFIG §1, "Outcome of an HTTP action").
package enum ActionOutcome: Sendable {
  case ok(Cargo)
  /// `code` is of the action's closed enumeration; `error` is audit-only text.
  case failed(code: String, retry: Bool, happened: Happened, error: String?)

  /// Whether the effect may have taken place.
  package enum Happened: String, Sendable { case no, maybe }
}
