internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Transfer

/// What the end of a transfer means for an attempt (CONFIG §1, "Outcome of an HTTP action").
struct ActionReply {
  /// Unicode scalars of another system's message that are kept for the audit.
  static let messageMax = 500

  let result: TransferResult
  /// The wall clock, for dates of Retry-After.
  let unixSeconds: Int64

  /// The outcome of a bound action.
  func outcome(of action: PreparedAction, returns: ColourSet) -> PerformedAttempt {
    if let failure = result.failure { return outcome(of: failure) }
    let body = try? JSONText.parse(result.body)
    if let rule = action.errors.first(where: { $0.fits(status: result.status, body: body) }) {
      return failed(
        rule.rule.code, retry: rule.rule.retry,
        happened: rule.rule.mayHaveHappened ? .maybe : .no)
    }
    guard action.binding.ok.contains(result.status) else { return outcomeOfStatus() }
    switch value(action.binding, body, returns) {
    case .success(let value): return .ok(value)
    case .failure(let mistake):
      return failed("bad_reply", retry: false, happened: .maybe, message: mistake.message)
    }
  }

  private struct Mistake: Error {
    var message: String
  }

  private func value(
    _ binding: ActionBinding, _ body: JSONText.Node?, _ returns: ColourSet
  ) -> Result<Value, Mistake> {
    switch binding.result {
    case .status: return .success(.null)
    case .bytes:
      guard case .bytes = returns else {
        return .failure(Mistake(message: "this version stores no blobs"))
      }
      return .success(.bytes(result.body))
    case .text:
      guard let text = String(validating: result.body, as: UTF8.self) else {
        return .failure(Mistake(message: "the body is not UTF-8"))
      }
      return .success(.string(text))
    case .body:
      if returns == .unit { return .success(.null) }
      guard let body else { return .failure(Mistake(message: "the body is not JSON")) }
      return read(body, returns, refusesExtra: binding.refusesExtra)
    case .pointers(let fields):
      guard let body else { return .failure(Mistake(message: "the body is not JSON")) }
      let members = fields.compactMap { field in
        body.value(at: field.text).map { JSONText.Member(field.name, $0) }
      }
      return read(.object(members), returns, refusesExtra: true)
    }
  }

  private func read(
    _ node: JSONText.Node, _ returns: ColourSet, refusesExtra: Bool
  ) -> Result<Value, Mistake> {
    let (value, problems) = ValueReading.value(
      of: node, in: returns, options: .init(ignoresUnknownFields: !refusesExtra))
    if let value { return .success(value) }
    return .failure(Mistake(message: problems.map(\.message).joined(separator: "; ")))
  }
}

extension ActionReply {
  /// What has no meaning of its own in the binding.
  func outcome(of failure: TransferFailure) -> PerformedAttempt {
    let happened: ActionOutcome.Happened = result.wasSent ? .maybe : .no
    let message = "no reply: \(failure.rawValue), libcurl \(result.curl)"
    switch failure {
    case .badRequest:
      return failed("bad_request", retry: false, happened: .no, message: message)
    case .connect, .addressRefused, .tls:
      return failed("unavailable", retry: true, happened: .no, message: message)
    case .timeoutFirstByte, .timeoutSlow, .timeoutTotal:
      return failed("timeout", retry: true, happened: happened, message: message)
    case .connectionLost, .noFinalResponse, .unframed, .protocolError:
      return failed("unavailable", retry: true, happened: happened, message: message)
    case .bodyTooLarge, .headersTooLarge:
      return failed("too_large", retry: false, happened: happened, message: message)
    case .cancelled:
      return failed("interrupted", retry: true, happened: happened, message: message)
    }
  }

  /// A status that is neither a success nor in the errors of the binding.
  func outcomeOfStatus() -> PerformedAttempt {
    switch result.status {
    case 429: failed("rate_limited", retry: true, happened: .no)
    case 503 where wait != nil: failed("unavailable", retry: true, happened: .no)
    case 408: failed("timeout", retry: true, happened: .maybe)
    case 425, 500...599: failed("unavailable", retry: true, happened: .maybe)
    case 401, 403: failed("unauthorised", retry: false, happened: .no)
    case 300...399: failed("redirect_refused", retry: false, happened: .no)
    case 400...499: failed("rejected", retry: false, happened: .no)
    default: failed("bad_reply", retry: false, happened: .maybe)
    }
  }

  private var wait: Int64? { RetryAfter.milliseconds(of: result, unixSeconds: unixSeconds) }

  private func failed(
    _ code: String, retry: Bool, happened: ActionOutcome.Happened, message: String? = nil
  ) -> PerformedAttempt {
    .failed(
      code: code, retry: retry, happened: happened, error: message ?? statusMessage,
      retryAfterMicroseconds: result.failure == nil ? wait.map { $0 * 1_000 } : nil)
  }

  /// The status and the beginning of what was said with it.
  private var statusMessage: String {
    let said = String(decoding: result.body.prefix(4 * Self.messageMax), as: UTF8.self)
    let scalars = said.unicodeScalars.filter { $0 != "\0" }.prefix(Self.messageMax)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return text.isEmpty ? "HTTP \(result.status)" : "HTTP \(result.status): \(String(text))"
  }
}
