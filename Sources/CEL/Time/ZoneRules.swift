/// The rules of one time zone: recorded changes of its offset, then a yearly rule.
package struct ZoneRules: Sendable {
  /// From this instant (seconds since 1970 UTC) on, local time is `offset` seconds ahead of UTC.
  struct Change: Sendable {
    var instant: Int64
    var offset: Int64
  }

  /// Before the first change.
  private let firstOffset: Int64
  /// Ascending.
  private let changes: [Change]
  /// After the last change.
  private let yearly: YearlyRule?

  package static let utc = ZoneRules(offsetSeconds: 0)

  package init(offsetSeconds: Int64) {
    self.init(firstOffset: offsetSeconds, changes: [], yearly: nil)
  }

  init(firstOffset: Int64, changes: [Change], yearly: YearlyRule?) {
    self.firstOffset = firstOffset
    self.changes = changes
    self.yearly = yearly
  }

  /// `+09:00`, `-09:30`, `02:00`.
  init?(offset text: String) {
    var scanner = TextScanner(text)
    let isNegative = scanner.take("-")
    if !isNegative { _ = scanner.take("+") }
    guard let offset = scanner.hoursAndMinutes(), scanner.isAtEnd else { return nil }
    self.init(offsetSeconds: isNegative ? -offset : offset)
  }

  /// Seconds to add to UTC for local time at that instant.
  ///
  /// - Complexity: O(log n) in the recorded changes.
  package func offset(at instant: Timestamp) -> Int64 { offset(at: instant.seconds) }

  /// The instants at which clocks show that local time, ascending: none where it is skipped, two
  /// where it comes twice.
  ///
  /// - Parameter seconds: local time, counted as if it were UTC.
  package func instants(atLocal seconds: Int64) -> [Int64] {
    // Offsets lie within a day, so that the offsets a day before and after are all there can be.
    var offsets = Set([offset(at: seconds - 86_400), offset(at: seconds + 86_400)])
    offsets.formUnion(
      changes.filter { abs($0.instant - seconds) <= 2 * 86_400 }.map(\.offset))
    return offsets.map { seconds - $0 }.filter { $0 + offset(at: $0) == seconds }.sorted()
  }

  private func offset(at seconds: Int64) -> Int64 {
    guard let last = changes.last else { return yearly?.offset(at: seconds) ?? firstOffset }
    if seconds >= last.instant { return yearly?.offset(at: seconds) ?? last.offset }
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].instant <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : changes[low - 1].offset
  }
}
