internal import Engine
internal import Orchestration
internal import Synchronization
internal import Transfer

/// One request of an inquiry.
///
/// Unchecked: touched on the loop's thread only.
final class Call: @unchecked Sendable {
  let attempt: Int
  let line: EndpointLine
  let question: [UInt8]
  let started: Instant
  /// Tokens it was taken for when it began.
  let tokens: Int64
  var handle: TransferHandle?
  /// Its inquiry is decided, abandoned or over; it is kept for a late answer.
  var isLingering = false
  /// Cut by the judge: another call has decided, or to make room.
  var isCut = false
  /// Whether its endpoint's breaker has been told of it.
  var isJudged = false

  init(attempt: Int, line: EndpointLine, question: [UInt8], started: Instant, tokens: Int64) {
    self.attempt = attempt
    self.line = line
    self.question = question
    self.started = started
    self.tokens = tokens
  }
}

/// How far an inquiry is, for any thread.
final class ProgressCell: Sendable {
  private enum State {
    case idle
    /// Waits for its turn, with an attempt behind it.
    case queuedAgain
    case calling([TransferHandle])
  }

  private let state = Mutex(State.idle)

  func rest() { state.withLock { $0 = .idle } }

  func queueAgain() { state.withLock { $0 = .queuedAgain } }

  func call(_ handles: [TransferHandle]) { state.withLock { $0 = .calling(handles) } }

  var progress: JudgeProgress {
    state.withLock { state in
      switch state {
      case .idle: .idle
      case .queuedAgain: .waiting
      case .calling(let handles):
        handles.contains { $0.progress != .waiting } ? .receiving : .waiting
      }
    }
  }
}
