import CEL
import Collections
import PetriNet

/// Business keys of closed cases, and keys of messages: what "the same again" is answered from while
/// `keep` lasts. A function of a window of the log, outside the fold and its text.
struct RecentKeys: Sendable {
  struct ClosedCase: Sendable {
    var caseID: CaseID
    var closed: Instant
  }

  struct Message: Sendable {
    var first: Seq
    var at: Instant
    /// Nil: `unit`.
    var content: Cargo?
    var key: Int64?
  }

  private(set) var closed: [BusinessKey: ClosedCase] = [:]
  private(set) var messages: [PlaceName: [Value: Message]] = [:]
  /// Read back from the log, their keys not opened yet.
  private(set) var unread: [(place: PlaceName, key: [UInt8], message: Message)] = []
  private var closings: Deque<(at: Instant, key: BusinessKey)> = []
  private var deposits: Deque<(at: Instant, place: PlaceName, key: Value)> = []

  mutating func close(_ key: BusinessKey, _ caseID: CaseID, at: Instant) {
    closed[key] = ClosedCase(caseID: caseID, closed: at)
    closings.append((at, key))
  }

  mutating func deposit(_ key: Cargo, _ message: Message, in place: PlaceName) {
    switch key {
    case .value(let key): keep(key, message, in: place)
    case .text(let bytes): unread.append((place, bytes, message))
    }
  }

  func closedCase(_ key: BusinessKey, since: Instant) -> ClosedCase? {
    guard let found = closed[key], found.closed > since else { return nil }
    return found
  }

  func message(_ key: Value, in place: PlaceName, since: Instant) -> Message? {
    guard let found = messages[place]?[key], found.at > since else { return nil }
    return found
  }

  /// Whether a message was sealed under one of these keys.
  func holds(_ keys: Set<Int64>) -> Bool {
    messages.values.contains { $0.values.contains { $0.key.map(keys.contains) ?? false } }
  }

  /// Opens what was read back.
  mutating func open(
    _ read: (PlaceName, [UInt8], Message) throws -> (key: Value, content: Value?)?
  ) rethrows {
    for (place, bytes, message) in unread {
      guard let (key, content) = try read(place, bytes, message) else { continue }
      var message = message
      message.content = content.map(Cargo.value)
      keep(key, message, in: place)
    }
    unread = []
  }

  /// Forgets what nobody can ask for any more.
  ///
  /// - Complexity: O(1) a call on average: every entry is looked at once when it has expired.
  mutating func forget(closedBefore: Instant, depositedBefore: (PlaceName) -> Instant) {
    while let first = closings.first, first.at <= closedBefore {
      closings.removeFirst()
      if closed[first.key]?.closed == first.at { closed[first.key] = nil }
    }
    while let first = deposits.first, first.at <= depositedBefore(first.place) {
      deposits.removeFirst()
      if messages[first.place]?[first.key]?.at == first.at {
        messages[first.place]?[first.key] = nil
      }
    }
  }

  /// Takes what came later.
  mutating func follow(_ later: RecentKeys) {
    closed.merge(later.closed) { $1 }
    closings.append(contentsOf: later.closings)
    for (place, kept) in later.messages { messages[place, default: [:]].merge(kept) { $1 } }
    deposits.append(contentsOf: later.deposits)
    unread += later.unread
  }

  private mutating func keep(_ key: Value, _ message: Message, in place: PlaceName) {
    messages[place, default: [:]][key] = message
    deposits.append((message.at, place, key))
  }
}
