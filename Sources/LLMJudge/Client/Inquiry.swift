internal import Engine
internal import Orchestration
internal import Synchronization
internal import Transfer

/// One question on its way through the endpoints of one alias.
///
/// Unchecked: touched on the loop's thread only; `progress` alone is read from elsewhere.
final class Inquiry: @unchecked Sendable {
  enum State { case begun, queued, calling, waiting }

  let question: Question
  let preparation: PreparedGuard
  /// Of the alias, in order of fail-over; never empty.
  let lines: [EndpointLine]
  let deadline: MonotonicInstant
  let progress: ProgressCell
  let report: @Sendable (JudgeReport) -> Void

  var state = State.begun
  /// Whether its verdict is still awaited.
  var isOpen = true
  var call: Call?
  /// Attempts begun, over all endpoints.
  var attempts = 0
  /// Attempts begun at the present endpoint.
  var attemptsHere = 0
  /// What its fallback is when the clock decides; set at the deadline.
  var reasonAtDeadline = FallbackReason.timeoutTotal
  private var index = 0

  init(
    question: Question, preparation: PreparedGuard, lines: [EndpointLine],
    deadline: MonotonicInstant, progress: ProgressCell,
    report: @escaping @Sendable (JudgeReport) -> Void
  ) {
    self.question = question
    self.preparation = preparation
    self.lines = lines
    self.deadline = deadline
    self.progress = progress
    self.report = report
  }

  var line: EndpointLine { lines[index] }

  /// Turns to the next endpoint; false if there is none.
  func failOver() -> Bool {
    guard index + 1 < lines.count else { return false }
    index += 1
    attemptsHere = 0
    return true
  }
}

/// One request of an inquiry.
///
/// Unchecked: touched on the loop's thread only.
final class Call: @unchecked Sendable {
  let attempt: Int
  let line: EndpointLine
  let question: [UInt8]
  let started: Instant
  var handle: TransferHandle?
  /// Its inquiry is decided, abandoned or over; it is kept for a late answer.
  var isLingering = false
  /// Cut by the judge, to make room.
  var isCut = false

  init(attempt: Int, line: EndpointLine, question: [UInt8], started: Instant) {
    self.attempt = attempt
    self.line = line
    self.question = question
    self.started = started
  }
}

/// How far an inquiry is, for any thread.
final class ProgressCell: Sendable {
  private enum State {
    case idle
    /// Waits for its turn, with an attempt behind it.
    case queuedAgain
    case calling(TransferHandle)
  }

  private let state = Mutex(State.idle)

  func rest() { state.withLock { $0 = .idle } }

  func queueAgain() { state.withLock { $0 = .queuedAgain } }

  func call(_ handle: TransferHandle) { state.withLock { $0 = .calling(handle) } }

  var progress: JudgeProgress {
    state.withLock { state in
      switch state {
      case .idle: .idle
      case .queuedAgain: .waiting
      case .calling(let handle): handle.progress == .waiting ? .waiting : .receiving
      }
    }
  }
}
