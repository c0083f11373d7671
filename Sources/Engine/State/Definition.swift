package import PetriNet

/// A registered definition.
package struct Definition: Sendable {
  package let id: DefinitionID
  package let kind: DefinitionKind
  package let name: String
  package let hash: [UInt8]
}

/// A business key of a workflow, of whatever version.
package struct BusinessKey: Hashable, Sendable {
  package var workflow: WorkflowName
  package var key: String

  package static func == (left: BusinessKey, right: BusinessKey) -> Bool {
    left.workflow == right.workflow && left.key.utf8.elementsEqual(right.key.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    workflow.hash(into: &hasher)
    var key = key
    key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// A transition of a workflow, of whatever version.
package struct TransitionPath: Hashable, Comparable, Sendable {
  package var workflow: WorkflowName
  package var transition: TransitionName

  package static func < (left: TransitionPath, right: TransitionPath) -> Bool {
    left.workflow == right.workflow
      ? left.transition < right.transition : left.workflow < right.workflow
  }
}

/// A schedule of a workflow, by its name.
package struct ScheduleKey: Hashable, Comparable, Sendable {
  package var workflow: WorkflowName
  package var schedule: String

  package static func < (left: ScheduleKey, right: ScheduleKey) -> Bool {
    left.workflow == right.workflow
      ? left.schedule.utf8.lexicographicallyPrecedes(right.schedule.utf8)
      : left.workflow < right.workflow
  }
}

/// How often transitions without a case fired in one step at one instant.
package struct StepCount: Sendable {
  package internal(set) var at: Instant
  package internal(set) var count: Int
}
