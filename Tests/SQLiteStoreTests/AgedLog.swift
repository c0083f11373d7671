import CEL
import Engine
import Foundation
import GRDB
import Orchestration
import PetriNet
import Record
import SQLiteStore
import Testing

/// A log of weeks, at random: cases that end and cases that do not, firings, offers, incidents and
/// messages of no case, and what was let go.
final class AgedLog {
  static let hour: Int64 = 3_600_000_000
  let fixture: StoreFixture
  private(set) var store: SQLiteStore?
  private var draws: SeededDraws
  private var seq: Int64 = 0
  private var at = SampleLog.start
  private var keys: Int64 = 0
  private var epoch: Int64 = 0
  /// Open cases, with their token and what they have in flight.
  private var cases: [(id: Int64, flying: Int64?)] = []
  /// In flight, unsettled or open without a case: the row that began it, and what it is.
  private var loose: [(row: Int64, what: Loose)] = []

  private enum Loose { case question, action, offer, incident, unsettled }

  init(seed: UInt64) throws {
    fixture = try StoreFixture(.sqlite)
    draws = SeededDraws(seed)
    try begin()
    let hash = Hash256(hashing: AuditLog.text).bytes
    let group = AppendGroup(
      events: [
        row(nil, .ownerStarted(OwnerStarted(binary: "petrel 1", incarnation: [143, 1]))),
        row(
          nil, .definitionRegistered(DefinitionRegistered(hash: hash, kind: .prompt, name: "p"))),
      ],
      definitions: [
        StoredDefinition(
          id: DefinitionID(Seq(2)), kind: .prompt, name: "p", hash: hash, text: AuditLog.text)
      ])
    try #require(store).append(group)
  }

  var now: Instant { Instant(microseconds: at) }
  var head: Int64 { seq }

  func begin() throws {
    var options = try fixture.options()
    options.signer = AuditLog.signer
    let store = try SQLiteStore.open(options)
    try store.fold { _ in }
    self.store = store
    seq = store.identity.lastSeq.number
    epoch = max(1, store.identity.epoch)
  }

  func end() {
    store?.close()
    store = nil
  }

  func grow(by rows: Int64) throws {
    let end = seq + rows
    while seq < end {
      var events: [LoggedEvent] = []
      for _ in 0..<Int.random(in: 1...8, using: &draws) { events += step() }
      try #require(store).append(AppendGroup(events: events))
    }
  }

  /// Appends an event of the log's own.
  func append(_ event: Event, retiring: RetiringRows? = nil) throws {
    try #require(store).append(AppendGroup(events: [row(nil, event)], retiring: retiring))
  }

  /// A snapshot of all rows so far, with the event that tells its hash.
  func takeSnapshot() throws {
    let hash = [UInt8](repeating: UInt8(truncatingIfNeeded: seq), count: 32)
    let queue = try DatabaseQueue(path: fixture.database)
    try queue.write {
      try $0.execute(
        sql: "INSERT INTO snapshot VALUES(?,?,1,0,0,?)", arguments: [seq, at, Data(hash)])
    }
    try queue.close()
    try append(.snapshotTaken(SnapshotTaken(seq: Seq(seq), stateHash: hash)))
  }

  private func step() -> [LoggedEvent] {
    switch Int.random(in: 0..<12, using: &draws) {
    case 0...2: [opened()]
    case 3...6: cases.isEmpty ? [opened()] : inCase(Int.random(in: cases.indices, using: &draws))
    case 7: begun()
    case 8...9: loose.isEmpty ? begun() : ended(Int.random(in: loose.indices, using: &draws))
    case 10: [door()]
    default: plain()
    }
  }

  private func opened() -> LoggedEvent {
    keys += 1
    let number = seq + 1
    cases.append((number, nil))
    let value = SampleLog.refund("A-\(number)", "Kim", seal: SampleLog.seal(number))
    return row(
      number,
      .caseOpened(
        CaseOpened(
          businessKey: "k\(number)", key: keys,
          tokens: [MadeToken(place: PlaceName("requested"), content: .value(.value(value)))],
          workflow: DefinitionID(Seq(2)))))
  }

  private func inCase(_ place: Int) -> [LoggedEvent] {
    let (id, flying) = cases[place]
    if let flying, Bool.random(using: &draws) {
      cases[place].flying = nil
      return [row(id, .firingCompleted(Self.completed(flying, [])))]
    }
    switch Int.random(in: 0..<5, using: &draws) {
    case 0:
      let asked = row(id, .verdictRequested(question(nil)))
      return [
        asked,
        row(
          id,
          .verdictRecorded(
            VerdictRecorded(
              call: SampleLog.call(seq + 1), firing: FiringID(asked.seq), verdict: .label("true"),
              tokens: []))),
      ]
    case 1 where flying == nil:
      cases[place].flying = seq + 1
      return [row(id, .firingStarted(action(nil)))]
    case 2: return [row(id, .incidentRaised(IncidentRaised(code: "raised")))]
    default:
      cases.remove(at: place)
      var events = [row(id, .caseClosed(CaseClosed(endedIn: [], how: .completed)))]
      if let flying, Int.random(in: 0..<3, using: &draws) > 0 {
        let late = LateOutcomeRecorded(firing: FiringID(Seq(flying)), outcome: "unknown")
        events.append(row(id, .lateOutcomeRecorded(late)))
      } else if flying != nil {
        letGo.insert(id)
      }
      if Bool.random(using: &draws) {
        events.append(
          row(
            id,
            .labelRecorded(
              LabelRecorded(
                blind: false, by: .local, label: "true", purpose: .review, verdict: Seq(id)))))
      }
      return events
    }
  }

  /// Closed cases of which an action still runs.
  private(set) var letGo: Set<Int64> = []

  private func begun() -> [LoggedEvent] {
    switch Int.random(in: 0..<4, using: &draws) {
    case 0:
      loose.append((seq + 1, .question))
      return [row(nil, .verdictRequested(question(DefinitionID(Seq(2)))))]
    case 1:
      loose.append((seq + 1, .action))
      return [row(nil, .firingStarted(action(DefinitionID(Seq(2)))))]
    case 2:
      loose.append((seq + 1, .offer))
      return [
        row(
          nil,
          .taskOffered(
            TaskOffered(
              token: TokenID(Seq(2), 0), transition: TransitionName("t"),
              workflow: DefinitionID(Seq(2)))))
      ]
    default:
      loose.append((seq + 1, .incident))
      return [
        row(nil, .incidentRaised(IncidentRaised(code: "raised", workflow: DefinitionID(Seq(2)))))
      ]
    }
  }

  private func ended(_ place: Int) -> [LoggedEvent] {
    let (begun, what) = loose[place]
    let firing = FiringID(Seq(begun))
    let tokens: [MadeToken]? = Int.random(in: 0..<4, using: &draws) == 0 ? nil : []
    switch what {
    case .question:
      if Int.random(in: 0..<4, using: &draws) == 0 {
        loose.remove(at: place)
        let aborted = [AbortedFiring(firing: firing, lost: [])]
        return [row(nil, .fired(fired(aborted)))]
      }
      if tokens == nil { loose[place].what = .unsettled } else { loose.remove(at: place) }
      return [
        row(
          nil,
          .verdictRecorded(VerdictRecorded(firing: firing, verdict: .label("x"), tokens: tokens)))
      ]
    case .action:
      if Int.random(in: 0..<4, using: &draws) == 0 {
        return [
          row(
            nil,
            .attemptFailed(
              AttemptFailed(
                attempt: 1, code: "timeout", deadline: now, firing: firing, next: now)))
        ]
      }
      if tokens == nil { loose[place].what = .unsettled } else { loose.remove(at: place) }
      return [row(nil, .firingCompleted(Self.completed(begun, tokens)))]
    case .unsettled:
      loose.remove(at: place)
      return [
        row(
          nil,
          .firingSettled(FiringSettled(by: .local, firing: firing, how: .dropped)))
      ]
    case .offer:
      loose.remove(at: place)
      if Bool.random(using: &draws) {
        return [row(nil, .taskWithdrawn(TaskWithdrawn(reason: .taken, task: TaskID(Seq(begun)))))]
      }
      if tokens == nil { loose.append((seq + 1, .unsettled)) }
      return [
        row(
          nil,
          .taskAnswered(
            TaskAnswered(
              by: .local, consumed: [], outcome: "ok", task: TaskID(Seq(begun)), tokens: tokens,
              transition: TransitionName("t"), workflow: DefinitionID(Seq(2)))))
      ]
    case .incident:
      loose.remove(at: place)
      return [
        row(
          nil,
          .incidentResolved(
            IncidentResolved(by: .local, how: .ignored, incident: IncidentID(Seq(begun)))))
      ]
    }
  }

  private func door() -> LoggedEvent {
    keys += 1
    let value = SampleLog.refund("B-\(seq)", "Lee", seal: SampleLog.seal(seq + 1))
    return row(
      nil,
      .tokenDeposited(
        TokenDeposited(
          key: keys,
          tokens: [MadeToken(place: PlaceName("w/inbox"), content: .value(.value(value)))])))
  }

  private func plain() -> [LoggedEvent] {
    Bool.random(using: &draws)
      ? [row(nil, .fired(fired(nil)))]
      : [row(nil, .ownerStarted(OwnerStarted(binary: "petrel 1", incarnation: [9])))]
  }

  private func fired(_ aborted: [AbortedFiring]?) -> Fired {
    Fired(
      aborted: aborted, consumed: [], tokens: [], transition: TransitionName("t"),
      workflow: DefinitionID(Seq(2)))
  }

  private func question(_ workflow: DefinitionID?) -> VerdictRequested {
    VerdictRequested(
      consumed: [], deadline: now, guardID: DefinitionID(Seq(2)), transition: TransitionName("ask"),
      workflow: workflow)
  }

  private func action(_ workflow: DefinitionID?) -> FiringStarted {
    FiringStarted(
      action: ActionName("payments.refund"), consumed: [], deadline: now,
      transition: TransitionName("pay"), workflow: workflow)
  }

  private static func completed(_ firing: Int64, _ tokens: [MadeToken]?) -> FiringCompleted {
    FiringCompleted(attempts: 1, firing: FiringID(Seq(firing)), outcome: "ok", tokens: tokens)
  }

  private func row(_ id: Int64?, _ event: Event) -> LoggedEvent {
    seq += 1
    at += Int64.random(in: 0...2 * Self.hour, using: &draws)
    return LoggedEvent(
      seq: Seq(seq), epoch: epoch, at: now, caseID: id.map { CaseID(Seq($0)) }, event: event)
  }
}
