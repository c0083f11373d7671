/// Work to be done at instants, the earliest first; equal instants in the order they were added.
struct TimerQueue {
  private struct Entry {
    var at: MonotonicInstant
    var number: UInt64
    var work: @Sendable () -> Void

    static func < (left: Entry, right: Entry) -> Bool {
      left.at == right.at ? left.number < right.number : left.at < right.at
    }
  }

  /// A binary heap.
  private var entries: [Entry] = []
  private var added: UInt64 = 0

  var next: MonotonicInstant? { entries.first?.at }

  /// - Complexity: O(log n).
  mutating func add(at: MonotonicInstant, _ work: @escaping @Sendable () -> Void) {
    added += 1
    entries.append(Entry(at: at, number: added, work: work))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child] < entries[parent] else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the first work that is due at `now`.
  ///
  /// - Complexity: O(log n).
  mutating func takeDue(at now: MonotonicInstant) -> (@Sendable () -> Void)? {
    guard let first = entries.first, first.at <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink()
    }
    return first.work
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      guard least != parent else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
