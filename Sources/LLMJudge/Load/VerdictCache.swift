internal import Engine

/// Labels that questions were answered with, for a while; the first answer counts, and reusing it does
/// not make it younger.
///
/// Pure: instants are arguments, microseconds of a clock that does not go back.
struct VerdictCache: Sendable {
  struct Known: Equatable, Sendable {
    /// Whose question was asked.
    var firing: FiringID
    var label: String
    /// The call that decided it.
    var call: CallRecord
  }

  private struct Entry: Sendable {
    var key: [UInt8]
    var until: Int64
  }

  private let heldMicroseconds: Int64
  private let most: Int
  private var known: [[UInt8]: Known] = [:]
  /// In the order they were kept; those before `first` are gone.
  private var entries: [Entry] = []
  private var first = 0

  init(heldMicroseconds: Int64, most: Int = 100_000) {
    self.heldMicroseconds = heldMicroseconds
    self.most = most
  }

  var count: Int { known.count }

  mutating func find(_ key: [UInt8], at now: Int64) -> Known? {
    forget(at: now)
    return known[key]
  }

  mutating func keep(_ new: Known, under key: [UInt8], at now: Int64) {
    forget(at: now)
    guard known[key] == nil else { return }
    if known.count >= most { removeFirst() }
    known[key] = new
    entries.append(Entry(key: key, until: now + heldMicroseconds))
  }

  private mutating func forget(at now: Int64) {
    while first < entries.count, entries[first].until <= now { removeFirst() }
  }

  private mutating func removeFirst() {
    known[entries[first].key] = nil
    first += 1
    if first > 64, first * 2 > entries.count {
      entries.removeFirst(first)
      first = 0
    }
  }
}
