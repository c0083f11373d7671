package import CEL
package import Engine
package import Orchestration
package import PetriNet

/// The log in memory: the same rows, leaves and boxes as on disk.
package final class MemoryStore: EventStore {
  /// What outlives the store, as a file would.
  package let log: MemoryLog
  /// Until the first append: a store that only reads leaves the log to the one that writes.
  private var reader: LogWriter?
  private var isBroken = false
  /// The last row of the restored snapshot.
  var restored = Seq(0)
  /// Encoded, a part of it waiting for each commit; at last the event that names it.
  var taking: MemorySnapshot?

  package init(_ log: MemoryLog = MemoryLog()) {
    self.log = log
    let last = log.records.last
    reader = LogWriter(
      origin: log.origin, shard: log.shard, keys: log.keys,
      last: last.map {
        LogWriter.Last(seq: $0.seq, at: $0.at, epoch: $0.epoch, hash: $0.hash)
      })
  }

  package var identity: LogIdentity { withWriter { $0.identity } }

  func withWriter<Result, Problem: Error>(
    _ body: (inout LogWriter) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    guard var writer = reader else { return try log.withWriter(body) }
    defer { reader = writer }
    return try body(&writer)
  }

  package func fold(_ body: (LoggedEvent) throws -> Void) throws(StoreError) {
    for record in log.records where record.seq > restored.number {
      let event = try log.decoded(record)
      try withWriter { (writer) throws(StoreError) in
        try writer.note(event)
        writer.beginGroup()
      }
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
            return self.log.withState { $0.blobs[digest] }
          }))
    }
  }

  package func erase(_ keys: [Int64]) throws(StoreError) {
    try log.keys.shred(keys)
    let gone = Set(keys)
    log.withState { state in
      for place in state.records.indices {
        state.records[place].boxes.removeAll { gone.contains($0.keyNumber) }
      }
    }
  }

  /// Memory has room, or the process is gone.
  package func probe() throws(StoreError) { if isBroken { throw .broken } }

  package func append(_ group: AppendGroup) throws(StoreError) {
    guard !isBroken else { throw .broken }
    taking?.advance()
    defer { if group.events.contains(where: \.isSnapshotTaken) { taking = nil } }
    if let writer = reader {
      log.beginWriting(writer)
      reader = nil
    }
    if group.definitions.isEmpty, group.events.allSatisfy(\.isPlain) {
      try orBreak { () throws(StoreError) in try self.keep(group.events) }
      return
    }
    let (records, closed): ([LogRecord], Int64?) = try orBreak { () throws(StoreError) in
      try self.withWriter { (writer) throws(StoreError) in
        (try self.records(of: group, &writer), writer.slotClosed)
      }
    }
    log.withState { state in
      state.definitions.append(contentsOf: group.definitions)
      for (record, event) in zip(records, group.events) { state.add(record, event) }
      if let closed { state.requests = state.requests.filter { $0.key.slot > closed } }
    }
    try shredClosedSlots()
  }

  /// What fails leaves a store that nothing more is written with.
  private func orBreak<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      isBroken = true
      throw error
    }
  }

  /// Rows that can wait; their keys exist before anybody hears of them.
  private func keep(_ events: [LoggedEvent]) throws(StoreError) {
    for event in events {
      if case .caseOpened(let opened) = event.event { try log.keys.reserve(through: opened.key) }
    }
    log.wait(events)
  }

  private func records(
    of group: AppendGroup, _ writer: inout LogWriter
  ) throws(StoreError) -> [LogRecord] {
    var records: [LogRecord] = []
    writer.beginGroup()
    for event in group.events {
      records.append(
        try writer.record(event) { (id) throws(StoreError) in try self.keyNumber(of: id) })
    }
    return records
  }

  private func shredClosedSlots() throws(StoreError) {
    let keys = withWriter { writer in
      defer { writer.keysOfClosedSlots = [] }
      return writer.keysOfClosedSlots
    }
    for key in keys { try log.keys.shred(key) }
  }

  private func keyNumber(of id: CaseID) throws(StoreError) -> Int64? {
    guard case .caseOpened(let opened)? = try event(at: id.seq)?.event else { return nil }
    return opened.key
  }

  package func identify(
    _ request: RequestKey, at: Instant
  ) throws(StoreError) -> IdentifiedRequest? {
    guard
      let candidates = try withWriter({ (writer) throws(StoreError) in
        try writer.candidates(for: request, at: at)
      })
    else { return nil }
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
    let record = log.withState { state in
      state.records.indices.contains(Int(seq.number) - 1)
        ? state.records[Int(seq.number) - 1] : nil
    }
    return try record.map { (record) throws(StoreError) in try log.decoded(record) }
  }

  package func close() { isBroken = true }
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
