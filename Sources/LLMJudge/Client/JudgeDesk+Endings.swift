internal import Engine
internal import Orchestration
internal import Transfer

extension JudgeDesk {
  /// Takes what became of a call.
  func finish(_ inquiry: Inquiry, _ call: Call, _ result: TransferResult) {
    let line = call.line
    defer { noteReported() }
    line.leave(call)
    inquiry.calls.removeAll { $0 === call }
    if inquiry.calls.isEmpty {
      inquiry.progress.rest()
    } else {
      inquiry.progress.call(inquiry.calls.compactMap(\.handle))
    }
    // The loop is stopping: the question stays open and is asked again after the restart.
    if result.failure == .cancelled, !call.isCut { return }
    let now = surroundings.now()
    let ending = CallReader(
      dialect: line.dialect, endpoint: line.configuration,
      parser: inquiry.preparation.parser, canary: inquiry.question.prompt.canary
    ).ending(of: result, unixSeconds: now.microseconds / 1_000_000)
    let record = CallRecord(
      attempt: call.attempt, endpoint: line.configuration, question: call.question,
      result: result, ending: ending, started: call.started)
    line.judge(call, Self.end(of: ending), at: .now())
    line.count(call, record, at: .now(), wall: now)
    line.note(ending, of: inquiry.question.prompt, at: .now())
    line.noteEnd(ending, record, at: .now())
    if let skew = result.clockSkew(started: call.started.microseconds) { line.noteSkew(skew) }
    if inquiry.isOpen, now < inquiry.question.deadline {
      decide(inquiry, ending, record)
    } else {
      inquiry.report(.call(record, ending.reason))
    }
    pump(line)
  }

  /// What an ending says of the endpoint.
  private static func end(of ending: CallEnding) -> CallScheduler<Turn>.End {
    switch ending.reason {
    case nil: .answered
    case .interrupted: .dropped
    case let reason? where reason.isOfEndpoint: .failed
    default: .answered
    }
  }

  private func decide(_ inquiry: Inquiry, _ ending: CallEnding, _ record: CallRecord) {
    guard let reason = ending.reason else {
      return conclude(inquiry, ending.verdict, record)
    }
    // Its twin may still answer; that one decides then.
    guard inquiry.calls.isEmpty else { return inquiry.report(.call(record, reason)) }
    if inquiry.isShadow { return conclude(inquiry, ending.verdict, record) }
    if let instant = nextAttempt(inquiry, ending.retry) {
      inquiry.report(.call(record, reason))
      wait(inquiry, until: instant)
    } else if reason.permitsFailOver, inquiry.failOver() {
      inquiry.report(.call(record, reason))
      enqueue(inquiry)
    } else {
      conclude(inquiry, .fallback(reason), record)
    }
  }

  /// An endpoint takes no call: the next one is asked, or there is none.
  func refuse(_ inquiry: Inquiry, _ reason: FallbackReason) {
    guard inquiry.calls.isEmpty else { return }
    if inquiry.failOver() {
      enqueue(inquiry)
    } else {
      conclude(inquiry, .fallback(reason), nil)
    }
  }

  /// When to try once more; nil if that is not allowed or could not be in time.
  private func nextAttempt(
    _ inquiry: Inquiry, _ retry: CallEnding.Retry
  ) -> MonotonicInstant? {
    let configuration = inquiry.line.configuration
    guard inquiry.attemptsHere < configuration.attempts else { return nil }
    let microseconds: Int64
    switch retry {
    case .never: return nil
    case .after(let milliseconds): microseconds = milliseconds * 1_000
    case .afterBackoff:
      microseconds = configuration.backoff.microseconds(
        after: inquiry.attemptsHere, firing: inquiry.question.firingText)
    }
    let instant = MonotonicInstant.now().advanced(byMicroseconds: microseconds)
    return instant < inquiry.deadline ? instant : nil
  }
}

extension CallEnding {
  /// nil for a label.
  var reason: FallbackReason? {
    guard case .fallback(let reason) = verdict else { return nil }
    return reason
  }
}

extension FallbackReason {
  /// Whether the endpoint is out of order or out of reach, whatever it is asked.
  var isOfEndpoint: Bool {
    switch self {
    case .connect, .tls, .auth, .quota, .providerUnavailable, .providerError, .connectionLost,
      .unframed, .protocolError, .notJSON, .unexpectedStatus, .redirectRefused, .headersTooLarge,
      .timeoutFirstByte, .timeoutSlow, .timeoutTotal:
      true
    default: false
    }
  }
}
