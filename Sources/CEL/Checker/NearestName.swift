/// The most names that one is compared with.
private let comparedMax = 1_000

/// The candidate that a misspelt name most likely means: at most a third of its scalars differ, a
/// swap of neighbours being one difference.
///
/// Of equally near ones the first is taken; nil where none is closer than `least`.
func nearestName(
  to name: String, among candidates: some Sequence<String>, closerThan least: Int? = nil
) -> (name: String, distance: Int)? {
  let wanted = Array(name.unicodeScalars)
  guard wanted.count <= 128 else { return nil }
  var most = min(max(1, wanted.count / 3), wanted.count - 1, (least ?? .max) - 1)
  var best: (name: String, distance: Int)?
  for candidate in candidates.prefix(comparedMax) {
    guard candidate.utf8.count <= 4 * (wanted.count + most) else { continue }
    let scalars = Array(candidate.unicodeScalars)
    guard abs(scalars.count - wanted.count) <= most,
      let distance = editDistance(wanted, scalars, most: most)
    else { continue }
    best = (candidate, distance)
    most = distance - 1
  }
  return best
}

/// Nil where it is above `most`.
private func editDistance(
  _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], most: Int
) -> Int? {
  var before = Array(repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  var current = before
  var leastBefore = 0
  for (i, scalar) in left.enumerated() {
    current[0] = i + 1
    var least = current[0]
    for (j, other) in right.enumerated() {
      var cost = min(
        previous[j + 1] + 1, current[j] + 1, previous[j] + (scalar == other ? 0 : 1))
      if i > 0, j > 0, scalar == right[j - 1], left[i - 1] == other {
        cost = min(cost, before[j - 1] + 1)
      }
      current[j + 1] = cost
      least = min(least, cost)
    }
    // A swap reaches back over one row, and costs one edit more than what stands there.
    if least > most, leastBefore >= most { return nil }
    leastBefore = least
    swap(&before, &previous)
    swap(&previous, &current)
  }
  return previous[right.count] <= most ? previous[right.count] : nil
}
