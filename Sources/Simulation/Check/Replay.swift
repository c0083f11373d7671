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
    var checks = InvariantChecks(net)
    let store = MemoryStore(log)
    try store.fold { logged in
      machine.fold(logged)
      checks.check(after: logged, in: machine.state)
    }
    broken = checks.broken
    let folded = StateLines.lines(of: machine.state)
    let served = StateLines.lines(of: live)
    for line in served where !folded.contains(line) { differences.append("served only: \(line)") }
    for line in folded where !served.contains(line) { differences.append("folded only: \(line)") }
  }
}

/// What the fold holds, a line for each part, in a fixed order.
enum StateLines {
  static func lines(of state: State) -> [String] {
    var lines = [
      "head \(state.lastSeq.number) at \(state.lastAt.microseconds) epoch \(state.epoch)",
      "incarnation \(state.incarnation)", "next key \(state.nextKey)",
    ]
    for id in state.cases.keys.sorted() {
      guard let found = state.cases[id] else { continue }
      lines.append(
        "case \(id.seq.number) of \(found.workflow.seq.number) since \(found.opened.microseconds) "
          + "key \(found.businessKey ?? "-") keys \(found.keys)")
      lines += found.marking.tokens.map { token($0, in: state) }
    }
    for id in state.shared.keys.sorted() {
      if let found = state.shared[id] { lines.append(token(found, in: state)) }
    }
    for id in state.firings.keys.sorted() {
      guard let found = state.firings[id] else { continue }
      lines.append(
        "firing \(id.seq.number) of \(state.transitions[found.transition].text) "
          + "attempt \(found.attempt) next \(found.next.microseconds) "
          + "until \(found.deadline.microseconds) running \(found.isRunning) "
          + "let go \(found.isLetGo) maybe \(found.maybe) holds \(found.held.map { name($0.id) })")
    }
    for id in state.offers.keys.sorted() {
      guard let found = state.offers[id] else { continue }
      lines.append(
        "offer \(id.seq.number) of \(state.transitions[found.transition].text) "
          + "for \(name(found.token)) not \(found.notBy?.map(\.text) ?? []) "
          + "by \(found.holder?.text ?? "-")")
    }
    for id in state.incidents.keys.sorted() {
      if let found = state.incidents[id] { lines.append("incident \(id.seq.number) \(found.code)") }
    }
    lines += state.pausedWorkflows.sorted().map { "paused \($0.text)" }
    lines += state.pausedTransitions.sorted().map { "paused \($0.transition.text)" }
    lines += state.filled.sorted().map { "filled \($0.text)" }
    return lines
  }

  private static func token(_ token: Token, in state: State) -> String {
    let waits = token.waits.map { "\($0.arc)@\($0.ready.microseconds)" }
    return "token \(name(token.id)) in \(state.places[token.place].text) "
      + "from \(name(token.origin)) at \(token.available.microseconds) waits \(waits)"
  }

  private static func name(_ id: TokenID) -> String { "\(id.seq.number).\(id.index)" }
}
