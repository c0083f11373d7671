import CEL
import PetriNet

/// The tokens of one transition's arcs by their keys, and which keys are live.
///
/// Holds tokens that are available; one that is put for later comes in when its instant is reached.
struct JoinTable: Sendable {
  typealias Entry = OrderedTokens.Entry

  /// Where the key of a token led.
  enum Membership: Sendable {
    case group(Int32)
    /// By position, in `buckets`.
    case bucket(Value)
    /// Equals nothing, `NaN`.
    case nothing
    /// Comparing its key raises, so that it must be tried with every other.
    case odd
  }

  struct Group: Sendable {
    let key: Value
    var hub = TokenLine()
    var first = TokenLine()
    /// Of further partners.
    var others: [TokenLine] = []

    var isLive: Bool {
      !hub.isEmpty && !first.isEmpty && others.allSatisfy { !$0.isEmpty }
    }

    var isEmpty: Bool { hub.isEmpty && first.isEmpty && others.allSatisfy(\.isEmpty) }
  }

  let plan: JoinPlan
  /// By position of the arc.
  private let orders: [[Place.OrderTerm]]
  private var numbers: [Value: Int32] = [:]
  private var groups: [Group] = []
  private var free: [Int32] = []
  /// The first hub token of every live key.
  private(set) var live: OrderedTokens
  /// By position, of arcs with a lookup that is not the hub's.
  private var buckets: [[Value: TokenLine]]
  private var members: [NumberTable<TokenID, Membership>]
  /// Tokens whose keys cannot be compared: while there are any, nothing is left out.
  private(set) var oddCount = 0

  init(_ plan: JoinPlan, orders: [[Place.OrderTerm]]) {
    self.plan = plan
    self.orders = orders
    live = OrderedTokens(order: plan.hub.map { orders[$0.position] } ?? [])
    buckets = orders.map { _ in [:] }
    members = orders.map { _ in NumberTable() }
  }

  // MARK: Coming and going

  /// Does nothing if the token is in already.
  ///
  /// - Parameter context: `input` and `case`, of a token of a case.
  mutating func insert(
    _ token: Token, of caseID: CaseID?, _ context: (input: Value, record: Value)?,
    at position: Int
  ) {
    guard members[position].position(of: token.id) < 0 else { return }
    guard let key = Self.key(plan.paths(of: position), token.value, context)
    else {
      oddCount += 1
      members[position][token.id] = .odd
      return
    }
    guard let key else {
      members[position][token.id] = .nothing
      return
    }
    let order = orders[position]
    let entry = Entry(token, of: caseID, order)
    if let rank = rank(of: position) {
      let number = group(of: key)
      change(number) { $0.insert(entry, rank, order) }
      members[position][token.id] = .group(number)
    } else {
      buckets[position][key, default: TokenLine()].insert(entry, order)
      members[position][token.id] = .bucket(key)
    }
  }

  /// Does nothing if the token is not in.
  mutating func remove(_ token: Token, of caseID: CaseID?, at position: Int) {
    guard let member = members[position].removeValue(forKey: token.id) else { return }
    let order = orders[position]
    switch member {
    case .nothing: break
    case .odd: oddCount -= 1
    case .group(let number):
      guard let rank = rank(of: position) else { return }
      let entry = Entry(token, of: caseID, order)
      change(number) { $0.remove(entry, rank, order) }
    case .bucket(let key):
      let entry = Entry(token, of: caseID, order)
      buckets[position][key]?.remove(entry, order)
      if buckets[position][key]?.isEmpty == true { buckets[position][key] = nil }
    }
  }

  /// 0 for the hub, then its partners; nil for an arc that is not of the group.
  private func rank(of position: Int) -> Int? {
    guard let hub = plan.hub else { return nil }
    if hub.position == position { return 0 }
    return hub.partners.firstIndex(of: position).map { $0 + 1 }
  }

  private mutating func group(of key: Value) -> Int32 {
    if let number = numbers[key] { return number }
    var fresh = Group(key: key)
    if let partners = plan.hub?.partners.count, partners > 1 {
      fresh.others = Array(repeating: TokenLine(), count: partners - 1)
    }
    let number: Int32
    if let reused = free.popLast() {
      number = reused
      groups[Int(number)] = fresh
    } else {
      number = Int32(groups.count)
      groups.append(fresh)
    }
    numbers[key] = number
    return number
  }

  private mutating func change(_ number: Int32, _ body: (inout Group) -> Void) {
    let index = Int(number)
    let before = groups[index].liveHead
    body(&groups[index])
    let after = groups[index].liveHead
    if before?.id != after?.id {
      if let before { live.remove(before) }
      if let after { live.insert(after) }
    }
    if groups[index].isEmpty {
      numbers[groups[index].key] = nil
      free.append(number)
    }
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
    guard let rank = rank(of: position) else { return .some(buckets[position][key]) }
    guard let number = numbers[key] else { return .some(nil) }
    return .some(groups[Int(number)].line(rank))
  }

  /// The hub's tokens of the live key that this token leads.
  func line(ledBy entry: Entry) -> TokenLine? {
    guard let hub = plan.hub, case .group(let number)? = members[hub.position][entry.id] else {
      return nil
    }
    return groups[Int(number)].hub
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

extension JoinTable.Group {
  /// The hub's first token, if the key is live.
  var liveHead: JoinTable.Entry? { isLive ? hub.head : nil }

  func line(_ rank: Int) -> TokenLine {
    switch rank {
    case 0: hub
    case 1: first
    default: others[rank - 2]
    }
  }

  mutating func insert(_ entry: JoinTable.Entry, _ rank: Int, _ order: [Place.OrderTerm]) {
    switch rank {
    case 0: hub.insert(entry, order)
    case 1: first.insert(entry, order)
    default: others[rank - 2].insert(entry, order)
    }
  }

  mutating func remove(_ entry: JoinTable.Entry, _ rank: Int, _ order: [Place.OrderTerm]) {
    switch rank {
    case 0: hub.remove(entry, order)
    case 1: first.remove(entry, order)
    default: others[rank - 2].remove(entry, order)
    }
  }
}

/// The tokens of one key in the place's order; most keys have one.
struct TokenLine: Sendable {
  private(set) var head: OrderedTokens.Entry?
  private var rest: OrderedTokens?

  var isEmpty: Bool { head == nil }

  mutating func insert(_ entry: OrderedTokens.Entry, _ order: [Place.OrderTerm]) {
    guard let first = head else {
      head = entry
      return
    }
    if rest == nil { rest = OrderedTokens(order: order) }
    if order.precedes(entry, first) {
      rest?.insert(first)
      head = entry
    } else {
      rest?.insert(entry)
    }
  }

  mutating func remove(_ entry: OrderedTokens.Entry, _ order: [Place.OrderTerm]) {
    if head?.id == entry.id {
      head = rest?.popFirst()
    } else {
      rest?.remove(entry)
    }
    if rest?.isEmpty == true { rest = nil }
  }
}

extension TokenLine: Sequence {
  struct Iterator: IteratorProtocol {
    fileprivate var head: OrderedTokens.Entry?
    fileprivate var rest: OrderedTokens.Iterator?

    mutating func next() -> OrderedTokens.Entry? {
      if let first = head {
        head = nil
        return first
      }
      return rest?.next()
    }
  }

  func makeIterator() -> Iterator { Iterator(head: head, rest: rest?.makeIterator()) }
}
