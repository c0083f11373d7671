import CEL
import PetriNet

/// A plain transition over shared places alone, whose arcs find each other by one key or not at all:
/// the first token of each is its binding, so that nothing has to be searched.
final class MatchedStep: Sendable {
  struct Arc: Sendable {
    let place: PlaceSymbol
    let slot: Int
    /// Found under the key; other arcs take the first token of their place.
    let isKeyed: Bool
    /// A place whose first token is not available has none that is.
    let isByAvailability: Bool
    /// Whether outputs read the token.
    let isRead: Bool
  }

  enum Content: Sendable {
    case unit
    /// The value of an arc's token, unchanged.
    case moved(arc: Int)
    case constructed(Recipe)
  }

  /// How a value is made, as a reference: what holds many programs is not copied a firing.
  final class Recipe: Sendable {
    let construction: Construction

    init(_ construction: Construction) { self.construction = construction }
  }

  /// When a token becomes available.
  enum Wait: Sendable {
    case constant(microseconds: Int64)
    case after(Moment)
    case at(Moment)
  }

  /// An expression of type duration or timestamp, as a reference.
  final class Moment: Sendable {
    let program: Program

    init(_ program: Program) { self.program = program }
  }

  final class Output: Sendable {
    let place: PlaceSymbol
    let name: PlaceName
    let colour: ColourSet
    let content: Content
    let wait: Wait?
    /// Whether a moved value is of the place's colour set because it is of its own place's.
    let isOfColour: Bool
    /// Whether a token goes back to the place that it was taken from, which keeps its key known.
    let isReturn: Bool

    /// Nil if making the token may need more than the tokens taken.
    fileprivate init?(
      _ put: Put, _ plan: TransitionPlan, _ net: Net, _ places: [PlacePlan],
      _ arcs: [MatchedStep.Arc]
    ) {
      let described = net.places[put.place]
      guard put.each == nil, places[put.place].isShared, !described.colour.holdsPersonal else {
        return nil
      }
      place = places[put.place].symbol
      name = described.name
      colour = described.colour
      wait = Wait(put.wait)
      if case .whole(_, let slot?) = put.value,
        let arc = arcs.firstIndex(where: { $0.slot == slot })
      {
        let source = plan.singles[arc].place
        content = .moved(arc: arc)
        isOfColour = net.places[source.index].colour == described.colour
        isReturn = source.index == put.place
      } else if case .unit = described.colour {
        (content, isOfColour, isReturn) = (.unit, true, false)
      } else {
        (content, isOfColour, isReturn) = (.constructed(Recipe(put.value)), true, false)
      }
    }
  }

  /// Index among the version's transitions.
  let transition: Int
  /// In the order of binding, which is that of the row.
  let arcs: [Arc]
  /// Number of the table of its keys.
  let join: Int?
  let outputs: [Output]
  /// What its row takes without the values.
  let size: RowSize
  /// Arcs whose tokens go back to their places.
  let returned: [Bool]
  let readsNow: Bool
  let readsFiring: Bool
  let needsFrame: Bool

  /// Nil if the transition does more, or needs to be searched.
  init?(_ plan: TransitionPlan, _ net: Net, _ places: [PlacePlan]) {
    guard !plan.bindsCase, !plan.singles.isEmpty, plan.counted.isEmpty, plan.inhibitors.isEmpty,
      plan.cancels.isEmpty, plan.readCount == 0, plan.transition.limit == nil,
      !plan.needsRoomOnce, case .plain(let puts) = plan.transition.work,
      plan.singles.allSatisfy({ $0.wait == nil }),
      Set(plan.singles.map(\.place.index)).count == plan.singles.count, plan.isServedByHub
    else { return nil }
    let arcs = plan.singles.enumerated().map { position, arc in
      Arc(
        place: arc.place.symbol, slot: arc.slot, isKeyed: plan.join?.isKept(position) == true,
        isByAvailability: arc.isByAvailability, isRead: plan.built.contains(arc.slot))
    }
    var outputs: [Output] = []
    var size = RowSize()
    for put in puts.puts {
      guard let output = Output(put, plan, net, places, arcs) else { return nil }
      outputs.append(output)
      size.add(MadeToken(place: output.name, content: .unit))
    }
    size.addReferences(arcs.count)
    transition = plan.index
    self.arcs = arcs
    join = plan.join?.number
    self.outputs = outputs
    self.size = size
    returned = arcs.indices.map { arc in
      outputs.contains { output in
        if case .moved(arc) = output.content { return output.isReturn }
        return false
      }
    }
    readsNow = plan.built.contains(Transition.Slots.now)
    readsFiring = plan.built.contains(Transition.Slots.firing)
    needsFrame = !plan.transition.work.programs.isEmpty
  }
}

extension MatchedStep.Wait {
  fileprivate init?(_ wait: Put.Wait?) {
    switch wait {
    case nil: return nil
    case .constant(let microseconds): self = .constant(microseconds: microseconds)
    case .after(let program): self = .after(MatchedStep.Moment(program))
    case .at(let program): self = .at(MatchedStep.Moment(program))
    }
  }
}

extension TransitionPlan {
  /// Whether its conditions are nothing but equalities by which arcs are found from the hub.
  fileprivate var isServedByHub: Bool {
    var conditions = singles.flatMap(\.conditions)
    if let condition { conditions.append(condition) }
    guard let join else { return conditions.isEmpty }
    guard let hub = join.hub else { return false }
    for (position, lookup) in join.lookups.enumerated() where lookup != nil {
      guard hub.partners.contains(position) else { return false }
    }
    let lookups = join.lookups.compactMap(\.self)
    return conditions.allSatisfy { condition in
      let parts = condition.program.syntax.joinEqualities
      return parts.residue.isEmpty
        && parts.equalities.allSatisfy { equality in
          guard let left = equality.left.path, let right = equality.right.path else { return false }
          return lookups.contains { lookup in
            zip(lookup.own, lookup.other).contains {
              ($0.0 == left && $0.1 == right) || ($0.0 == right && $0.1 == left)
            }
          }
        }
    }
  }
}
