import CEL
import PetriNet

/// Where bindings of a transition are looked for.
enum SearchScope {
  case everywhere
  /// In the case that lies there.
  case inCase(Int)
  /// Only those that hold this shared token.
  case token(TokenID)
  /// Those of a task that take this token.
  case offer(Token, Int?)
}

/// A binding in the making.
struct PartialBinding {
  let plan: VersionPlan
  let transition: TransitionPlan
  let horizon: Horizon
  let frame: Frame?
  /// Where the case lies, once an arc or the scope has bound it.
  var found: Int?
  /// By position in `singles`.
  var bound: [Token] = []
  /// The token that one arc must hold, and whether it is at rest.
  var pin: (position: Int, token: Token, isAtRest: Bool)?
  /// The number of the key that the hub's token must have.
  var group: Int32?

  func isOf(_ aside: Aside) -> Bool {
    aside.workflow == plan.id && aside.transition == transition.symbol
  }
  /// An arc that depends on no other has no token: whatever else is bound, there is no binding.
  var isHopeless = false
}

extension State {
  /// The first enabled binding of a transition; nil if there is none.
  ///
  /// Arcs are bound one after another, tokens of each tried in the order of its place. Throws when an
  /// expression that is reached so raises.
  func firstBinding(
    of transition: TransitionPlan, _ plan: VersionPlan, in scope: SearchScope, _ horizon: Horizon
  ) throws(Raised) -> Candidate? {
    guard mayStart(transition, plan, at: horizon.now) else { return nil }
    var partial = PartialBinding(
      plan: plan, transition: transition, horizon: horizon,
      frame: transition.needsFrame ? Frame(count: transition.transition.slotCount) : nil)
    partial.bound.reserveCapacity(transition.singles.count)
    switch scope {
    case .everywhere: return try extend(&partial)
    case .inCase(let found):
      guard enter(found, &partial) else { return nil }
      return try extend(&partial)
    case .offer(let token, let found):
      if let found, !enter(found, &partial) { return nil }
      partial.pin = (0, token, isAtRest: false)
      return try extend(&partial)
    case .token(let id):
      return try firstBinding(holding: id, partial)
    }
  }

  private func firstBinding(holding id: TokenID, _ partial: PartialBinding) throws(Raised)
    -> Candidate?
  {
    guard let token = shared[id] else { return nil }
    let transition = partial.transition
    var partial = partial
    partial.group = group(of: token, transition)
    if transition.counted.contains(where: { $0.place.symbol == token.place }) {
      // A list that the token makes long enough leaves every other token to the single arcs.
      return try extend(&partial)
    }
    var best: Candidate?
    for (position, arc) in transition.singles.enumerated() where arc.place.symbol == token.place {
      var partial = partial
      partial.pin = (position, token, isAtRest: true)
      guard let candidate = try extend(&partial) else { continue }
      if let current = best, !precedes(candidate, current) { continue }
      best = candidate
    }
    return best
  }

  /// Whether a transition without a case has taken all the steps that its workflow has in this
  /// instant.
  func isSpent(_ transition: TransitionPlan, _ plan: VersionPlan, at now: Instant) -> Bool {
    guard !transition.bindsCase, transition.isStep,
      let steps = steps[plan.name]
    else { return false }
    return steps.at == now && steps.count >= index.limits.stepsAtOneInstantMax
  }

  /// What keeps every binding of a transition from being enabled, seen without a look at tokens.
  private func mayStart(
    _ transition: TransitionPlan, _ plan: VersionPlan, at now: Instant
  ) -> Bool {
    if !pausedWorkflows.isEmpty, pausedWorkflows.contains(plan.name) { return false }
    if !pausedTransitions.isEmpty, pausedTransitions.contains(plan.path(of: transition)) {
      return false
    }
    guard transition.isCoupled else { return true }
    if !transition.bindsCase {
      guard current[plan.name] == plan.id else { return false }
      if isSpent(transition, plan, at: now) { return false }
    }
    for arc in transition.singles where arc.place.isShared {
      if index.sharedTokens[arc.place.symbol]?.count ?? 0 == 0 { return false }
    }
    if let limit = transition.transition.limit, limit.per == nil {
      let key = EnablingIndex.LimitKey(path: plan.path(of: transition), per: nil)
      if index.inFlight[key] ?? 0 >= limit.max { return false }
    }
    return !transition.isCalm || mayHaveRoom(transition, plan)
  }

  /// Whether places have room for what outcomes may put, as far as that is the same for every binding.
  private func mayHaveRoom(_ transition: TransitionPlan, _ plan: VersionPlan) -> Bool {
    transition.reservations.allSatisfy { reservation in
      guard let taken = reservation.taken else { return true }
      return hasRoom(for: reservation.count - taken, in: reservation.place, plan)
    }
  }

  /// Binds the case; false if it has no part in the transition.
  func enter(_ found: Int, _ partial: inout PartialBinding) -> Bool {
    guard hasPart(found, in: partial.transition) else { return false }
    if let frame = partial.frame {
      if partial.transition.searched.contains(Transition.Slots.input) {
        frame.slots[Transition.Slots.input] = cases[at: found]?.inputValue ?? .null
      }
      if partial.transition.searched.contains(Transition.Slots.caseRecord) {
        frame.slots[Transition.Slots.caseRecord] = cases[at: found].map(caseRecord) ?? .null
      }
    }
    partial.found = found
    return true
  }

  /// The tokens at rest of the case that lies there.
  func tokens(at found: Int) -> [Token] { cases[at: found]?.marking.tokens ?? [] }

  private func extend(_ partial: inout PartialBinding) throws(Raised) -> Candidate? {
    let position = partial.bound.count
    guard position < partial.transition.singles.count else { return try complete(&partial) }
    let arc = partial.transition.singles[position]
    if let pin = partial.pin, pin.position == position {
      return try bind(pin.token, arc, &partial)
    }
    if !arc.place.isShared, let found = partial.found {
      for token in tokens(of: tokens(at: found), in: arc.place, partial.plan) {
        if let candidate = try bind(token, arc, &partial) { return candidate }
      }
      return nil
    }
    if let join = partial.transition.join {
      switch keyed(join, at: position, partial) {
      case .line(let line):
        guard let line else { return nil }
        return try extend(over: line, arc, &partial)
      case .live: return try extendOverLive(join.number, arc, &partial)
      case .unknown: break
      }
    }
    if arc.place.isShared {
      guard let order = tokensInOrder(arc.place.symbol) else { return nil }
      return try extend(over: order, arc, &partial)
    }
    let place = EnablingIndex.WatchedPlace(plan: partial.plan.id, place: arc.place.index)
    guard let order = index.watched[place] else { return nil }
    return try extend(over: order, arc, &partial)
  }

  /// Tries tokens in their order.
  private func extend(
    over tokens: some Sequence<OrderedToken>, _ arc: TransitionPlan.Single,
    _ partial: inout PartialBinding
  ) throws(Raised) -> Candidate? {
    var isFree = false
    for entry in tokens {
      if arc.isByAvailability, entry.available > partial.horizon.now { break }
      if let candidate = try bind(entry, arc, &partial, &isFree) { return candidate }
      if partial.isHopeless { return nil }
    }
    if !isFree { partial.isHopeless = partial.isAlone(arc) }
    return nil
  }

  /// Binds the token of an entry, and with it the case if none is bound.
  func bind(
    _ entry: OrderedToken, _ arc: TransitionPlan.Single, _ partial: inout PartialBinding,
    _ isFree: inout Bool
  ) throws(Raised) -> Candidate? {
    guard let caseID = entry.caseID else {
      guard let token = shared[at: Int(entry.slot)], self.isFree(token, arc, partial) else {
        return nil
      }
      isFree = true
      return try bind(token, arc, &partial)
    }
    let found = cases.position(of: caseID)
    guard found >= 0, let token = cases[at: found]?.marking[entry.id], enter(found, &partial)
    else { return nil }
    isFree = true
    if let candidate = try bind(token, arc, &partial) { return candidate }
    partial.found = nil
    return nil
  }

  /// Those of a case's tokens that are in one place, as the place orders them.
  func tokens(of tokens: [Token], in place: PlacePlan, _ plan: VersionPlan) -> [Token] {
    if tokens.count == 1 { return tokens[0].place == place.symbol ? tokens : [] }
    return plan.net.places[place.index].order.sorted(tokens.filter { $0.place == place.symbol })
  }

  private func bind(
    _ token: Token, _ arc: TransitionPlan.Single, _ partial: inout PartialBinding
  ) throws(Raised) -> Candidate? {
    guard isFree(token, arc, partial) else { return nil }
    partial.frame?.slots[arc.slot] = token.value
    partial.bound.append(token)
    defer { partial.bound.removeLast() }
    if isAside(partial, with: nil) { return nil }
    for condition in arc.conditions {
      do {
        guard try holds(condition, partial, with: nil) else { return nil }
      } catch {
        // What belongs to no binding is not reached.
        guard let whole = firstWhole(partial) else { return nil }
        throw error.of(whole.found.flatMap { cases[at: $0]?.id })
      }
    }
    return try extend(&partial)
  }

  func isFree(
    _ token: Token, _ arc: TransitionPlan.Single, _ partial: PartialBinding
  ) -> Bool {
    for (position, other) in partial.bound.enumerated()
    where other.id == token.id && !partial.transition.singles[position].isRead {
      return false
    }
    let ready = arc.isRead ? token.available : token.ready(arc.wait)
    guard let ready else { return false }
    return partial.horizon.reached(ready, by: token.id)
  }

  func asides(of partial: PartialBinding) -> [Aside] {
    partial.found.flatMap { cases[at: $0]?.asides } ?? []
  }

  func caseID(of partial: PartialBinding) -> CaseID? {
    partial.found.flatMap { cases[at: $0]?.id }
  }

  /// Whether what is bound so far, with `extra` beside it, was set aside.
  func isAside(_ partial: PartialBinding, with extra: TokenID?) -> Bool {
    guard hasAsides(partial) else { return false }
    let bound = partial.bound.map(\.id) + (extra.map { [$0] } ?? [])
    func covers(_ aside: Aside) -> Bool { partial.isOf(aside) && aside.covers(bound) }
    return asides(of: partial).contains(where: covers) || sharedAsides.contains(where: covers)
  }

  /// Whether some binding of the transition was set aside, in the case that is bound or in none.
  func hasAsides(_ partial: PartialBinding) -> Bool {
    asides(of: partial).contains(where: partial.isOf) || sharedAsides.contains(where: partial.isOf)
  }

  /// Evaluates a condition; what it reads is set aside if it raises.
  func holds(
    _ condition: TransitionPlan.Condition, _ partial: PartialBinding, with extra: TokenID?
  ) throws(Raised) -> Bool {
    guard let frame = partial.frame else { preconditionFailure("a condition has a frame") }
    do {
      return try condition.program.holds(in: frame)
    } catch {
      let singles = partial.transition.singles
      var read = partial.bound.indices
        .filter { condition.program.slots.contains(singles[$0].slot) }
        .map { partial.bound[$0].id }
      if let extra { read.append(extra) }
      if read.isEmpty { read = partial.bound.map(\.id) }
      throw Raised(
        caseID: caseID(of: partial), plan: partial.plan, transition: partial.transition,
        tokens: read, failure: Failure(error, at: condition.position),
        first: partial.bound.first)
    }
  }

  /// Whether `left` stands before `right` in the order in which bindings of their transition are
  /// compared: arc by arc, tokens by the order of their place; where only counted arcs tell them
  /// apart, by the number of the case.
  func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
    for arc in left.transition.singles {
      let ofLeft = arc.isRead ? left.reads[arc.arc] : left.inputs[arc.arc]
      let ofRight = arc.isRead ? right.reads[arc.arc] : right.inputs[arc.arc]
      guard case .one(let one) = ofLeft, case .one(let other) = ofRight, one.id != other.id
      else { continue }
      let order = left.plan.net.places[arc.place.index].order
      return OrderedToken(one, of: nil, order) < OrderedToken(other, of: nil, order)
    }
    guard let one = left.caseID, let other = right.caseID else { return false }
    return one < other
  }
}
