import CEL
import Engine
import Foundation
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// What is left of a case whose key is gone.
struct ShreddedKeysTests {
  @Test func `shredded keys leave rows and leaves as they are`() throws {
    let fixture = try StoreFixture(.sqlite)
    let filled = try SQLiteStore.open(fixture.options())
    try filled.append(SampleLog.opening)
    try filled.append(SampleLog.running(nil))
    try filled.append(
      AppendGroup(events: [
        SampleLog.row(
          16, case: nil,
          .erasureRequested(ErasureRequested(by: .local, keys: [1], reason: "asked for")))
      ]))
    filled.close()
    let rows = try fixture.reader().rows(RowQuery(), limit: 100)
    let keys = try KeysFile.open(
      path: fixture.folder + "/petrel.keys", logID: StoreFixture.logID, kek: fixture.kek)

    try keys.shred(1)

    let store = try SQLiteStore.open(fixture.options())
    defer { store.close() }
    try store.fold { _ in }
    let value = try store.value(
      of: Array(#"{"amount_cents":4200,"order":"A-1","~":"4.0"}"#.utf8),
      in: .record(SampleLog.refund))
    #expect(try store.open(SealReference(seq: 4, index: 0)) == nil)
    #expect(try store.open(SealReference(seq: 14, index: 0)) != nil)
    #expect(
      value
        == .record(
          Record(type: SampleLog.refund.type, fields: [.string("A-1"), .erased, .int(4200)])))
    #expect(try fixture.reader().rows(RowQuery(), limit: 100) == rows)
    // A row that would be sealed under the shredded key can still be written, and opens to nothing.
    try store.append(
      AppendGroup(events: [
        SampleLog.row(
          17, case: 4,
          .labelRecorded(
            LabelRecorded(
              blind: false, by: .local, label: "x", purpose: .review, verdict: Seq(6),
              why: SealedText("late", seal: SampleLog.seal(17)))))
      ]))
    #expect(try store.open(SealReference(seq: 17, index: 0)) == nil)
  }

  /// A log with one case, closed again.
  private func filled() throws -> StoreFixture {
    let fixture = try StoreFixture(.sqlite)
    let store = try SQLiteStore.open(fixture.options())
    try store.append(SampleLog.opening)
    try store.append(SampleLog.running(nil))
    store.close()
    return fixture
  }

  private func folded(_ fixture: StoreFixture) throws -> SQLiteStore {
    let store = try SQLiteStore.open(fixture.options())
    do {
      try store.fold { _ in }
    } catch {
      store.close()
      throw error
    }
    return store
  }

  private func keys(of fixture: StoreFixture) throws -> KeysFile {
    try KeysFile.open(
      path: fixture.folder + "/petrel.keys", logID: StoreFixture.logID, kek: fixture.kek)
  }

  @Test func `a key that is gone without an event stops the start and names the case`() throws {
    let fixture = try filled()
    try keys(of: fixture).shred(1)

    let refusal = #expect(throws: StoreError.self) { try folded(fixture) }

    #expect(refusal?.code == "S114")
    #expect(refusal?.message.hasPrefix("the keys file lacks key 1, of c4, and no ") == true)
  }

  @Test func `keys that nobody used yet are missed too`() throws {
    let fixture = try filled()
    try keys(of: fixture).shred(200)

    let refusal = #expect(throws: StoreError.self) { try folded(fixture) }

    #expect(
      refusal?.message.hasPrefix("the keys file lacks key 200, of no case, ") == true)
  }

  @Test func `an older keys file stops the start`() throws {
    let fixture = try filled()
    let path = fixture.folder + "/petrel.keys"
    try FileManager.default.removeItem(atPath: path)
    _ = try KeysFile.create(path: path, logID: StoreFixture.logID, kek: fixture.kek)

    let refusal = #expect(throws: StoreError.self) { try folded(fixture) }

    #expect(refusal?.code == "S114")
  }

  @Test(arguments: [true, false])
  func `what is missing is given up by an event, and the log goes on`(isShredded: Bool) throws {
    let fixture = try filled()
    let path = fixture.folder + "/petrel.keys"
    if isShredded {
      try keys(of: fixture).shred(1)
    } else {
      try FileManager.default.removeItem(atPath: path)
      _ = try KeysFile.create(path: path, logID: StoreFixture.logID, kek: fixture.kek)
    }
    var options = try fixture.options()
    options.acceptsLoss = true
    let accepting = try SQLiteStore.open(options)
    try accepting.fold { _ in }
    let missing = try accepting.keysMissing()
    #expect(missing.contains(1))
    _ = try accepting.giveUp(keys: missing, at: StoreFixture.now)
    accepting.close()

    let store = try folded(fixture)
    defer { store.close() }
    #expect(try store.open(SealReference(seq: 4, index: 0)) == nil)
    #expect(try store.keysMissing() == [])
  }

  @Test func `a payload that is gone without an event is told where it is wanted`() throws {
    let fixture = try filled()
    let thief = try Thief(fixture.database)
    try thief.change { try $0.execute(sql: "DELETE FROM payload WHERE id=4<<16") }
    try thief.queue.close()

    let store = try folded(fixture)
    defer { store.close() }
    let refusal = #expect(throws: StoreError.self) {
      try store.open(SealReference(seq: 4, index: 0))
    }

    #expect(
      refusal?.message == "the payload 4.0 is missing and no event says that it left")
  }
}
