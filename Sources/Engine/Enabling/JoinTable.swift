import CEL
import PetriNet

/// The tokens of one transition's arcs by their keys, and which keys are live.
///
/// Holds tokens that are available; one that is put for later comes in when its instant is reached.
struct JoinTable: Sendable {
  /// What the hub and its partners have under one key.
  struct Group: Sendable {
    /// How many arcs keep it from being live: needed ones without a token, barring ones with one.
    var unmet = 2
    /// How many of its lines have a token: none, and nothing is left of the key.
    var filled = 0
    var hub = TokenLine()
    var first = TokenLine()
    /// Of further partners.
    var others: [TokenLine] = []
  }

  /// Tokens of an arc with a lookup that is not the hub's.
  private struct Bucket: Sendable {
    var numbers = KeyNumbers()
    /// By number of the key.
    var lines = InPlaceArray<TokenLine>()
  }

  let plan: JoinPlan
  /// By position of the arc.
  private let orders: [[Place.OrderTerm]]
  /// By position: 0 for the hub, then its partners; -1 for an arc that is not of the group.
  private let ranks: [Int]
  /// By position: what a token is kept by.
  private let paths: [[JoinPlan.Path]]
  /// Positions of the hub and its partners.
  private let grouped: [Int]
  /// What the tokens of each line of a group say.
  private let roles: [JoinPlan.Role]
  /// How many of them are needed.
  private let neededCount: Int
  private var numbers = KeyNumbers()
  private var groups = InPlaceArray<Group>()
  /// The first hub token of every live key.
  private(set) var live = OrderedTokens()
  /// By position.
  private var buckets: InPlaceArray<Bucket>
  private var members: InPlaceArray<Memberships>
  /// Tokens whose keys cannot be compared: while there are any, nothing is left out.
  private(set) var oddCount = 0

  /// Of its arcs.
  let sharedPlaces: [PlaceSymbol]

  init(_ plan: JoinPlan, _ places: [PlacePlan], orders: [[Place.OrderTerm]]) {
    self.plan = plan
    sharedPlaces = places.filter(\.isShared).map(\.symbol)
    self.orders = orders
    ranks = orders.indices.map { position in
      guard let hub = plan.hub else { return -1 }
      if hub.position == position { return 0 }
      return hub.partners.firstIndex(of: position).map { $0 + 1 } ?? -1
    }
    grouped = plan.hub.map { [$0.position] + $0.partners } ?? []
    roles = grouped.map { plan.roles[$0] }
    neededCount = roles.count { $0 == .needed }
    paths = orders.indices.map { plan.paths(of: $0) }
    buckets = InPlaceArray(repeating: Bucket(), count: orders.count)
    members = InPlaceArray(repeating: Memberships(), count: orders.count)
  }

  // MARK: Coming and going

  /// Does nothing if the token is in already.
  ///
  /// - Parameters:
  ///   - context: `input` and `case`, of a token of a case whose key reads them.
  ///   - slot: where a shared token lies; -1 for one of a case.
  /// - Returns: false if the token's key cannot be compared, so that it is tried with every other.
  @discardableResult
  mutating func insert(
    _ token: Token, of caseID: CaseID?, _ context: (input: Value, record: Value)?,
    at position: Int, slot: Int32
  ) -> Bool {
    guard members[position].isAbsent(token.id, slot) else { return true }
    guard let isBindable = plan.filters[position].hold(token.value),
      let key = isBindable ? Self.key(paths[position], token.value, context) : .some(nil)
    else {
      oddCount += 1
      members[position].set(Memberships.odd, token.id, slot)
      return false
    }
    guard let key else {
      members[position].set(Memberships.nothing, token.id, slot)
      return true
    }
    let entry = OrderedToken(token, of: caseID, orders[position], slot: slot)
    let number: Int32
    if ranks[position] >= 0 {
      number = group(of: key)
      insert(entry, number, ranks[position])
    } else {
      number = buckets[position].numbers.number(of: key)
      if Int(number) == buckets[position].lines.count {
        buckets[position].lines.append(TokenLine())
      }
      buckets[position].lines[Int(number)].insert(entry)
    }
    members[position].set(number, token.id, slot)
    return true
  }

  /// Does nothing if the token is not in.
  mutating func remove(_ token: Token, of caseID: CaseID?, at position: Int, slot: Int32) {
    let member = members[position].take(token.id, slot)
    if member == Memberships.odd { oddCount -= 1 }
    guard member >= 0 else { return }
    let entry = OrderedToken(token, of: caseID, orders[position], slot: slot)
    guard ranks[position] < 0 else {
      remove(entry, member, ranks[position])
      return
    }
    buckets[position].lines[Int(member)].remove(entry)
    if buckets[position].lines[Int(member)].isEmpty { buckets[position].numbers.remove(member) }
  }

  private mutating func group(of key: Value) -> Int32 {
    let number = numbers.number(of: key)
    if Int(number) == groups.count {
      var fresh = Group()
      fresh.unmet = neededCount
      if grouped.count > 2 {
        fresh.others = Array(repeating: TokenLine(), count: grouped.count - 2)
      }
      groups.append(fresh)
    }
    return number
  }

  private mutating func insert(_ entry: OrderedToken, _ number: Int32, _ rank: Int) {
    let index = Int(number)
    let wasLive = groups[index].unmet == 0
    if wasLive, rank == 0, let before = groups[index].hub.head, entry < before {
      live.remove(before)
      live.insert(entry)
    }
    guard groups[index].change(rank, { $0.insert(entry) }) else { return }
    groups[index].fill(roles[rank], by: 1)
    if !wasLive {
      welcome(index)
    } else if groups[index].unmet > 0, let head = groups[index].hub.head {
      live.remove(head)
    }
  }

  /// If the key is live its first hub token stands among the leaders.
  private mutating func welcome(_ index: Int) {
    if groups[index].unmet == 0, let head = groups[index].hub.head { live.insert(head) }
  }

  /// A key of which no token is left is forgotten.
  private mutating func forget(_ number: Int32) {
    if groups[Int(number)].filled == 0 { numbers.remove(number) }
  }

  private mutating func remove(_ entry: OrderedToken, _ number: Int32, _ rank: Int) {
    let index = Int(number)
    let before = groups[index].unmet == 0 ? groups[index].hub.head : nil
    if groups[index].change(rank, { $0.remove(entry) }) { groups[index].fill(roles[rank], by: -1) }
    if let before {
      if groups[index].unmet > 0 || groups[index].hub.head?.id != before.id {
        live.remove(before)
        welcome(index)
      }
    } else {
      welcome(index)
    }
    forget(number)
  }

  // MARK: Searching

  /// The tokens of an arc whose key equals what is bound before; nil if that cannot be said.
  func tokens(at position: Int, frame: Frame) -> TokenLine?? {
    guard oddCount == 0, let lookup = plan.lookups[position] else { return nil }
    var parts: [Value] = []
    for path in lookup.other {
      guard let value = path.value(in: frame.slots[path.slot]) else { return nil }
      guard let part = JoinEquality.key(of: value) else { return .some(nil) }
      if lookup.other.count == 1 { return line(of: part, at: position) }
      parts.append(part)
    }
    return line(of: .list(parts), at: position)
  }

  private func line(of key: Value, at position: Int) -> TokenLine?? {
    if ranks[position] >= 0 {
      guard let number = numbers.find(key) else { return .some(nil) }
      return .some(groups[Int(number)].line(ranks[position]))
    }
    guard let number = buckets[position].numbers.find(key) else { return .some(nil) }
    return .some(buckets[position].lines[Int(number)])
  }

  /// The hub's tokens of the live key that this token leads.
  func line(ledBy entry: OrderedToken) -> TokenLine? {
    guard let hub = plan.hub else { return nil }
    let number = members[hub.position].number(entry.id, entry.slot)
    return number >= 0 ? groups[Int(number)].hub : nil
  }

  /// The hub's tokens of a key.
  func hubLine(of number: Int32) -> TokenLine { groups[Int(number)].hub }

  /// The number of the key under which an arc's token is kept; negative if it is kept under none.
  func number(of id: TokenID, slot: Int32, at position: Int) -> Int32 {
    members[position].number(id, slot)
  }

  /// Outer nil: it cannot be compared; inner nil: it equals nothing.
  private static func key(
    _ paths: [JoinPlan.Path], _ value: Value, _ context: (input: Value, record: Value)?
  ) -> Value?? {
    var parts: [Value] = []
    for path in paths {
      let root =
        switch path.slot {
        case Transition.Slots.input: context?.input ?? .null
        case Transition.Slots.caseRecord: context?.record ?? .null
        default: value
        }
      guard let value = path.value(in: root) else { return nil }
      guard let part = JoinEquality.key(of: value) else { return .some(nil) }
      if paths.count == 1 { return .some(part) }
      parts.append(part)
    }
    return .some(.list(parts))
  }
}

// MARK: Firing

extension JoinTable {
  /// The first token of each arc under the first live key.
  ///
  /// - Parameter heads: by position; those of the hub and its partners are set.
  /// - Returns: the number of the key; -1 if none is live, -2 if a search must say.
  mutating func firstLive(_ heads: inout [OrderedToken?]) -> Int32 {
    guard oddCount == 0, let hub = plan.hub else { return -2 }
    guard let head = live.first else { return -1 }
    let number = members[hub.position].number(head.id, head.slot)
    heads[hub.position] = head
    for position in hub.partners {
      heads[position] =
        ranks[position] == 1
        ? groups[Int(number)].first.head : groups[Int(number)].others[ranks[position] - 2].head
    }
    return number
  }

  /// Takes what `firstLive` gave out of the table.
  mutating func takeHeads(of number: Int32, _ heads: [OrderedToken?]) {
    let index = Int(number)
    _ = live.popFirst()
    for position in grouped {
      guard let head = heads[position] else { continue }
      _ = members[position].take(head.id, head.slot)
      let rank = ranks[position]
      if groups[index].change(rank, { $0.removeHead() }) { groups[index].fill(roles[rank], by: -1) }
    }
    welcome(index)
    forget(number)
  }
}

extension JoinTable.Group {
  func line(_ rank: Int) -> TokenLine {
    switch rank {
    case 0: hub
    case 1: first
    default: others[rank - 2]
    }
  }

  /// Changes a line; `body` says whether it had no token, or has none any more.
  mutating func change(_ rank: Int, _ body: (inout TokenLine) -> Bool) -> Bool {
    switch rank {
    case 0: body(&hub)
    case 1: body(&first)
    default: body(&others[rank - 2])
    }
  }

  /// Lines of a role more have a token then, or fewer.
  mutating func fill(_ role: JoinPlan.Role, by change: Int) {
    filled += change
    switch role {
    case .needed: unmet -= change
    case .barring: unmet += change
    case .listed: break
    }
  }
}

extension [JoinPlan.Filter] {
  /// Whether a token passes; nil if it cannot be compared.
  fileprivate func hold(_ value: Value) -> Bool? {
    for filter in self {
      guard let part = filter.path.value(in: value) else { return nil }
      if JoinEquality.key(of: part) != filter.key { return false }
    }
    return true
  }
}

/// Under which key each token of an arc is kept: shared tokens by where they lie, tokens of cases by
/// their numbers.
private struct Memberships: Sendable {
  static let absent: Int32 = -1
  /// Equals nothing, `NaN`.
  static let nothing: Int32 = -2
  /// Comparing its key raises, so that it must be tried with every other.
  static let odd: Int32 = -3

  private var bySlot = InPlaceArray<Int32>()
  private var byToken = NumberTable<TokenID, Int32>()

  func number(_ id: TokenID, _ slot: Int32) -> Int32 {
    if slot < 0 { return byToken[id] ?? Self.absent }
    return Int(slot) < bySlot.count ? bySlot[Int(slot)] : Self.absent
  }

  func isAbsent(_ id: TokenID, _ slot: Int32) -> Bool { number(id, slot) == Self.absent }

  mutating func set(_ number: Int32, _ id: TokenID, _ slot: Int32) {
    guard slot >= 0 else {
      byToken[id] = number
      return
    }
    while bySlot.count <= Int(slot) { bySlot.append(Self.absent) }
    bySlot[Int(slot)] = number
  }

  mutating func take(_ id: TokenID, _ slot: Int32) -> Int32 {
    guard slot >= 0 else { return byToken.removeValue(forKey: id) ?? Self.absent }
    guard Int(slot) < bySlot.count else { return Self.absent }
    let number = bySlot[Int(slot)]
    bySlot[Int(slot)] = Self.absent
    return number
  }
}
