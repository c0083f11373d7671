import CEL
import PetriNet
import Record

@testable import Engine

/// Begins machines from snapshots of a run: at a random row of it, whatever way the state came to be.
final class SnapshotCheck {
  private var random: RandomRunTests.Generator
  private let recorded = RecordedRows()
  /// The rows of the run, as they are read back.
  private var read: [LoggedEvent] = []
  private(set) var count = 0
  private(set) var bytes = 0

  init(seed: UInt64) { random = RandomRunTests.Generator(state: seed ^ 0x5EED) }

  /// A machine that loaded a snapshot somewhere in the run and folded what followed.
  ///
  /// - Throws: where its state, its look-ups or its next snapshot are not those of the one that never
  ///   stopped.
  func machine(after run: NaiveComparison) throws -> Machine {
    for row in run.rows[read.count...] { read.append(try recorded.texts(row)) }
    let place = random.pick(read.count + 1)
    var before = Machine(limits: NaiveComparison.limits)
    for row in read[..<place] { before.fold(row) }
    let hash = Hash256(hashing: [UInt8(truncatingIfNeeded: place)])
    let taken = try SnapshotEncoding.whole(of: before.state, rowHash: hash, chunkBytes: 700)
    let loaded = try SnapshotReader.state(of: taken.chunks.map(\.text))
    guard loaded.meta.seq == before.state.lastSeq, loaded.meta.rowHash == hash else {
      throw run.difference("the snapshot says of itself \(loaded.meta)")
    }
    try same(loaded.state, before.state, "snapshot of row \(place)", run)

    var again = Machine(restored: loaded.state, limits: NaiveComparison.limits)
    for row in read[place...] { again.fold(row) }
    again.recall(keys(of: before, read[..<place]))
    try again.open(nets: run.loaded, read: recorded.read)
    try same(again.state, run.machine.state, "going on behind row \(place)", run)
    guard IndexText.text(of: again.state) == IndexText.text(of: run.machine.state) else {
      throw run.difference("the index differs behind the snapshot of row \(place)")
    }
    again.state.index.guards = run.machine.state.index.guards
    count += 1
    bytes += taken.chunks.reduce(0) { $0 + $1.text.count }
    return again
  }

  private func same(
    _ left: State, _ right: State, _ what: String, _ run: NaiveComparison
  ) throws {
    guard left.text == right.text else {
      throw run.difference("\(what): the state differs\n\(left.text)\n---\n\(right.text)")
    }
    let chunks = try [left, right].map {
      try SnapshotEncoding.whole(of: $0.cut, rowHash: Hash256(), chunkBytes: 700).chunks
    }
    guard chunks[0] == chunks[1] else {
      let texts = chunks.map { String(decoding: $0.flatMap(\.text), as: UTF8.self) }
      throw run.difference("\(what): the chunks differ\n\(texts[0])\n---\n\(texts[1])")
    }
  }

  /// The look-ups of the rows that are not folded, as a store finds them.
  private func keys(of folded: Machine, _ rows: ArraySlice<LoggedEvent>) -> [RecalledKey] {
    var opened: [CaseID: CaseOpened] = [:]
    var keys: [RecalledKey] = []
    for row in rows {
      switch row.event {
      case .caseOpened(let event): if let id = row.caseID { opened[id] = event }
      case .caseClosed:
        guard let id = row.caseID, let event = opened[id], let key = event.businessKey else {
          break
        }
        keys.append(.closedCase(id, of: event.workflow, key: key, closed: row.at))
      case .tokenDeposited(let event): if event.messageKey != nil { keys.append(.message(row)) }
      default: break
      }
    }
    return keys
  }
}

/// Rows as a store keeps and reads them: their bodies encoded, sealed parts aside.
final class RecordedRows {
  private var encoding = EventEncoding()
  private var payloads: [SealReference: [UInt8]] = [:]
  private var blobs: [[UInt8]: [UInt8]] = [:]

  func texts(_ row: LoggedEvent) throws -> LoggedEvent {
    let encoded = try encoding.encode(row)
    for (index, payload) in encoded.payloads.enumerated() {
      payloads[SealReference(seq: row.seq.number, index: Int32(index))] = payload.plaintext
    }
    for blob in encoded.blobs { blobs[blob.digest.bytes] = blob.bytes }
    return LoggedEvent(
      seq: row.seq, epoch: row.epoch, at: row.at, caseID: row.caseID,
      event: try EventDecoding.event(
        kind: encoded.kind.rawValue, version: encoded.version, body: encoded.body, at: row.at,
        caseID: row.caseID))
  }

  func read(_ colour: ColourSet, _ text: [UInt8], _ keys: [Int64]) throws -> Value {
    try ValueText.value(
      of: text, in: colour,
      sources: ValueText.Sources(
        personal: { self.payloads[$0] }, blob: { self.blobs[$0] }))
  }
}
