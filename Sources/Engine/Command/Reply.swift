package import PetriNet

/// What the giver of a command is told, once its events are on disk.
package enum Reply: Equatable, Sendable {
  /// Done, by the row `event`; nil if the state was so already and nothing was written.
  case done(event: Seq?)
  /// In the order of the command; `isNew` where a row was written.
  case registered([Registered])
  /// A new case, or the open or lately closed one of the same business key.
  case started(CaseID, event: Seq, joined: Bool)
  /// The token, or that of the first message with this key.
  case deposited(TokenID, event: Seq, repeated: Bool)
  /// The case ended, or was told to end by its own net.
  case ending(CaseID, event: Seq)
  case claimed(TaskID, until: Instant, event: Seq?)
  case answered(FiringID, event: Seq)
  /// A call, verdict or outcome that came too late to move anything.
  case late(event: Seq?)
  case slotOpened(key: Int64, event: Seq?)
  /// `decide` said no; the row `event` says so.
  case refused(Refusal, event: Seq)
  /// The place has no room now: nothing was written, try again (429).
  case placeFull(PlaceName)

  package struct Registered: Equatable, Sendable {
    package var definition: DefinitionID
    package var isNew: Bool

    package init(definition: DefinitionID, isNew: Bool) {
      self.definition = definition
      self.isNew = isNew
    }
  }
}

/// Why a command was refused, with what the sentence needs.
package struct Refusal: Error, Equatable, Sendable {
  package var command: CommandKind
  package var reason: RefusalReason
  /// The row meant: case, task, incident, firing.
  package var of: Seq?
  /// What was named and is not there, or is in the way.
  package var name: String?
  /// Who holds the task.
  package var holder: Subject?
  /// Where the value does not fit.
  package var problems: [AdmissionProblem]
  /// Of an expression that raised; free of values.
  package var message: String?

  package init(
    _ command: CommandKind, _ reason: RefusalReason, of: Seq? = nil, name: String? = nil,
    holder: Subject? = nil, problems: [AdmissionProblem] = [], message: String? = nil
  ) {
    self.command = command
    self.reason = reason
    self.of = of
    self.name = name
    self.holder = holder
    self.problems = problems
    self.message = message
  }
}
