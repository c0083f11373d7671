import CEL
import PetriNet

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
