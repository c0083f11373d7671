/// Cuts a text into tokens; mistakes inside a token are collected and do not stop it.
struct Lexer {
  let scalars: [Unicode.Scalar]
  var offset = 0
  var problems: [ExpressionProblem] = []

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// All the tokens; the last is `.end`.
  mutating func tokens() -> [Token] {
    var tokens: [Token] = []
    tokens.reserveCapacity(scalars.count / 3 + 2)
    while true {
      skipBlanks()
      let start = offset
      guard let scalar = peek() else {
        tokens.append(Token(kind: .end, range: start..<start))
        return tokens
      }
      let kind = token(startingWith: scalar)
      tokens.append(Token(kind: kind, range: start..<offset))
    }
  }

  func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    offset + distance < scalars.count ? scalars[offset + distance] : nil
  }

  private mutating func skipBlanks() {
    while let scalar = peek() {
      if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" || scalar == "\u{c}" {
        offset += 1
      } else if scalar == "/", peek(1) == "/" {
        while let next = peek(), next != "\n", next != "\r" { offset += 1 }
      } else {
        return
      }
    }
  }

  private mutating func token(startingWith scalar: Unicode.Scalar) -> Token.Kind {
    if let prefix = textPrefix() { return text(prefix) }
    if Identifier.isDigit(scalar) || (scalar == "." && peek(1).map(Identifier.isDigit) == true) {
      return number()
    }
    if Identifier.mayStart(with: scalar) { return word() }
    if scalar == "`" { return quotedName() }
    if let symbol = symbol() { return .symbol(symbol) }
    let start = offset
    offset += 1
    let hint: String =
      switch scalar {
      case "=": ": to compare, write `==`"
      case "&", "|": ": write it twice"
      default: ""
      }
    report(
      .syntax, from: start, found: "`\(scalar)`", expected: "an expression",
      "`\(scalar)` means nothing in an expression\(hint).")
    return .invalid
  }

  private mutating func symbol() -> Token.Symbol? {
    guard let first = peek() else { return nil }
    if let second = peek(1), let symbol = Token.Symbol(first, second) {
      offset += 2
      return symbol
    }
    guard let symbol = Token.Symbol(first) else { return nil }
    offset += 1
    return symbol
  }

  private mutating func word() -> Token.Kind {
    let start = offset
    while let scalar = peek(), Identifier.mayContinue(with: scalar) { offset += 1 }
    let name = Identifier.normalized(scalars[start..<offset])
    switch name {
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "null": return .literal(.null)
    case "in": return .symbol(.isIn)
    default: return .identifier(name)
    }
  }

  private mutating func quotedName() -> Token.Kind {
    let start = offset
    offset += 1
    while let scalar = peek(), scalar != "`", scalar != "\n", scalar != "\r" { offset += 1 }
    guard peek() == "`", offset > start + 1 else {
      report(
        .syntax, from: start, found: "a backtick", expected: "a quoted field name",
        "A quoted field name needs at least one character and a closing backtick.")
      return .invalid
    }
    offset += 1
    return .quotedName(Identifier.normalized(scalars[start + 1..<offset - 1]))
  }

  mutating func report(
    _ kind: ExpressionProblem.Kind, from start: Int, found: String, expected: String,
    _ message: String
  ) {
    problems.append(
      ExpressionProblem(
        kind: kind, position: start, length: max(offset - start, 1), found: found,
        expected: expected, nearest: nil, message: message))
  }
}
