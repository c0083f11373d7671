import CEL
import Engine
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// What every store must do, run against each of them.
struct StoreContractTests {
  private func filled(_ fixture: StoreFixture) throws -> any EventStore {
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    let identified = try #require(
      try store.identify(SampleLog.request, at: StoreFixture.now))
    try store.append(SampleLog.running(identified.identity))
    return store
  }

  @Test func `equal groups give equal rows and leaves in every store`() throws {
    let rows = try StoreKind.allCases.map { kind in
      let fixture = try StoreFixture(kind)
      let store = try filled(fixture)
      defer { store.close() }
      return try fixture.reader().rows(RowQuery(), limit: 100)
    }

    #expect(rows[0].count == 15)
    #expect(rows.allSatisfy { $0 == rows[0] })
    let roots = rows.map { MerkleTree($0.compactMap { Hash256($0.hash) }).root }
    #expect(Set(roots).count == 1)
  }

  @Test(arguments: StoreKind.allCases, [1, 2, 5, 100])
  func `what was prepared in parts is appended as if it came at once`(
    kind: StoreKind, part: Int
  ) throws {
    let expected = try StoreFixture(kind)
    try filled(expected).close()
    let fixture = try StoreFixture(kind)
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    let identified = try store.identify(SampleLog.request, at: StoreFixture.now)
    let group = SampleLog.running(try #require(identified).identity)

    // The last rows are not prepared.
    let events = group.events.dropLast(2)
    for first in stride(from: events.startIndex, to: events.endIndex, by: part) {
      store.prepare(Array(events[first..<min(first + part, events.endIndex)]))
    }
    try store.append(group)
    store.close()

    #expect(
      try fixture.reader().rows(RowQuery(), limit: 100)
        == expected.reader().rows(RowQuery(), limit: 100))
    let payloads = try [(4, 0), (6, 0), (6, 1), (11, 0)].map { seq, index in
      try fixture.reader().payload(seq: Seq(seq), index: Int32(index))
    }
    #expect(!payloads.contains(nil))
  }

  @Test(arguments: StoreKind.allCases)
  func `what was prepared and never appended is not in the log`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    store.prepare(Array(SampleLog.running(nil).events.prefix(4)))
    store.close()

    let again = try fixture.open()
    try again.fold { _ in }
    #expect(again.identity.lastSeq == Seq(3))
    try again.append(SampleLog.running(nil))
    again.close()

    #expect(try fixture.reader().rows(RowQuery(), limit: 100).count == 15)
  }

  @Test(arguments: StoreKind.allCases)
  func `what goes wrong with prepared rows is told by the append`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try fixture.open()
    try store.append(SampleLog.opening)
    var group = SampleLog.running(nil)
    // Its payload would have no key.
    group.events[1] = SampleLog.row(
      5, case: 77, .caseClosed(CaseClosed(how: .cancelled, why: SealedText("Kim", seal: nil))))
    store.prepare(Array(group.events.prefix(3)))

    #expect(throws: StoreError.self) { try store.append(group) }
    #expect(throws: StoreError.self) { try store.append(SampleLog.running(nil)) }
    store.close()

    let again = try fixture.open()
    defer { again.close() }
    #expect(again.identity.lastSeq == Seq(3))
  }

  @Test(arguments: StoreKind.allCases)
  func `the fold gives back what was appended`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    try filled(fixture).close()
    let store = try fixture.open()
    defer { store.close() }
    var encoding = EventEncoding()
    let expected = SampleLog.opening.events + SampleLog.running(nil).events

    var folded: [LoggedEvent] = []
    try store.fold { folded.append($0) }

    #expect(folded.map(\.seq) == expected.map(\.seq))
    #expect(folded.map(\.at) == expected.map(\.at))
    #expect(folded.map(\.caseID) == expected.map(\.caseID))
    for (left, right) in zip(folded, expected) where left.event.request == nil {
      #expect(try encoding.encode(left).body == encoding.encode(right).body)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a log closed and opened goes on as if it never was`(kind: StoreKind) throws {
    let unbroken = try StoreFixture(kind)
    try filled(unbroken).close()
    let broken = try StoreFixture(kind)

    for event in try SampleLog.opening.events + rows(of: unbroken) {
      let store = try broken.open()
      try store.fold { _ in }
      let definitions = SampleLog.opening.definitions.filter { $0.id.seq == event.seq }
      try store.append(AppendGroup(events: [event], definitions: definitions))
      store.close()
    }

    #expect(
      try broken.reader().rows(RowQuery(), limit: 100)
        == unbroken.reader().rows(RowQuery(), limit: 100))
  }

  /// The running case with the request that the log has, values and texts as they were given.
  private func rows(of fixture: StoreFixture) throws -> [LoggedEvent] {
    let stored = try fixture.reader().rows(RowQuery(after: Seq(3)), limit: 1)
    let opened = try LoggedEvent(try #require(stored.first))
    return SampleLog.running(opened.event.request).events
  }

  @Test(arguments: StoreKind.allCases)
  func `an identity is that of the last row`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    try filled(fixture).close()
    let store = try fixture.open()
    defer { store.close() }

    #expect(
      store.identity
        == LogIdentity(
          origin: "petrel.example/3f9c2e7a1b5d4c60/0", shard: 0, lastSeq: Seq(15),
          lastAt: Instant(microseconds: SampleLog.start + 15_000), epoch: 1))
  }

  @Test(arguments: StoreKind.allCases)
  func `sealed parts open, and values read back by colour`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    defer { store.close() }
    let text = Array(#"{"amount_cents":4200,"order":"A-1","~":"4.0"}"#.utf8)

    let value = try store.value(of: text, in: .record(SampleLog.refund))

    #expect(value == SampleLog.refund("A-1", "Kim", seal: SampleLog.seal(4)))
    let opened = try [(4, 0), (6, 0), (6, 1), (11, 0), (14, 0), (15, 0)].map { seq, index in
      String(
        decoding: try store.open(SealReference(seq: seq, index: Int32(index))) ?? [],
        as: UTF8.self)
    }
    #expect(
      opened == [
        #"{"customer":"Kim"}"#, "is it?", "true", "she called", #"{"customer":"Lee"}"#,
        "Kim wrote twice",
      ])
    #expect(try store.open(SealReference(seq: 5, index: 0)) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `a long leaf is read from where it is kept`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    defer { store.close() }
    guard case .firingCompleted(let completed)? = try store.event(at: Seq(8))?.event,
      case .value(.text(let text))? = completed.tokens?.first?.content
    else {
      Issue.record("row 8 is no completion with a token")
      return
    }

    let value = try store.value(of: text, in: .string(max: nil))

    #expect(text.count < 100)
    #expect(value == .string(String(repeating: "r", count: 2000)))
  }

  @Test(arguments: StoreKind.allCases)
  func `a request is known again for a day`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    defer { store.close() }
    let slotLength = RequestIdentity.slotMicroseconds
    var other = SampleLog.request
    other.body = Array("[]".utf8)
    var bodiless = SampleLog.request
    bodiless.body = nil
    var stranger = SampleLog.request
    stranger.by = Subject("local:bob")

    func seen(_ request: RequestKey, at: Instant = StoreFixture.now) throws -> String {
      guard let identified = try store.identify(request, at: at) else { return "no slot" }
      switch identified.seen {
      case nil: return "new"
      case .otherBody?: return "other body"
      case .pruned?: return "pruned"
      case .same(let event)?: return "row \(event.seq.number)"
      }
    }

    #expect(try seen(SampleLog.request) == "row 4")
    #expect(try seen(other) == "other body")
    #expect(try seen(bodiless) == "row 4")
    #expect(try seen(stranger) == "new")
    let later = StoreFixture.now.advanced(by: 4 * slotLength)
    #expect(try seen(SampleLog.request, at: later) == "no slot")
    for (seq, slots) in [(16, Int64(4)), (17, 5)] {
      try store.append(
        AppendGroup(events: [
          SampleLog.row(
            Int64(seq), case: nil,
            .requestSlotOpened(
              RequestSlotOpened(key: Int64(seq), slot: SampleLog.slot + slots)))
        ]))
    }
    #expect(try seen(SampleLog.request, at: later) == "row 4")
    #expect(try seen(SampleLog.request, at: later.advanced(by: slotLength)) == "new")
  }

  @Test(arguments: StoreKind.allCases)
  func `a closed slot takes its key and its entries along`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    for seq in [Int64(16), 17] {
      let closing = Event.requestSlotClosed(RequestSlotClosed(key: 0, slot: SampleLog.slot))
      let opening = Event.requestSlotOpened(RequestSlotOpened(key: 3, slot: SampleLog.slot))
      try store.append(
        AppendGroup(events: [SampleLog.row(seq, case: nil, seq == 16 ? closing : opening)]))
    }

    let identified = try #require(try store.identify(SampleLog.request, at: StoreFixture.now))

    #expect(identified.seen == nil)
    store.close()
    let again = try fixture.open()
    defer { again.close() }
    try again.fold { _ in }
    #expect(try again.identify(SampleLog.request, at: StoreFixture.now) != nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `definitions are kept with their texts`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    defer { store.close() }

    #expect(try store.definitions() == SampleLog.opening.definitions)
    #expect(try fixture.reader().definitions() == SampleLog.opening.definitions)
  }

  @Test(arguments: StoreKind.allCases)
  func `an event that cannot be a row writes nothing and closes the store`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    let good = SampleLog.row(
      16, case: 4, .taskReleased(TaskReleased(by: .local, task: TaskID(Seq(9)))))
    let bad = SampleLog.row(
      17, case: 4, .caseClosed(CaseClosed(how: .cancelled, why: SealedText("in the clear"))))

    #expect(throws: StoreError.self) { try store.append(AppendGroup(events: [good, bad])) }
    #expect(throws: StoreError.self) { try store.append(AppendGroup(events: [good])) }

    store.close()
    let again = try fixture.open()
    defer { again.close() }
    #expect(again.identity.lastSeq == Seq(15))
    try again.fold { _ in }
    try again.append(AppendGroup(events: [good]))
    #expect(again.identity.lastSeq == Seq(16))
  }

  @Test(arguments: StoreKind.allCases)
  func `lists are the same from every store`(kind: StoreKind) throws {
    let fixture = try StoreFixture(kind)
    let store = try filled(fixture)
    defer { store.close() }
    let reader = try fixture.reader()
    let row = CaseRow(
      id: CaseID(Seq(4)), workflow: WorkflowName("환불-분류"), version: DefinitionID(Seq(2)),
      businessKey: "A-1", status: .completed, opened: Instant(microseconds: SampleLog.start + 4000),
      closed: Instant(microseconds: SampleLog.start + 13_000),
      endedIn: [EndCount(place: PlaceName("done"), count: 1)], lastSeq: Seq(15))

    #expect(try reader.cases(CaseQuery(), before: nil, limit: 10) == [row])
    #expect(try reader.cases(CaseQuery(), before: CaseID(Seq(4)), limit: 10) == [])
    #expect(try reader.cases(CaseQuery(status: .open), before: nil, limit: 10) == [])
    #expect(
      try reader.cases(
        CaseQuery(workflow: WorkflowName("환불-분류"), status: .completed, businessKey: "A-1"),
        before: nil, limit: 10) == [row])
    #expect(try reader.caseRow(CaseID(Seq(4))) == row)
    #expect(try reader.caseRow(CaseID(Seq(5))) == nil)
    #expect(
      try reader.caseID(workflow: WorkflowName("환불-분류"), businessKey: "A-1") == row.id)
    #expect(try reader.caseID(workflow: WorkflowName("other"), businessKey: "A-1") == nil)
    #expect(try reader.head().seq == Seq(15))
    #expect(try reader.payload(seq: Seq(11), index: 0) == Array("she called".utf8))
    let kinds = try reader.rows(
      RowQuery(caseID: CaseID(Seq(4)), kinds: ["verdictRecorded", "caseClosed"]), limit: 10)
    #expect(kinds.map(\.seq) == [Seq(6), Seq(13)])
    let newest = try reader.rows(RowQuery(after: Seq(10), isNewestFirst: true), limit: 2)
    #expect(newest.map(\.seq) == [Seq(15), Seq(14)])
  }

  @Test(arguments: StoreKind.allCases, 0..<6)
  func `a store that fails at a call leaves whole groups behind`(
    kind: StoreKind, position: Int
  ) throws {
    let fixture = try StoreFixture(kind)
    let full = StoreError(.full, code: "S111", "full")
    let faulty = FaultyStore(try fixture.open()) { call in
      call == position ? (call % 2 == 0 ? .before(full) : .after(full)) : nil
    }
    let groups = SampleLog.opening.events + SampleLog.running(nil).events

    var written = 0
    for event in groups.prefix(6) {
      let definitions = SampleLog.opening.definitions.filter { $0.id.seq == event.seq }
      do {
        try faulty.append(AppendGroup(events: [event], definitions: definitions))
      } catch {
        #expect(error == full)
        break
      }
      written += 1
    }
    faulty.close()

    let again = try fixture.open()
    defer { again.close() }
    let expected = position % 2 == 0 ? position : position + 1
    #expect(written == position)
    #expect(again.identity.lastSeq == Seq(Int64(expected)))
  }
}
