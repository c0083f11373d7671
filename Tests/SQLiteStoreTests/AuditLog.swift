import CEL
import Engine
import Foundation
import GRDB
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// Xorshift: the same draws everywhere.
struct SeededDraws: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// A log on disk with cases at random: several owners, groups of all sizes, values that are moved on,
/// sealed parts, and checkpoints about every thirty rows.
final class AuditLog {
  let fixture: StoreFixture
  private var draws: SeededDraws
  private(set) var seq: Int64 = 0
  private var at = SampleLog.start
  private var epoch: Int64 = 0
  private var keys: Int64 = 0
  private var open: [Open] = []
  private(set) var store: SQLiteStore?
  /// The same log in another store, which takes what this one takes.
  let mirror: StoreFixture?
  private var mirrored: (any EventStore)?

  private struct Open {
    var id: Int64
    /// The token in its marking, and the row that wrote its value.
    var token: TokenID
    var origin: TokenID
  }

  static let text = Array("prompt: is it about money?\n".utf8)
  static let signer = SigningSeed((0..<32).map { UInt8($0) })

  /// The key in force.
  var key = AuditLog.signer
  private let restNanoseconds: UInt64

  init(
    seed: UInt64, rows: Int64, restNanoseconds: UInt64 = 1_000_000_000,
    mirror: StoreFixture? = nil
  ) throws {
    self.restNanoseconds = restNanoseconds
    self.mirror = mirror
    fixture = try StoreFixture(.sqlite)
    draws = SeededDraws(seed)
    try begin()
    try grow(to: rows / 2)
    try end()
    try begin()
    try grow(to: rows)
    try end()
  }

  /// A new owner takes the log.
  func begin(accepting: Bool = false) throws {
    var options = try fixture.options()
    options.signer = key
    options.restNanoseconds = restNanoseconds
    options.acceptsLoss = accepting
    let store = try SQLiteStore.open(options)
    try store.fold { _ in }
    self.store = store
    mirror?.signer = key
    mirrored = try mirror?.open()
    try mirrored?.fold { _ in }
    seq = store.identity.lastSeq.number
    at = max(at, store.identity.lastAt.microseconds)
    epoch = store.identity.epoch
  }

  func end() throws {
    store?.close()
    store = nil
    mirrored?.close()
    mirrored = nil
  }

  private func append(_ group: AppendGroup, _ store: SQLiteStore) throws {
    try store.append(group)
    try mirrored?.append(group)
  }

  func grow(to rows: Int64) throws {
    guard let store else { return }
    seq = store.identity.lastSeq.number
    at = max(at, store.identity.lastAt.microseconds)
    epoch += 1
    var group = AppendGroup(events: [
      row(nil, .ownerStarted(OwnerStarted(binary: "petrel 1", incarnation: [143, UInt8(epoch)])))
    ])
    if seq == 1 {
      let hash = Hash256(hashing: Self.text).bytes
      group.events.append(
        row(nil, .definitionRegistered(DefinitionRegistered(hash: hash, kind: .prompt, name: "p"))))
      group.definitions = [
        StoredDefinition(
          id: DefinitionID(Seq(2)), kind: .prompt, name: "p", hash: hash, text: Self.text)
      ]
    }
    try append(group, store)
    while seq < rows {
      var events: [LoggedEvent] = []
      for _ in 0..<Int.random(in: 1...6, using: &draws) { events += step() }
      try append(AppendGroup(events: events), store)
    }
  }

  /// Cases that are open go on no more: rows of theirs may have left.
  func forgetCases() { open = [] }

  private func step() -> [LoggedEvent] {
    if open.isEmpty || Int.random(in: 0..<3, using: &draws) == 0 { return [opened()] }
    let place = Int.random(in: open.indices, using: &draws)
    switch Int.random(in: 0..<4, using: &draws) {
    case 0: return moved(place)
    case 1: return judged(place)
    case 2: return acted(place)
    default:
      let id = open.remove(at: place).id
      return [row(id, .caseClosed(CaseClosed(endedIn: [], how: .completed)))]
    }
  }

  private func opened() -> LoggedEvent {
    keys += 1
    let number = seq + 1
    let value = SampleLog.refund("A-\(number)", "Kim", seal: SampleLog.seal(number))
    open.append(Open(id: number, token: TokenID(Seq(number), 0), origin: TokenID(Seq(number), 0)))
    return row(
      number,
      .caseOpened(
        CaseOpened(
          businessKey: "k\(number)", key: keys,
          tokens: [MadeToken(place: PlaceName("requested"), content: .value(.value(value)))],
          workflow: DefinitionID(Seq(2)))))
  }

  /// The value stays with the row that wrote it.
  private func moved(_ place: Int) -> [LoggedEvent] {
    let found = open[place]
    open[place].token = TokenID(Seq(seq + 1), 0)
    return [
      row(
        found.id,
        .fired(
          Fired(
            consumed: [.one(found.token)],
            tokens: [MadeToken(place: PlaceName("waiting"), content: .same(found.origin))],
            transition: TransitionName("move"))))
    ]
  }

  private func judged(_ place: Int) -> [LoggedEvent] {
    let found = open[place]
    let asked = row(
      found.id,
      .verdictRequested(
        VerdictRequested(
          consumed: [.one(found.token)], deadline: Instant(microseconds: at + 5_000_000),
          guardID: DefinitionID(Seq(2)), transition: TransitionName("ask"))))
    open[place].token = TokenID(Seq(seq + 1), 0)
    return [
      asked,
      row(
        found.id,
        .verdictRecorded(
          VerdictRecorded(
            call: SampleLog.call(seq + 1), firing: FiringID(asked.seq), verdict: .label("true"),
            tokens: [MadeToken(place: PlaceName("judged"), content: .same(found.origin))]))),
    ]
  }

  private func acted(_ place: Int) -> [LoggedEvent] {
    let found = open[place]
    let started = row(
      found.id,
      .firingStarted(
        FiringStarted(
          action: ActionName("payments.refund"), consumed: [.one(found.token)],
          deadline: Instant(microseconds: at + 9_000_000), transition: TransitionName("pay"))))
    let token = TokenID(Seq(seq + 1), 0)
    open[place].token = token
    open[place].origin = token
    return [
      started,
      row(
        found.id,
        .firingCompleted(
          FiringCompleted(
            attempts: 1, firing: FiringID(started.seq), outcome: "ok",
            tokens: [
              MadeToken(
                place: PlaceName("paid"), content: .value(.value(.string("receipt \(seq)"))))
            ]))),
    ]
  }

  private func row(_ id: Int64?, _ event: Event) -> LoggedEvent {
    seq += 1
    at += Int64.random(in: 0...70_000, using: &draws)
    return LoggedEvent(
      seq: Seq(seq), epoch: epoch, at: Instant(microseconds: at),
      caseID: id.map { CaseID(Seq($0)) }, event: event)
  }
}
