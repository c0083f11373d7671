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

  /// - Parameter shard: 0 in SQLite; part of every `firing.id`.
  package init(shard: Int64 = 0, limits: Limits = .standard) {
    state = State(shard: shard)
    self.limits = limits
  }

  /// Applies a row read back from the log. Values stay text until `open`.
  package mutating func fold(_ event: LoggedEvent) {
    apply(event, to: &state)
  }

  /// Opens the values of everything that is live, and builds the index that enabling needs.
  ///
  /// - Parameters:
  ///   - nets: of every workflow version that is current or has an open case or firing.
  ///   - read: canonical text and the numbers of the keys that may open it, to a value.
  package mutating func open(nets: [DefinitionID: Net], read: ValueReading) throws {
  }

  /// Takes a command: what became due first, then the command, then everything that is enabled.
  ///
  /// `clock` is the wall clock; the engine's own time never falls behind the last row.
  package mutating func handle(
    _ command: Command, at clock: Instant, lookups: Lookups = Lookups()
  ) -> Handled {
    Handled(events: [], effects: [], reply: .done(event: nil))
  }

  /// When something will be due without a command; nil if nothing waits for time.
  package func nextDue() -> Instant? { nil }
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

/// The effects that have no outcome yet: what is performed again after a restart.
///
/// `Machine.handle(.startOwner)` returns these already.
package func outstanding(in state: State) -> [Effect] { [] }
