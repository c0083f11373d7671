import CEL
import Collections
import PetriNet

/// The tokens at rest of one place over all cases (or of a shared place), in the place's order.
///
/// Sorted by the place's `order`, then availability, then arrival. Erased parts come last.
struct OrderedTokens: Sendable {
  struct Entry: Sendable {
    let id: TokenID
    let caseID: CaseID?
    let available: Instant
    let rank: [Value]
  }

  private let order: [Place.OrderTerm]
  private var entries: Deque<Entry> = []

  init(order: [Place.OrderTerm]) { self.order = order }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }
  subscript(position: Int) -> Entry { entries[position] }

  mutating func insert(_ token: Token, of caseID: CaseID?) {
    let entry = Entry(token, of: caseID, order)
    if let last = entries.last, order.precedes(entry, last) {
      entries.insert(entry, at: position(of: entry))
    } else {
      entries.append(entry)
    }
  }

  /// - Complexity: O(log n) to find, O(n) at worst to close the gap.
  mutating func remove(_ token: Token, of caseID: CaseID?) {
    let position = position(of: Entry(token, of: caseID, order))
    guard position < entries.count, entries[position].id == token.id else {
      preconditionFailure("a token that leaves stood in the place's order")
    }
    entries.remove(at: position)
  }

  private func position(of entry: Entry) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if order.precedes(entries[middle], entry) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension OrderedTokens.Entry {
  init(_ token: Token, of caseID: CaseID?, _ order: [Place.OrderTerm]) {
    self.init(
      id: token.id, caseID: caseID, available: token.available, rank: order.rank(of: token))
  }
}

extension [Place.OrderTerm] {
  /// The values of the fields that the order names.
  func rank(of token: Token) -> [Value] {
    guard !isEmpty, contains(where: { $0 != .available }) else { return [] }
    guard case .record(let record) = token.value else { return [] }
    return compactMap { term in
      switch term {
      case .ascending(let field), .descending(let field): record.fields[field]
      case .available: nil
      }
    }
  }

  func precedes(_ left: OrderedTokens.Entry, _ right: OrderedTokens.Entry) -> Bool {
    var field = 0
    for term in self {
      let order: Int
      switch term {
      case .available:
        order = left.available == right.available ? 0 : left.available < right.available ? -1 : 1
      case .ascending, .descending:
        guard field < left.rank.count, field < right.rank.count else { continue }
        order = compare(left.rank[field], right.rank[field], term)
        field += 1
      }
      if order != 0 { return order < 0 }
    }
    if left.available != right.available { return left.available < right.available }
    return left.id < right.id
  }

  private func compare(_ left: Value, _ right: Value, _ term: Place.OrderTerm) -> Int {
    if case .erased = left { if case .erased = right { return 0 } else { return 1 } }
    if case .erased = right { return -1 }
    let order = left.order(to: right)
    if case .descending = term { return -order }
    return order
  }

  /// Tokens of one place of one case, as the place orders them.
  func sorted(_ tokens: [Token]) -> [Token] {
    guard tokens.count > 1 else { return tokens }
    let entries = tokens.map { ($0, OrderedTokens.Entry($0, of: nil, self)) }
    return entries.sorted { precedes($0.1, $1.1) }.map(\.0)
  }
}
