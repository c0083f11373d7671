import Synchronization

/// How many requests each route answered, and how. Holds no path, so no name of a case.
final class RequestCounts: Sendable {
  struct Key: Hashable, Sendable {
    /// The template, or `unknown`, `refused`.
    var route: String
    var method: String
    var status: Int
  }

  private let counts = Mutex<[Key: Int]>([:])

  /// A method that HTTP does not name counts as `other`: what clients make up must not grow this.
  func count(route: String, method: String, status: Int) {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    let key = Key(
      route: route, method: known.contains(method) ? method : "other", status: status)
    counts.withLock { $0[key, default: 0] += 1 }
  }

  /// Sorted by route, method, status.
  var all: [(key: Key, count: Int)] {
    counts.withLock { $0 }.map { (key: $0.key, count: $0.value) }.sorted {
      ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
    }
  }
}
