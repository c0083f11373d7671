package import Engine
package import Orchestration
internal import PetriNet

/// A snapshot on its way into a log in memory: encoded at once, a chunk with each commit.
struct MemorySnapshot {
  let whole: MemoryLog.KeptSnapshot
  private(set) var written = 0

  init(_ whole: MemoryLog.KeptSnapshot) { self.whole = whole }

  /// One commit more; the last one writes that the snapshot is there.
  mutating func advance() { written += 1 }

  var isWritten: Bool { written >= whole.chunks.count }
}

extension MemoryStore {
  /// So many are kept.
  private static let kept = 2

  package func beginSnapshot(of cut: State) {
    let hash = withWriter { $0.last.hash }
    guard let made = try? SnapshotEncoding.whole(of: cut, rowHash: hash) else { return }
    taking = MemorySnapshot(
      MemoryLog.KeptSnapshot(seq: cut.lastSeq, chunks: made.chunks, stateHash: made.stateHash))
  }

  package var snapshot: SnapshotProgress {
    guard let taking else { return .none }
    guard taking.isWritten else { return .underWay }
    if log.snapshots.last?.seq != taking.whole.seq {
      log.snapshots = (log.snapshots + [taking.whole]).suffix(Self.kept)
    }
    return .finished(
      SnapshotTaken(seq: taking.whole.seq, stateHash: taking.whole.stateHash.bytes))
  }

  package func advanceSnapshot() throws(StoreError) { taking?.advance() }

  package func restore() throws(StoreError) -> State? {
    let records = log.records
    let logged = try records.filter { $0.kind == .snapshotTaken }.map {
      (record) throws(StoreError) in try log.decoded(record)
    }
    for kept in log.snapshots.reversed() {
      let isLogged = logged.contains { row in
        guard case .snapshotTaken(let taken) = row.event else { return false }
        return taken.seq == kept.seq && taken.stateHash == kept.stateHash.bytes
      }
      guard isLogged, kept.chunks.allSatisfy({ Hash256(hashing: $0.text) == $0.hash }),
        kept.stateHash == Hash256(hashing: kept.chunks.flatMap(\.hash.bytes)),
        let read = try? SnapshotReader.state(of: kept.chunks.map(\.text)),
        read.meta.seq == kept.seq, records.indices.contains(Int(kept.seq.number) - 1),
        records[Int(kept.seq.number) - 1].hash == read.meta.rowHash
      else { continue }
      try begin(with: read.state, records)
      return read.state
    }
    return nil
  }

  private func begin(with state: State, _ records: [LogRecord]) throws(StoreError) {
    restored = state.lastSeq
    var closed: [LoggedEvent] = []
    for record in records.prefix(Int(restored.number))
    where record.kind == .erasureRequested || record.kind == .requestSlotClosed {
      closed.append(try log.decoded(record))
    }
    try withWriter { (writer) throws(StoreError) in
      try writer.begin(with: state, closed: closed)
    }
  }

  package func keys(since: Instant) throws(StoreError) -> [RecalledKey] {
    var opened: [Int64: CaseOpened] = [:]
    var keys: [RecalledKey] = []
    for record in log.records.prefix(Int(restored.number)) {
      guard [.caseOpened, .caseClosed, .tokenDeposited].contains(record.kind) else { continue }
      let row = try log.decoded(record)
      switch row.event {
      case .caseOpened(let event): opened[row.seq.number] = event
      case .caseClosed where row.at > since:
        guard let id = row.caseID, let event = opened[id.seq.number], let key = event.businessKey
        else { break }
        keys.append(.closedCase(id, of: event.workflow, key: key, closed: row.at))
      case .tokenDeposited(let event) where event.messageKey != nil && row.at > since:
        keys.append(.message(row))
      default: break
      }
    }
    return keys
  }
}

extension LoggedEvent {
  package var isSnapshotTaken: Bool { if case .snapshotTaken = event { true } else { false } }
}
