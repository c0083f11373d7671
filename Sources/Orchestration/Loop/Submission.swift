package import Engine

/// A command from outside, with its idempotency key if it has one.
package struct Submission: Sendable {
  package var command: Command
  package var key: RequestKey?

  package init(_ command: Command, key: RequestKey? = nil) {
    self.command = command
    self.key = key
  }
}

/// What a submission came to; what it says is on disk.
package struct Submitted: Sendable, Equatable {
  package var reply: Reply
  /// The idempotency key was seen before: the answer is the first one's.
  package var isReplay: Bool

  package init(_ reply: Reply, isReplay: Bool = false) {
    self.reply = reply
    self.isReplay = isReplay
  }
}

/// Why a submission was not taken. Nothing of it is on disk, but for `keyReused`, whose first use is.
package enum SubmissionError: Error, Sendable, Equatable {
  /// As many requests wait as `limits.inbox` allows.
  case inboxFull
  /// The service is stopping.
  case draining
  /// The log cannot be written now; retry with the same key.
  case storeUnavailable
  /// The idempotency key was used with another body.
  case keyReused
  /// The request was taken before, and what it led to has left the log by age.
  case answerPruned
}

package typealias SubmissionResult = Result<Submitted, SubmissionError>

/// What the engine's thread takes out of its inbox.
enum LoopItem: Sendable {
  /// Taken together, in one commit, each answered by itself.
  case submit([Submission], answer: @Sendable ([SubmissionResult]) -> Void)
  /// The result of an effect; never dropped.
  case report(Command)
  /// Looks at the state between two groups; called with nil when there is no state to look at.
  case look(@Sendable (Machine?) -> Void)
  /// Where the service answers; written beside the log.
  case announce(url: String)
}

extension Command {
  /// The same command under this request identity, where its rows can carry one.
  func identified(as identity: RequestIdentity) -> Command {
    switch self {
    case .start(var command):
      command.request = identity
      return .start(command)
    case .depositMessage(var command):
      command.request = identity
      return .depositMessage(command)
    case .deposit(var command):
      command.request = identity
      return .deposit(command)
    case .withdraw(var command):
      command.request = identity
      return .withdraw(command)
    case .cancel(var command):
      command.request = identity
      return .cancel(command)
    case .terminate(var command):
      command.request = identity
      return .terminate(command)
    case .migrate(var command):
      command.request = identity
      return .migrate(command)
    case .answer(var command):
      command.request = identity
      return .answer(command)
    case .settle(var command):
      command.request = identity
      return .settle(command)
    case .label(var command):
      command.request = identity
      return .label(command)
    case .register(var command):
      command.request = identity
      return .register(command)
    case .activate(var command):
      command.request = identity
      return .activate(command)
    case .erase(var command):
      command.request = identity
      return .erase(command)
    case .startOwner, .useGuards, .claim, .release, .recordCall, .recordVerdict, .endAttempt,
      .resolveIncident, .pause, .resume, .completeErasure, .recordSnapshot, .openRequestSlot,
      .closeRequestSlot, .prune, .expire, .tick:
      return self
    }
  }
}

extension Reply {
  /// The answer that was given when `row` was written (LOG §1, "Same request again").
  init(repeating row: LoggedEvent) {
    switch row.event {
    case .caseOpened:
      self = .started(row.caseID ?? CaseID(row.seq), event: row.seq, joined: false)
    case .startJoined:
      self = .started(row.caseID ?? CaseID(row.seq), event: row.seq, joined: true)
    case .tokenDeposited where row.caseID != nil:
      self = .ending(row.caseID ?? CaseID(row.seq), event: row.seq)
    case .tokenDeposited:
      self = .deposited(TokenID(row.seq, 0), event: row.seq, repeated: false)
    case .messageRepeated(let event):
      self = .deposited(TokenID(event.first, 0), event: row.seq, repeated: true)
    case .taskAnswered:
      self = .answered(FiringID(row.seq), event: row.seq)
    case .caseClosed:
      self = .ending(row.caseID ?? CaseID(row.seq), event: row.seq)
    case .commandRefused(let event):
      self = .refused(Refusal(event.command, event.reason, of: event.of), event: row.seq)
    default:
      self = .done(event: row.seq)
    }
  }
}
