import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Testing

/// Rows that wait in a log in memory until somebody reads are the rows that are written at once.
struct MemoryLogTests {
  private static let item = RecordType(
    name: "Item", fields: [.init("n", .int), .init("s", .string)])

  private static func event(_ seq: Int64, of caseID: Int64?, _ event: Event) -> LoggedEvent {
    LoggedEvent(
      seq: Seq(seq), epoch: 1, at: Instant(microseconds: 1_000 + seq),
      caseID: caseID.map { CaseID(Seq($0)) }, event: event)
  }

  private static func opened(_ seq: Int64, key: Int64, _ text: String) -> LoggedEvent {
    let value = Value.record(Record(type: item, fields: [.int(seq), .string(text)]))
    return event(
      seq, of: seq,
      .caseOpened(
        CaseOpened(
          businessKey: "k\(seq)", key: key,
          tokens: [MadeToken(place: PlaceName("a"), content: .value(.value(value)))],
          workflow: DefinitionID(Seq(1)))))
  }

  private static func fired(_ seq: Int64, of caseID: Int64, from token: Int64) -> LoggedEvent {
    event(
      seq, of: caseID,
      .fired(
        Fired(
          consumed: [.one(TokenID(Seq(token), 0))],
          tokens: [
            MadeToken(place: PlaceName("b"), content: .same(TokenID(Seq(caseID), 0)))
          ], transition: TransitionName("t"))))
  }

  /// Plain rows, a row with a text to seal among them, a blob, and a case that stays open.
  private static let groups: [[LoggedEvent]] = [
    [event(1, of: nil, .ownerStarted(OwnerStarted(binary: "test", incarnation: [1, 2, 3])))],
    [opened(2, key: 1, "x"), fired(3, of: 2, from: 2)],
    [fired(4, of: 2, from: 3)],
    [opened(5, key: 2, String(repeating: "long", count: 400))],
    [
      event(
        6, of: 2,
        .caseClosed(
          CaseClosed(
            how: .terminated, why: SealedText("because", seal: SealReference(seq: 6, index: 0)))))
    ],
    [fired(7, of: 5, from: 5), event(8, of: 5, .caseClosed(CaseClosed(how: .completed)))],
    [opened(9, key: 3, "y"), fired(10, of: 9, from: 9)],
  ]

  private static func keys() -> MemoryKeys {
    MemoryKeys(.listed((0..<4).map { [UInt8](repeating: UInt8($0 + 1), count: 32) }))
  }

  private static func written(isReadEachTime: Bool) throws -> MemoryLog {
    let log = MemoryLog(keys: keys())
    let store = MemoryStore(log)
    for group in groups {
      try store.append(AppendGroup(events: group))
      if isReadEachTime { #expect(log.records.last?.seq == group.last?.seq.number) }
    }
    return log
  }

  @Test func `rows that wait are the rows that are read at once`() throws {
    let waited = try Self.written(isReadEachTime: false)
    let read = try Self.written(isReadEachTime: true)

    #expect(waited.records == read.records)
    #expect(waited.records.count == 10)
  }

  @Test func `cases and texts are read from rows that waited`() throws {
    let log = try Self.written(isReadEachTime: false)

    let row = try #require(try log.caseRow(CaseID(Seq(2))))
    let text = try log.payload(seq: Seq(6), index: 0)

    #expect(row.closed == Instant(microseconds: 1_006))
    #expect(text.map { String(decoding: $0, as: UTF8.self) } == "because")
    #expect(try log.head().seq == Seq(10))
  }

  @Test func `a store that comes later goes on behind the rows that waited`() throws {
    let log = try Self.written(isReadEachTime: false)
    let later = MemoryStore(log)
    var folded = 0

    try later.fold { _ in folded += 1 }
    try later.append(AppendGroup(events: [Self.fired(11, of: 9, from: 10)]))

    #expect(folded == 10)
    #expect(later.identity.lastSeq == Seq(11))
    #expect(try later.event(at: Seq(11))?.caseID == CaseID(Seq(9)))
  }

  @Test func `a store that only reads leaves the writing one at work`() throws {
    let log = MemoryLog(keys: Self.keys())
    let writing = MemoryStore(log)
    for group in Self.groups.prefix(4) { try writing.append(AppendGroup(events: group)) }

    try MemoryStore(log).fold { _ in }
    for group in Self.groups.dropFirst(4) { try writing.append(AppendGroup(events: group)) }

    #expect(log.records == (try Self.written(isReadEachTime: false).records))
  }
}
