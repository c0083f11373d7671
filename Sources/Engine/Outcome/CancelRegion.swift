import CEL
import PetriNet

/// What the cancel arcs of one firing take away (DESIGN §2, `cancel`).
struct CancelRegion: Sendable {
  /// Tokens at rest, by arc, in the order of their place.
  var tokens: [Token] = []
  /// Firings in flight that hold a matching token, by number, each with what it loses.
  var firings: [(firing: Firing, lost: [TokenID])] = []

  /// As rows say it: nil for nothing.
  var cancelled: [TokenID]? { tokens.isEmpty ? nil : tokens.map(\.id) }

  var aborted: [AbortedFiring]? {
    firings.isEmpty ? nil : firings.map { AbortedFiring(firing: $0.firing.id, lost: $0.lost) }
  }
}

extension State {
  /// What matches the cancel arcs of a firing about to be logged: of its case at rest (available or
  /// not) and in flight, of shared places only at rest; nothing that the firing takes itself.
  func cancelRegion(_ building: Building) throws(Failure) -> CancelRegion {
    var region = CancelRegion()
    guard !building.transition.cancels.isEmpty else { return region }
    let taken = Set(building.inputs.lazy.flatMap(\.tokens).map(\.id))
    let found = building.caseID.map { cases.position(of: $0) }
    for arc in building.transition.cancels {
      for token in tokensAtRest(in: arc.place, found, building.plan)
      where !taken.contains(token.id) && !region.tokens.contains(where: { $0.id == token.id }) {
        if try matches(token, arc, building) { region.tokens.append(token) }
      }
    }
    for id in found.flatMap({ cases[at: $0]?.firings }) ?? [] {
      guard let firing = firings[id] else { continue }
      var lost: [TokenID] = []
      for token in firing.held where !isShared(token.place) {
        for arc in building.transition.cancels where arc.place.symbol == token.place {
          guard try matches(token, arc, building) else { continue }
          lost.append(token.id)
          break
        }
      }
      if !lost.isEmpty { region.firings.append((firing, lost)) }
    }
    return region
  }

  private func matches(
    _ token: Token, _ arc: TransitionPlan.Inhibitor, _ building: Building
  ) throws(Failure) -> Bool {
    guard let condition = arc.condition else { return true }
    building.frame.slots[arc.slot] = token.value
    do {
      return try condition.program.holds(in: building.frame)
    } catch {
      throw Failure(error, at: condition.position)
    }
  }

  /// What follows a region's row: questions are given up, actions asked to stop or, between two
  /// attempts, ended; incidents of firings that are no more end too.
  func consequences(
    of region: CancelRegion, at now: Instant
  ) -> (drafts: [Draft], effects: [Effect]) {
    var drafts: [Draft] = []
    var effects: [Effect] = []
    for (firing, _) in region.firings {
      let left = lettingGo(of: firing, at: now)
      drafts += left.drafts
      effects += left.effects
      guard case .unsettled = firing.phase else { continue }
      for incident in incidents.values.filter({ $0.firing == firing.id }).map(\.id).sorted() {
        let event = IncidentResolved(by: .engine, how: .gone, incident: incident)
        drafts.append(Draft(firing.caseID, .incidentResolved(event)))
      }
    }
    return (drafts, effects)
  }

  /// What becomes of the work of a firing whose case goes on or ends without it.
  func lettingGo(of firing: Firing, at now: Instant) -> (drafts: [Draft], effects: [Effect]) {
    guard firing.isRunning else { return ([], []) }
    switch firing.kind {
    case .judge: return ([], [.abandonJudge(firing.id)])
    case .action where firing.next <= now: return ([], [.abandonAction(firing.id)])
    case .action: return ([Draft(firing.caseID, neverBegun(firing))], [])
    case .call, .task: return ([], [])
    }
  }

  /// An action let go between two attempts has ended.
  private func neverBegun(_ firing: Firing) -> Event {
    .lateOutcomeRecorded(
      LateOutcomeRecorded(
        code: AttemptFailed.interrupted, firing: firing.id,
        outcome: firing.maybe ? "unknown" : "failed"))
  }
}
