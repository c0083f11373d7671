package import Engine

extension Machine {
  /// The versions whose nets must be at hand: current ones and those of open cases and firings.
  package var versionsInUse: [DefinitionID] {
    []
  }

  /// The registration of a definition; nil if it is not registered.
  package func definition(_ kind: DefinitionKind, hash: [UInt8]) -> DefinitionID? {
    nil
  }
}
