package import PetriNet

/// What a migration would come to if it were asked for now; nothing is written.
package struct MigrationOutlook: Equatable, Sendable {
  /// A token at rest, and the place that it would lie in.
  package struct Move: Equatable, Sendable {
    package var token: TokenID
    package var to: PlaceName

    package init(token: TokenID, to: PlaceName) {
      self.token = token
      self.to = to
    }
  }

  /// Why it would be refused; all else is then empty.
  package var refusal: Refusal?
  /// Nil where the case runs under that version already.
  package var to: DefinitionID?
  /// By arrival.
  package var moves: [Move]
  /// In flight, going on under the other version.
  package var firings: [FiringID]
  /// Offers that would be withdrawn, and made anew where they are possible.
  package var withdrawn: [TaskID]

  package init(
    refusal: Refusal? = nil, to: DefinitionID? = nil, moves: [Move] = [],
    firings: [FiringID] = [], withdrawn: [TaskID] = []
  ) {
    self.refusal = refusal
    self.to = to
    self.moves = moves
    self.firings = firings
    self.withdrawn = withdrawn
  }
}

extension State {
  /// What `command` would come to at `now`.
  package func outlook(of command: MigrateCase, at now: Instant) -> MigrationOutlook {
    let decision = decide(command, at: now)
    if case .refused(let refusal, _) = decision.reply { return MigrationOutlook(refusal: refusal) }
    var outlook = MigrationOutlook()
    for draft in decision.drafts {
      switch draft.event {
      case .caseMigrated(let event):
        outlook.to = event.to
        outlook.moves = zip(event.consumed, event.tokens).map {
          MigrationOutlook.Move(token: $0, to: $1.place)
        }
        outlook.firings = (event.flying ?? []).map(\.firing)
      case .taskWithdrawn(let event): outlook.withdrawn.append(event.task)
      default: break
      }
    }
    return outlook
  }
}
