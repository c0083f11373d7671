package import PetriNet

/// How the tokens of a transition over shared places find each other: what `check` tells.
package struct ServedJoin: Equatable, Sendable {
  package enum Way: String, Sendable {
    /// By one key. An arc that nothing ties to the others takes its first token.
    case keyed
    /// By several keys: behind the first, tokens are tried among those of one key.
    case star
    /// Tokens of some arc are tried one after another.
    case scan
  }

  package let transition: TransitionName
  package let way: Way
  /// Indices of the places whose tokens are tried one after another, in the order of binding.
  package let scanned: [Int]
}

extension Net {
  /// How each transition is served that has several single arcs, one of them on a shared or message
  /// place; in file order. Those without a condition between their arcs are left out.
  package var joins: [ServedJoin] {
    var state = State(shard: 0)
    let plan = VersionPlan(DefinitionID(Seq(0)), self, &state)
    return plan.transitions.compactMap(\.served)
  }
}

extension TransitionPlan {
  fileprivate var served: ServedJoin? {
    guard singles.count > 1, singles.contains(where: \.place.isShared) else { return nil }
    let scanned = singles.indices.filter(isScanned).map { singles[$0].place.index }
    var keys: [[JoinPlan.Path]] = []
    for case let lookup? in lookups where !keys.contains(lookup.other) {
      keys.append(lookup.other)
    }
    guard !scanned.isEmpty || !keys.isEmpty else { return nil }
    let way: ServedJoin.Way = !scanned.isEmpty ? .scan : keys.count > 1 ? .star : .keyed
    return ServedJoin(transition: transition.name, way: way, scanned: scanned)
  }

  /// Those of single arcs.
  private var lookups: ArraySlice<JoinPlan.Lookup?> {
    join.map { $0.lookups[..<$0.counted.lowerBound] } ?? []
  }

  /// Whether tokens of an arc are tried against a condition without a key to find them by.
  private func isScanned(_ position: Int) -> Bool {
    let arc = singles[position]
    let isOfBoundCase = !arc.place.isShared && singles[..<position].contains { !$0.place.isShared }
    if isOfBoundCase || join?.lookups[position] != nil { return false }
    if !arc.conditions.isEmpty || arc.place.isShared && !conditionsOfCase.isEmpty { return true }
    guard let condition, condition.program.slots.contains(arc.slot) else { return false }
    // What later arcs are found by does not keep this one from being the first of its key.
    return !(join?.hub?.position == position && isServed(condition))
  }

  /// Whether a guard is nothing but the keys by which arcs are found.
  private func isServed(_ condition: Condition) -> Bool {
    let parts = condition.program.syntax.joinEqualities
    let paths = lookups.compactMap(\.self).flatMap { $0.own + $0.other }
    return parts.residue.isEmpty
      && parts.equalities.allSatisfy { equality in
        [equality.left.path, equality.right.path].allSatisfy { path in
          path.map(paths.contains) ?? false
        }
      }
  }
}

extension Net {
  /// Whether a shared place can hold any number of tokens, as far as its arcs tell: it has no
  /// capacity, and clients or some firing put more into it than that firing takes out.
  package func isUnbounded(_ place: Int) -> Bool {
    guard places[place].capacity == nil else { return false }
    if case .message = places[place].kind { return true }
    if schedules.contains(where: { $0.puts.puts.contains { $0.place == place } }) { return true }
    return transitions.contains { transition in
      let taken = transition.inputs.reduce(0) { sum, arc in
        guard arc.place == place, case .one = arc.count else { return sum }
        return sum + 1
      }
      return transition.work.outputs.contains { outputs in
        let puts = outputs.puts.filter { $0.place == place }
        return puts.count > taken || puts.contains { $0.each != nil }
      }
    }
  }
}
