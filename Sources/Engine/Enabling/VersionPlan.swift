import CEL
import PetriNet

/// A registered version of a workflow, ready to run: its net with names as symbols and transitions
/// in the order in which they are visited.
final class VersionPlan: Sendable {
  /// An arc whose wait is computed when a token is put into its place.
  struct ComputedWait: Sendable {
    let transition: TransitionPlan
    let slot: Int
    let wait: InputArc.Wait
    let arc: String
  }

  let id: DefinitionID
  let net: Net
  let name: WorkflowName
  /// By index in the net.
  let places: [PlacePlan]
  /// By index in the net.
  let transitions: [TransitionPlan]
  /// Those that are no tasks, by falling priority, then in file order.
  let visited: [TransitionPlan]
  /// By place, the positions in `visited` of uncoupled transitions it triggers, ascending.
  let localTriggers: [[Int]]
  /// By place, the coupled transitions with an `in`, `read` or `unless` arc there, tasks among them.
  let coupled: [[TransitionPlan]]
  /// By place, the tasks it triggers, in file order.
  let tasks: [[TransitionPlan]]
  /// Places of cases with tasks, ascending.
  let taskPlaces: [Int]
  /// By place, the arcs whose tokens are kept by key, by position in the plan.
  let joinArcs: [[(plan: JoinPlan, position: Int)]]
  /// By place, what a case's only token there does.
  let straight: [StraightStep?]
  /// By index in the net: what fires without a search.
  let matched: [MatchedStep?]
  /// By place.
  let computedWaits: [[ComputedWait]]
  /// By place: how long tokens there wait for some arc, constants only.
  let constantWaits: [[TransitionPlan.Wait]]
  /// By place: whether its tokens leave a case free to close.
  let isFinal: [Bool]
  /// By place: whether coupled transitions look for cases through it.
  let isWatched: [Bool]
  /// Whether a place of cases holds personal fields.
  let holdsPersonal: Bool
  /// By symbol, -1 for places of other nets.
  private let indices: [Int32]
  /// By symbol, -1 for transitions of other nets.
  private let numbers: [Int32]

  init(_ id: DefinitionID, _ net: Net, _ state: inout State) {
    self.id = id
    self.net = net
    name = net.name
    var places: [PlacePlan] = []
    for (index, place) in net.places.enumerated() {
      places.append(
        PlacePlan(
          index: index, symbol: state.intern(place.name), isShared: !place.isOfCase,
          capacity: place.capacity))
    }
    self.places = places
    var transitions: [TransitionPlan] = []
    for (index, transition) in net.transitions.enumerated() {
      let symbol = state.transitions.intern(transition.name)
      let joins = state.index.joins.count + transitions.count { $0.join != nil }
      transitions.append(
        TransitionPlan(
          index, symbol, transition, places, net, registration: id, join: joins))
    }
    self.transitions = transitions
    matched = transitions.map { MatchedStep($0, net, places) }
    visited = transitions.filter { !$0.isTask }.sorted {
      ($1.transition.priority, $0.index) < ($0.transition.priority, $1.index)
    }
    let tables = Tables(transitions, visited, places: places.count)
    localTriggers = tables.localTriggers
    coupled = tables.coupled
    tasks = tables.tasks
    taskPlaces = places.indices.filter { !places[$0].isShared && !tables.tasks[$0].isEmpty }
    joinArcs = tables.joinArcs
    computedWaits = tables.computedWaits
    constantWaits = tables.constantWaits
    isWatched = tables.isWatched
    straight =
      Surroundings(
        net: net, places: places, visited: visited, localTriggers: tables.localTriggers,
        coupled: tables.coupled, tasks: tables.tasks, isWatched: tables.isWatched,
        computedWaits: tables.computedWaits, constantWaits: tables.constantWaits
      ).straightSteps
    isFinal = net.places.indices.map { index in
      if case .end = net.places[index].kind { return true }
      return net.caseRules.cancelPlace == index
    }
    holdsPersonal = net.places.contains { $0.isOfCase && $0.colour.holdsPersonal }
    var indices = Array(repeating: Int32(-1), count: state.places.count)
    for place in places { indices[Int(place.symbol.index)] = Int32(place.index) }
    self.indices = indices
    var numbers = Array(repeating: Int32(-1), count: state.transitions.count)
    for transition in transitions {
      numbers[Int(transition.symbol.index)] = Int32(transition.index)
    }
    self.numbers = numbers
  }

  /// The index in the net of a place; nil if the net has it not.
  func index(of symbol: PlaceSymbol) -> Int? {
    let number = Int(symbol.index)
    guard number < indices.count, indices[number] >= 0 else { return nil }
    return Int(indices[number])
  }

  func transition(_ symbol: TransitionSymbol) -> TransitionPlan? {
    let number = Int(symbol.index)
    guard number < numbers.count, numbers[number] >= 0 else { return nil }
    return transitions[Int(numbers[number])]
  }
}

/// What a plan keeps by place.
private struct Tables {
  var localTriggers: [[Int]]
  var coupled: [[TransitionPlan]]
  var tasks: [[TransitionPlan]]
  var joinArcs: [[(plan: JoinPlan, position: Int)]]
  var computedWaits: [[VersionPlan.ComputedWait]]
  var constantWaits: [[TransitionPlan.Wait]]
  var isWatched: [Bool]

  init(_ transitions: [TransitionPlan], _ visited: [TransitionPlan], places count: Int) {
    localTriggers = Array(repeating: [], count: count)
    coupled = Array(repeating: [], count: count)
    tasks = Array(repeating: [], count: count)
    joinArcs = Array(repeating: [], count: count)
    computedWaits = Array(repeating: [], count: count)
    constantWaits = Array(repeating: [], count: count)
    isWatched = Array(repeating: false, count: count)
    for (position, plan) in visited.enumerated() where !plan.isCoupled {
      localTriggers[plan.trigger.index].append(position)
    }
    for plan in transitions {
      if plan.isTask { tasks[plan.trigger.index].append(plan) }
      if plan.isCoupled {
        isWatched[plan.trigger.index] = true
        if let entrance = plan.entrance { isWatched[entrance.index] = true }
        let touched =
          plan.singles.map(\.place.index) + plan.counted.map(\.place.index)
          + plan.inhibitors.map(\.place.index)
        for place in Set(touched) { coupled[place].append(plan) }
      }
      for arc in plan.singles { add(plan, arc.slot, arc.place, arc.wait) }
      if let join = plan.join {
        for (position, place) in plan.keyedPlaces.enumerated() where join.isKept(position) {
          joinArcs[place.index].append((join, position))
        }
      }
      for arc in plan.counted { add(plan, arc.slot, arc.place, arc.wait) }
    }
  }

  private mutating func add(
    _ plan: TransitionPlan, _ slot: Int, _ place: PlacePlan, _ wait: TransitionPlan.Wait?
  ) {
    switch wait {
    case nil: break
    case .computed(let wait, let arc):
      computedWaits[place.index].append(
        .init(transition: plan, slot: slot, wait: wait, arc: arc))
    case .some(let constant): constantWaits[place.index].append(constant)
    }
  }
}
