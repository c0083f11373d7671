package import Engine
package import Orchestration
package import PetriNet
internal import Synchronization

/// Rows kept in memory: what a file is to the store on disk, and the reading side beside it.
///
/// Outlives the store that writes it, so that a restart can be played. Plain rows are kept as they were
/// decided, and encoded and chained when somebody reads or a row follows that must be sealed.
package final class MemoryLog: Sendable {
  struct State {
    var records: [LogRecord] = []
    var definitions: [StoredDefinition] = []
    var blobs: [Hash256: [UInt8]] = [:]
    var requests: [LogRecord.Request: Int64] = [:]
    var cases: [Int64: CaseRow] = [:]
    /// Encodes and chains; nil before a store came, and while it is at work.
    var writer: LogWriter?
    /// The newest last.
    var snapshots: [KeptSnapshot] = []
    /// Rows behind the records that are not encoded yet.
    var waiting: [LoggedEvent] = []
  }

  /// A snapshot whose chunks are all there.
  package struct KeptSnapshot: Sendable {
    package var seq: Seq
    package var chunks: [SnapshotChunk]
    package var stateHash: Hash256
  }

  package let origin: String
  package let shard: Int64
  package let keys: any CaseKeys
  let state = Mutex(State())

  package init(
    origin: String = "localhost/0000000000000000/0", shard: Int64 = 0,
    keys: any CaseKeys = MemoryKeys()
  ) {
    self.origin = origin
    self.shard = shard
    self.keys = keys
  }

  /// All rows, with what was written with them.
  package var records: [LogRecord] { withState { $0.records } }

  /// Those that are kept, the newest last.
  package var snapshots: [KeptSnapshot] {
    get { state.withLock { $0.snapshots } }
    set { state.withLock { $0.snapshots = newValue } }
  }

  func decoded(_ record: LogRecord) throws(StoreError) -> LoggedEvent {
    let row = LogRow(record)
    return try LoggedEvent(row)
  }
}

extension LogRow {
  package init(_ record: LogRecord) {
    self.init(
      seq: Seq(record.seq), epoch: record.epoch, at: Instant(microseconds: record.at),
      caseID: record.caseNumber.map { CaseID(Seq($0)) }, kind: record.kind.rawValue,
      version: record.version, body: record.body, hash: record.hash.bytes)
  }
}

extension LoggedEvent {
  /// The event of a row as stored.
  package init(_ row: LogRow) throws(StoreError) {
    do throws(EventDecoding.Problem) {
      self.init(
        seq: row.seq, epoch: row.epoch, at: row.at, caseID: row.caseID,
        event: try EventDecoding.event(
          kind: row.kind, version: row.version, body: row.body, at: row.at, caseID: row.caseID))
    } catch {
      switch error {
      case .unknownKind(let kind, let version):
        throw StoreError(
          .unreadable, code: "S105",
          "row \(row.seq.number) is of kind \(kind), version \(version), which this version of "
            + "Petrel does not know")
      case .body(let problem):
        throw StoreError(
          .unreadable, code: "S106",
          "row \(row.seq.number) (\(row.kind)) cannot be read at byte \(problem.offset): "
            + problem.message)
      }
    }
  }
}

extension MemoryLog: LogReading {
  package func head() throws(StoreError) -> (seq: Seq, at: Instant) {
    withState { state in
      (
        Seq(state.records.last?.seq ?? 0), Instant(microseconds: state.records.last?.at ?? 0)
      )
    }
  }

  package func rows(_ query: RowQuery, limit: Int) throws(StoreError) -> [LogRow] {
    let records = withState { $0.records }
    let tail = records.dropFirst(Int(max(query.after.number, 0)))
    let matching = tail.lazy.filter { record in
      (query.caseID.map { $0.seq.number == record.caseNumber } ?? true)
        && (query.kinds.isEmpty || query.kinds.contains(record.kind.rawValue))
    }
    let rows =
      query.isNewestFirst
      ? Array(matching.reversed().prefix(limit)) : Array(matching.prefix(limit))
    return rows.map { LogRow($0) }
  }

  package func cases(
    _ query: CaseQuery, before: CaseID?, limit: Int
  ) throws(StoreError) -> [CaseRow] {
    let cases = withState { $0.cases.values.sorted { $0.id > $1.id } }
    return Array(
      cases.lazy.filter { row in
        (before.map { row.id < $0 } ?? true)
          && (query.workflow.map { row.workflow == $0 } ?? true)
          && (query.status.map { row.status == $0 } ?? true)
          && (query.businessKey.map { row.businessKey?.hasSameBytes(as: $0) ?? false } ?? true)
      }
      .prefix(limit))
  }

  package func caseRow(_ id: CaseID) throws(StoreError) -> CaseRow? {
    withState { $0.cases[id.seq.number] }
  }

  package func version(of row: CaseRow) throws(StoreError) -> DefinitionID {
    let migrated = try records.last {
      $0.caseNumber == row.id.seq.number && $0.kind == .caseMigrated
    }.map { record throws(StoreError) in try decoded(record) }
    if case .caseMigrated(let event)? = migrated?.event { return event.to }
    return row.version
  }

  package func caseID(
    workflow: WorkflowName, businessKey: String
  ) throws(StoreError) -> CaseID? {
    let query = CaseQuery(workflow: workflow, businessKey: businessKey)
    return try cases(query, before: nil, limit: 1).first?.id
  }

  package func payload(seq: Seq, index: Int32) throws(StoreError) -> [UInt8]? {
    let found = withState { state -> (LogRecord.Box, Hash256)? in
      guard state.records.indices.contains(Int(seq.number) - 1) else { return nil }
      let record = state.records[Int(seq.number) - 1]
      guard let box = record.boxes.first(where: { $0.index == index }),
        let commitment = Hash256(record.sealed.dropFirst(Int(index) * 32).prefix(32))
      else { return nil }
      return (box, commitment)
    }
    guard let (box, commitment) = found else { return nil }
    guard case .present(let key) = try keys.key(box.keyNumber) else { return nil }
    return try Sealing.open(
      box.bytes, commitment: commitment, under: key, shard: shard, seq: seq.number, index: index)
  }

  package func definitions() throws(StoreError) -> [StoredDefinition] {
    withState { $0.definitions }
  }
}
