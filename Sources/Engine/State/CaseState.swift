package import CEL
import PetriNet

/// An open case.
package struct CaseState: Sendable {
  package let id: CaseID
  package let opened: Instant
  package internal(set) var workflow: DefinitionID
  package let businessKey: String?
  /// Its own key first, then those of messages it took or read.
  package internal(set) var keys: [Int64]
  package let parent: FiringID?
  /// The calls that wait for it, in the order of their rows. With `isJoined` it follows from the rows
  /// of the case, and is no part of the state's text.
  package internal(set) var callers: [FiringID] = []
  /// Somebody asked for it again.
  package internal(set) var isJoined = false
  /// Where its input was written, and the input; nil for `unit`.
  package internal(set) var inputOrigin: TokenID
  package internal(set) var input: Cargo?
  package internal(set) var marking = Marking()
  /// In flight or unsettled, ascending; those let go do not stand here.
  package internal(set) var firings: [FiringID] = []
  /// Ascending.
  package internal(set) var offers: [TaskID] = []
  /// Open ones, ascending.
  package internal(set) var incidents: [IncidentID] = []
  package internal(set) var asides: [Aside] = []
  /// The row that put the token of a cancellation.
  package internal(set) var cancelled: Seq?
  /// The incident that rests its one-step transitions.
  package internal(set) var restedBy: IncidentID?
  /// The instant of its last one-step firing, and how many there were at it.
  package internal(set) var stepsAt = Instant(microseconds: .min)
  package internal(set) var steps = 0

  package var inputValue: Value {
    switch input {
    case nil: .null
    case .value(let value): value
    case .text: preconditionFailure("values are read only after the state was opened")
    }
  }
}

/// A binding, or a part of one, that a transition leaves alone because an expression raised.
package struct Aside: Sendable {
  package let incident: IncidentID
  package let workflow: DefinitionID
  package let transition: TransitionSymbol
  /// Ascending.
  package let tokens: [TokenID]

  /// Whether a binding that holds `bound` contains what was set aside.
  func covers(_ bound: [TokenID]) -> Bool { tokens.allSatisfy(bound.contains) }
}
