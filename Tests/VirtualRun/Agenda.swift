internal import Collections
internal import Engine

/// Commands to come, by instant; those of one instant in the order they were planned.
struct Agenda {
  private struct Entry: Comparable {
    var at: Instant
    var order: Int
    var command: Command

    static func < (left: Entry, right: Entry) -> Bool {
      left.at == right.at ? left.order < right.order : left.at < right.at
    }

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  private var entries = Heap<Entry>()
  private var planned = 0

  var next: Instant? { entries.min?.at }

  mutating func plan(_ command: Command, at instant: Instant) {
    entries.insert(Entry(at: instant, order: planned, command: command))
    planned += 1
  }

  mutating func take(until now: Instant) -> Command? {
    guard let first = entries.min, first.at <= now else { return nil }
    return entries.removeMin().command
  }
}
