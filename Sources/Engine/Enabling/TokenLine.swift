/// The tokens of one key in the place's order; most keys have one.
struct TokenLine: Sendable {
  private(set) var head: OrderedToken?
  private var rest: OrderedTokens?

  var isEmpty: Bool {
    @inline(__always) get { head == nil }
  }

  /// - Returns: whether it is the only one.
  @discardableResult
  mutating func insert(_ entry: OrderedToken) -> Bool {
    guard let first = head else {
      head = entry
      return true
    }
    if rest == nil { rest = OrderedTokens() }
    if entry < first {
      rest?.insert(first)
      head = entry
    } else {
      rest?.insert(entry)
    }
    return false
  }

  /// - Returns: whether it was the only one.
  @discardableResult
  mutating func remove(_ entry: OrderedToken) -> Bool {
    if head?.id == entry.id { return removeHead() }
    rest?.remove(entry)
    if rest?.isEmpty == true { rest = nil }
    return false
  }

  /// - Returns: whether it was the only one.
  @discardableResult
  mutating func removeHead() -> Bool {
    guard rest != nil else {
      head = nil
      return true
    }
    head = rest?.popFirst()
    if rest?.isEmpty == true { rest = nil }
    return false
  }
}

extension TokenLine: Sequence {
  struct Iterator: IteratorProtocol {
    fileprivate var head: OrderedToken?
    fileprivate var rest: OrderedTokens.Iterator?

    mutating func next() -> OrderedToken? {
      if let first = head {
        head = nil
        return first
      }
      return rest?.next()
    }
  }

  func makeIterator() -> Iterator { Iterator(head: head, rest: rest?.makeIterator()) }
}
