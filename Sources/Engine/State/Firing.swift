import CEL
package import PetriNet

/// A firing in flight: running, let go, or with an outcome whose outputs raised.
package struct Firing: Sendable {
  package enum Kind: Sendable {
    case judge(guardID: DefinitionID)
    case action(ActionName)
    case call(WorkflowName)
    /// Answered already: unsettled from the start.
    case task
  }

  package enum Phase: Sendable {
    case running
    /// Its case went on or ended without it; shared tokens it holds go back when it has ended.
    case letGo
    case unsettled(RecordedOutcome)
  }

  package let id: FiringID
  package let kind: Kind
  package let caseID: CaseID?
  package internal(set) var workflow: DefinitionID
  package internal(set) var transition: TransitionSymbol
  package let started: Instant
  package let consumed: [BoundTokens]
  package let read: [BoundTokens]?
  /// The tokens taken, flat, in the order of `consumed`.
  package internal(set) var held: [Token]
  /// The tokens read, flat.
  package internal(set) var copies: [Token]
  package internal(set) var with: Cargo?
  package internal(set) var per: Cargo?
  package internal(set) var phase: Phase = .running
  /// Of the question, or of the attempt under way.
  package internal(set) var deadline: Instant
  /// From 1; interruptions are counted apart.
  package internal(set) var attempt = 1
  /// Not before this instant the attempt begins.
  package internal(set) var next: Instant
  package internal(set) var interruptions = 0
  /// An attempt ended without an answer, so that the effect may have taken place.
  package internal(set) var maybe = false
  /// Labels of votes, in order.
  package internal(set) var votes: [String] = []
  package internal(set) var child: CaseID?
  /// The `firing.id` of expressions and of other systems.
  package let text: FiringText

  package var isLetGo: Bool { if case .letGo = phase { true } else { false } }
  package var isRunning: Bool { if case .running = phase { true } else { false } }
}

/// `firing.id` without its spelling: shard and incarnation are the state's.
package struct FiringText: Sendable, Hashable {
  package let shard: Int64
  package let seq: Seq
  /// Hex of the incarnation of the last `ownerStarted` at or before the row.
  package let incarnation: String

  package var text: String { "\(shard)-\(seq.number)-\(incarnation)" }
}

/// An outcome that stands although its tokens could not be made.
package struct RecordedOutcome: Sendable {
  package var outcome: String
  package var reason: FallbackReason?
  package var code: String?
  package var attempts: Int?
  /// The action's result or the person's answer.
  package internal(set) var value: Cargo?
  package var by: Subject?
  package var at: Instant
}

/// A task offered for one token.
package struct Offer: Sendable {
  package let id: TaskID
  package let caseID: CaseID?
  package let workflow: DefinitionID
  package let transition: TransitionSymbol
  package let offered: Instant
  package let token: TokenID
  package let read: [BoundTokens]?
  package let due: Instant?
  package let group: String?
  package let notBy: [Subject]?
  package internal(set) var holder: Subject?
  /// When the claim ends by itself.
  package internal(set) var until: Instant?

  /// Who holds it at `now`, if anybody.
  package func holder(at now: Instant) -> Subject? {
    guard let holder, let until, until > now else { return nil }
    return holder
  }
}

/// An open incident.
package struct Incident: Sendable {
  package let id: IncidentID
  package let caseID: CaseID?
  package let code: String
  package let position: String?
  package let transition: TransitionName?
  package let workflow: DefinitionID?
  package let binding: [TokenID]?
  package let firing: FiringID?
}

extension Firing {
  /// The tokens that it holds in an arc.
  ///
  /// - Parameter arc: index among the transition's `in` arcs.
  package func tokens(ofArc arc: Int) -> [Token] {
    guard consumed.indices.contains(arc) else { return [] }
    let ids = consumed[arc].ids
    return held.filter { ids.contains($0.id) }
  }
}
