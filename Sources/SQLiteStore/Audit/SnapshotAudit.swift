package import Engine
package import Orchestration
package import Record

/// The log folded anew, and each snapshot compared with what the rows before it give (LOG §6).
///
/// Begins at the first row; where rows have left, at the oldest snapshot behind them, which is then taken
/// as it stands. To be asked of a log whose rows hold: what is logged is applied as it is.
package struct SnapshotAudit: Sendable {
  /// Rows that were folded.
  package private(set) var rows: Int64 = 0
  package private(set) var openCases = 0
  /// The row behind which the fold began; nil: the first one.
  package private(set) var begun: Seq?
  /// States that rows name and that the fold came to as well; those still in the file byte by byte.
  package private(set) var equal = 0
  package private(set) var newestEqual: Seq?
  /// By row.
  package private(set) var findings: [AuditFinding] = []

  /// By the row of the state: the rows that name it.
  private var named: [Int64: [(event: Int64, taken: SnapshotTaken)]] = [:]
  private var stored: Set<Int64> = []

  /// - Throws: for a row that cannot be read or folded, and where rows have left and no snapshot helps.
  package static func run(_ reader: LogReader) throws(StoreError) -> SnapshotAudit {
    var audit = SnapshotAudit()
    let events = try reader.snapshotsNamed()
    audit.stored = Set(try reader.storedSnapshots().map(\.seq))
    var machine = Machine(shard: reader.shard)
    if let pruned = try reader.pruned(behind: Seq(0)) {
      guard let state = try reader.restored(oldest: true) else {
        throw SnapshotTable.unfoldable(pruned)
      }
      audit.begun = state.lastSeq
      machine = Machine(restored: state)
    }
    let first = audit.begun ?? Seq(0)
    for event in events where event.taken.seq > first {
      audit.named[event.taken.seq.number, default: []].append(event)
    }
    try reader.fold(after: first) { row, hash in
      machine.fold(row)
      audit.rows += 1
      try audit.compare(machine.state, hash, reader)
    }
    audit.openCases = machine.state.cases.count
    audit.findNowhere()
    audit.findings.sort { $0.row < $1.row }
    return audit
  }

  /// Compares the state after a row that a snapshot is of.
  private mutating func compare(
    _ state: State, _ rowHash: [UInt8], _ reader: LogReader
  ) throws {
    let seq = state.lastSeq
    guard let events = named.removeValue(forKey: seq.number), let rowHash = Hash256(rowHash) else {
      return
    }
    var encoding = SnapshotEncoding(of: state, rowHash: rowHash)
    var number: Int64 = 0
    var isEqual = true
    while let chunk = try encoding.next() {
      if stored.contains(seq.number), isEqual,
        try reader.chunk(number, of: seq.number) != chunk.text
      {
        isEqual = false
        findings.append(
          AuditFinding(
            row: seq.number,
            "chunk \(number) of the snapshot of row \(seq.number) is not what the rows give"))
      }
      number += 1
    }
    let hash = encoding.stateHash.bytes
    for event in events where event.taken.stateHash != hash {
      isEqual = false
      findings.append(
        AuditFinding(
          row: event.event,
          "row \(event.event) names another state after row \(seq.number) than the rows give"))
    }
    guard isEqual else { return }
    equal += events.count
    newestEqual = seq
  }

  /// Rows that name a state which is not before them.
  private mutating func findNowhere() {
    for event in named.values.joined() {
      findings.append(
        AuditFinding(
          row: event.event,
          "row \(event.event) names a state after row \(event.taken.seq.number), which no row has"))
    }
  }
}
