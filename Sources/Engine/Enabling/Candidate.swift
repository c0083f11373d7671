import CEL
import PetriNet

/// A binding under which a transition may fire.
struct Candidate: Sendable {
  let plan: VersionPlan
  let transition: TransitionPlan
  let caseID: CaseID?
  /// By `in` arc, in file order.
  let inputs: [Bound]
  /// By `read` arc, in file order.
  let reads: [Bound]
  /// Since when its first arc has been ready.
  let ready: Instant

  /// All tokens of the binding, read ones too.
  var tokens: [TokenID] { (inputs + reads).flatMap(\.tokens).map(\.id) }

  /// The token of the single arc that is bound first; nil if all are counted.
  var first: Token? {
    guard let arc = transition.singles.first,
      case .one(let token) = arc.isRead ? reads[arc.arc] : inputs[arc.arc]
    else { return nil }
    return token
  }

  var consumed: [BoundTokens] { inputs.map(\.ids) }
  var read: [BoundTokens]? { reads.isEmpty ? nil : reads.map(\.ids) }

  /// Where the transition stands in its file.
  var path: String { "/transitions/\(transition.transition.name.text)" }

  func raised(_ failure: Failure) -> Raised {
    Raised(
      caseID: caseID, plan: plan, transition: transition, tokens: tokens, failure: failure,
      first: first)
  }
}

/// Why an expression or an output could not be computed: what an incident says of it.
struct Failure: Error, Equatable, Sendable {
  /// `EvaluationError.Code` or one of the engine's own.
  var code: String
  /// Path in the file.
  var position: String
  var message: String

  init(_ code: String, at position: String, _ message: String = "") {
    self.code = code
    self.position = position
    self.message = message
  }

  init(_ error: EvaluationError, at position: String) {
    self.init(error.code.rawValue, at: position, error.message)
  }

  static let duplicateKey = "duplicate_key"
  static let outOfColourSet = "out_of_colour_set"
  static let tooLarge = "too_large"
}

/// A binding, or a part of one, is to be set aside.
struct Raised: Error, Sendable {
  let caseID: CaseID?
  let plan: VersionPlan
  let transition: TransitionPlan
  let tokens: [TokenID]
  let failure: Failure
  /// The token of the first arc that was bound, if any was.
  var first: Token?

  var draft: Draft {
    Draft(
      caseID,
      .incidentRaised(
        IncidentRaised(
          binding: tokens.sorted(), code: failure.code, position: failure.position,
          transition: transition.transition.name, workflow: caseID == nil ? plan.id : nil)))
  }
}

/// An event that is decided and not yet numbered.
struct Draft: Sendable {
  /// Nil for the event that opens a case: its number is its own.
  let caseID: CaseID?
  var event: Event

  init(_ caseID: CaseID?, _ event: Event) {
    self.caseID = caseID
    self.event = event
  }
}

/// Which instants count as reached: while due instants are made up for, those up to `instant`, and
/// for what was made meanwhile everything up to `now`.
struct Horizon: Sendable {
  let instant: Instant
  let now: Instant
  /// The last row before.
  let last: Seq

  func reached(_ ready: Instant, by token: TokenID) -> Bool {
    ready <= (token.seq > last ? now : instant)
  }
}
