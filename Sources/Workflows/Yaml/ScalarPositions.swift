import PetriNet

/// Where each Unicode scalar of a read text stands in its file, through quotes, escapes, folding
/// and indentation.
enum ScalarPositions {
  /// Positions of the scalars of `text` in `source[start..<end]`, which libyaml read it from.
  ///
  /// - Returns: nil if they simply follow one another on the first line of a plain scalar, or if
  ///   the source does not tell (then only the whole scalar can be pointed at).
  static func map(
    _ text: String, style: YamlNode.Style, in source: SourceLines, from start: Int, to end: Int,
    firstLine: Int
  ) -> [SourceText.Position]? {
    let wanted = Array(text.unicodeScalars)
    if style == .plain, source.scalars[start..<end].elementsEqual(wanted) { return nil }
    var walk = Walk(scalars: source.scalars, offset: start, end: end, style: style)
    walk.enter()
    var positions: [SourceText.Position] = []
    positions.reserveCapacity(wanted.count)
    for scalar in wanted {
      guard let index = walk.next(scalar) else { return nil }
      let place = source.position(at: index)
      positions.append(.init(line: place.line + firstLine - 1, column: place.column))
    }
    return positions
  }
}

private struct Walk {
  let scalars: [Unicode.Scalar]
  var offset: Int
  let end: Int
  let style: YamlNode.Style

  private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r"
  }

  private var here: Unicode.Scalar? { offset < end ? scalars[offset] : nil }

  /// Skips the opening quote, or the header line of a block.
  mutating func enter() {
    switch style {
    case .plain: break
    case .singleQuoted, .doubleQuoted: offset += 1
    case .literal, .folded:
      while let scalar = here, scalar != "\n" { offset += 1 }
      offset += 1
    }
  }

  /// The index of the source where the next scalar of the text stands.
  mutating func next(_ scalar: Unicode.Scalar) -> Int? {
    let isEscape = style == .doubleQuoted && here == "\\" && !isLineContinuation
    if isSpace(scalar), !isEscape {
      let index = min(offset, end)
      if let current = here, isSpace(current) { offset += 1 }
      return index
    }
    skipSpace()
    guard let current = here else { return nil }
    let index = offset
    if style == .doubleQuoted, current == "\\" {
      skipEscape()
    } else if current == scalar {
      offset += style == .singleQuoted && scalar == "'" ? 2 : 1
    } else {
      return nil
    }
    return index
  }

  private mutating func skipSpace() {
    while let scalar = here {
      if isSpace(scalar) {
        offset += 1
      } else if style == .doubleQuoted, scalar == "\\", isLineContinuation {
        offset += 1
      } else {
        return
      }
    }
  }

  private var isLineContinuation: Bool {
    offset + 1 < end && (scalars[offset + 1] == "\n" || scalars[offset + 1] == "\r")
  }

  private mutating func skipEscape() {
    guard offset + 1 < end else { return }
    switch scalars[offset + 1] {
    case "x": offset += 4
    case "u": offset += 6
    case "U": offset += 10
    default: offset += 2
    }
  }
}
