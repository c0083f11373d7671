/// Error codes of vendors by what they mean for a question. As compared in 2026-11.
enum ErrorCodes {
  /// Nobody pays: no attempt will pass until somebody does.
  static let unpaid: Set<String> = [
    "billing_hard_limit_reached", "credit_balance_exhausted", "enforced_spend_limit_reached",
    "insufficient_quota", "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded", "project_spend_limit_exceeded",
  ]

  /// The question itself was blocked.
  static let filtered: Set<String> = [
    "content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation",
  ]

  /// The key is not one of the vendor's, told with another status than 401.
  static let badKey: Set<String> = ["API_KEY_INVALID", "API_KEY_EXPIRED", "invalid_api_key"]

  static let tooLong: Set<String> = [
    "context_length_exceeded", "exceed_context_size_error", "request_too_large",
    "string_above_max_length",
  ]

  /// Whether an error inside a reply with status 200 may be gone with the next attempt.
  static func mayPass(_ code: String) -> Bool {
    if let status = Int(code) {
      return status == 408 || status == 409 || status == 429 || (500...599).contains(status)
    }
    return transient.contains(code)
  }

  private static let transient: Set<String> = [
    "api_error", "engine_overloaded", "internal_error", "overloaded", "overloaded_error",
    "rate_limit_error", "rate_limit_exceeded", "server_error", "service_unavailable", "timeout",
    "timeout_error", "DEADLINE_EXCEEDED", "INTERNAL", "RESOURCE_EXHAUSTED", "UNAVAILABLE",
  ]
}
