import CEL
import Engine
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
          16, case: 4,
          .labelRecorded(
            LabelRecorded(
              blind: false, by: .local, label: "x", purpose: .review, verdict: Seq(6),
              why: SealedText("late", seal: SampleLog.seal(16)))))
      ]))
    #expect(try store.open(SealReference(seq: 16, index: 0)) == nil)
  }
}
