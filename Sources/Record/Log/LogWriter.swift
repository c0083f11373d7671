package import Engine
package import Orchestration

/// The half of a store that is the same wherever rows are kept: turns events into chained rows and
/// remembers which key belongs to which case and slot.
///
/// Owned by its store and used from the engine's thread only.
package struct LogWriter: Sendable {
  package let origin: String
  package let shard: Int64
  package let keys: any CaseKeys
  package private(set) var last: Last
  /// Kinds that rows of the log have already.
  package var kinds: Set<EventKind> = []

  /// The last row.
  package struct Last: Equatable, Sendable {
    package var seq: Int64
    package var at: Int64
    package var epoch: Int64
    package var hash: Hash256

    package init(seq: Int64, at: Int64, epoch: Int64, hash: Hash256) {
      self.seq = seq
      self.at = at
      self.epoch = epoch
      self.hash = hash
    }
  }

  private var encoding = EventEncoding()
  private var leaf = Leaf()
  /// Keys of open cases; those of closed ones are looked up.
  private var keysOfCases: [Int64: Int64] = [:]
  /// Keys of cases that the group being written has closed, which no look-up finds yet.
  private var keysOfCasesClosing: [Int64: Int64] = [:]
  /// Keys of request slots that are open.
  private var keysOfSlots: [Int64: Int64] = [:]
  /// Slots up to this one are over: their entries may go.
  package private(set) var slotClosed: Int64?
  /// Keys of slots that `note` saw closed.
  package var keysOfClosedSlots: [Int64] = []
  /// Keys of which a row says that they are gone: of erasures and of closed slots.
  package private(set) var keysGone: Set<Int64> = []
  /// The greatest key that a row names; -1 if none does.
  package private(set) var lastKey: Int64 = -1

  /// `last` is nil for a new log.
  package init(origin: String, shard: Int64, keys: any CaseKeys, last: Last?) {
    self.origin = origin
    self.shard = shard
    self.keys = keys
    self.last = last ?? Last(seq: 0, at: 0, epoch: 0, hash: Leaf.origin(origin))
  }

  package var identity: LogIdentity {
    LogIdentity(
      origin: origin, shard: shard, lastSeq: Seq(last.seq),
      lastAt: Instant(microseconds: last.at), epoch: last.epoch)
  }

  /// Takes note of the rows up to a snapshot's, whose state is `restored`.
  ///
  /// - Parameter closed: the rows among them that say which keys are gone, which no state holds.
  package mutating func begin(with restored: State, closed: [LoggedEvent]) throws(StoreError) {
    for row in closed { try note(row) }
    for found in restored.cases.values { keysOfCases[found.id.seq.number] = found.keys.first }
    keysOfSlots = restored.slots
    lastKey = restored.nextKey > 1 ? restored.nextKey - 1 : lastKey
  }

  /// What was written before is committed.
  package mutating func beginGroup() { keysOfCasesClosing.removeAll(keepingCapacity: true) }

  /// Takes note of a row that is in the log already.
  package mutating func note(_ event: LoggedEvent) throws(StoreError) {
    switch event.event {
    case .caseOpened(let opened):
      keysOfCases[event.seq.number] = opened.key
      lastKey = max(lastKey, opened.key)
    case .tokenDeposited(let deposited): lastKey = max(lastKey, deposited.key ?? -1)
    case .caseClosed:
      guard let id = event.caseID else { break }
      keysOfCasesClosing[id.seq.number] = keysOfCases.removeValue(forKey: id.seq.number)
    case .requestSlotOpened(let slot):
      keysOfSlots[slot.slot] = slot.key
      lastKey = max(lastKey, slot.key)
    case .requestSlotClosed(let slot):
      keysOfSlots[slot.slot] = nil
      slotClosed = max(slotClosed ?? slot.slot, slot.slot)
      keysOfClosedSlots.append(slot.key)
      keysGone.insert(slot.key)
    case .erasureRequested(let erasure): keysGone.formUnion(erasure.keys)
    default: break
    }
  }

  /// What `keyOfCase` answers for a case whose rows have left by age: what comes to it later is sealed
  /// to nobody.
  package static let keyGone: Int64 = -1

  /// The row of the next event. `keyOfCase` answers for cases that are closed.
  ///
  /// - Precondition: Rows are dense and time does not fall.
  package mutating func record(
    _ event: LoggedEvent, keyOfCase: (CaseID) throws(StoreError) -> Int64?
  ) throws(StoreError) -> LogRecord {
    precondition(event.seq.number == last.seq + 1, "rows of the log are dense")
    precondition(event.at.microseconds >= last.at || last.seq == 0, "time does not fall")
    try reserveKeys(for: event.event)
    try note(event)
    let kind: EventKind
    do throws(EncodingProblem) {
      kind = try encoding.write(event)
    } catch {
      throw Self.refusal(error, event)
    }
    var sealed: [UInt8] = []
    var boxes: [LogRecord.Box] = []
    if !encoding.writer.parts.isEmpty {
      let number = try keyNumber(of: event, keyOfCase)
      try seal(event.seq.number, under: number, into: &sealed, &boxes)
    }
    let request = event.event.request
    let hash = leaf.hash(
      shard: shard, seq: event.seq.number, epoch: event.epoch, at: event.at.microseconds,
      caseNumber: event.caseID?.seq.number ?? 0, kind: kind, version: EventKind.version,
      previous: last.hash, sealed: sealed, body: encoding.writer.json.bytes)
    last = Last(
      seq: event.seq.number, at: event.at.microseconds, epoch: event.epoch, hash: hash)
    return LogRecord(
      seq: last.seq, epoch: last.epoch, at: last.at, caseNumber: event.caseID?.seq.number,
      kind: kind, version: EventKind.version, body: encoding.writer.json.bytes, sealed: sealed,
      hash: hash, boxes: boxes, blobs: encoding.writer.blobs,
      request: request.map { LogRecord.Request(slot: $0.slot, key: Array($0.bytes.prefix(16))) })
  }

  /// Keys exist on disk before a row speaks of them.
  private func reserveKeys(for event: Event) throws(StoreError) {
    switch event {
    case .caseOpened(let event): try keys.reserve(through: event.key)
    case .tokenDeposited(let event): if let key = event.key { try keys.reserve(through: key) }
    case .requestSlotOpened(let event): try keys.reserve(through: event.key)
    default: break
    }
  }

  /// The key under which a row's payloads are sealed: that of its message, or of its case.
  private func keyNumber(
    of event: LoggedEvent, _ keyOfCase: (CaseID) throws(StoreError) -> Int64?
  ) throws(StoreError) -> Int64 {
    if case .tokenDeposited(let deposited) = event.event, event.caseID == nil,
      let key = deposited.key
    {
      return key
    }
    guard let id = event.caseID else { throw Self.refusal(.unsealed, event) }
    if let key = keysOfCases[id.seq.number] ?? keysOfCasesClosing[id.seq.number] { return key }
    guard let key = try keyOfCase(id) else { throw Self.refusal(.unsealed, event) }
    return key
  }

  /// Under a shredded key only the commitment is kept, to a key that nobody has.
  private func seal(
    _ seq: Int64, under number: Int64, into sealed: inout [UInt8], _ boxes: inout [LogRecord.Box]
  ) throws(StoreError) {
    let caseKey = number == Self.keyGone ? .shredded : try keys.key(number)
    sealed.reserveCapacity(encoding.writer.parts.count * 32)
    for part in encoding.writer.parts {
      switch caseKey {
      case .present(let key):
        let result = Sealing.seal(
          part.payload.plaintext, under: key, shard: shard, seq: seq, index: part.index)
        result.commitment.withBytes { sealed.append(contentsOf: $0) }
        boxes.append(
          LogRecord.Box(
            index: part.index, keyNumber: number, role: part.payload.role, bytes: result.box))
      case .shredded:
        guard let bytes = KeySource.random.key(0) else { throw .missingKey(number) }
        let result = Sealing.seal(
          part.payload.plaintext, under: DataKey(bytes), shard: shard, seq: seq,
          index: part.index)
        result.commitment.withBytes { sealed.append(contentsOf: $0) }
      }
    }
  }

  private static func refusal(_ problem: EncodingProblem, _ event: LoggedEvent) -> StoreError {
    let row = "row \(event.seq.number)"
    return switch problem {
    case .unsealed:
      StoreError(
        .failed, code: "S107", "\(row) has a personal part without a key to seal it under")
    case .payloadsNotDense:
      StoreError(.failed, code: "S107", "the payloads of \(row) are not numbered 0, 1, 2 …")
    case .notStorable(let what):
      StoreError(.failed, code: "S107", "\(row) holds a value that is not stored: \(what)")
    case .tooLarge(let limit, let found):
      StoreError(
        .failed, code: "S107", "\(row) exceeds \(limit.rawValue): \(found) of \(limit.most)")
    }
  }
}

extension LogWriter {
  /// A client's key in one slot.
  package struct Candidate: Equatable, Sendable {
    package var slot: Int64
    /// 16 bytes, or 24 with those of the body.
    package var bytes: [UInt8]
  }

  /// What a client's key is in each slot of the last 24 h that is open, newest first; nil if the
  /// slot of `at` is not open.
  package func candidates(
    for request: RequestKey, at: Instant
  ) throws(StoreError) -> [Candidate]? {
    let now = RequestIdentity.slot(of: at)
    guard keysOfSlots[now] != nil else { return nil }
    var message = Array(request.by.text.utf8)
    message.append(0)
    message.append(contentsOf: request.route.utf8)
    message.append(0)
    message.append(contentsOf: request.key)
    var candidates: [Candidate] = []
    for slot in (0..<RequestIdentity.slotsLookedAt).map({ now - $0 }) {
      guard let number = keysOfSlots[slot], case .present(let key) = try keys.key(number) else {
        continue
      }
      var bytes = key.authenticationCode(for: message, count: 16)
      if let body = request.body { bytes += key.authenticationCode(for: body, count: 8) }
      candidates.append(Candidate(slot: slot, bytes: bytes))
    }
    return candidates.first?.slot == now ? candidates : nil
  }

  /// Tells a repeat from another request under the same key; bodies are compared if both have one.
  package static func seen(_ candidate: Candidate, _ event: LoggedEvent) -> SeenRequest {
    let bytes = event.event.request?.bytes ?? []
    return bytes.count == 24 && candidate.bytes.count == 24 && bytes != candidate.bytes
      ? .otherBody : .same(event)
  }
}
