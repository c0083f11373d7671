internal import Engine

/// What is to happen, by instant; things of one instant in the order they were planned.
struct Agenda<Item> {
  private struct Entry {
    var at: Instant
    var order: Int
    var item: Item
  }

  /// Descending, so that the next one is last.
  private var entries: [Entry] = []
  private var planned = 0

  var next: Instant? { entries.last?.at }

  mutating func plan(_ item: Item, at instant: Instant) {
    let entry = Entry(at: instant, order: planned, item: item)
    planned += 1
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if Self.precedes(entry, entries[middle]) { low = middle + 1 } else { high = middle }
    }
    entries.insert(entry, at: low)
  }

  /// The first item that is due.
  mutating func take(until now: Instant) -> Item? {
    guard let entry = entries.last, entry.at <= now else { return nil }
    entries.removeLast()
    return entry.item
  }

  /// Drops what was planned, but for these.
  mutating func keep(_ isKept: (Item) -> Bool) { entries.removeAll { !isKept($0.item) } }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    left.at == right.at ? left.order < right.order : left.at < right.at
  }
}
