package import CEL

/// A workflow, compiled: names resolved to indices, expressions to programs over slots.
///
/// Immutable and shared. What a version means is decided by its sources, parameters, prompts and
/// libraries; its hash (CONFIG §1, "Version") is computed by the shell and kept beside it.
package final class Net: Sendable {
  package let name: WorkflowName
  /// Workflow and library names in import order, this file's own first.
  package let files: [String]
  /// Value of each parameter, by name, in declared order.
  package let parameters: [(name: String, colour: ColourSet, value: Value)]
  package let places: [Place]
  /// In file order, which the firing rule uses.
  package let transitions: [Transition]
  package let actions: [ActionDeclaration]
  package let prompts: [Prompt]
  package let caseRules: CaseRules
  package let invariants: [Invariant]
  package let schedules: [Schedule]
  package let accepted: [AcceptedFinding]
  /// `constants` of `definitionRegistered`: JSON Pointer into the file to an int (durations in µs),
  /// for each number or duration that is CEL over params.
  package let constants: [String: Int64]
  package let adjacency: Adjacency
  private let placeIndices: [PlaceName: Int]
  private let transitionIndices: [TransitionName: Int]

  package init(
    name: WorkflowName, files: [String],
    parameters: [(name: String, colour: ColourSet, value: Value)], places: [Place],
    transitions: [Transition], actions: [ActionDeclaration], prompts: [Prompt],
    caseRules: CaseRules, invariants: [Invariant], schedules: [Schedule],
    accepted: [AcceptedFinding], constants: [String: Int64]
  ) {
    self.name = name
    self.files = files
    self.parameters = parameters
    self.places = places
    self.transitions = transitions
    self.actions = actions
    self.prompts = prompts
    self.caseRules = caseRules
    self.invariants = invariants
    self.schedules = schedules
    self.accepted = accepted
    self.constants = constants
    adjacency = Adjacency(places: places.count, transitions: transitions)
    placeIndices = Dictionary(
      zip(places.map(\.name), places.indices), uniquingKeysWith: { first, _ in first })
    transitionIndices = Dictionary(
      zip(transitions.map(\.name), transitions.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The index of a place, by the name that the log spells.
  package func place(named name: PlaceName) -> Int? { placeIndices[name] }

  /// The index of a place, by the name that the file spells.
  package func place(titled title: String) -> Int? {
    places.firstIndex { $0.title.hasSameBytes(as: title) }
  }

  package func transition(named name: TransitionName) -> Int? { transitionIndices[name] }

  /// The start places, in file order.
  package var starts: [Int] { places.indices.filter { places[$0].kind == .start } }

  /// The workflows that its transitions call, in file order, each once.
  package var calledWorkflows: [WorkflowName] {
    var names: [WorkflowName] = []
    for transition in transitions {
      guard case .call(let work) = transition.work, !names.contains(work.workflow) else { continue }
      names.append(work.workflow)
    }
    return names
  }

  /// What a caller of this workflow sees of it.
  package var interface: WorkflowInterface {
    WorkflowInterface(name: name, input: caseRules.input, places: places)
  }
}

/// A place of a compiled net.
package struct Place: Sendable {
  package enum Kind: Sendable, Equatable {
    case ordinary
    case start
    case end(many: Bool)
    /// Filled once, when its file is first loaded.
    case shared(initial: [Value])
    /// `keep` in microseconds.
    case message(keepMicroseconds: Int64)

    package static func == (left: Kind, right: Kind) -> Bool {
      switch (left, right) {
      case (.ordinary, .ordinary), (.start, .start): true
      case (.end(let a), .end(let b)): a == b
      case (.shared(let a), .shared(let b)): a.count == b.count
      case (.message(let a), .message(let b)): a == b
      default: false
      }
    }
  }

  package enum OrderTerm: Hashable, Sendable {
    /// Index of a field of the place's record.
    case ascending(Int)
    case descending(Int)
    case available
  }

  /// As the log spells it.
  package var name: PlaceName
  /// As the file spells it.
  package var title: String
  package var kind: Kind
  package var colour: ColourSet
  /// Tokens at rest plus reservations; nil = unbounded.
  package var capacity: Int?
  /// Ties are broken by availability, then arrival.
  package var order: [OrderTerm]
  /// Index of the field that is unique among the tokens.
  package var key: Int?
  package var mark: SourceMark

  package init(
    name: PlaceName, title: String, kind: Kind, colour: ColourSet, capacity: Int?,
    order: [OrderTerm], key: Int?, mark: SourceMark
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.colour = colour
    self.capacity = capacity
    self.order = order
    self.key = key
    self.mark = mark
  }

  /// Whether its tokens belong to a case.
  package var isOfCase: Bool {
    switch kind {
    case .ordinary, .start, .end: true
    case .shared, .message: false
    }
  }
}

/// What opens, names and ends a case.
package struct CaseRules: Sendable {
  package enum Again: Sendable { case join, refuse }

  /// All start places have this colour set; nil for a net without cases.
  package var input: ColourSet?
  package var key: Program?
  package var again: Again
  /// How long a closed case still answers its key.
  package var keepMicroseconds: Int64
  package var labels: [(name: String, value: Program)]
  package var subject: Program?
  package var partition: Program?
  /// Index of the place a cancellation is put into.
  package var cancelPlace: Int?

  package init(
    input: ColourSet?, key: Program?, again: Again, keepMicroseconds: Int64,
    labels: [(name: String, value: Program)], subject: Program?, partition: Program?,
    cancelPlace: Int?
  ) {
    self.input = input
    self.key = key
    self.again = again
    self.keepMicroseconds = keepMicroseconds
    self.labels = labels
    self.subject = subject
    self.partition = partition
    self.cancelPlace = cancelPlace
  }
}

package struct ActionDeclaration: Sendable {
  package enum Effect: String, Sendable { case none, repeatable, final }

  package var name: ActionName
  package var takes: ColourSet
  package var returns: ColourSet
  package var effect: Effect

  package init(name: ActionName, takes: ColourSet, returns: ColourSet, effect: Effect) {
    self.name = name
    self.takes = takes
    self.returns = returns
    self.effect = effect
  }
}

/// A claim about the marking; every expression of it reads one frame, an int for each term.
package struct Invariant: Sendable {
  /// What a slot of the frame counts.
  package enum Term: Hashable, Sendable {
    /// Tokens at rest, available or not.
    case place(Int)
    /// Firings in flight.
    case transition(Int)
    /// Tokens that firings of a transition hold in the arc variable of this slot of its frame.
    case held(transition: Int, slot: Int)
  }

  package enum Claim: Sendable {
    case always(Program)
    case eventually(Program)
    case leads(Program, Program)
  }

  package var source: InvariantSource
  package var name: String
  package var claim: Claim
  /// By slot.
  package var terms: [Term]
  /// The field by whose values the tokens are counted apart; each counted place has it.
  package var by: String?
  /// Whether it is evaluated while the net runs.
  package var isWatched: Bool
}

package struct Schedule: Sendable {
  package var name: String
  package var cron: String
  package var zone: String
  package var puts: Outputs
  package var skipsMissed: Bool
  /// Nil only beside an error.
  package var clock: CronClock?

  package init(
    name: String, cron: String, zone: String, puts: Outputs, skipsMissed: Bool,
    clock: CronClock? = nil
  ) {
    self.clock = clock
    self.name = name
    self.cron = cron
    self.zone = zone
    self.puts = puts
    self.skipsMissed = skipsMissed
  }
}
