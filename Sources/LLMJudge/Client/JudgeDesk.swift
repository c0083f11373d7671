internal import Engine
internal import Orchestration
internal import Transfer

/// The judge's state and what moves it.
///
/// Unchecked: everything mutable is touched on the loop's thread only.
final class JudgeDesk: @unchecked Sendable {
  private let loop: CurlLoop
  private let surroundings: LLMJudge.Surroundings
  private var guards = PreparedGuards()
  private var open: [FiringID: [Inquiry]] = [:]
  /// Called when no verdict of a firing is awaited any more.
  private let forget: @Sendable (FiringID) -> Void

  init(
    loop: CurlLoop, surroundings: LLMJudge.Surroundings,
    forget: @escaping @Sendable (FiringID) -> Void
  ) {
    self.loop = loop
    self.surroundings = surroundings
    self.forget = forget
  }

  /// Begins to ask the endpoints of one alias.
  func ask(
    _ question: Question, lines: [EndpointLine], progress: ProgressCell,
    report: @escaping @Sendable (JudgeReport) -> Void
  ) {
    if question.values.contains(where: \.holdsErased) {
      forget(question.firing)
      return report(.verdict(.fallback(.erased), nil))
    }
    let left = question.deadline.microseconds - surroundings.now().microseconds
    let inquiry = Inquiry(
      question: question, preparation: guards.preparation(of: question.prompt), lines: lines,
      deadline: .now().advanced(byMicroseconds: left), progress: progress, report: report)
    open[question.firing, default: []].append(inquiry)
    watch(inquiry)
    if left > 0 { enqueue(inquiry) }
  }

  /// Nobody waits for the firing's verdict any more; a call under way goes on for the record.
  func abandon(_ firing: FiringID) {
    for inquiry in open[firing] ?? [] { close(inquiry) }
  }

  private func watch(_ inquiry: Inquiry) {
    loop.perform(at: inquiry.deadline) { [weak self] in self?.reachDeadline(inquiry) }
    let report = inquiry.deadline.advanced(
      byMilliseconds: surroundings.deadlineReportMilliseconds)
    loop.perform(at: report) { [weak self] in
      guard let self, inquiry.isOpen else { return }
      close(inquiry)
      inquiry.report(.verdict(.fallback(inquiry.reasonAtDeadline), nil))
    }
  }

  private func reachDeadline(_ inquiry: Inquiry) {
    guard inquiry.isOpen else { return }
    if let call = inquiry.call {
      let hasBegun = call.handle.map { $0.progress != .waiting } ?? false
      inquiry.reasonAtDeadline = hasBegun ? .timeoutTotal : .timeoutFirstByte
      linger(call)
    } else if inquiry.attempts > 0 {
      inquiry.reasonAtDeadline = .timeoutFirstByte
    }
  }

  private func enqueue(_ inquiry: Inquiry) {
    guard inquiry.isOpen, .now() < inquiry.deadline else { return }
    if inquiry.line.hasRoom { return launch(inquiry) }
    inquiry.state = .queued
    if inquiry.attempts > 0 { inquiry.progress.queueAgain() }
    inquiry.line.queue(inquiry)
  }

  private func launch(_ inquiry: Inquiry) {
    let line = inquiry.line
    inquiry.state = .calling
    inquiry.attempts += 1
    inquiry.attemptsHere += 1
    line.enter()
    let prompt = inquiry.preparation.rendering.render(
      inquiry.question.values, nonce: surroundings.nonce())
    let call = Call(
      attempt: inquiry.attempts, line: line, question: line.body(prompt),
      started: surroundings.now())
    inquiry.call = call
    let request = line.request(call.question, deadline: inquiry.deadline)
    let handle = loop.start(request) { [weak self] in self?.finish(inquiry, call, $0) }
    call.handle = handle
    inquiry.progress.call(handle)
  }

  private func linger(_ call: Call) {
    guard !call.isLingering else { return }
    if let oldest = call.line.linger(call) {
      oldest.isCut = true
      oldest.handle?.cancel()
    }
    startNext(call.line)
  }

  private func startNext(_ line: EndpointLine) {
    while let next = line.next() {
      if .now() < next.deadline { launch(next) }
    }
  }

  private func close(_ inquiry: Inquiry) {
    guard inquiry.isOpen else { return }
    inquiry.isOpen = false
    let firing = inquiry.question.firing
    open[firing]?.removeAll { $0 === inquiry }
    if open[firing]?.isEmpty != false {
      open[firing] = nil
      forget(firing)
    }
    if let call = inquiry.call { linger(call) }
  }
}

extension JudgeDesk {
  private func finish(_ inquiry: Inquiry, _ call: Call, _ result: TransferResult) {
    call.line.leave(call)
    inquiry.call = nil
    inquiry.progress.rest()
    // The loop is stopping: the question stays open and is asked again after the restart.
    if result.failure == .cancelled, !call.isCut { return }
    let now = surroundings.now()
    let ending = CallReader(
      dialect: call.line.dialect, endpoint: call.line.configuration,
      parser: inquiry.preparation.parser, canary: inquiry.question.prompt.canary
    ).ending(of: result, unixSeconds: now.microseconds / 1_000_000)
    let record = CallRecord(
      attempt: call.attempt, endpoint: call.line.configuration, question: call.question,
      result: result, ending: ending, started: call.started)
    if inquiry.isOpen, now < inquiry.question.deadline {
      decide(inquiry, ending, record)
    } else {
      inquiry.report(.call(record, ending.reason))
    }
    startNext(call.line)
  }

  private func decide(_ inquiry: Inquiry, _ ending: CallEnding, _ record: CallRecord) {
    guard let reason = ending.reason else {
      close(inquiry)
      return inquiry.report(.verdict(ending.verdict, record))
    }
    if let instant = nextAttempt(inquiry, ending.retry) {
      inquiry.state = .waiting
      inquiry.report(.call(record, reason))
      loop.perform(at: instant) { [weak self] in self?.enqueue(inquiry) }
    } else if reason.permitsFailOver, inquiry.failOver() {
      inquiry.report(.call(record, reason))
      enqueue(inquiry)
    } else {
      close(inquiry)
      inquiry.report(.verdict(.fallback(reason), record))
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
