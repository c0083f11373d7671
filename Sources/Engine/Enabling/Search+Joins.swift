import CEL
import Collections
import PetriNet

/// Where the tokens of an arc are looked for.
enum KeyedTokens {
  /// Those of one key; nil: there are none.
  case line(TokenLine?)
  /// Those of live keys.
  case live
  /// In the whole place.
  case unknown
}

extension State {
  /// Which tokens of an arc can be in a binding that holds what is bound already, as far as keys say.
  func keyed(_ join: JoinPlan, at position: Int, _ partial: PartialBinding) -> KeyedTokens {
    if join.lookups[position] != nil {
      guard let frame = partial.frame,
        let line = index.joins[join.number].tokens(at: position, frame: frame)
      else { return .unknown }
      return .line(line)
    }
    guard join.hub?.position == position, index.joins[join.number].oddCount == 0 else {
      return .unknown
    }
    if let group = partial.group { return .line(index.joins[join.number].hubLine(of: group)) }
    return partial.pin?.isAtRest ?? true ? .live : .unknown
  }

  /// The tokens of a counted arc or one of `unless` whose key equals what is bound; nil if that cannot
  /// be said.
  ///
  /// - Parameter position: as the transition's plan of keys counts.
  func tested(at position: Int, _ partial: PartialBinding) -> TokenLine?? {
    guard let join = partial.transition.join, join.lookups[position] != nil,
      let frame = partial.frame
    else { return nil }
    return index.joins[join.number].tokens(at: position, frame: frame)
  }

  /// The key of the bindings that hold a shared token, if only those of one key can.
  func group(of token: Token, _ transition: TransitionPlan) -> Int32? {
    guard let join = transition.join, let hub = join.hub, index.joins[join.number].oddCount == 0
    else { return nil }
    let taking = transition.keyedPlaces[..<join.counted.upperBound]
    let positions = taking.indices.filter { taking[$0].symbol == token.place }
    guard positions.count == 1, hub.partners.contains(positions[0]) else { return nil }
    let number = index.joins[join.number].number(
      of: token.id, slot: Int32(shared.position(of: token.id)), at: positions[0])
    return number >= 0 ? number : nil
  }

  /// Tries the hub's tokens of live keys in the order of the place: of each key the first, and after
  /// it the next of that key.
  func extendOverLive(
    _ join: Int, _ arc: TransitionPlan.Single, _ partial: inout PartialBinding
  ) throws(Raised) -> Candidate? {
    var isFree = false
    var leaders = index.joins[join].live.makeIterator()
    var leader = leaders.next()
    var followers = Heap<Follower>()
    var lines: [TokenLine.Iterator] = []
    while true {
      let entry: OrderedToken
      let line: Int
      if let first = leader, followers.min.map({ $0.comesAfter(first) }) ?? true {
        entry = first
        line = lines.count
        leader = leaders.next()
      } else if let follower = followers.popMin() {
        entry = follower.entry
        line = follower.line
      } else {
        return nil
      }
      if arc.isByAvailability, entry.available > partial.horizon.now { return nil }
      if let candidate = try bind(entry, arc, &partial, &isFree) { return candidate }
      if partial.isHopeless { return nil }
      if line == lines.count {
        guard var rest = index.joins[join].line(ledBy: entry)?.makeIterator() else { continue }
        _ = rest.next()
        lines.append(rest)
      }
      if let next = lines[line].next() {
        followers.insert(Follower(entry: next, line: line))
      }
    }
  }
}

/// The next token of a key whose earlier ones were tried.
private struct Follower: Comparable {
  let entry: OrderedToken
  let line: Int

  func comesAfter(_ other: OrderedToken) -> Bool { other < entry }

  static func < (left: Follower, right: Follower) -> Bool { left.entry < right.entry }

  static func == (left: Follower, right: Follower) -> Bool { left.entry.id == right.entry.id }
}

extension PartialBinding {
  /// Whether the tokens of an arc are the same whatever the arcs before it hold.
  func isAlone(_ arc: TransitionPlan.Single) -> Bool {
    guard let join = transition.join, arc.place.isShared, pin == nil else { return false }
    let position = bound.count
    guard position > 0, join.lookups[position] == nil, join.isCalmBefore[position] else {
      return false
    }
    return transition.singles[..<position].allSatisfy { $0.place.symbol != arc.place.symbol }
  }
}

// MARK: Coming and going

extension State {
  /// A token of a case is available: it enters the tables of the joins over its place.
  mutating func join(
    _ token: Token, ofCase caseID: CaseID, _ plan: VersionPlan, _ place: Int
  ) {
    for (join, position) in plan.joinArcs[place] {
      var context: (input: Value, record: Value)?
      if join.readsCase(position), let found = cases[caseID] {
        context = (found.inputValue, caseRecord(found))
      }
      index.joins[join.number].insert(token, of: caseID, context, at: position, slot: -1)
    }
  }

  /// A shared token is at rest: it enters the tables of the joins over its place, those of single arcs
  /// once it is available.
  mutating func join(
    _ token: Token, _ lookers: EnablingIndex.Lookers, slot: Int32, isAvailable: Bool
  ) {
    for join in lookers.joins where isAvailable || join.isAtOnce {
      if !index.joins[join.table].insert(token, of: nil, nil, at: join.position, slot: slot) {
        // It is tried with every other token, which are looked for in their places.
        index.wantedOrders += index.joins[join.table].sharedPlaces
      }
    }
  }

  /// Tokens at rest in shared places that were known before a version came.
  mutating func joinShared(_ plan: VersionPlan, except unknown: [PlacePlan]) {
    for id in shared.keys.sorted() {
      let slot = shared.position(of: id)
      guard let token = shared[at: slot], let place = plan.index(of: token.place),
        !unknown.contains(where: { $0.symbol == token.place })
      else { continue }
      for (join, position) in plan.joinArcs[place]
      where token.available <= lastAt || join.isKeptAtOnce(position) {
        index.joins[join.number].insert(
          token, of: nil, nil, at: position, slot: Int32(slot))
      }
    }
  }
}
