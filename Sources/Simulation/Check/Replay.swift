internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Record

/// The log of a trial folded anew, row by row: the state it gives, and what its invariants say after
/// every row.
struct Replay {
  /// Where the folded state differs from the one that was served; empty: nowhere.
  private(set) var differences: [String] = []
  private(set) var broken: [BrokenInvariant] = []

  /// - Parameter live: The state of the machine that ran.
  init(of log: MemoryLog, net: Net, live: State, limits: Limits) throws {
    var machine = Machine(shard: log.shard, limits: limits)
    let store = MemoryStore(log)
    var checks = InvariantChecks(net) { try store.value(of: $0, in: $1) }
    try store.fold { logged in
      machine.fold(logged)
      try checks.check(after: logged, in: machine.state)
    }
    broken = checks.broken
    guard machine.state.text != live.text else { return }
    let folded = machine.state.text.split(separator: "\n")
    let served = live.text.split(separator: "\n")
    for line in served where !folded.contains(line) { differences.append("served only: \(line)") }
    for line in folded where !served.contains(line) { differences.append("folded only: \(line)") }
  }
}
