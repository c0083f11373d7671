/// Whether quotes and parentheses of a text are closed.
struct ExpressionBalance {
  private(set) var openParentheses = 0
  private(set) var isInQuotes = false
  private(set) var quote: Unicode.Scalar = "'"

  init() {}

  init(_ text: String) {
    for scalar in text.unicodeScalars { read(scalar) }
  }

  mutating func read(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "'", "\"":
      if isInQuotes {
        if scalar == quote { isInQuotes = false }
      } else {
        isInQuotes = true
        quote = scalar
      }
    case "(" where !isInQuotes: openParentheses += 1
    case ")" where !isInQuotes: openParentheses -= 1
    default: break
    }
  }
}

/// An expression that a comma has cut, as far as it has been read.
struct CutExpression {
  private var end: Int
  /// Whether nothing behind its first comma has been read.
  var isNew = true
  private(set) var balance = ExpressionBalance()

  init(at start: Int) { end = start }

  /// Goes on from where it read last.
  mutating func read(to end: Int, of source: SourceLines) {
    while self.end < min(end, source.scalars.count) {
      balance.read(source.scalars[self.end])
      self.end += 1
    }
  }
}
