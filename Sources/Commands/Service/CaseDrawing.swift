internal import Engine
internal import Foundation
internal import PetriNet
internal import SQLiteStore
internal import Workflows

/// The net that a case runs under, with the case's tokens as they stood at one event of the log.
struct CaseDrawing {
  let drawing: NetDrawing

  /// - Parameters:
  ///   - id: `c1071`.
  ///   - at: up to and with this event; nil: the last one at which the case had tokens.
  /// - Throws: `Failure` for a case or an event that the log does not have.
  init(of id: String, at: Int64?, workflow: String, in path: String) throws {
    let reader = try LogFile.reader(path)
    let (number, row) = try LogFile.caseRow(id, in: reader)
    guard row.workflow == WorkflowName(workflow.inFormC) else {
      throw Failure(
        .wrongCall, "C101", "\(id) is a case of \(row.workflow.text), not of \(workflow)",
        help: "petrel draw \(row.workflow.text) --case \(id)")
    }
    let head = try reader.head().seq
    if let at, at < number || at > head.number {
      throw Failure(
        .wrongCall, "C101",
        "--at \(at): \(id) was opened at #\(number), the log ends at #\(head.number)")
    }
    let seen = try Self.marking(of: row.id, until: at ?? head.number, in: reader)
    var drawing = NetDrawing(of: try LogFile.net(of: row, in: reader))
    drawing.marking = NetDrawing.Marking(
      tokens: drawing.places(titled: seen.tokens),
      firings: drawing.transitions(named: seen.firings),
      caption: "\(id) at #\(seen.seq)\(seen.isClosed ? ", ended" : "")")
    self.drawing = drawing
  }

  private struct Seen {
    var seq: Int64
    var tokens: [String: Int] = [:]
    var firings: [String: Int] = [:]
    var isClosed = false

    init(seq: Int64) { self.seq = seq }

    /// As it is after the last row of `state`.
    init(_ open: CaseState, _ state: State) {
      seq = state.lastSeq.number
      for token in open.marking.tokens {
        tokens[state.placeName(token.place).text, default: 0] += 1
      }
      for firing in open.firings.compactMap({ state.firings[$0] }) {
        firings[state.transitionName(firing.transition).text, default: 0] += 1
      }
    }
  }

  /// Counts the case's tokens at rest, and its firings in flight; of a case that ended those it had
  /// when it did.
  private static func marking(
    of id: CaseID, until last: Int64, in reader: LogReader
  ) throws -> Seen {
    // Where rows have left, what is known begins with the oldest snapshot behind them.
    let isPruned = try reader.pruned(behind: Seq(0)) != nil
    let state = isPruned ? try reader.restored(oldest: true) : nil
    var machine = state.map { Machine(restored: $0) } ?? Machine(shard: reader.shard)
    var seen = Seen(seq: id.seq.number)
    if let open = machine.state.cases[id] { seen = Seen(open, machine.state) }
    try reader.fold(after: machine.state.lastSeq) { row, _ in
      guard row.seq.number <= last else { return }
      machine.fold(row)
      guard row.seq >= id.seq else { return }
      guard let open = machine.state.cases[id] else {
        seen.isClosed = true
        return
      }
      guard row.caseID == id else { return }
      seen = Seen(open, machine.state)
    }
    return seen
  }
}
