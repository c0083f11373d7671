internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Synchronization

/// The writing side of a log in memory: what its store does.
extension MemoryLog {
  /// A store takes over.
  func beginWriting(_ writer: LogWriter) { withState { $0.writer = writer } }

  /// Keeps plain rows as they are, until somebody reads.
  func wait(_ events: [LoggedEvent]) {
    state.withLock { state in
      for event in events {
        let last = state.waiting.last?.seq ?? Seq(state.records.last?.seq ?? 0)
        precondition(event.seq.number == last.number + 1, "rows of the log are dense")
        state.waiting.append(event)
      }
    }
  }

  /// The state, every row encoded.
  func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    state.withLock { state in
      if !state.waiting.isEmpty { state.encodeWaiting() }
      return body(&state)
    }
  }

  /// What turns events into rows, every row encoded; not to be asked for again meanwhile.
  func withWriter<Result, Problem: Error>(
    _ body: (inout LogWriter) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let taken = withState { state in
      defer { state.writer = nil }
      return state.writer
    }
    guard var writer = taken else { preconditionFailure("a log in memory has one store at work") }
    defer { giveBack(writer) }
    return try body(&writer)
  }

  private func giveBack(_ writer: LogWriter) { state.withLock { $0.writer = writer } }
}

extension MemoryLog.State {
  fileprivate mutating func encodeWaiting() {
    let rows = waiting
    waiting = []
    for row in rows {
      do {
        writer?.beginGroup()
        guard let record = try writer?.record(row, keyOfCase: { _ in nil }) else {
          preconditionFailure("rows that wait came from a store")
        }
        add(record, row)
      } catch {
        preconditionFailure("a plain row has nothing that cannot be kept")
      }
    }
  }

  mutating func add(_ record: LogRecord, _ event: LoggedEvent) {
    records.append(record)
    for blob in record.blobs { blobs[blob.digest] = blob.bytes }
    if let request = record.request, requests[request] == nil { requests[request] = record.seq }
    guard let id = event.caseID else { return }
    if case .caseOpened(let opened) = event.event {
      let workflow = definitions.first { $0.id == opened.workflow }
      cases[id.seq.number] = CaseRow(
        id: id, workflow: WorkflowName(workflow?.name ?? ""), version: opened.workflow,
        businessKey: opened.businessKey, status: .open, opened: event.at, closed: nil,
        endedIn: [], lastSeq: event.seq)
    }
    cases[id.seq.number]?.lastSeq = event.seq
    if case .caseClosed(let closed) = event.event {
      cases[id.seq.number]?.status = CaseQuery.Status(closed.how)
      cases[id.seq.number]?.closed = event.at
      cases[id.seq.number]?.endedIn = (closed.endedIn ?? []).sorted { $0.place < $1.place }
    }
  }
}

extension LoggedEvent {
  /// Whether its row has nothing to seal, nothing that is kept beside it and no request, and is
  /// small: encoding it cannot fail, so that it can wait.
  var isPlain: Bool {
    switch event {
    case .fired(let fired):
      fired.cancelled == nil && fired.aborted == nil && fired.consumed.allSatisfy(\.isOne)
        && fired.read == nil && fired.tokens.count <= 4 && fired.tokens.allSatisfy(\.isPlain)
    case .caseOpened(let opened):
      opened.request == nil && opened.input == nil && opened.labels == nil
        && opened.businessKey?.utf8.count ?? 0 <= 1_024 && opened.tokens.allSatisfy(\.isPlain)
    case .caseClosed(let closed): closed.request == nil && closed.why == nil
    default: false
    }
  }
}

extension BoundTokens {
  fileprivate var isOne: Bool { if case .one = self { true } else { false } }
}

extension MadeToken {
  fileprivate var isPlain: Bool {
    guard waits.isEmpty else { return false }
    return switch content {
    case .unit, .same: true
    case .value(.value(let value)): value.isPlain
    case .value(.text): false
    }
  }
}

extension Value {
  /// A scalar, or a record of scalars without personal fields.
  fileprivate var isPlain: Bool {
    guard case .record(let record) = self else { return isPlainScalar }
    return record.seal == nil && record.fields.count <= 16
      && record.type.fields.allSatisfy { !$0.isPersonal }
      && record.fields.allSatisfy(\.isPlainScalar)
  }

  private var isPlainScalar: Bool {
    switch self {
    case .null, .bool, .int, .timestamp, .duration: true
    case .string(let string): string.utf8.count <= 64
    default: false
    }
  }
}
