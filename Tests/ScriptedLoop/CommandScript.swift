import CEL
import Engine
import Foundation
import Orchestration
import PetriNet

/// Commands out of a file, one JSON object a line, each with its instant, taken by the service's own
/// loop over a SQLite file; what effects bring is in the script too.
///
/// A case is named by its order, and what it waits for is found in the state, so that the same line
/// means the same whatever rows a restart has added before.
package struct CommandScript {
  package struct Mistake: Error, CustomStringConvertible {
    package var description: String
  }

  private let lines: [JSONText.Node]
  private let refund: RefundNet

  package init(path: String, repository: String) throws {
    lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { try JSONText.parse(text: String($0)) }
    refund = try RefundNet(repository: repository)
  }

  /// Takes the lines from number `first` on, the first line of the file being 0, which opens the log.
  ///
  /// - Parameters:
  ///   - incarnation: of this process.
  ///   - killed: the line after which the process kills itself, its group not committed.
  package func run(
    folder: String, keys: [UInt8], incarnation: [UInt8], from first: Int, killed: Int?
  ) throws {
    let opening = refund.opening(folder: folder, keys: keys) { incarnation }
    let started = lines.prefix(first).last ?? lines.first ?? .null
    let opened = try opening.open(at: try instant(started))
    var core = opened.takeCore()
    for (index, line) in lines.enumerated() where index >= first {
      let now = try instant(line)
      switch line.text("do") {
      case "commit": _ = try core.commit()
      // Between two groups: one begins, a part of it is written, it is named.
      case "snapshot": core.beginSnapshot()
      case "part": try core.store.advanceSnapshot()
      case "name": try core.finishSnapshot()
      default: try take(line, at: now, &core)
      }
      if killed == index { kill(getpid(), SIGKILL) }
    }
    _ = try core.commit()
    core.store.close()
  }

  private func take(_ line: JSONText.Node, at now: Instant, _ core: inout LoopCore) throws {
    let order = line.text("order")
    let command: Command
    switch line.text("do") {
    case "start":
      let body: JSONText.Node = .object([
        .init("order", .string(order)), .init("customer", .string(line.text("customer"))),
        .init("고객메시지", .string(line.text("message"))),
      ])
      guard let place = refund.net.starts.first,
        let value = ValueReading.value(of: body, in: refund.net.places[place].colour).value
      else { throw Mistake(description: "no such case: \(line.text)") }
      let start = Command.start(StartCase(workflow: refund.net.name, value: value, by: .local))
      let key = RequestKey(route: "start", by: .local, key: Array(order.utf8))
      _ = try core.take(Submission(start, key: key), at: now, lookups: Lookups())
      return
    case "verdict":
      let (id, firing) = try firing(of: order, core)
      var call = CallRecord(
        attempt: 1, endpoint: "script", requested: "m", started: now, ended: now)
      call.question = SealedBytes(Array("question of \(order)".utf8))
      call.reply = SealedBytes(Array("reply to \(order)".utf8))
      let label = line.text("label")
      call.label = label
      command = .recordVerdict(
        RecordVerdict(firing: firing.id, caseID: id, verdict: .label(label), call: call))
    case "ok":
      let (id, firing) = try firing(of: order, core)
      guard case .action(let name) = firing.kind,
        let action = refund.net.actions.first(where: { $0.name == name }),
        let result = line["result"],
        let value = ValueReading.value(of: result, in: action.returns).value
      else { throw Mistake(description: "no such result: \(line.text)") }
      command = .endAttempt(
        EndAttempt(firing: firing.id, caseID: id, attempt: firing.attempt, outcome: .ok(value)))
    case "fail":
      let (id, firing) = try firing(of: order, core)
      command = .endAttempt(
        EndAttempt(
          firing: firing.id, caseID: id, attempt: firing.attempt,
          outcome: .failed(code: line.text("code"), retry: true, happened: .no)))
    case "answer":
      let id = try caseID(of: order, core)
      guard let task = core.machine.state.cases[id]?.offers.first else {
        throw Mistake(description: "no task of \(order)")
      }
      command = .answer(
        AnswerTask(
          task: task, outcome: line.text("outcome"), note: "note on \(order)",
          by: Subject("local:\(line.text("by"))")))
    case "tick": command = .tick
    case let other: throw Mistake(description: "unknown: \(other)")
    }
    _ = core.take(command, at: now, lookups: Lookups())
  }

  private func caseID(of order: String, _ core: borrowing LoopCore) throws -> CaseID {
    let found = core.machine.state.cases.values.first { $0.businessKey == order }
    guard let found else { throw Mistake(description: "no open case of \(order)") }
    return found.id
  }

  private func firing(
    of order: String, _ core: borrowing LoopCore
  ) throws -> (CaseID, Firing) {
    let id = try caseID(of: order, core)
    guard let firing = core.machine.state.cases[id]?.firings.first,
      let found = core.machine.state.firings[firing]
    else { throw Mistake(description: "nothing under way in \(order)") }
    return (id, found)
  }

  private func instant(_ line: JSONText.Node) throws -> Instant {
    guard case .number(let number)? = line["at"], let microseconds = number.integer else {
      throw Mistake(description: "a line without instant: \(line.text)")
    }
    return Instant(microseconds: microseconds)
  }
}

extension JSONText.Node {
  /// A member that is a string; else empty.
  fileprivate func text(_ name: String) -> String {
    if case .string(let text)? = self[name] { text } else { "" }
  }
}
