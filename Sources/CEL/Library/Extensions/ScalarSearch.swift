/// Finds a text in another in linear time, by Knuth, Morris and Pratt.
struct ScalarSearch {
  private let part: [Unicode.Scalar]
  /// For each prefix of `part` the length of the longest border of it.
  private let borders: [Int]

  init(_ part: [Unicode.Scalar]) {
    self.part = part
    var borders = part.isEmpty ? [] : [0]
    for index in part.indices.dropFirst() {
      var length = borders[index - 1]
      while length > 0, part[length] != part[index] { length = borders[length - 1] }
      borders.append(part[length] == part[index] ? length + 1 : 0)
    }
    self.borders = borders
  }

  /// Visits where the part begins, ascending and overlaps included, until `visit` answers false.
  /// The empty part begins everywhere, at the end too.
  func each(in text: [Unicode.Scalar], from start: Int, _ visit: (Int) -> Bool) {
    guard !part.isEmpty else {
      for position in start...max(start, text.count) where !visit(position) { return }
      return
    }
    var matched = 0
    for index in start..<max(start, text.count) {
      while matched > 0, part[matched] != text[index] { matched = borders[matched - 1] }
      if part[matched] == text[index] { matched += 1 }
      guard matched == part.count else { continue }
      guard visit(index + 1 - part.count) else { return }
      matched = borders[matched - 1]
    }
  }

  /// Where the part begins without overlaps, at most `limit` times; negative: all.
  func cuts(in text: [Unicode.Scalar], limit: Int64) -> [Int] {
    guard limit != 0 else { return [] }
    var cuts: [Int] = []
    var end = 0
    each(in: text, from: 0) { position in
      guard position >= end else { return true }
      cuts.append(position)
      end = position + part.count
      return limit < 0 || cuts.count < limit
    }
    return cuts
  }
}
