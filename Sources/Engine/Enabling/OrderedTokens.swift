import Collections

/// Tokens of one place over all cases, or of a shared place, or those of one key, in the place's
/// order.
///
/// Sorted by the place's `order`, then availability, then arrival. Erased parts come last. Kept in
/// chunks, so that a token that leaves from the middle of many moves only its neighbours.
///
/// - Complexity: O(log n) to find; at the ends O(1) to insert and remove, elsewhere O(√n) at worst.
struct OrderedTokens: Sendable {
  typealias Entry = OrderedToken

  private static let chunkMax = 128

  /// None is empty.
  private var chunks: [Deque<Entry>] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var first: Entry? { chunks.first?.first }

  mutating func insert(_ entry: Entry) {
    count += 1
    guard let end = chunks.indices.last, let last = chunks[end].last else {
      chunks.append([entry])
      return
    }
    guard entry < last else {
      if chunks[end].count < Self.chunkMax {
        chunks[end].append(entry)
      } else {
        chunks.append([entry])
      }
      return
    }
    let index = chunk(of: entry)
    chunks[index].insert(entry, at: position(of: entry, in: index))
    if chunks[index].count > Self.chunkMax { split(index) }
  }

  mutating func remove(_ entry: Entry) {
    if let first, first.id == entry.id {
      _ = popFirst()
      return
    }
    let index = chunk(of: entry)
    guard index < chunks.count else {
      preconditionFailure("a token that leaves stood in the place's order")
    }
    let position = position(of: entry, in: index)
    guard position < chunks[index].count, chunks[index][position].id == entry.id else {
      preconditionFailure("a token that leaves stood in the place's order")
    }
    chunks[index].remove(at: position)
    if chunks[index].isEmpty { chunks.remove(at: index) }
    count -= 1
  }

  mutating func popFirst() -> Entry? {
    guard !chunks.isEmpty, let entry = chunks[0].popFirst() else { return nil }
    if chunks[0].isEmpty { chunks.removeFirst() }
    count -= 1
    return entry
  }

  private mutating func split(_ index: Int) {
    let half = chunks[index].count / 2
    let tail = Deque(chunks[index][half...])
    chunks[index].removeLast(chunks[index].count - half)
    chunks.insert(tail, at: index + 1)
  }

  /// The first chunk whose last entry does not stand before `entry`.
  private func chunk(of entry: Entry) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if let last = chunks[middle].last, last < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func position(of entry: Entry, in index: Int) -> Int {
    var low = 0
    var high = chunks[index].count
    while low < high {
      let middle = (low + high) / 2
      if chunks[index][middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension OrderedTokens: Sequence {
  struct Iterator: IteratorProtocol {
    private let chunks: [Deque<Entry>]
    private var chunk = 0
    private var position = 0

    fileprivate init(_ chunks: [Deque<Entry>]) { self.chunks = chunks }

    mutating func next() -> Entry? {
      guard chunk < chunks.count else { return nil }
      let entry = chunks[chunk][position]
      position += 1
      if position == chunks[chunk].count {
        chunk += 1
        position = 0
      }
      return entry
    }
  }

  func makeIterator() -> Iterator { Iterator(chunks) }
}
