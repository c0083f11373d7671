import CEL
import PetriNet

extension State {
  /// All single arcs are bound: counted ones, `unless`, `guard`, `limit` and room decide.
  func complete(_ partial: inout PartialBinding) throws(Raised) -> Candidate? {
    if partial.found == nil, partial.transition.bindsCase {
      return try completeOverCases(&partial)
    }
    if partial.bound.isEmpty, isAside(partial, with: nil) { return nil }
    for condition in partial.transition.conditionsOfCase {
      guard try holds(condition, partial, with: nil) else { return nil }
    }
    guard let lists = try countedLists(partial), !isAside(partial, with: lists) else { return nil }
    for number in partial.transition.inhibitors.indices {
      if try isInhibited(by: number, partial) { return nil }
    }
    if let condition = partial.transition.condition {
      guard try holds(condition, partial, with: nil) else { return nil }
    }
    guard try hasPermit(partial) else { return nil }
    let candidate = candidate(partial, lists)
    guard try hasGuard(candidate, partial) else { return nil }
    return try hasRoom(candidate, partial) ? candidate : nil
  }

  /// The case arcs are all counted: each case that has a token in the first of them is tried, in the
  /// order of their numbers.
  private func completeOverCases(_ partial: inout PartialBinding) throws(Raised) -> Candidate? {
    for found in casesOfLists(partial) {
      var restricted = partial
      guard enter(found, &restricted), !isAside(restricted, with: nil) else { continue }
      if let candidate = try complete(&restricted) { return candidate }
    }
    return nil
  }

  /// The list of each counted arc, in file order; nil if one has too few tokens.
  private func countedLists(_ partial: PartialBinding) throws(Raised) -> [[Token]]? {
    guard !partial.transition.counted.isEmpty else { return [] }
    var taken = Set(partial.bound.map(\.id))
    var lists: [[Token]] = []
    for (number, arc) in partial.transition.counted.enumerated() {
      var list: [Token] = []
      let (least, most) = try bounds(of: arc, partial)
      let position = partial.transition.singles.count + number
      var options = options(at: position, arc.place, partial)
      while list.count < most, let token = next(&options) {
        guard !taken.contains(token.id), let ready = token.ready(arc.wait),
          partial.horizon.reached(ready, by: token.id), !isAside(partial, with: token.id)
        else { continue }
        if let condition = arc.condition {
          partial.frame?.slots[arc.slot] = token.value
          guard try holds(condition, partial, with: token.id) else { continue }
        }
        list.append(token)
      }
      guard list.count >= least else { return nil }
      taken.formUnion(list.map(\.id))
      partial.frame?.slots[arc.slot] = .list(list.map(\.value))
      lists.append(list)
    }
    return lists
  }

  /// Whether the whole binding was set aside, lists and all.
  private func isAside(_ partial: PartialBinding, with lists: [[Token]]) -> Bool {
    let ofCase = asides(of: partial)
    guard !lists.isEmpty, !ofCase.isEmpty || !sharedAsides.isEmpty else { return false }
    let bound = (partial.bound + lists.joined()).map(\.id).sorted()
    return (ofCase + sharedAsides).contains { aside in
      aside.workflow == partial.plan.id && aside.transition == partial.transition.symbol
        && aside.tokens == bound
    }
  }

  /// How many tokens a counted arc takes at least and at most; negative counts and empty ranges
  /// raise.
  private func bounds(
    of arc: TransitionPlan.Counted, _ partial: PartialBinding
  ) throws(Raised) -> (Int, Int) {
    guard let computed = arc.computed else { return (arc.least, arc.most) }
    let low = try number(computed.low, computed.position, partial)
    guard let program = computed.high else { return (low, low) }
    let high = try number(program, computed.position, partial)
    guard low <= high else {
      throw raised(
        computed.low.slots + program.slots, partial,
        Failure("invalid_argument", at: computed.position, "The range of the count is empty."))
    }
    return (low, high)
  }

  private func number(
    _ program: Program, _ position: String, _ partial: PartialBinding
  ) throws(Raised) -> Int {
    guard let frame = partial.frame else { preconditionFailure("a computed count has a frame") }
    let failure: Failure
    do {
      if case .int(let number) = try program.value(in: frame), number >= 0 { return Int(number) }
      failure = Failure("invalid_argument", at: position, "A count is not negative.")
    } catch {
      failure = Failure(error, at: position)
    }
    throw raised(program.slots, partial, failure)
  }

  /// What an expression that reads `slots` sets aside: the tokens of the arcs it reads.
  private func raised(_ slots: [Int], _ partial: PartialBinding, _ failure: Failure) -> Raised {
    let singles = partial.transition.singles
    var read = partial.bound.indices.filter { slots.contains(singles[$0].slot) }
      .map { partial.bound[$0].id }
    if read.isEmpty { read = partial.bound.map(\.id) }
    return Raised(
      caseID: caseID(of: partial), plan: partial.plan, transition: partial.transition,
      tokens: read, failure: failure, first: partial.bound.first)
  }

  /// The tokens at rest that a counted arc or one of `unless` may look at, in the place's order.
  private func options(
    at position: Int, _ place: PlacePlan, _ partial: PartialBinding, byKey: Bool = true
  ) -> TokensAtRest {
    guard byKey, let line = tested(at: position, partial) else {
      return .ofPlace(tokensAtRest(in: place, partial.found, partial.plan)[...])
    }
    return line.map { .ofKey($0.makeIterator()) } ?? .ofPlace([])
  }

  private func next(_ options: inout TokensAtRest) -> Token? {
    switch options {
    case .ofPlace(var tokens):
      options = .ofPlace([])
      let token = tokens.popFirst()
      options = .ofPlace(tokens)
      return token
    case .ofKey(var line):
      guard let entry = line.next() else { return nil }
      options = .ofKey(line)
      return shared[at: Int(entry.slot)]
    }
  }

  /// The tokens at rest of a place, of a case place those of the case that lies at `found`, in the
  /// place's order.
  func tokensAtRest(
    in place: PlacePlan, _ found: Int?, _ plan: VersionPlan
  ) -> [Token] {
    if place.isShared {
      guard let order = tokensInOrder(place.symbol) else { return [] }
      return order.compactMap { shared[at: Int($0.slot)] }
    }
    guard let found else { return [] }
    return tokens(of: tokens(at: found), in: place, plan)
  }

  /// - Parameter number: of the arc among those of `unless`.
  func isInhibited(by number: Int, _ partial: PartialBinding) throws(Raised) -> Bool {
    let transition = partial.transition
    let inhibitor = transition.inhibitors[number]
    let position = transition.singles.count + transition.counted.count + number
    // What was set aside with a token bars it, whatever its key.
    var options = options(
      at: position, inhibitor.place, partial, byKey: !hasAsides(partial))
    while let token = next(&options) {
      guard let condition = inhibitor.condition else { return true }
      if isAside(partial, with: token.id) { return true }
      partial.frame?.slots[inhibitor.slot] = token.value
      if try holds(condition, partial, with: token.id) { return true }
    }
    return false
  }

  private func hasPermit(_ partial: PartialBinding) throws(Raised) -> Bool {
    guard let limit = partial.transition.transition.limit, let program = limit.per else {
      return true
    }
    guard let frame = partial.frame else { preconditionFailure("a limit's key has a frame") }
    let position = "/transitions/\(partial.transition.transition.name.text)/limit/per"
    do {
      let per = try program.value(in: frame)
      let key = EnablingIndex.LimitKey(
        path: partial.plan.path(of: partial.transition), per: per)
      return index.inFlight[key] ?? 0 < limit.max
    } catch {
      throw Raised(
        caseID: caseID(of: partial), plan: partial.plan, transition: partial.transition,
        tokens: partial.bound.map(\.id), failure: Failure(error, at: position),
        first: partial.bound.first)
    }
  }

  private func candidate(_ partial: PartialBinding, _ lists: [[Token]]) -> Candidate {
    let transition = partial.transition
    var ready: Instant?
    if let first = transition.firstSingle {
      ready = partial.bound[first].ready(transition.singles[first].wait)
    } else {
      for (arc, list) in zip(transition.counted, lists) {
        for token in list {
          guard let instant = token.ready(arc.wait) else { continue }
          ready = min(ready ?? instant, instant)
        }
      }
    }
    if transition.counted.isEmpty && transition.readCount == 0 {
      return Candidate(
        plan: partial.plan, transition: transition, caseID: boundCase(of: partial),
        inputs: partial.bound.map(Bound.one), reads: [], ready: ready ?? partial.horizon.instant)
    }
    var inputs = Array(repeating: Bound.several([]), count: transition.inputCount)
    var reads = Array(repeating: Bound.several([]), count: transition.readCount)
    for (arc, token) in zip(transition.singles, partial.bound) {
      if arc.isRead { reads[arc.arc] = .one(token) } else { inputs[arc.arc] = .one(token) }
    }
    for (arc, list) in zip(transition.counted, lists) { inputs[arc.arc] = .several(list) }
    return Candidate(
      plan: partial.plan, transition: transition, caseID: boundCase(of: partial), inputs: inputs,
      reads: reads, ready: ready ?? partial.horizon.instant)
  }

  private func boundCase(of partial: PartialBinding) -> CaseID? {
    partial.transition.bindsCase ? caseID(of: partial) : nil
  }

  /// Whether a question has a guard in force: the operator says which models answer it.
  private func hasGuard(_ candidate: Candidate, _ partial: PartialBinding) throws(Raised) -> Bool {
    guard case .judge(let work) = candidate.transition.transition.work else { return true }
    switch work.model {
    case .standard: return guardInForce(work, candidate.plan, []) != nil
    case .alias(let alias): return guardInForce(work, candidate.plan, [alias]) != nil
    case .several(let aliases): return guardInForce(work, candidate.plan, aliases) != nil
    case .computed(let program):
      let frame = frame(candidate, now: partial.horizon.now)
      let path = "/transitions/\(candidate.transition.transition.name.text)/model"
      do {
        guard case .string(let alias) = try evaluate(program, frame, path) else { return false }
        return guardInForce(work, candidate.plan, [alias]) != nil
      } catch {
        throw candidate.raised(error)
      }
    }
  }

  /// Whether every place with capacity has room for what an outcome may put.
  private func hasRoom(_ candidate: Candidate, _ partial: PartialBinding) throws(Raised) -> Bool {
    if candidate.transition.needsRoomOnce {
      let built = try prepared(candidate, at: partial.horizon.now)
      var puts: [PlaceName: Int] = [:]
      for token in built.tokens { puts[token.place, default: 0] += 1 }
      return candidate.plan.places.allSatisfy { place in
        guard let count = puts[candidate.plan.net.places[place.index].name] else { return true }
        return fits(count, place, candidate, built.region)
      }
    }
    return candidate.transition.reservations.allSatisfy { reservation in
      fits(reservation.count, reservation.place, candidate, CancelRegion())
    }
  }

  private func fits(
    _ count: Int, _ place: PlacePlan, _ candidate: Candidate, _ region: CancelRegion
  ) -> Bool {
    guard place.capacity != nil else { return true }
    let taken =
      candidate.inputs.flatMap(\.tokens).count { $0.place == place.symbol }
      + region.tokens.count { $0.place == place.symbol }
    var change = count - taken
    for (firing, lost) in region.firings {
      change += given(back: firing, without: lost, to: place)
      change -= reserved(for: firing, in: place, candidate.plan)
    }
    return hasRoom(for: change, in: place, candidate.plan)
  }

  /// Whether a place may have so many tokens more, reserved ones counted.
  func hasRoom(for change: Int, in place: PlacePlan, _ plan: VersionPlan) -> Bool {
    guard let capacity = place.capacity else { return true }
    let room = index.rooms[plan.room(of: place)] ?? .init()
    return room.rest + room.reserved + change <= capacity
  }

  /// How many tokens an aborted firing puts back into a place at once.
  private func given(back firing: Firing, without lost: [TokenID], to place: PlacePlan) -> Int {
    var keepsShared = false
    if firing.isRunning {
      switch firing.kind {
      case .action, .call: keepsShared = true
      case .judge, .task: break
      }
    }
    if place.isShared && keepsShared { return 0 }
    return firing.held.count { $0.place == place.symbol && !lost.contains($0.id) }
  }

  private func reserved(
    for firing: Firing, in place: PlacePlan, _ plan: VersionPlan
  ) -> Int {
    index.plans[firing.workflow]?.transition(firing.transition)?.reservations
      .first { $0.place.symbol == place.symbol }?.count ?? 0
  }
}

/// Tokens that an arc may look at: those of one key, or those of a place.
private enum TokensAtRest {
  case ofKey(TokenLine.Iterator)
  case ofPlace(ArraySlice<Token>)
}
