/// Says when what waits beside the log has grown long (`limits.log_warn`): once, and again only
/// after it has been below half of that.
package struct SpaceWatch: Sendable {
  private let limit: Int64
  private var isLong = false

  /// `limit` in bytes.
  package init(limit: Int64) { self.limit = limit }

  /// Whether to warn of `bytes`.
  package mutating func take(_ bytes: Int64) -> Bool {
    if bytes < limit / 2 { isLong = false }
    guard bytes >= limit, !isLong else { return false }
    isLong = true
    return true
  }
}
