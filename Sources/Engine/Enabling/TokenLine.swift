/// The tokens of one key in the place's order; most keys have one.
struct TokenLine: Sendable {
  private(set) var head: OrderedToken?
  private var rest: OrderedTokens?

  var isEmpty: Bool {
    @inline(__always) get { head == nil }
  }

  mutating func insert(_ entry: OrderedToken) {
    guard let first = head else {
      head = entry
      return
    }
    if rest == nil { rest = OrderedTokens() }
    if entry < first {
      rest?.insert(first)
      head = entry
    } else {
      rest?.insert(entry)
    }
  }

  mutating func remove(_ entry: OrderedToken) {
    if head?.id == entry.id {
      removeHead()
    } else {
      rest?.remove(entry)
      if rest?.isEmpty == true { rest = nil }
    }
  }

  mutating func removeHead() {
    if rest == nil {
      head = nil
    } else {
      head = rest?.popFirst()
      if rest?.isEmpty == true { rest = nil }
    }
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
