import Collections

/// What waits for an instant, in order of time; what is no longer so is left in and skipped.
struct DueQueue: Sendable {
  enum Matter: Comparable, Sendable {
    case question(FiringID)
    case attemptEnd(FiringID)
    case attemptStart(FiringID)
    /// A schedule of a version, by its index in the net.
    case schedule(DefinitionID, Int32)
    case message(TokenID)
    /// A token became available, or ready for an arc.
    case token(TokenID, CaseID?)
  }

  struct Entry: Comparable, Sendable {
    let at: Instant
    let matter: Matter

    static func < (left: Entry, right: Entry) -> Bool {
      left.at == right.at ? left.matter < right.matter : left.at < right.at
    }
  }

  private var heap = Heap<Entry>()

  var count: Int { heap.count }
  var first: Entry? { heap.min }

  mutating func insert(_ matter: Matter, at instant: Instant) {
    heap.insert(Entry(at: instant, matter: matter))
  }

  mutating func removeFirst() -> Entry? { heap.popMin() }

  /// Drops what `isValid` denies.
  mutating func prune(_ isValid: (Entry) -> Bool) {
    heap = Heap(heap.unordered.filter(isValid))
  }
}

extension DueQueue.Matter {
  private var rank: Int {
    switch self {
    case .question: 0
    case .attemptEnd: 1
    case .attemptStart: 2
    case .schedule: 3
    case .message: 4
    case .token: 5
    }
  }

  private var numbers: (Int64, Int32) {
    switch self {
    case .question(let firing), .attemptEnd(let firing), .attemptStart(let firing):
      (firing.seq.number, 0)
    case .schedule(let version, let index): (version.seq.number, index)
    case .message(let token), .token(let token, _): (token.seq.number, token.index)
    }
  }

  static func < (left: Self, right: Self) -> Bool {
    left.rank == right.rank ? left.numbers < right.numbers : left.rank < right.rank
  }
}
