import CEL
import Engine
import Foundation
import Orchestration
import PetriNet
import PostgresServer
import PostgresStore
import Record
import SQLiteStore
import Testing

/// The stores that fill the port; PostgreSQL where there is a server to start.
enum StoreKind: CaseIterable {
  case memory, sqlite, postgres

  static let allCases: [StoreKind] =
    PostgresServer.isAvailable ? [.memory, .sqlite, .postgres] : [.memory, .sqlite]
}

/// A store of either kind in a place of its own, with keys that are the same in all.
final class StoreFixture {
  let kind: StoreKind
  let folder: String
  private let memory: MemoryLog
  /// Signs a log in PostgreSQL; nil: a key of its own.
  var signer: SigningSeed?

  static let logID: [UInt8] = [0x3f, 0x9c, 0x2e, 0x7a, 0x1b, 0x5d, 0x4c, 0x60]
  static let seed: [UInt8] = [1, 2, 3]
  static let now = Instant(microseconds: 1_795_132_800_000_000)

  init(_ kind: StoreKind) throws {
    self.kind = kind
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("petrel-store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    memory = MemoryLog(
      origin: "petrel.example/\(Hexadecimal.text(Self.logID))/0",
      keys: MemoryKeys(.seeded(Self.seed)))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var database: String { folder + "/petrel.db" }

  var kek: KeyEncryptionKey {
    get throws { try #require(KeyEncryptionKey([UInt8](repeating: 5, count: 32))) }
  }

  func options(database: String? = nil, pagesMax: Int? = nil) throws -> SQLiteStore.Options {
    SQLiteStore.Options(
      database: database ?? self.database, keysFile: folder + "/petrel.keys", kek: try kek,
      host: "petrel.example", logID: Self.logID, now: Self.now, pid: 4121,
      keySource: .seeded(Self.seed), pagesMax: pagesMax)
  }

  /// Opens the store; opening it again after `close` goes on with the same log.
  func open() throws -> any EventStore {
    switch kind {
    case .memory: MemoryStore(memory)
    case .sqlite: try SQLiteStore.open(options())
    case .postgres: try openPostgres()
    }
  }

  /// The reading side, keys at hand.
  func reader() throws -> any LogReading {
    switch kind {
    case .memory: memory
    case .sqlite:
      try LogReader(
        path: database, keys: LogReader.Keys(file: folder + "/petrel.keys", kek: try kek))
    case .postgres: try postgresReader()
    }
  }
}

/// A small log: an owner, a workflow, a slot, a message and a case with everything personal in it.
enum SampleLog {
  static let start = StoreFixture.now.microseconds
  static let refund = RecordColour(
    name: "Refund",
    fields: [
      .init(name: "order", colour: .string(max: nil)),
      .init(name: "customer", colour: .string(max: nil), isPersonal: true),
      .init(name: "amount_cents", colour: .int(nil)),
    ])

  static func refund(_ order: String, _ customer: String, seal: SealReference) -> Value {
    .record(
      Record(
        type: refund.type, fields: [.string(order), .string(customer), .int(4200)], seal: seal))
  }

  static func row(_ seq: Int64, case number: Int64?, _ event: Event) -> LoggedEvent {
    LoggedEvent(
      seq: Seq(seq), epoch: 1, at: Instant(microseconds: start + seq * 1000),
      caseID: number.map { CaseID(Seq($0)) }, event: event)
  }

  static func seal(_ seq: Int64, _ index: Int32 = 0) -> SealReference {
    SealReference(seq: seq, index: index)
  }

  static let slot = RequestIdentity.slot(of: StoreFixture.now)
  static let hash = [UInt8](repeating: 7, count: 32)

  /// Up to the slot, so that requests can be identified.
  static let opening = AppendGroup(
    events: [
      row(1, case: nil, .ownerStarted(OwnerStarted(binary: "petrel 1", incarnation: [143, 20]))),
      row(
        2, case: nil,
        .definitionRegistered(
          DefinitionRegistered(hash: hash, kind: .workflow, name: "환불-분류"))),
      row(3, case: nil, .requestSlotOpened(RequestSlotOpened(key: 0, slot: slot))),
    ],
    definitions: [
      StoredDefinition(
        id: DefinitionID(Seq(2)), kind: .workflow, name: "환불-분류", hash: hash,
        text: Array("workflow: 환불-분류\n".utf8))
    ])

  static let request = RequestKey(
    route: "POST /v1/workflows/w/cases", by: Subject("local:ada"), key: Array("k-1".utf8),
    body: Array("{}".utf8))

  /// The case, under a request if one is given.
  static func running(_ identity: RequestIdentity?) -> AppendGroup {
    AppendGroup(events: beginning(identity) + ending)
  }

  private static func beginning(_ identity: RequestIdentity?) -> [LoggedEvent] {
    [
      row(
        4, case: 4,
        .caseOpened(
          CaseOpened(
            businessKey: "A-1", key: 1, request: identity,
            tokens: [
              MadeToken(
                place: PlaceName("requested"),
                content: .value(.value(refund("A-1", "Kim", seal: seal(4)))))
            ], workflow: DefinitionID(Seq(2))))),
      row(
        5, case: 4,
        .verdictRequested(
          VerdictRequested(
            consumed: [.one(TokenID(Seq(4), 0))],
            deadline: Instant(microseconds: start + 5_000_000),
            guardID: DefinitionID(Seq(2)), transition: TransitionName("의도_분석_전이")))),
      row(
        6, case: 4,
        .verdictRecorded(
          VerdictRecorded(
            call: call(6), firing: FiringID(Seq(5)), verdict: .label("true"),
            tokens: [
              MadeToken(place: PlaceName("waiting"), content: .same(TokenID(Seq(4), 0)))
            ]))),
      row(
        7, case: 4,
        .firingStarted(
          FiringStarted(
            action: ActionName("payments.refund"), consumed: [.one(TokenID(Seq(6), 0))],
            deadline: Instant(microseconds: start + 9_000_000),
            transition: TransitionName("pay"),
            with: .value(refund("A-1", "Kim", seal: seal(4)))))),
    ]
  }

  private static let ending: [LoggedEvent] = [
    row(
      8, case: 4,
      .firingCompleted(
        FiringCompleted(
          attempts: 1, firing: FiringID(Seq(7)), outcome: "ok",
          tokens: [
            MadeToken(
              place: PlaceName("done"),
              content: .value(.value(.string(String(repeating: "r", count: 2000)))))
          ]))),
    row(
      9, case: 4,
      .taskOffered(
        TaskOffered(token: TokenID(Seq(8), 0), transition: TransitionName("review")))),
    row(
      10, case: 4,
      .incidentRaised(IncidentRaised(code: "raised", transition: TransitionName("pay")))),
    row(
      11, case: 4,
      .taskAnswered(
        TaskAnswered(
          by: Subject("local:ada"), consumed: [.one(TokenID(Seq(8), 0))],
          note: SealedText("she called", seal: seal(11)), outcome: "approve",
          task: TaskID(Seq(9)), tokens: [], transition: TransitionName("review")))),
    row(
      12, case: 4,
      .incidentResolved(
        IncidentResolved(
          by: .engine, how: .gone, incident: IncidentID(Seq(10))))),
    row(
      13, case: 4,
      .caseClosed(
        CaseClosed(
          endedIn: [EndCount(place: PlaceName("done"), count: 1)], how: .completed))),
    row(
      14, case: nil,
      .tokenDeposited(
        TokenDeposited(
          key: 2,
          tokens: [
            MadeToken(
              place: PlaceName("w/inbox"),
              content: .value(.value(refund("B-2", "Lee", seal: seal(14)))))
          ]))),
    // After the case has closed: the key is looked up.
    row(
      15, case: 4,
      .labelRecorded(
        LabelRecorded(
          blind: false, by: Subject("local:bob"), label: "false", purpose: .review,
          verdict: Seq(6), why: SealedText("Kim wrote twice", seal: seal(15))))),
  ]

  static func call(_ seq: Int64) -> CallRecord {
    var call = CallRecord(
      attempt: 1, endpoint: "local", requested: "m", started: Instant(microseconds: start),
      ended: Instant(microseconds: start + 41_000))
    call.model = "stub-1"
    call.question = SealedBytes(Array("is it?".utf8), seal: seal(seq, 0))
    call.reply = SealedBytes(Array("true".utf8), seal: seal(seq, 1))
    return call
  }
}
