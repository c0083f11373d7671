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

  /// How much of a sentence it fixes.
  var literalCount: Int {
    pieces.reduce(0) { if case .text(let text) = $1 { $0 + text.count } else { $0 } }
  }

  /// What stands at each place of a sentence of this form, none of it empty; nil for another.
  package func match(_ sentence: [Unicode.Scalar]) -> [Int: String]? {
    if case .text(let end)? = pieces.last {
      guard sentence.count >= end.count, sentence.suffix(end.count).elementsEqual(end) else {
        return nil
      }
    }
    var found: [Int: String] = [:]
    return match(sentence[...], pieces[...], &found) ? found : nil
  }

  private func match(
    _ rest: ArraySlice<Unicode.Scalar>, _ pieces: ArraySlice<Piece>, _ found: inout [Int: String]
  ) -> Bool {
    guard let piece = pieces.first else { return rest.isEmpty }
    switch piece {
    case .text(let text):
      return rest.starts(with: text)
        && match(rest.dropFirst(text.count), pieces.dropFirst(), &found)
    case .place(let number, _):
      guard !rest.isEmpty else { return false }
      guard case .text(let next)? = pieces.dropFirst().first else {
        found[number] = Self.string(rest)
        return pieces.count == 1
      }
      var end = rest.startIndex + 1
      while end + next.count <= rest.endIndex {
        if rest[end...].starts(with: next),
          match(rest[end...], pieces.dropFirst(), &found)
        {
          found[number] = Self.string(rest[..<end])
          return true
        }
        end += 1
      }
      return false
    }
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

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
