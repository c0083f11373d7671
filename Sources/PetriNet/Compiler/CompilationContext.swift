package import CEL

/// What a compilation knows beyond the file itself; nil where the caller does not know, and then
/// nothing is claimed about it.
package struct CompilationContext: Sendable {
  /// Zones that expressions and schedules may name.
  package var timeZones: TimeZones
  /// The workflows that `call` may name.
  package var workflows: [WorkflowInterface]?
  /// Whether some of them could not be read.
  package var lacksWorkflows = false
  /// The aliases of `petrel.yaml`.
  package var models: [ModelAlias]?

  package init(
    timeZones: TimeZones = .utcOnly, workflows: [WorkflowInterface]? = nil,
    models: [ModelAlias]? = nil
  ) {
    self.timeZones = timeZones
    self.workflows = workflows
    self.models = models
  }
}

/// What a caller of a workflow sees of it.
package struct WorkflowInterface: Sendable {
  package struct End: Sendable {
    package var name: String
    package var colour: ColourSet
    package var isMany: Bool

    package init(name: String, colour: ColourSet, isMany: Bool) {
      self.name = name
      self.colour = colour
      self.isMany = isMany
    }
  }

  package var name: WorkflowName
  /// The titles of its start places.
  package var starts: [String]
  /// What a case of it starts with; nil for a net without cases.
  package var input: ColourSet?
  package var ends: [End]

  package init(name: WorkflowName, starts: [String], input: ColourSet?, ends: [End]) {
    self.name = name
    self.starts = starts
    self.input = input
    self.ends = ends
  }
}

extension WorkflowInterface {
  init(name: WorkflowName, input: ColourSet?, places: [Place]) {
    self.init(name: name, starts: [], input: input, ends: [])
    for place in places {
      switch place.kind {
      case .start: starts.append(place.title)
      case .end(let isMany):
        ends.append(End(name: place.title, colour: place.colour, isMany: isMany))
      case .ordinary, .shared, .message: break
      }
    }
  }
}

/// A model alias of the operator's configuration.
package struct ModelAlias: Sendable {
  package var name: String
  /// Whether its answers carry a confidence, which `at_least` needs.
  package var hasConfidence: Bool
  /// Whether judges that name no model are answered by it.
  package var isDefault: Bool

  package init(name: String, hasConfidence: Bool, isDefault: Bool = false) {
    self.name = name
    self.hasConfidence = hasConfidence
    self.isDefault = isDefault
  }
}
