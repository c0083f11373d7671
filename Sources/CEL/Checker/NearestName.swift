/// The candidate that a misspelt name most likely means: at most a third of its scalars differ.
///
/// Of equally near ones the first is taken.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let wanted = Array(name.unicodeScalars)
  let most = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in candidates.prefix(1_000) {
    let scalars = Array(candidate.unicodeScalars)
    guard abs(scalars.count - wanted.count) <= most, wanted.count <= 128 else { continue }
    let distance = editDistance(wanted, scalars)
    if distance <= most, distance < wanted.count, distance < best?.distance ?? Int.max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var row = Array(0...right.count)
  for (i, scalar) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let substituted = diagonal + (scalar == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
