import Engine
import Foundation
import GRDB
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Synchronization
import Testing

/// Snapshots in every store: written beside the rows, named by an event, and begun from.
struct SnapshotTests {
  /// A log of 15 rows with a snapshot of `seqs` behind it, each named by an event.
  private static func filled(_ fixture: StoreFixture, snapshots: Int) throws {
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    try store.append(SampleLog.running(nil))
    store.close()
    for _ in 0..<snapshots { try takeSnapshot(of: fixture) }
  }

  /// One more snapshot, and its event behind the last row.
  private static func takeSnapshot(of fixture: StoreFixture) throws {
    let (store, machine, _) = try opened(fixture)
    defer { store.close() }
    store.beginSnapshot(of: machine.state.cut)
    while case .underWay = store.snapshot { try store.advanceSnapshot() }
    guard case .finished(let taken) = store.snapshot else {
      Issue.record("a snapshot is finished")
      return
    }
    try store.append(
      AppendGroup(events: [
        SampleLog.row(machine.state.lastSeq.number + 1, case: nil, .snapshotTaken(taken))
      ]))
  }

  /// The store, the state it begins with, and the rows that were folded.
  private static func opened(
    _ fixture: StoreFixture, _ store: (any EventStore)? = nil
  ) throws -> (store: any EventStore, machine: Machine, rows: [Int64]) {
    let store = try store ?? fixture.open()
    var machine = try store.restore().map { Machine(restored: $0) } ?? Machine()
    var rows: [Int64] = []
    try store.fold { row in
      machine.fold(row)
      rows.append(row.seq.number)
    }
    return (store, machine, rows)
  }

  @Test(arguments: [StoreKind.memory, .sqlite])
  func `a start begins with the newest snapshot and folds only what is behind it`(
    kind: StoreKind
  ) throws {
    let fixture = try StoreFixture(kind)
    try Self.filled(fixture, snapshots: 3)
    var whole = Machine()
    for row in try fixture.reader().rows(RowQuery(), limit: 100) {
      whole.fold(try LoggedEvent(row))
    }

    let (store, machine, rows) = try Self.opened(fixture)
    defer { store.close() }

    #expect(rows == [18])
    #expect(machine.state.text == whole.state.text)
    #expect(
      try SnapshotEncoding.whole(of: machine.state, rowHash: Hash256()).chunks
        == SnapshotEncoding.whole(of: whole.state, rowHash: Hash256()).chunks)
    #expect(store.identity.lastSeq == Seq(18))
  }

  @Test(arguments: [StoreKind.memory, .sqlite])
  func `a log goes on behind a snapshot as if all of it had been folded`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    let identified = try #require(try store.identify(SampleLog.request, at: StoreFixture.now))
    try store.append(SampleLog.running(identified.identity))
    store.close()
    try Self.takeSnapshot(of: fixture)

    let (again, _, _) = try Self.opened(fixture)
    let keys = try again.keys(since: Instant(microseconds: 0)).map { "\($0)".prefix(60) }
    let later = try again.keys(since: Instant(microseconds: .max))
    let seen = try again.identify(SampleLog.request, at: StoreFixture.now)
    // Of a case that was closed before: its key is looked up.
    try again.append(
      AppendGroup(events: [
        SampleLog.row(
          17, case: 4,
          .labelRecorded(
            LabelRecorded(
              blind: false, by: Subject("local:bob"), label: "true", purpose: .review,
              verdict: Seq(6), why: SealedText("Kim again", seal: SampleLog.seal(17)))))
      ]))
    again.close()

    #expect(keys.count == 1 && keys[0].contains("closedCase"))
    #expect(later.isEmpty)
    guard case .same(let row)? = seen?.seen else {
      Issue.record("a request's key is found behind a snapshot")
      return
    }
    #expect(row.seq == Seq(4))
    #expect(try fixture.reader().payload(seq: Seq(17), index: 0) == Array("Kim again".utf8))
  }

  @Test(
    arguments: [
      "UPDATE snapshot_chunk SET body=replace(body,'w/inbox','w/indox') WHERE seq=17",
      "UPDATE snapshot_chunk SET hash=zeroblob(32) WHERE seq=17",
      "UPDATE snapshot_chunk SET n=1 WHERE seq=17",
      "DELETE FROM snapshot_chunk WHERE seq=17",
      "UPDATE snapshot SET chunks=2 WHERE seq=17",
      "UPDATE snapshot SET format=2 WHERE seq=17",
      """
      DROP TRIGGER log_no_update; UPDATE log SET hash=randomblob(32) WHERE seq=17
      """,
    ])
  func `a damaged snapshot costs time and one line`(damage: String) throws {
    let fixture = try StoreFixture(.sqlite)
    try Self.filled(fixture, snapshots: 2)
    try Self.takeSnapshot(of: fixture)
    try change(fixture, damage)
    let said = Mutex<[String]>([])
    var options = try fixture.options()
    options.announceCheckpoint = { line in
      if line.hasPrefix("S125") { said.withLock { $0.append(line) } }
    }

    let (store, machine, rows) = try Self.opened(fixture, SQLiteStore.open(options))
    defer { store.close() }

    #expect(rows == [17, 18])
    #expect(machine.state.lastSeq == Seq(18))
    let lines = said.withLock { $0 }
    #expect(lines.count == 1 && lines[0].contains("the snapshot of row 17 is passed over"))
  }

  @Test func `without a snapshot that can be trusted the log is folded from its first row`() throws
  {
    let fixture = try StoreFixture(.sqlite)
    try Self.filled(fixture, snapshots: 2)
    try change(fixture, "UPDATE snapshot SET state_hash=zeroblob(32)")

    let (store, machine, rows) = try Self.opened(fixture)
    defer { store.close() }

    // What no event names any more is no snapshot.
    #expect(rows == Array(1...17))
    #expect(machine.state.lastSeq == Seq(17))
    #expect(try count(fixture, "snapshot") == 0)
  }

  @Test func `rows that have left are needed by nobody who has a snapshot`() throws {
    let fixture = try StoreFixture(.sqlite)
    try Self.filled(fixture, snapshots: 1)
    try change(
      fixture,
      """
      INSERT INTO pruned VALUES(4,13,zeroblob(128),(SELECT hash FROM log WHERE seq=13),16);
      DELETE FROM log WHERE seq BETWEEN 4 AND 13
      """)

    let (store, machine, rows) = try Self.opened(fixture)
    store.close()
    #expect(rows == [16])
    #expect(machine.state.shared.count == 1)

    try change(fixture, "DELETE FROM snapshot")
    let bare = try fixture.open()
    defer { bare.close() }
    let refused = #expect(throws: StoreError.self) { _ = try bare.restore() }
    #expect(refused?.code == "S124")
  }

  @Test func `what a crash leaves of a snapshot is cleared and counts for nothing`() throws {
    let fixture = try StoreFixture(.sqlite)
    try Self.filled(fixture, snapshots: 1)
    // One is whole and not named, one has chunks only.
    try change(
      fixture,
      """
      INSERT INTO snapshot SELECT 16,at,format,chunks,bytes,state_hash FROM snapshot;
      INSERT INTO snapshot_chunk SELECT 16,n,body,hash FROM snapshot_chunk WHERE seq=15;
      INSERT INTO snapshot_chunk SELECT 14,n,body,hash FROM snapshot_chunk WHERE seq=15
      """)

    let (store, _, rows) = try Self.opened(fixture)
    for seq in Int64(17)...19 {
      try store.append(
        AppendGroup(events: [
          SampleLog.row(seq, case: nil, .messageRepeated(MessageRepeated(first: Seq(14))))
        ]))
    }
    store.close()

    #expect(rows == [16])
    #expect(try count(fixture, "snapshot") == 1)
    #expect(try count(fixture, "snapshot_chunk") == 1)
  }

  @Test func `the two newest snapshots are kept`() throws {
    let fixture = try StoreFixture(.sqlite)
    try Self.filled(fixture, snapshots: 5)
    let (store, _, _) = try Self.opened(fixture)
    try store.append(
      AppendGroup(events: [
        SampleLog.row(21, case: nil, .messageRepeated(MessageRepeated(first: Seq(14))))
      ]))
    store.close()

    #expect(try count(fixture, "snapshot") == 2)
    #expect(try count(fixture, "snapshot_chunk") == 2)
  }

  private func change(_ fixture: StoreFixture, _ sql: String) throws {
    let queue = try DatabaseQueue(path: fixture.database)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  private func count(_ fixture: StoreFixture, _ table: String) throws -> Int? {
    let queue = try DatabaseQueue(path: fixture.database)
    defer { try? queue.close() }
    return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
  }
}
