/// What waits for an instant, in order of time; what is no longer so is left in and skipped.
struct DueQueue: Sendable {
  enum Matter: Sendable {
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
    /// What is taken first of one instant.
    private let rank: UInt8
    /// The number of a version's schedule, or of a token in its row.
    private let index: Int32
    private let seq: Int64
    /// Row of the case of a token, 0 for none.
    private let caseNumber: Int64

    static func < (left: Entry, right: Entry) -> Bool {
      if left.at != right.at { return left.at < right.at }
      if left.rank != right.rank { return left.rank < right.rank }
      return left.seq == right.seq ? left.index < right.index : left.seq < right.seq
    }
  }

  /// A heap: none stands before its parent, which lies at half its position.
  private var heap: [Entry] = []

  var count: Int { heap.count }
  var first: Entry? { heap.first }

  mutating func insert(_ matter: Matter, at instant: Instant) {
    insert(Entry(at: instant, matter: matter))
  }

  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var position = heap.count - 1
    while position > 0 {
      let parent = (position - 1) / 2
      guard entry < heap[parent] else { break }
      heap[position] = heap[parent]
      position = parent
    }
    heap[position] = entry
  }

  mutating func removeFirst() -> Entry? {
    guard let last = heap.popLast() else { return nil }
    guard let first = heap.first else { return last }
    var position = 0
    while true {
      var child = 2 * position + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < last else { break }
      heap[position] = heap[child]
      position = child
    }
    heap[position] = last
    return first
  }

  /// Drops what `isValid` denies.
  mutating func prune(_ isValid: (Entry) -> Bool) {
    // In order, which is a heap.
    heap = heap.filter(isValid).sorted()
  }
}

extension DueQueue.Entry {
  init(at: Instant, matter: DueQueue.Matter) {
    self.at = at
    var index: Int32 = 0
    var caseNumber: Int64 = 0
    switch matter {
    case .question(let firing): (rank, seq) = (0, firing.seq.number)
    case .attemptEnd(let firing): (rank, seq) = (1, firing.seq.number)
    case .attemptStart(let firing): (rank, seq) = (2, firing.seq.number)
    case .schedule(let version, let number):
      (rank, seq) = (3, version.seq.number)
      index = number
    case .message(let token):
      (rank, seq) = (4, token.seq.number)
      index = token.index
    case .token(let token, let caseID):
      (rank, seq) = (5, token.seq.number)
      index = token.index
      caseNumber = caseID?.seq.number ?? 0
    }
    self.index = index
    self.caseNumber = caseNumber
  }

  var matter: DueQueue.Matter {
    let firing = FiringID(Seq(seq))
    let token = TokenID(Seq(seq), index)
    return switch rank {
    case 0: .question(firing)
    case 1: .attemptEnd(firing)
    case 2: .attemptStart(firing)
    case 3: .schedule(DefinitionID(Seq(seq)), index)
    case 4: .message(token)
    default: .token(token, caseNumber == 0 ? nil : CaseID(Seq(caseNumber)))
    }
  }
}
