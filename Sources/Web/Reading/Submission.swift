import Engine
import Orchestration

/// A command from outside, with its idempotency key if it has one.
struct Submission: Sendable {
  var command: Command
  var key: RequestKey?

  init(_ command: Command, key: RequestKey? = nil) {
    self.command = command
    self.key = key
  }
}

/// What a submission came to; what it says is on disk.
struct Submitted: Sendable, Equatable {
  var reply: Reply
  /// The idempotency key was seen before: the answer is the first one's.
  var isReplay: Bool

  init(_ reply: Reply, isReplay: Bool = false) {
    self.reply = reply
    self.isReplay = isReplay
  }
}

/// Why a submission was not taken. Nothing of it is on disk, but for `keyReused`, whose first use is.
enum SubmissionError: Error, Sendable, Equatable {
  /// As many requests wait as `limits.inbox` allows.
  case inboxFull
  /// The service is stopping.
  case draining
  /// The log cannot be written now; retry with the same key.
  case storeUnavailable
  /// The idempotency key was used with another body.
  case keyReused
}

typealias SubmissionResult = Result<Submitted, SubmissionError>
