import CEL
import PetriNet

@testable import Engine

/// The engine once more, written from DESIGN §2 for nothing but being plainly right: every list is an
/// array, every step looks at every combination of tokens, and nothing is remembered between two
/// steps. What the machine logs must be what this logs.
struct NaiveEngine {
  struct Token {
    let id: TokenID
    let place: PlaceName
    let caseID: CaseID?
    let value: Value
    let available: Instant
    /// Ready instants of arcs whose wait is computed, by name of the arc.
    var waits: [String: Instant] = [:]
  }

  struct Case {
    let id: CaseID
    let version: DefinitionID
    let key: String?
    let input: Value
    let opened: Instant
    var parent: FiringID?
    /// Somebody else asked for it too.
    var isJoined = false
    var isCancelled = false
    var stepsAt = Instant(microseconds: .min)
    var steps = 0
    var restedBy: IncidentID?
  }

  enum Phase { case running, letGo, unsettled }

  struct Firing {
    let id: FiringID
    let binding: Binding
    let per: Value?
    let started: Instant
    var deadline: Instant?
    var held: [Token]
    var phase = Phase.running
    var child: CaseID?
    var attempt = 1
    /// When the attempt starts: later for a retry.
    var next = Instant(microseconds: .min)
    /// Some attempt may have had its effect.
    var isMaybe = false
    /// On record while outputs are to be settled.
    var outcome: (name: String, value: Value, at: Instant)?
  }

  struct Binding {
    let version: DefinitionID
    let transition: Int
    let caseID: CaseID?
    /// By arc of `in`; a single arc has one token.
    var inputs: [[Token]]
    var reads: [Token]
    var ready: Instant
  }

  struct Offer {
    let id: TaskID
    let binding: Binding
  }

  struct Incident {
    let id: IncidentID
    let caseID: CaseID?
    let version: DefinitionID
    /// None of a schedule's.
    let transition: Int?
    let tokens: [TokenID]
    let firing: FiringID?
  }

  struct Timer {
    let workflow: WorkflowName
    let name: String
    var version: DefinitionID
    var next: Instant?
  }

  struct Closed {
    let key: String
    let workflow: WorkflowName
    let id: CaseID
    let at: Instant
  }

  struct Message {
    let place: PlaceName
    let key: Value
    let value: Value
    let at: Instant
    let seq: Seq
  }

  /// Which instants are reached: for what was there before the command `instant`, for the rest `now`.
  struct Horizon {
    let instant: Instant
    let now: Instant
    let last: Seq
  }

  let limits: Limits
  var incarnation = ""
  var versions: [(id: DefinitionID, net: Net)] = []
  var current: [WorkflowName: DefinitionID] = [:]
  var filled: [PlaceName] = []
  /// At rest.
  var tokens: [Token] = []
  var cases: [Case] = []
  var firings: [Firing] = []
  var offers: [Offer] = []
  var incidents: [Incident] = []
  var asides: [Incident] = []
  var closed: [Closed] = []
  var messages: [Message] = []
  var pausedWorkflows: [WorkflowName] = []
  /// Transitions halted by too many incidents.
  var halted: [TransitionPath] = []
  var steps: [WorkflowName: (at: Instant, count: Int)] = [:]
  var rows: [LoggedEvent] = []
  var now = Instant(microseconds: 0)
  /// Up to when everything that was due has been taken.
  var settled = Instant(microseconds: 0)
  /// Calls let go whose cases may have to end too.
  var orphans: [(firing: Firing, how: CaseEnding)] = []
  /// Tokens that left since incidents were looked at.
  var left: [TokenID] = []
  var timers: [Timer] = []
  /// Transitions whose incidents came or went since it was asked whether they are halted.
  var halts: [TransitionPath] = []
  let tally = NaiveTally()
  /// A command that leads to more than these ends unfinished: looking at every combination of so many
  /// tokens takes too long.
  var rowsMax = Int.max
  var tokensMax = Int.max

  init(limits: Limits) { self.limits = limits }

  var isFull: Bool { rows.count >= rowsMax || tokens.count >= tokensMax }

  var nextSeq: Seq { Seq(Int64(rows.count) + 1) }

  func net(_ version: DefinitionID) -> Net {
    guard let found = versions.first(where: { $0.id == version }) else {
      preconditionFailure("a version in use is known")
    }
    return found.net
  }

  func transition(_ binding: Binding) -> Transition {
    net(binding.version).transitions[binding.transition]
  }

  mutating func noteHalt(_ incident: Incident) {
    guard let number = incident.transition else { return }
    let net = net(incident.version)
    halts.append(
      TransitionPath(workflow: net.name, transition: net.transitions[number].name))
  }

  func index(of caseID: CaseID) -> Int? { cases.firstIndex { $0.id == caseID } }

  @discardableResult
  mutating func log(_ caseID: CaseID?, _ event: Event) -> Seq {
    let seq = nextSeq
    rows.append(LoggedEvent(seq: seq, epoch: 1, at: now, caseID: caseID, event: event))
    return seq
  }
}

// MARK: Commands

extension NaiveEngine {
  /// Takes a command and returns the rows it led to.
  mutating func take(_ command: Command, at clock: Instant) -> [LoggedEvent] {
    let first = rows.count
    now = max(clock, rows.last?.at ?? clock)
    let last = Seq(Int64(rows.count))
    if case .startOwner(let command) = command {
      incarnation = command.incarnation.map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined()
      log(nil, .ownerStarted(.init(binary: command.binary, incarnation: command.incarnation)))
    }
    catchUp(last)
    if isFull { return Array(rows[first...]) }
    decide(command)
    settle()
    advance(Horizon(instant: now, now: now, last: last))
    settled = now
    return Array(rows[first...])
  }

  private mutating func decide(_ command: Command) {
    switch command {
    case .register(let command): register(command)
    case .start(let command):
      start(command.workflow, command.value, by: command.by, parent: nil)
    case .depositMessage(let command):
      deposit(command.workflow, command.place, command.value, command.by, why: nil)
    case .deposit(let command):
      deposit(
        command.workflow, command.place, command.value, command.by, why: SealedText(command.why))
    case .cancel(let command):
      tally.use(.caseCancelled)
      cancel(command.caseID, by: command.by, why: command.why)
    case .terminate(let command):
      tally.use(.caseTerminated)
      end(command.caseID, .terminated, by: command.by)
    case .answer(let command): answer(command)
    case .recordVerdict(let command): record(command)
    case .endAttempt(let command): endAttempt(command)
    case .settle(let command): settle(command)
    case .resolveIncident(let command): resolve(command)
    case .withdraw(let command): withdraw(command)
    case .pause(let command): set(command, isPause: true)
    case .resume(let command): set(command, isPause: false)
    default: break
    }
  }

  private mutating func deposit(
    _ workflow: WorkflowName, _ title: String, _ value: Value, _ by: Subject?, why: SealedText?
  ) {
    guard let version = current[workflow],
      let place = net(version).places.first(where: { $0.title == title })
    else { return }
    func refuse(_ reason: RefusalReason, of: Seq? = nil) -> Event {
      .commandRefused(.init(by: by, command: .deposit, of: of, reason: reason))
    }
    let value = place.colour.coerced(value)
    guard place.colour.contains(value) else {
      log(nil, refuse(.valueNotInColourSet))
      return
    }
    var key: Value?
    if let field = place.key, case .record(let record) = value { key = record.fields[field] }
    var isMessage = false
    if case .message(let keep) = place.kind {
      isMessage = true
      let first = messages.last {
        $0.place == place.name && $0.key == key && $0.at > now.advanced(by: -keep)
      }
      if key != nil, let first {
        tally.use(.messageRepeated)
        log(
          nil,
          first.value == value
            ? .messageRepeated(.init(by: by, first: first.seq)) : refuse(.keyReused, of: first.seq))
        return
      }
    } else if let key, live(key, in: place) > 0 {
      tally.use(.key)
      log(nil, refuse(.duplicateKey))
      return
    }
    if let capacity = place.capacity, count(in: place, workflow) + 1 > capacity { return }
    let seq = put(nil, [(place.name, value, nil)], version: version) { made in
      .tokenDeposited(
        .init(
          by: by, messageKey: isMessage ? key.map(Cargo.value) : nil, tokens: made, why: why))
    }
    if let key, isMessage {
      messages.append(Message(place: place.name, key: key, value: value, at: now, seq: seq))
    }
  }

  /// How many live tokens of a place have a value of its `key`, held ones too.
  func live(_ key: Value, in place: Place) -> Int {
    guard let field = place.key else { return 0 }
    return (tokens + firings.flatMap(\.held)).count { token in
      guard token.place == place.name, case .record(let record) = token.value else { return false }
      return record.fields[field] == key
    }
  }
}

// MARK: Time

extension NaiveEngine {
  /// What became due since the last command, one instant after another, each until nothing is left.
  private mutating func catchUp(_ last: Seq) {
    while !isFull, let instant = nextDue(), instant <= now {
      for isJudge in [true, false] {
        for due in firings where due.deadline == instant {
          guard case .judge = transition(due.binding).work else {
            if !isJudge { timeOut(due.id) }
            continue
          }
          if isJudge { timeOut(due.id) }
        }
      }
      for timer in dueTimers(at: instant) {
        take(timer)
        settle()
      }
      let expired = tokens.filter { expiry(of: $0) == instant }.map(\.id).sorted()
      if !expired.isEmpty {
        remove(expired)
        tally.use(.messageExpired)
        log(nil, .messageExpired(.init(withdrawn: expired)))
        settle()
      }
      let before = max(instant, settled)
      advance(Horizon(instant: before, now: now, last: last))
      settled = before
    }
  }

  private func nextDue() -> Instant? {
    var instants: [Instant] = []
    for firing in firings where firing.phase != .unsettled {
      if let deadline = firing.deadline { instants.append(deadline) }
    }
    instants += firings.filter { $0.phase == .running && $0.next > settled }.map(\.next)
    instants += tokens.compactMap(expiry)
    instants += timers.compactMap(\.next)
    for token in tokens {
      for (version, net) in versions where runs(version, token) {
        for transition in net.transitions {
          for arc in transition.inputs where net.places[arc.place].name == token.place {
            guard let ready = ready(token, arc, transition, version), ready > settled else {
              continue
            }
            instants.append(ready)
          }
        }
      }
      if token.available > settled { instants.append(token.available) }
    }
    return instants.min()
  }

  private func expiry(of token: Token) -> Instant? {
    for (_, net) in versions {
      guard let place = net.places.first(where: { $0.name == token.place }) else { continue }
      if case .message(let keep) = place.kind { return token.available.advanced(by: keep) }
    }
    return nil
  }

  /// Whether transitions of a version may take the token.
  func runs(_ version: DefinitionID, _ token: Token) -> Bool {
    guard let caseID = token.caseID else { return true }
    return index(of: caseID).map { cases[$0].version == version } ?? false
  }

  /// When a token is ready on an arc; nil if its wait raised.
  func ready(
    _ token: Token, _ arc: InputArc, _ transition: Transition, _ version: DefinitionID
  ) -> Instant? {
    switch arc.wait {
    case nil: return token.available
    case .constant(let microseconds): return token.available.advanced(by: microseconds)
    case .after, .at:
      return token.waits[name(of: arc, transition, version, isShared: token.caseID == nil)].map {
        max(token.available, $0)
      }
    }
  }

  func name(
    of arc: InputArc, _ transition: Transition, _ version: DefinitionID, isShared: Bool
  ) -> String {
    let name = "\(transition.name.text).\(arc.variable)"
    return isShared ? "\(version.seq.number)/\(name)" : name
  }
}
