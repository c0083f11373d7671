internal import CEL
package import Engine
internal import Orchestration
package import PetriNet
internal import Record

/// A firing that has an outcome, as tests name it: `by_amount.small`, `agent_late`.
package struct FiredName: Hashable, Sendable {
  package var transition: TransitionName
  /// Nil for a plain transition.
  package var outcome: String?

  package var text: String { transition.text + (outcome.map { ".\($0)" } ?? "") }

  /// Whether `TRANSITION` or `TRANSITION.OUTCOME` means this firing.
  package func isMeant(by name: String) -> Bool {
    name.utf8.elementsEqual(transition.text.utf8) || name.utf8.elementsEqual(text.utf8)
  }
}

/// A line of a trail: what was decided when.
package struct TrailLine: Sendable, Equatable {
  /// Nil for what stands in no row.
  package var seq: Seq?
  package var at: Instant
  /// `opened`, `asked`, `verdict`, `fired`, …
  package var what: String
  package var detail: String
}

/// What a trial's log says has happened, row by row.
struct History {
  /// A case of the trial.
  struct CaseHistory {
    var id: CaseID
    var start: PlaceName?
    var closed: (how: CaseEnding, at: Instant)?
    /// Tokens in end places, in order of arrival.
    var ends: [(place: PlaceName, value: Value)] = []
  }

  let net: Net
  let began: Instant
  private(set) var firings = 0
  private(set) var fired: [FiredName] = []
  private(set) var cases: [CaseHistory] = []
  private(set) var incidents: [String] = []
  private(set) var lines: [TrailLine] = []
  private var rowsRead = 0
  /// Versions of other workflows, and the cases that were called of them.
  private var others: Set<DefinitionID> = []
  private var called: Set<CaseID> = []
  private var transitions: [FiringID: TransitionName] = [:]

  init(net: Net, began: Instant) {
    self.net = net
    self.began = began
  }

  /// Adds a line that stands in no row.
  mutating func add(_ what: String, _ detail: String, at instant: Instant) {
    lines.append(TrailLine(seq: nil, at: instant, what: what, detail: detail))
  }

  /// Takes the rows that are new in the log.
  mutating func read(_ log: MemoryLog, _ store: any EventStore) throws -> [LoggedEvent] {
    let rows = try log.rows(RowQuery(after: Seq(Int64(rowsRead))), limit: .max)
    rowsRead += rows.count
    let events = try rows.map { row throws in try LoggedEvent(row) }
    for event in events { try take(event, store) }
    return events
  }

  private mutating func take(_ logged: LoggedEvent, _ store: any EventStore) throws {
    if isOfAnother(logged) { return }
    if let (what, detail) = TrailText(net: net, transitions: transitions).text(of: logged) {
      lines.append(TrailLine(seq: logged.seq, at: logged.at, what: what, detail: detail))
    }
    switch logged.event {
    case .caseOpened(let event):
      if let id = logged.caseID {
        cases.append(CaseHistory(id: id, start: event.tokens.first?.place))
      }
    case .caseClosed(let event):
      if let index = cases.firstIndex(where: { $0.id == logged.caseID }) {
        cases[index].closed = (event.how, logged.at)
      }
    case .fired(let event): add(event.transition, event.branch)
    case .verdictRequested(let event): transitions[FiringID(logged.seq)] = event.transition
    case .firingStarted(let event): transitions[FiringID(logged.seq)] = event.transition
    case .childStarted(let event): transitions[FiringID(logged.seq)] = event.transition
    case .verdictRecorded(let event): add(transitions[event.firing], event.verdict.outcome)
    case .firingCompleted(let event): add(transitions[event.firing], event.outcome)
    case .childEnded(let event): add(transitions[event.firing], event.outcome)
    case .taskAnswered(let event): add(event.transition, event.outcome)
    case .incidentRaised(let event): incidents.append(event.code)
    default: break
    }
    try keepEnds(logged, store)
  }

  /// Whether a row is about a case that was called of another workflow.
  private mutating func isOfAnother(_ logged: LoggedEvent) -> Bool {
    switch logged.event {
    case .definitionRegistered(let event):
      if event.kind == .workflow, WorkflowName(event.name) != net.name {
        others.insert(DefinitionID(logged.seq))
      }
    case .caseOpened(let event):
      if others.contains(event.workflow), let id = logged.caseID { called.insert(id) }
    default: break
    }
    return logged.caseID.map { called.contains($0) } ?? false
  }

  private mutating func add(_ transition: TransitionName?, _ outcome: String?) {
    guard let transition else { return }
    firings += 1
    fired.append(FiredName(transition: transition, outcome: outcome))
  }

  /// Remembers tokens that came into end places: when the case closes, the state forgets them.
  private mutating func keepEnds(_ logged: LoggedEvent, _ store: any EventStore) throws {
    guard let index = cases.firstIndex(where: { $0.id == logged.caseID }) else { return }
    for made in logged.event.madeTokens {
      guard let place = net.place(named: made.place), case .end = net.places[place].kind else {
        continue
      }
      let value = try value(made.content, in: net.places[place].colour, store)
      cases[index].ends.append((made.place, value))
    }
  }

  private func value(
    _ content: MadeToken.Content, in colour: ColourSet, _ store: any EventStore
  ) throws -> Value {
    switch content {
    case .unit: return .null
    case .value(.value(let value)): return value
    case .value(.text(let text)): return try store.value(of: text, in: colour)
    case .same(let id):
      guard let row = try store.event(at: id.seq)?.event.madeTokens,
        row.indices.contains(Int(id.index))
      else { return .null }
      return try value(row[Int(id.index)].content, in: colour, store)
    }
  }
}

extension Event {
  /// The tokens that it puts, in the order that numbers them.
  var madeTokens: [MadeToken] {
    switch self {
    case .caseOpened(let event): event.tokens
    case .caseMigrated(let event): event.tokens
    case .fired(let event): event.tokens
    case .verdictRecorded(let event): event.tokens ?? []
    case .firingCompleted(let event): event.tokens ?? []
    case .childEnded(let event): event.tokens ?? []
    case .firingSettled(let event): event.tokens ?? []
    case .taskAnswered(let event): event.tokens ?? []
    case .tokenDeposited(let event): event.tokens
    case .placeFilled(let event): event.tokens
    case .scheduleFired(let event): event.tokens ?? []
    case .tokenReceived(let event): event.tokens
    default: []
    }
  }
}

extension Verdict {
  /// The outcome that it chooses.
  var outcome: String {
    switch self {
    case .label(let label): label
    case .fallback: "fallback"
    }
  }
}
