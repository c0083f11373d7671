package import PetriNet

/// Which transitions and outcomes of a net fired.
package struct Coverage: Sendable {
  /// Every transition in file order, with those of its outcomes.
  package let names: [(transition: TransitionName, outcomes: [String])]
  private var fired: Set<FiredName> = []
  private var transitions: Set<TransitionName> = []

  package init(_ net: Net) {
    names = net.transitions.map { ($0.name, $0.outcomeNames) }
  }

  package mutating func add(_ name: FiredName) {
    fired.insert(name)
    transitions.insert(name.transition)
  }

  package var transitionsCovered: Int { names.count { transitions.contains($0.transition) } }
  package var transitionsAll: Int { names.count }
  package var outcomesCovered: Int { all.count(where: fired.contains) }
  package var outcomesAll: Int { all.count }

  /// Outcomes, and transitions without any, that never fired; in file order.
  package var notCovered: [FiredName] {
    names.flatMap { item -> [FiredName] in
      guard !item.outcomes.isEmpty else {
        let name = FiredName(transition: item.transition, outcome: nil)
        return transitions.contains(item.transition) ? [] : [name]
      }
      return item.outcomes.map { FiredName(transition: item.transition, outcome: $0) }
        .filter { !fired.contains($0) }
    }
  }

  private var all: [FiredName] {
    names.flatMap { item in
      item.outcomes.map { FiredName(transition: item.transition, outcome: $0) }
    }
  }

  /// Sentences for thresholds, in per cent, that were not reached.
  package func shortfalls(transitions: Double?, outcomes: Double?) -> [String] {
    [
      ("transitions", transitions, transitionsCovered, transitionsAll),
      ("outcomes", outcomes, outcomesCovered, outcomesAll),
    ].compactMap { name, wanted, covered, all in
      guard let wanted, all > 0 else { return nil }
      let share = Double(covered) * 100 / Double(all)
      guard share < wanted else { return nil }
      return "coverage of \(name) is \(Int(share)) %, wanted \(Int(wanted)) %"
    }
  }
}

extension Transition {
  /// The outcomes that a firing may have; none for a plain transition.
  package var outcomeNames: [String] {
    switch work {
    case .plain: []
    case .choose(let branches): branches.map(\.name)
    case .judge(let work): work.routes.map(\.outcome)
    case .action(let work): work.routes.map(\.outcome)
    case .task(let work): work.routes.map(\.outcome)
    case .call(let work): work.routes.map(\.outcome)
    }
  }
}
