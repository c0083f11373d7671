package import Engine

extension Machine {
  /// The versions whose nets must be at hand: current ones and those of open cases and firings.
  package var versionsInUse: [DefinitionID] {
    var versions = Set(state.current.values)
    for open in state.cases.values { versions.insert(open.workflow) }
    for firing in state.firings.values { versions.insert(firing.workflow) }
    for offer in state.offers.values { versions.insert(offer.workflow) }
    return versions.sorted()
  }

  /// The registration of a definition; nil if it is not registered.
  package func definition(_ kind: DefinitionKind, hash: [UInt8]) -> DefinitionID? {
    state.definitions.values.filter { $0.kind == kind && $0.hash == hash }.map { $0.id }.min()
  }
}
