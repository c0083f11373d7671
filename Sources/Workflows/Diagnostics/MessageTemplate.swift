/// A sentence with places for what differs: `unknown %1 '%2' in %3`.
///
/// In a translation `%1` takes what stood at the place as it is, `~1` the same as a phrase that is
/// translated in turn.
package struct MessageTemplate: Equatable, Sendable {
  package enum Piece: Equatable, Sendable {
    case text([Unicode.Scalar])
    /// By number, from 1.
    case place(Int, isPhrase: Bool)
  }

  package let pieces: [Piece]
  /// How much of a sentence it fixes.
  let literalCount: Int

  package init(_ text: String) {
    var pieces: [Piece] = []
    var literal: [Unicode.Scalar] = []
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "%" || scalar == "~", let digit = scalars.first,
        ("1"..."9").contains(digit)
      else {
        literal.append(scalar)
        continue
      }
      scalars.removeFirst()
      if !literal.isEmpty { pieces.append(.text(literal)) }
      literal = []
      pieces.append(.place(Int(digit.value - 48), isPhrase: scalar == "~"))
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    self.pieces = pieces
    literalCount = pieces.reduce(0) { if case .text(let text) = $1 { $0 + text.count } else { $0 } }
  }

  /// The numbers of its places, ascending.
  package var places: [Int] {
    pieces.compactMap { if case .place(let number, _) = $0 { number } else { nil } }.sorted()
  }

  /// The letter it begins with; nil where it begins with a place.
  var first: Unicode.Scalar? {
    guard case .text(let text)? = pieces.first else { return nil }
    return text.first
  }

  /// What stands at each place of a sentence of this form, none of it empty; nil for another.
  package func match(_ sentence: [Unicode.Scalar]) -> [Int: String]? {
    if case .text(let end)? = pieces.last {
      guard Self.stands(end, in: sentence[...], at: sentence.count - end.count) else { return nil }
    }
    guard sentence.count >= literalCount + places.count else { return nil }
    var found: [Int: String] = [:]
    var rest = sentence[...]
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .text(let text):
        guard Self.stands(text, in: rest, at: rest.startIndex) else { return nil }
        rest = rest.dropFirst(text.count)
      case .place(let number, _):
        guard let end = end(ofPlace: index, in: rest), end > rest.startIndex else { return nil }
        if found[number] == nil { found[number] = Self.string(rest[..<end]) }
        rest = rest[end...]
      }
    }
    return rest.isEmpty ? found : nil
  }

  /// Where what stands at a place ends: at the first of what follows it, that at the end of the
  /// sentence at the last. Nothing is tried twice, so that a long sentence costs its length.
  private func end(ofPlace index: Int, in rest: ArraySlice<Unicode.Scalar>) -> Int? {
    guard index + 1 < pieces.count else { return rest.endIndex }
    guard case .text(let next) = pieces[index + 1], let first = next.first else { return nil }
    if index + 2 == pieces.count {
      let end = rest.endIndex - next.count
      return Self.stands(next, in: rest, at: end) ? end : nil
    }
    var end = rest.startIndex + 1
    while end + next.count <= rest.endIndex {
      if rest[end] == first, Self.stands(next, in: rest, at: end) { return end }
      end += 1
    }
    return nil
  }

  /// The sentence with these texts at its places.
  func filled(_ texts: [Int: String], phrase: (String) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): Self.string(text[...])
      case .place(let number, isPhrase: true): phrase(texts[number] ?? "")
      case .place(let number, isPhrase: false): texts[number] ?? ""
      }
    }.joined()
  }

  private static func stands(
    _ text: [Unicode.Scalar], in sentence: ArraySlice<Unicode.Scalar>, at start: Int
  ) -> Bool {
    guard start >= sentence.startIndex, sentence.endIndex - start >= text.count else {
      return false
    }
    for offset in text.indices where sentence[start + offset] != text[offset] { return false }
    return true
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(scalars: scalars)
  }
}
