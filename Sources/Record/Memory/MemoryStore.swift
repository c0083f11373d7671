package import CEL
package import Engine
package import Orchestration
package import PetriNet

/// The log in memory: the same rows, leaves and boxes as on disk.
package final class MemoryStore: EventStore {
  /// What outlives the store, as a file would.
  package let log: MemoryLog
  private var writer: LogWriter
  private var isBroken = false

  package init(_ log: MemoryLog = MemoryLog()) {
    self.log = log
    let last = log.state.withLock { $0.records.last }
    writer = LogWriter(
      origin: log.origin, shard: log.shard, keys: log.keys,
      last: last.map {
        LogWriter.Last(seq: $0.seq, at: $0.at, epoch: $0.epoch, hash: $0.hash)
      })
  }

  package var identity: LogIdentity { writer.identity }

  package func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
    for record in log.records {
      let event = try log.decoded(record)
      try writer.note(event)
      writer.beginGroup()
      do {
        try body(event)
      } catch {
        throw StoreError.unfolded(event.seq, record.kind.rawValue, error)
      }
    }
    try shredClosedSlots()
  }

  package func definitions() throws(StoreError) -> [StoredDefinition] { try log.definitions() }

  package func open(_ reference: SealReference) throws(StoreError) -> [UInt8]? {
    try log.payload(seq: Seq(reference.seq), index: reference.index)
  }

  package func value(of text: [UInt8], in colour: ColourSet) throws(StoreError) -> Value {
    try StoreError.reading {
      try ValueText.value(
        of: text, in: colour,
        sources: ValueText.Sources(
          personal: { try self.open($0) },
          blob: { digest in
            guard let digest = Hash256(digest) else { return nil }
            return self.log.state.withLock { $0.blobs[digest] }
          }))
    }
  }

  /// Memory has room, or the process is gone.
  package func probe() throws(StoreError) { if isBroken { throw .broken } }

  package func append(_ group: AppendGroup) throws(StoreError) {
    guard !isBroken else { throw .broken }
    var records: [LogRecord] = []
    writer.beginGroup()
    do throws(StoreError) {
      for event in group.events {
        records.append(
          try writer.record(event) { (id) throws(StoreError) in try self.keyNumber(of: id) })
      }
    } catch {
      isBroken = true
      throw error
    }
    let closed = writer.slotClosed
    log.state.withLock { state in
      state.definitions.append(contentsOf: group.definitions)
      for (record, event) in zip(records, group.events) { state.add(record, event) }
      if let closed { state.requests = state.requests.filter { $0.key.slot > closed } }
    }
    try shredClosedSlots()
  }

  private func shredClosedSlots() throws(StoreError) {
    for key in writer.keysOfClosedSlots { try log.keys.shred(key) }
    writer.keysOfClosedSlots = []
  }

  private func keyNumber(of id: CaseID) throws(StoreError) -> Int64? {
    guard case .caseOpened(let opened)? = try event(at: id.seq)?.event else { return nil }
    return opened.key
  }

  package func identify(
    _ request: RequestKey, at: Instant
  ) throws(StoreError) -> IdentifiedRequest? {
    guard let candidates = try writer.candidates(for: request, at: at) else { return nil }
    let identity = RequestIdentity(slot: candidates[0].slot, bytes: candidates[0].bytes)
    for candidate in candidates {
      let entry = LogRecord.Request(
        slot: candidate.slot, key: Array(candidate.bytes.prefix(16)))
      if let seq = log.state.withLock({ $0.requests[entry] }), let event = try event(at: Seq(seq)) {
        return IdentifiedRequest(identity: identity, seen: LogWriter.seen(candidate, event))
      }
    }
    return IdentifiedRequest(identity: identity)
  }

  package func event(at seq: Seq) throws(StoreError) -> LoggedEvent? {
    let record = log.state.withLock { state in
      state.records.indices.contains(Int(seq.number) - 1)
        ? state.records[Int(seq.number) - 1] : nil
    }
    return try record.map { (record) throws(StoreError) in try log.decoded(record) }
  }

  package func close() { isBroken = true }
}

extension MemoryLog.State {
  fileprivate mutating func add(_ record: LogRecord, _ event: LoggedEvent) {
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

extension CaseQuery.Status {
  package init(_ ending: CaseEnding) {
    switch ending {
    case .completed: self = .completed
    case .cancelled: self = .cancelled
    case .terminated: self = .terminated
    case .erased: self = .erased
    }
  }
}
