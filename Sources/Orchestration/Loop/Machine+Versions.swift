package import Engine

extension Machine {
  /// The registration of a definition; nil if it is not registered.
  package func definition(_ kind: DefinitionKind, hash: [UInt8]) -> DefinitionID? {
    state.definitions.values.filter { $0.kind == kind && $0.hash == hash }.map { $0.id }.min()
  }
}
