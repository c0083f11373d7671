import CEL
import Engine

extension LoggedEvent {
  /// About how many bytes the row takes with its payloads: what the bytes of a group are counted by.
  ///
  /// Contents count by their length, everything else by a constant; escapes and base64 are not
  /// looked at, so that it costs next to nothing.
  var bytesAbout: Int { Self.frameBytes + event.contentBytes }

  /// Numbers, names, hash and index entries of a row without contents.
  private static let frameBytes = 256
}

extension Event {
  fileprivate var contentBytes: Int {
    switch self {
    case .caseOpened(let event): event.tokens.bytes + event.input.bytes
    case .caseMigrated(let event): event.tokens.bytes + event.input.bytes + event.why.bytes
    case .fired(let event): event.tokens.bytes
    case .callRecorded(let event): event.call.bytes
    case .verdictRecorded(let event): (event.call?.bytes ?? 0) + event.tokens.bytes
    case .firingStarted(let event): event.with.bytes
    case .attemptFailed(let event): event.error.bytes
    case .firingCompleted(let event): event.result.bytes + event.error.bytes + event.tokens.bytes
    case .lateOutcomeRecorded(let event): event.result.bytes + event.error.bytes
    case .childEnded(let event): event.result.bytes + event.tokens.bytes
    case .firingSettled(let event): event.tokens.bytes + event.why.bytes
    case .taskAnswered(let event): event.answer.bytes + event.note.bytes + event.tokens.bytes
    case .tokenDeposited(let event): event.tokens.bytes + event.why.bytes
    case .placeFilled(let event): event.tokens.bytes
    case .scheduleFired(let event): event.tokens.bytes
    case .tokenReceived(let event): event.tokens.bytes
    default: 0
    }
  }
}

extension [MadeToken]? {
  fileprivate var bytes: Int { self?.bytes ?? 0 }
}

extension [MadeToken] {
  fileprivate var bytes: Int {
    reduce(0) { sum, token in
      let content =
        if case .value(let cargo) = token.content { cargo.bytes } else { 0 }
      return sum + 64 + content
    }
  }
}

extension Cargo? {
  fileprivate var bytes: Int { self?.bytes ?? 0 }
}

extension Cargo {
  fileprivate var bytes: Int {
    switch self {
    case .value(let value): value.bytes
    case .text(let text): text.count
    }
  }
}

extension SealedText? {
  fileprivate var bytes: Int { self?.text.utf8.count ?? 0 }
}

extension CallRecord {
  fileprivate var bytes: Int { (question?.bytes.count ?? 0) + (reply?.bytes.count ?? 0) + 256 }
}

extension Value {
  fileprivate var bytes: Int {
    switch self {
    case .string(let string): string.utf8.count
    case .bytes(let bytes): bytes.count
    case .list(let values): values.reduce(8) { $0 + $1.bytes }
    case .map(let map):
      map.entries.reduce(8) { sum, entry in
        guard case .string(let key) = entry.key else { return sum }
        return sum + key.utf8.count + entry.value.bytes
      }
    case .record(let record): record.fields.reduce(8) { $0 + $1.bytes + 16 }
    case .optional(.some(let wrapped)): wrapped.bytes
    default: 16
    }
  }
}
