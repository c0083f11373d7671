package import CEL
package import PetriNet

/// The engine: the state and the one way to change it.
///
/// First `fold` every row of the log in order, then `open` once, then `handle` commands, the first
/// of which is `startOwner`. What `handle` returns may be performed and acknowledged when its events
/// are on disk; if that fails the machine is thrown away and folded anew. One thread owns it.
package struct Machine {
  package internal(set) var state: State
  package let limits: Limits
  /// False: `handle` returns no events, for those who only want to know what becomes of a net. The
  /// state is the same.
  package var keepsEvents = true
  var reading: ValueReading?

  /// - Parameter shard: 0 in SQLite; part of every `firing.id`.
  package init(shard: Int64 = 0, limits: Limits = .standard) {
    state = State(shard: shard)
    state.index.limits = limits
    self.limits = limits
  }

  /// Applies a row read back from the log. Values stay text until `open`.
  package mutating func fold(_ event: LoggedEvent) {
    precondition(!state.index.isOpen, "rows are folded before the state is opened")
    apply(event, to: &state)
  }

  /// Takes a command: what became due first, then the command, then everything that is enabled.
  ///
  /// `clock` is the wall clock; the engine's own time never falls behind the last row. What became
  /// due at several instants is taken one instant after another, each until nothing is enabled;
  /// every row says when it was decided.
  ///
  /// - Precondition: the state was opened.
  package mutating func handle(
    _ command: Command, at clock: Instant, lookups: Lookups = Lookups()
  ) -> Handled {
    precondition(state.index.isOpen, "commands are taken after the state was opened")
    var step = Step(
      now: max(clock, state.lastAt), since: state.lastAt, last: state.lastSeq, lookups: lookups)
    let reply: Reply
    if case .startOwner(let command) = command {
      reply = startOwner(command, &step)
      catchUp(&step)
    } else {
      catchUp(&step)
      reply = take(command, &step)
    }
    advance(step.horizon(step.now), &step)
    tidy()
    return Handled(events: step.events, effects: step.effects, reply: reply)
  }

  private mutating func take(_ command: Command, _ step: inout Step) -> Reply {
    switch command {
    case .register(let command): return register(command, &step)
    case .activate(let command):
      let reply = log(state.decide(command), &step)
      setSchedules(of: command.definition, &step)
      return reply
    case .erase(let command): return erase(command, &step)
    case .useGuards(let guards):
      use(guards)
      return .done(event: nil)
    default:
      let decision =
        state.refusalOfWords(command)
        ?? decide(command, in: state, at: step.now, lookups: step.lookups)
      return log(decision, &step)
    }
  }

  private mutating func use(_ guards: [GuardInForce]) {
    state.index.guards = [:]
    for entry in guards {
      let key = EnablingIndex.GuardKey(
        workflow: entry.workflow, prompt: entry.prompt, models: entry.models)
      state.index.guards[key] = entry.guardID
    }
    state.note(.everything)
    state.absorb()
  }

  /// When something will be due without a command; nil if nothing waits for time.
  package func nextDue() -> Instant? { state.index.due.first?.at }

  /// Drops what the queues keep of the past.
  private mutating func tidy() {
    while let first = state.index.due.first, !state.isAwaited(first) {
      _ = state.index.due.removeFirst()
    }
    if state.index.due.count > 2 * state.index.dueAfterPruning + 4_096 {
      let state = state
      self.state.index.due.prune { state.isAwaited($0) }
      self.state.index.dueAfterPruning = self.state.index.due.count
    }
    state.forgetKeys()
  }
}

/// What one command led to.
package struct Handled: Sendable {
  /// In order, seqs dense behind the last row.
  package var events: [LoggedEvent]
  package var effects: [Effect]
  package var reply: Reply

  package init(events: [LoggedEvent], effects: [Effect], reply: Reply) {
    self.events = events
    self.effects = effects
    self.reply = reply
  }
}

/// Opens a stored value: its colour set, its canonical text, and the numbers of the keys under which
/// its personal parts may be sealed.
package typealias ValueReading = (ColourSet, [UInt8], [Int64]) throws -> Value

/// What deciding may ask the shell for.
package struct Lookups {
  /// Which `timeout.*` a question ends in whose deadline has passed.
  package var silence: (FiringID) -> FallbackReason

  package init(silence: @escaping (FiringID) -> FallbackReason = { _ in .timeoutTotal }) {
    self.silence = silence
  }
}

/// One command in the making.
struct Step {
  let now: Instant
  /// The instant of the last row before the command.
  let since: Instant
  /// The last row before the command.
  let last: Seq
  let lookups: Lookups
  var events: [LoggedEvent] = []
  var effects: [Effect] = []
  /// Called cases whose calls were let go, and how their callers ended.
  var orphans: [Orphan] = []

  init(now: Instant, since: Instant, last: Seq, lookups: Lookups) {
    self.now = now
    self.since = since
    self.last = last
    self.lookups = lookups
  }

  func horizon(_ instant: Instant) -> Horizon {
    Horizon(instant: instant, now: now, last: last)
  }
}
