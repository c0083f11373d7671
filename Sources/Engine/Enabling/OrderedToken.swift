import CEL
import PetriNet

/// A token as its place orders it: by the place's `order`, then availability, then arrival.
///
/// Complete in itself, so that entries of one place are compared without a look at anything else.
struct OrderedToken: Sendable {
  /// What the order compares first, where one number says it; equal words need `tail`.
  private let word: UInt64
  let available: Instant
  let id: TokenID
  /// Where a shared token lies in the state's table; -1: it is of a case.
  let slot: Int32
  /// Row of the case, 0 for none.
  private let caseNumber: Int64
  private let tail: Tail?

  /// Values that no word says.
  private final class Tail: Sendable {
    let terms: [Place.OrderTerm]
    /// Of the fields that the order names; empty for what is no record.
    let values: [Value]

    init(_ terms: [Place.OrderTerm], _ token: Token) {
      self.terms = terms
      guard case .record(let record) = token.value else {
        values = []
        return
      }
      values = terms.compactMap { term in
        switch term {
        case .ascending(let field), .descending(let field): record.fields[field]
        case .available: nil
        }
      }
    }
  }

  var caseID: CaseID? { caseNumber == 0 ? nil : CaseID(Seq(caseNumber)) }

  /// - Parameter slot: of a shared token; -1 where nobody finds the token by it.
  init(_ token: Token, of caseID: CaseID?, _ order: [Place.OrderTerm], slot: Int32 = -1) {
    id = token.id
    available = token.available
    self.slot = slot
    caseNumber = caseID?.seq.number ?? 0
    var fields = 0
    for term in order where term != .available { fields += 1 }
    guard fields > 0 else {
      word = 0
      tail = nil
      return
    }
    guard fields == 1, let term = order.first, let first = Self.word(term, token) else {
      word = 0
      tail = Tail(order, token)
      return
    }
    word = first
    tail = first < 2 || first > .max - 2 ? Tail(order, token) : nil
  }

  /// The value of a field that the order begins with; nil if it begins with something else. Of an
  /// integer exact but for the ends of the range, where what is no integer lies too.
  private static func word(_ term: Place.OrderTerm, _ token: Token) -> UInt64? {
    let field: Int
    let descends: Bool
    switch term {
    case .ascending(let index): (field, descends) = (index, false)
    case .descending(let index): (field, descends) = (index, true)
    case .available: return nil
    }
    guard case .record(let record) = token.value else { return .max }
    let word: UInt64
    switch record.fields[field] {
    case .int(let number): word = UInt64(bitPattern: number) ^ (1 << 63)
    case .bool: word = 0
    // Last in either direction.
    case .erased: return .max
    default: word = .max
    }
    let kept = min(max(word, 1), .max - 1)
    return descends ? ~kept : kept
  }
}

extension OrderedToken: Comparable {
  static func == (left: OrderedToken, right: OrderedToken) -> Bool { left.id == right.id }

  static func < (left: OrderedToken, right: OrderedToken) -> Bool {
    if left.word != right.word { return left.word < right.word }
    if let one = left.tail, let other = right.tail {
      let order = order(left, one, right, other)
      if order != 0 { return order < 0 }
    }
    if left.available != right.available { return left.available < right.available }
    return left.id < right.id
  }

  /// Term by term.
  private static func order(
    _ left: OrderedToken, _ leftTail: Tail, _ right: OrderedToken, _ rightTail: Tail
  ) -> Int {
    var field = 0
    for term in leftTail.terms {
      let order: Int
      switch term {
      case .available:
        order = left.available == right.available ? 0 : left.available < right.available ? -1 : 1
      case .ascending, .descending:
        guard field < leftTail.values.count, field < rightTail.values.count else { continue }
        order = compare(leftTail.values[field], rightTail.values[field], term)
        field += 1
      }
      if order != 0 { return order }
    }
    return 0
  }

  private static func compare(_ left: Value, _ right: Value, _ term: Place.OrderTerm) -> Int {
    if case .erased = left { if case .erased = right { return 0 } else { return 1 } }
    if case .erased = right { return -1 }
    let order = left.order(to: right)
    if case .descending = term { return -order }
    return order
  }
}

extension [Place.OrderTerm] {
  /// Tokens of one place of one case, as the place orders them.
  func sorted(_ tokens: [Token]) -> [Token] {
    guard tokens.count > 1 else { return tokens }
    let entries = tokens.map { ($0, OrderedToken($0, of: nil, self)) }
    return entries.sorted { $0.1 < $1.1 }.map(\.0)
  }
}
