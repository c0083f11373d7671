/// "Did you mean": the known name that a mistyped one is closest to.
package enum Nearest {
  fileprivate static let scalarsMax = 128

  /// What the searches of one file may cost: thousands of unknown names among thousands of known
  /// ones are all told, those that come last without a nearest one.
  package struct Budget {
    /// Cells of tables of edits, each some nanoseconds.
    fileprivate var cells = 6_000_000

    package init() {}
  }

  /// The candidate with the fewest edits (insert, drop, replace, swap of neighbours, by Unicode
  /// scalar), if these are at most a third of its length; the first of several in the given order.
  /// Where none is so close, the one that other tools call like this.
  package static func name(
    to name: String, among candidates: some Sequence<String>
  ) -> String? {
    var budget = Budget()
    return self.name(to: name, among: candidates, within: &budget)
  }

  /// As above, for one of many names of a file.
  package static func name(
    to name: String, among candidates: some Sequence<String>, within budget: inout Budget
  ) -> String? {
    let wanted = Array(name.unicodeScalars)
    // Nobody mistypes longer names by a few letters, and comparing them costs their square.
    guard wanted.count <= scalarsMax else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      guard budget.cells > 0 else { break }
      guard let other = budget.scalars(of: candidate) else { continue }
      let allowed = min(max(1, max(wanted.count, other.count) / 3), (best?.distance ?? .max) - 1)
      guard abs(other.count - wanted.count) <= allowed,
        let distance = budget.distance(wanted, other, most: allowed)
      else { continue }
      best = (candidate, distance)
    }
    return best?.name ?? Synonym.name(for: name, among: candidates)
  }

  /// Whether a name is so close to a known one that nothing but that can be meant, also where other
  /// names could not be read.
  ///
  /// - Parameter least: Of shorter names nothing is said.
  package static func isSlip(
    _ name: String, of candidates: some Sequence<String>, from least: Int = 4
  ) -> Bool {
    var budget = Budget()
    return isSlip(name, of: candidates, from: least, within: &budget)
  }

  /// As above, for one of many names of a file.
  package static func isSlip(
    _ name: String, of candidates: some Sequence<String>, from least: Int = 4,
    within budget: inout Budget
  ) -> Bool {
    let wanted = Array(name.unicodeScalars)
    guard (least...scalarsMax).contains(wanted.count) else { return false }
    let allowed = wanted.count < 8 ? 1 : 2
    for candidate in candidates {
      guard budget.cells > 0 else { return false }
      guard let other = budget.scalars(of: candidate), abs(other.count - wanted.count) <= allowed
      else { continue }
      if budget.distance(wanted, other, most: allowed) != nil { return true }
    }
    return false
  }
}

extension Nearest.Budget {
  /// Nil for names that are compared with none.
  fileprivate mutating func scalars(of candidate: String) -> [Unicode.Scalar]? {
    cells -= 8
    guard candidate.utf8.count <= 4 * Nearest.scalarsMax else { return nil }
    let scalars = Array(candidate.unicodeScalars)
    cells -= scalars.count
    return scalars.count <= Nearest.scalarsMax ? scalars : nil
  }

  /// Nil where it is above `most`.
  fileprivate mutating func distance(
    _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], most: Int
  ) -> Int? {
    guard !left.isEmpty, !right.isEmpty else {
      let distance = max(left.count, right.count)
      return distance <= most ? distance : nil
    }
    var before = Array(repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    var current = before
    var leastBefore = 0
    for row in 1...left.count {
      current[0] = row
      var least = row
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        var cost = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          cost = min(cost, before[column - 2] + 1)
        }
        current[column] = cost
        least = min(least, cost)
      }
      cells -= right.count + 8
      // A swap reaches back over one row, and costs one edit more than what stands there.
      if least > most, leastBefore >= most { return nil }
      leastBefore = least
      swap(&before, &previous)
      swap(&previous, &current)
    }
    return previous[right.count] <= most ? previous[right.count] : nil
  }
}
