import PetriNet

/// A transition that takes the only token of a case and puts one, so that nothing has to be searched:
/// what most steps of most cases are.
struct StraightStep: Sendable {
  enum Content: Sendable {
    case unit
    /// The token's value, unchanged.
    case moved
    case constructed(Construction)
  }

  let transition: TransitionPlan
  let target: PlacePlan
  let name: PlaceName
  let colour: ColourSet
  let content: Content

  fileprivate init?(_ transition: TransitionPlan, from place: Int, _ plan: Surroundings) {
    let described = transition.transition
    guard transition.singles.count == 1, transition.inputCount == 1, transition.readCount == 0,
      let arc = transition.singles.first, !arc.isRead, arc.wait == nil, arc.conditions.isEmpty,
      transition.condition == nil, transition.inhibitors.isEmpty, described.cancels.isEmpty,
      described.limit == nil, !transition.needsRoomOnce,
      case .plain(let outputs) = described.work, outputs.puts.count == 1,
      let put = outputs.puts.first, put.each == nil, put.wait == nil,
      plan.isPrivate(put.place), plan.computedWaits[put.place].isEmpty,
      plan.constantWaits[put.place].isEmpty
    else { return nil }
    let source = plan.net.places[place].colour
    let target = plan.net.places[put.place]
    if case .whole(_, let slot?) = put.value, slot == arc.slot {
      guard source == target.colour else { return nil }
      content = .moved
    } else if case .unit = target.colour {
      content = .unit
    } else {
      guard !target.colour.holdsPersonal else { return nil }
      content = .constructed(put.value)
    }
    self.transition = transition
    self.target = plan.places[put.place]
    name = target.name
    colour = target.colour
  }
}

/// What else looks at the places of a version.
struct Surroundings {
  let net: Net
  let places: [PlacePlan]
  let visited: [TransitionPlan]
  let localTriggers: [[Int]]
  let coupled: [[TransitionPlan]]
  let tasks: [[TransitionPlan]]
  let isWatched: [Bool]
  let computedWaits: [[VersionPlan.ComputedWait]]
  let constantWaits: [[TransitionPlan.Wait]]

  /// By place, for places where a case's only token can do nothing else.
  ///
  /// Nothing but the case sees such a step: no other arc looks at either place, neither has capacity,
  /// no wait begins, and no part of a new value is personal.
  var straightSteps: [StraightStep?] {
    if net.invariants.contains(where: \.isWatched) { return places.map { _ in nil } }
    return places.indices.map { place in
      guard localTriggers[place].count == 1, isPrivate(place) else { return nil }
      return StraightStep(visited[localTriggers[place][0]], from: place, self)
    }
  }

  fileprivate func isPrivate(_ place: Int) -> Bool {
    !places[place].isShared && places[place].capacity == nil && coupled[place].isEmpty
      && tasks[place].isEmpty && !isWatched[place]
  }
}
