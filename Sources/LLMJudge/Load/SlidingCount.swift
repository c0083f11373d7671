/// How much happened within a span that ends now; counted in slots, so up to a sixtieth of the span
/// longer. Instants are microseconds of any clock that does not go back.
struct SlidingCount: Sendable {
  private static let slots: Int64 = 60

  private let width: Int64
  /// Of slot `n` at `n mod 61`: the present one and the sixty before it.
  private var counts = [Int64](repeating: 0, count: Int(slots) + 1)
  private var latest: Int64 = 0
  private var total: Int64 = 0

  init(spanMicroseconds: Int64) { width = max(1, spanMicroseconds / Self.slots) }

  /// What is counted at `now`.
  mutating func total(at now: Int64) -> Int64 {
    advance(to: now)
    return total
  }

  /// Counts `amount` more, or less if it is negative.
  mutating func add(_ amount: Int64, at now: Int64) {
    advance(to: now)
    counts[index(latest)] += amount
    total += amount
  }

  /// When `amount` more would not exceed `limit`: `now`, or an instant at which enough is forgotten.
  mutating func instant(for amount: Int64, within limit: Int64, at now: Int64) -> Int64 {
    advance(to: now)
    var left = total
    var oldest = latest - Self.slots
    while left > 0, left + amount > limit, oldest <= latest {
      left -= counts[index(oldest)]
      oldest += 1
    }
    return oldest == latest - Self.slots ? now : (oldest + Self.slots) * width
  }

  private func index(_ slot: Int64) -> Int {
    let size = Self.slots + 1
    return Int((slot % size + size) % size)
  }

  private mutating func advance(to now: Int64) {
    let slot = now / width
    guard slot > latest else { return }
    let fresh = slot - latest > Self.slots ? slot - Self.slots...slot : latest + 1...slot
    for new in fresh {
      total -= counts[index(new)]
      counts[index(new)] = 0
    }
    latest = slot
  }
}
