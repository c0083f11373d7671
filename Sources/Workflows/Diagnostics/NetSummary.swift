package import PetriNet

/// The first line of `check` for a workflow.
package enum NetSummary {
  /// `12 places, 14 transitions: 1 judge, 2 actions (1 effect), 5 tasks, 4 timers`.
  package static func text(of net: Net) -> String {
    var parts: [String] = []
    func add(_ count: Int, _ word: String, _ note: String = "") {
      if count > 0 { parts.append("\(count) \(word)\(count == 1 ? "" : "s")\(note)") }
    }

    var judges = 0
    var actions: [Int] = []
    var tasks = 0
    var calls = 0
    for transition in net.transitions {
      switch transition.work {
      case .judge: judges += 1
      case .action(let work): actions.append(work.action)
      case .task: tasks += 1
      case .call: calls += 1
      case .plain, .choose: break
      }
    }
    let effects = actions.count { net.actions[$0].effect != .none }
    let timers = net.transitions.count { transition in
      transition.inputs.contains { $0.wait != nil }
    }
    add(judges, "judge")
    add(
      actions.count, "action", effects == 0 ? "" : " (\(effects) effect\(effects == 1 ? "" : "s"))")
    add(tasks, "task")
    add(calls, "call")
    add(timers, "timer")
    let places = "\(net.places.count) place\(net.places.count == 1 ? "" : "s")"
    let count = net.transitions.count
    let head = "\(places), \(count) transition\(count == 1 ? "" : "s")"
    return parts.isEmpty ? head : "\(head): \(parts.joined(separator: ", "))"
  }
}
