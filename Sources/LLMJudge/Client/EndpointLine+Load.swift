internal import CEL
internal import Engine
internal import PetriNet
internal import Transfer

/// What waits for the endpoint and what is at it; on the loop's thread only.
extension EndpointLine {
  enum Step {
    case begin(Turn)
    case refuse(Turn, CallScheduler<Turn>.Refusal)
    case wait(until: MonotonicInstant)
    case idle
  }

  func join(_ turn: Turn) {
    let tokens = estimate(of: turn.inquiry)
    let workflow = turn.inquiry.question.workflow.text
    scheduler.join(
      turn, flow: workflow, weight: shares[workflow] ?? 1, tokens: tokens)
  }

  func next(at now: MonotonicInstant, wall: Instant) -> Step {
    let step = scheduler.next(at: now.microseconds, day: wall.day) {
      $0.inquiry.isOpen && now < $0.inquiry.deadline
    }
    return switch step {
    case .begin(let turn): .begin(turn)
    case .refuse(let turn, let refusal): .refuse(turn, refusal)
    case .wait(let until): .wait(until: MonotonicInstant(nanoseconds: until * 1_000))
    case .idle: .idle
    }
  }

  /// Whether an alarm must be set: none is, or a later one.
  func wakes(at instant: MonotonicInstant) -> Bool {
    if let alarm, alarm <= instant { return false }
    alarm = instant
    return true
  }

  func wake() { alarm = nil }

  /// A turn that came too late: no call was made.
  func giveBack(_ turn: Turn, at now: MonotonicInstant) {
    scheduler.giveBack(tokens: estimate(of: turn.inquiry), at: now.microseconds)
  }

  /// The call goes on without counting, since nobody waits for it any more. Those kept so are not
  /// more than may run: the oldest is given back to be cut.
  func linger(_ call: Call) -> Call? {
    scheduler.release()
    call.isLingering = true
    lingering.append(call)
    return lingering.count > configuration.concurrency ? lingering.removeFirst() : nil
  }

  func leave(_ call: Call) {
    if call.isLingering {
      lingering.removeAll { $0 === call }
    } else {
      scheduler.release()
    }
  }

  /// Tells the breaker of a call, once.
  func judge(_ call: Call, _ end: CallScheduler<Turn>.End, at now: MonotonicInstant) {
    guard !call.isJudged else { return }
    call.isJudged = true
    scheduler.end(end, at: now.microseconds)
  }

  /// Counts what a call used and cost.
  func count(_ call: Call, _ record: CallRecord, at now: MonotonicInstant, wall: Instant) {
    let input = min(max(0, record.tokensIn ?? 0), 1 << 40)
    let output = min(max(0, record.tokensOut ?? 0), 1 << 40)
    let used = record.tokensIn == nil ? call.tokens : input + output
    scheduler.count(
      tokens: used - call.tokens, cost: record.cost ?? 0, at: now.microseconds, day: wall.day)
  }

  /// What a question will use, roughly; 0 where tokens are not limited.
  func estimate(of inquiry: Inquiry) -> Int64 {
    let isShared = quota?.gauge.gauge.limits.tokensAMinute != nil
    guard configuration.tokensAMinute != nil || isShared else { return 0 }
    let question = inquiry.question
    let bytes = question.values.reduce(question.prompt.text.count) { $0 + $1.roughBytes }
    return Int64(bytes / 3 + configuration.tokensMax)
  }
}

extension EndpointLine {
  /// Whether the endpoint is to be asked this prompt: it has not refused it again and again.
  func admits(_ prompt: Prompt, at now: MonotonicInstant) -> Bool {
    guard !refusedPrompts.isEmpty else { return true }
    return refusedPrompts[prompt.text]?.permits(at: now.microseconds) ?? true
  }

  /// Remembers that the endpoint refused a prompt, or took it.
  func note(_ ending: CallEnding, of prompt: Prompt, at now: MonotonicInstant) {
    let isRefused = ending.reason == .requestRejected
    guard isRefused || !refusedPrompts.isEmpty else { return }
    guard isRefused || refusedPrompts[prompt.text] != nil else { return }
    if refusedPrompts.count > 256 { refusedPrompts = [:] }
    var known = refusedPrompts[prompt.text] ?? Breaker(breaker)
    if ending.reason == .interrupted {
      known.drop()
    } else {
      _ = known.end(failed: isRefused, at: now.microseconds)
    }
    refusedPrompts[prompt.text] = known
  }
}

extension MonotonicInstant {
  var microseconds: Int64 { nanoseconds / 1_000 }
}

extension Instant {
  /// Since 1970, in UTC.
  fileprivate var day: Int64 { microseconds / 86_400_000_000 }
}

extension Value {
  /// About as many as its JSON has.
  fileprivate var roughBytes: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .list(let items): items.reduce(2) { $0 + $1.roughBytes }
    case .record(let record): record.fields.reduce(2) { $0 + 16 + $1.roughBytes }
    case .map(let map): map.entries.reduce(2) { $0 + 16 + $1.value.roughBytes }
    case .optional(.some(let wrapped)): wrapped.roughBytes
    default: 16
    }
  }
}
