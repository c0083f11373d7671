import CEL
import PetriNet

/// A transition as the search for bindings reads it: arcs in the order of binding, each condition at
/// the first position where all it reads is bound.
final class TransitionPlan: Sendable {
  /// A single arc of `in`, or an arc of `read`.
  struct Single: Sendable {
    /// Index in `in` or in `read`.
    let arc: Int
    let isRead: Bool
    let slot: Int
    let place: PlacePlan
    let wait: Wait?
    /// Tokens stand in the order in which they become available.
    let isByAvailability: Bool
    /// What must hold once this arc is bound.
    let conditions: [Condition]
  }

  struct Counted: Sendable {
    let arc: Int
    let slot: Int
    let place: PlacePlan
    let wait: Wait?
    let condition: Condition?
    /// 0 where it is computed.
    let least: Int
    let most: Int
    /// The ends of a count that is an expression over single arcs.
    let computed: ComputedCount?
    /// Whether a token that leaves may enable the transition, or have it raise: its condition may
    /// raise at a token that was not reached, or the list is read.
    let heedsLeaving: Bool
  }

  struct ComputedCount: Sendable {
    let low: Program
    /// Nil: as `low`.
    let high: Program?
    let position: String
  }

  /// An arc of `unless` or `cancel`.
  struct Inhibitor: Sendable {
    let slot: Int
    let place: PlacePlan
    let condition: Condition?
    let mayRaise: Bool
  }

  /// A condition and where it stands in the file.
  struct Condition: Sendable {
    let program: Program
    let position: String
  }

  /// When a token has been available for long enough for an arc.
  enum Wait: Sendable {
    case after(microseconds: Int64)
    case at(Instant)
    /// Computed when the token is put: under this name in `waits`.
    case computed(InputArc.Wait, arc: String)
  }

  struct Reservation: Sendable {
    let place: PlacePlan
    let count: Int
    /// How many of the place's tokens every binding takes; nil if a counted arc takes from it.
    let taken: Int?
  }

  let index: Int
  let symbol: TransitionSymbol
  let transition: Transition
  let priority: Int
  let singles: [Single]
  let counted: [Counted]
  let inhibitors: [Inhibitor]
  let cancels: [Inhibitor]
  let condition: Condition?
  /// Conditions of single arcs that read the case where only counted arcs bind it: they wait until
  /// it is known.
  let conditionsOfCase: [Condition]
  /// How its arcs find each other by keys; nil where they cannot.
  let join: JoinPlan?
  /// Where the tokens of its arcs lie, by position as `join` counts it.
  let keyedPlaces: [PlacePlan]
  let inputCount: Int
  let readCount: Int
  /// The first single `in` arc; nil if all are counted.
  let firstSingle: Int?
  /// Slots that expressions of the search read, and those of outputs and questions.
  let searched: SlotSet
  let built: SlotSet
  /// Whether the search evaluates anything.
  let needsFrame: Bool
  let bindsCase: Bool
  /// Whether only counted arcs take tokens of the case.
  let takesLists: Bool
  let isTask: Bool
  let isOneStep: Bool
  /// Rests after too many steps at one instant: of one step, or a call, which may end at once.
  let isStep: Bool
  /// Reads or is stopped by something that other cases move: shared tokens, limits, room.
  let isCoupled: Bool
  /// The place without whose token it is never enabled, in a case or, if it binds none, at all.
  let trigger: PlacePlan
  /// The place of the first single arc that binds the case.
  let entrance: PlacePlan?
  /// Shared places of which it tries tokens from the first on.
  let scannedPlaces: [PlaceSymbol]
  /// For each place with capacity the most tokens an outcome puts; empty for one-step transitions.
  let reservations: [Reservation]
  /// Whether a one-step transition puts into a place with capacity.
  let needsRoomOnce: Bool
  /// Whether nothing that the search evaluates can raise: bindings that cannot be enabled need not be
  /// reached.
  let isCalm: Bool

  init(
    _ index: Int, _ symbol: TransitionSymbol, _ transition: Transition, _ places: [PlacePlan],
    _ net: Net, registration: DefinitionID, join number: Int
  ) {
    self.index = index
    self.symbol = symbol
    self.transition = transition
    let path = "/transitions/\(transition.name.text)"
    let arcs = ArcOrder(transition, places, net, registration: registration, path: path)
    singles = arcs.singles
    counted = arcs.counted
    conditionsOfCase = arcs.conditionsOfCase
    let read = arcs.singles.map { ($0.slot, $0.place) }
    func inhibitor(_ arc: TestArc, at position: String) -> Inhibitor {
      let calm = Calm(read + [(arc.slot, places[arc.place])], net)
      return Inhibitor(
        slot: arc.slot, place: places[arc.place],
        condition: arc.condition.map { Condition(program: $0, position: position) },
        mayRaise: arc.condition.map { !calm.holds($0) } ?? false)
    }
    inhibitors = transition.inhibitors.map { inhibitor($0, at: "\(path)/unless/\($0.variable)") }
    cancels = transition.cancels.map { inhibitor($0, at: "\(path)/cancel/\($0.variable)/where") }
    condition = transition.condition.map { Condition(program: $0, position: "\(path)/guard") }
    let guardIsNext = counted.isEmpty && inhibitors.allSatisfy { $0.condition == nil }
    let keyed = JoinArcs(singles, counted, inhibitors, ofCase: conditionsOfCase)
    join = JoinPlan(keyed, guardIsNext ? condition : nil, net, number: number)
    keyedPlaces = keyed.places
    inputCount = transition.inputs.count
    readCount = transition.reads.count
    firstSingle = singles.firstIndex { !$0.isRead }
    bindsCase = transition.bindsCase
    entrance = arcs.singles.first { !$0.place.isShared }?.place
    takesLists =
      transition.bindsCase && !arcs.singles.contains { !$0.isRead && !$0.place.isShared }
    if case .task = transition.work { isTask = true } else { isTask = false }
    trigger = arcs.trigger(bindsCase: transition.bindsCase)
    isOneStep = transition.work.isOneStep
    if case .call = transition.work { isStep = true } else { isStep = isOneStep }
    var searched = SlotSet()
    let searchedPrograms = transition.searchedPrograms
    for program in searchedPrograms { searched.formUnion(program.slots) }
    needsFrame = !searchedPrograms.isEmpty
    isCalm = arcs.isCalm(transition, read, places, net)
    self.searched = searched
    var built = SlotSet()
    for program in transition.work.programs { built.formUnion(program.slots) }
    if let per = transition.limit?.per { built.formUnion(per.slots) }
    for arc in transition.cancels { built.formUnion(arc.condition?.slots ?? []) }
    priority = transition.priority
    self.built = built
    let limited = transition.work.outputs.flatMap(\.puts).map { places[$0.place] }
      .filter { $0.capacity != nil }
    if transition.work.isOneStep {
      reservations = []
      needsRoomOnce = !limited.isEmpty
    } else {
      reservations = TransitionPlan.reservations(transition, places)
      needsRoomOnce = false
    }
    var scanned = cancels.map(\.place)
    for (position, place) in keyedPlaces.enumerated() {
      if isTask || join?.isKept(position) != true { scanned.append(place) }
    }
    scannedPlaces = scanned.filter(\.isShared).map(\.symbol)
    isCoupled =
      !transition.bindsCase || transition.limit != nil || !limited.isEmpty
      || transition.inputs.contains { places[$0.place].isShared }
      || transition.reads.contains { places[$0.place].isShared }
      || transition.inhibitors.contains { places[$0.place].isShared }
  }

  private static func reservations(
    _ transition: Transition, _ places: [PlacePlan]
  ) -> [Reservation] {
    var most: [Int: Int] = [:]
    for outputs in transition.work.outputs {
      var count: [Int: Int] = [:]
      for put in outputs.puts where places[put.place].capacity != nil {
        count[put.place, default: 0] += 1
      }
      for (place, count) in count { most[place] = max(most[place] ?? 0, count) }
    }
    return most.sorted { $0.key < $1.key }.map { index, count in
      let taking = transition.inputs.filter { $0.place == index }
      return Reservation(
        place: places[index], count: count,
        taken: taking.allSatisfy(\.count.isOne) ? taking.count : nil)
    }
  }
}

/// A place as plans know it.
struct PlacePlan: Sendable {
  /// Index in the net.
  let index: Int
  let symbol: PlaceSymbol
  let isShared: Bool
  let capacity: Int?
}

/// The arcs of a transition in the order of binding: single `in` arcs in file order, then `read`
/// arcs, then counted ones.
private struct ArcOrder {
  var singles: [TransitionPlan.Single] = []
  var counted: [TransitionPlan.Counted] = []
  var conditionsOfCase: [TransitionPlan.Condition] = []

  init(
    _ transition: Transition, _ places: [PlacePlan], _ net: Net, registration: DefinitionID,
    path: String
  ) {
    var slots: [Int] = []
    var conditions: [(TransitionPlan.Condition, slot: Int)] = []
    for arc in transition.inputs where arc.count.isOne {
      slots.append(arc.slot)
      if let program = arc.condition {
        let position = "\(path)/in/\(arc.variable)/where"
        conditions.append((.init(program: program, position: position), arc.slot))
      }
    }
    for arc in transition.reads {
      slots.append(arc.slot)
      if let program = arc.condition {
        let position = "\(path)/read/\(arc.variable)/where"
        conditions.append((.init(program: program, position: position), arc.slot))
      }
    }
    let singleArcs = transition.inputs.filter(\.count.isOne)
    let firstOfCase =
      singleArcs.first { !places[$0.place].isShared }?.slot
      ?? transition.reads.first { !places[$0.place].isShared }?.slot
    if firstOfCase == nil, transition.bindsCase {
      conditionsOfCase = conditions.map(\.0).filter { $0.program.readsCase }
      conditions.removeAll { condition, _ in condition.program.readsCase }
    }
    func isByAvailability(_ place: Int) -> Bool {
      net.places[place].order.first.map { $0 == .available } ?? true
    }
    func due(at position: Int) -> [TransitionPlan.Condition] {
      conditions.filter { condition, slot in
        var read = condition.program.slots.filter(slots.contains) + [slot]
        if let firstOfCase, condition.program.readsCase { read.append(firstOfCase) }
        return read.compactMap(slots.firstIndex).max() == position
      }.map(\.0)
    }
    func wait(_ arc: InputArc) -> TransitionPlan.Wait? {
      let name = "\(transition.name.text).\(arc.variable)"
      let isShared = places[arc.place].isShared
      return TransitionPlan.Wait(
        arc.wait, arc: isShared ? "\(registration.seq.number)/\(name)" : name)
    }
    for (index, arc) in transition.inputs.enumerated() where arc.count.isOne {
      singles.append(
        .init(
          arc: index, isRead: false, slot: arc.slot, place: places[arc.place], wait: wait(arc),
          isByAvailability: isByAvailability(arc.place), conditions: due(at: singles.count)))
    }
    for (index, arc) in transition.reads.enumerated() {
      singles.append(
        .init(
          arc: index, isRead: true, slot: arc.slot, place: places[arc.place], wait: nil,
          isByAvailability: isByAvailability(arc.place), conditions: due(at: singles.count)))
    }
    for (index, arc) in transition.inputs.enumerated() where !arc.count.isOne {
      let (least, most) = arc.count.bounds
      counted.append(
        .init(
          arc: index, slot: arc.slot, place: places[arc.place], wait: wait(arc),
          condition: arc.condition.map {
            .init(program: $0, position: "\(path)/in/\(arc.variable)/where")
          }, least: least, most: most,
          computed: arc.count.computed(at: "\(path)/in/\(arc.variable)/count"),
          heedsLeaving: heedsLeaving(arc, transition, places, net)))
    }
  }

  private func heedsLeaving(
    _ arc: InputArc, _ transition: Transition, _ places: [PlacePlan], _ net: Net
  ) -> Bool {
    let calm = Calm(singles.map { ($0.slot, $0.place) } + [(arc.slot, places[arc.place])], net)
    if let condition = arc.condition, !calm.holds(condition) { return true }
    if let condition = transition.condition, condition.slots.contains(arc.slot) { return true }
    if case .judge(let work) = transition.work, case .computed(let program) = work.model,
      program.slots.contains(arc.slot)
    {
      return true
    }
    return transition.work.outputs.flatMap(\.puts).contains { places[$0.place].capacity != nil }
  }

  /// - Parameter read: single arcs, with their slots.
  func isCalm(
    _ transition: Transition, _ read: [(Int, PlacePlan)], _ places: [PlacePlan], _ net: Net
  ) -> Bool {
    let tested =
      counted.map { ($0.slot, $0.place) }
      + transition.inhibitors.map { ($0.slot, places[$0.place]) }
    return !transition.work.computesModel
      && transition.searchedPrograms.allSatisfy(Calm(read + tested, net).holds)
  }

  func trigger(bindsCase: Bool) -> PlacePlan {
    let taking = singles.filter { !$0.isRead }.map(\.place)
    let lists = counted.filter { $0.least > 0 }.map(\.place) + counted.map(\.place)
    let all = taking + lists + singles.map(\.place)
    guard let first = all.first(where: { !bindsCase || !$0.isShared }) else {
      preconditionFailure("a transition has an arc that takes a token")
    }
    return first
  }
}

extension InputArc.Count {
  fileprivate var isOne: Bool { if case .one = self { true } else { false } }

  fileprivate var bounds: (Int, Int) {
    switch self {
    case .one: (1, 1)
    case .all, .computed, .computedRange: (0, .max)
    case .range(let least, let most): (least, most)
    }
  }

  fileprivate func computed(at position: String) -> TransitionPlan.ComputedCount? {
    switch self {
    case .one, .all, .range: nil
    case .computed(let count): .init(low: count, high: nil, position: position)
    case .computedRange(let low, let high): .init(low: low, high: high, position: position)
    }
  }
}

extension TransitionPlan.Wait {
  fileprivate init?(_ wait: InputArc.Wait?, arc: String) {
    switch wait {
    case nil: return nil
    case .constant(let microseconds): self = .after(microseconds: microseconds)
    case .after(let program):
      if case .duration(let span)? = program.constant {
        self = .after(microseconds: span.microseconds)
      } else {
        self = .computed(.after(program), arc: arc)
      }
    case .at(let program):
      if case .timestamp(let timestamp)? = program.constant {
        self = .at(Instant(timestamp))
      } else {
        self = .computed(.at(program), arc: arc)
      }
    }
  }
}

extension Program {
  /// Whether it reads what only a bound case has.
  fileprivate var readsCase: Bool {
    slots.contains(Transition.Slots.input) || slots.contains(Transition.Slots.caseRecord)
  }
}
