/// "Did you mean": the known name that a mistyped one is closest to.
package enum Nearest {
  private static let scalarsMax = 128

  /// The candidate with the fewest edits (insert, drop, replace, swap of neighbours, by Unicode
  /// scalar), if these are at most a third of its length; the first of several in the given order.
  /// Where none is so close, the one that other tools call like this.
  package static func name(
    to name: String, among candidates: some Sequence<String>
  ) -> String? {
    let wanted = Array(name.unicodeScalars)
    // Nobody mistypes longer names by a few letters, and comparing them costs their square.
    guard wanted.count <= scalarsMax else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.unicodeScalars)
      let allowed = max(1, max(wanted.count, other.count) / 3)
      guard other.count <= scalarsMax, abs(other.count - wanted.count) <= allowed else { continue }
      let distance = distance(wanted, other)
      guard distance <= allowed, distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.name ?? Synonym.name(for: name, among: Array(candidates))
  }

  /// Whether a name is so close to a known one that nothing but that can be meant, also where other
  /// names could not be read.
  ///
  /// - Parameter least: Of shorter names nothing is said.
  package static func isSlip(
    _ name: String, of candidates: some Sequence<String>, from least: Int = 4
  ) -> Bool {
    let wanted = Array(name.unicodeScalars)
    guard (least...scalarsMax).contains(wanted.count) else { return false }
    return candidates.contains { candidate in
      let other = Array(candidate.unicodeScalars)
      let allowed = wanted.count < 8 ? 1 : 2
      guard other.count <= scalarsMax, abs(other.count - wanted.count) <= allowed else {
        return false
      }
      return distance(wanted, other) <= allowed
    }
  }

  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty else { return right.count }
    guard !right.isEmpty else { return left.count }
    var before: [Int] = []
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        var cost = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          cost = min(cost, before[column - 2] + 1)
        }
        current.append(cost)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
