extension Parser {
  /// A primary expression and what follows it: fields, calls, indices.
  mutating func member() throws(ExpressionProblem) -> SyntaxNode {
    let start = current.range.lowerBound
    var left = try primary()
    while true {
      if take(.dot) {
        left = try selection(of: left, from: start)
      } else if current.isSymbol(.leftBracket) {
        advance()
        let isOptional = take(.question)
        let index = try expression()
        try expect(.rightBracket, "`]`")
        left = try node(
          .index(left, index, isOptional: isOptional), from: start, over: [left, index])
      } else if current.isSymbol(.leftBrace), left.isQualifiedName {
        throw problem(
          .syntax, start..<current.range.upperBound, found: "`{` after a name",
          expected: "an operator or the end",
          "Messages cannot be built in an expression; a map is written `{'key': value}`.")
      } else {
        return left
      }
    }
  }

  private mutating func selection(
    of left: SyntaxNode, from start: Int
  ) throws(ExpressionProblem) -> SyntaxNode {
    let isOptional = take(.question)
    let range = current.range
    if case .quotedName(let name) = current.kind {
      advance()
      return try node(
        .select(left, field: name, fieldRange: range, isOptional: isOptional), from: start,
        over: [left])
    }
    guard case .identifier(let name) = current.kind else { throw unexpected("a field name") }
    advance()
    guard !isOptional, current.isSymbol(.leftParenthesis) else {
      return try node(
        .select(left, field: name, fieldRange: range, isOptional: isOptional), from: start,
        over: [left])
    }
    let arguments = try arguments()
    let call = SyntaxNode.Call(
      name: name, nameRange: range, isAbsolute: false, receiver: left, arguments: arguments)
    return try node(.call(call), from: start, over: [left] + arguments)
  }

  private mutating func primary() throws(ExpressionProblem) -> SyntaxNode {
    let token = current
    let start = token.range.lowerBound
    switch token.kind {
    case .identifier(let name):
      advance()
      return try named(name, token.range, isAbsolute: false, from: start)
    case .literal(let value):
      advance()
      return try node(.literal(value), from: start)
    case .integer(let magnitude):
      advance()
      guard let int = Int64(exactly: magnitude) else { throw tooGreat(start..<end) }
      return try node(.literal(.int(int)), from: start)
    case .invalid:
      advance()
      return try node(.literal(.null), from: start)
    case .symbol(.minus):
      advance()
      return try negativeNumber(from: start)
    case .symbol(.dot):
      advance()
      guard case .identifier(let name) = current.kind else { throw unexpected("a name") }
      let range = current.range
      advance()
      return try named(name, range, isAbsolute: true, from: start)
    case .symbol(.leftParenthesis):
      advance()
      let inner = try expression()
      try expect(.rightParenthesis, "`)`")
      return inner
    case .symbol(.leftBracket): return try list()
    case .symbol(.leftBrace): return try map()
    default: throw unexpected("an expression")
    }
  }

  private mutating func named(
    _ name: String, _ range: Range<Int>, isAbsolute: Bool, from start: Int
  ) throws(ExpressionProblem) -> SyntaxNode {
    guard !reservedWords.contains(name) else {
      throw problem(
        .syntax, range, found: "`\(name)`", expected: "a name",
        "`\(name)` is a reserved word and names no variable or function.")
    }
    guard current.isSymbol(.leftParenthesis) else {
      return try node(.identifier(name, isAbsolute: isAbsolute), from: start)
    }
    let arguments = try arguments()
    let call = SyntaxNode.Call(
      name: name, nameRange: range, isAbsolute: isAbsolute, receiver: nil, arguments: arguments)
    return try node(.call(call), from: start, over: arguments)
  }

  /// The sign belongs to the literal, so that the least `int` can be written.
  private mutating func negativeNumber(from start: Int) throws(ExpressionProblem) -> SyntaxNode {
    let token = current
    switch token.kind {
    case .integer(let magnitude):
      advance()
      guard magnitude <= Int64.min.magnitude else { throw tooGreat(start..<end) }
      return try node(
        .literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), from: start)
    case .literal(.double(let double)):
      advance()
      return try node(.literal(.double(-double)), from: start)
    default: throw unexpected("a number")
    }
  }

  private func tooGreat(_ range: Range<Int>) -> ExpressionProblem {
    problem(
      .literal, range, found: "an integer beyond 64 bits", expected: "an int",
      "An int lies between -9223372036854775808 and 9223372036854775807.")
  }

  private mutating func arguments() throws(ExpressionProblem) -> [SyntaxNode] {
    try expect(.leftParenthesis, "`(`")
    var arguments: [SyntaxNode] = []
    guard !take(.rightParenthesis) else { return [] }
    repeat { arguments.append(try expression()) } while take(.comma)
    try expect(.rightParenthesis, "`,` or `)`")
    return arguments
  }

  private mutating func list() throws(ExpressionProblem) -> SyntaxNode {
    let start = current.range.lowerBound
    advance()
    var elements: [(value: SyntaxNode, isOptional: Bool)] = []
    while !current.isSymbol(.rightBracket) {
      let isOptional = take(.question)
      elements.append((try expression(), isOptional))
      guard take(.comma) else { break }
    }
    try expect(.rightBracket, "`,` or `]`")
    return try node(.list(elements), from: start, over: elements.map(\.value))
  }

  private mutating func map() throws(ExpressionProblem) -> SyntaxNode {
    let start = current.range.lowerBound
    advance()
    var entries: [(key: SyntaxNode, value: SyntaxNode, isOptional: Bool)] = []
    while !current.isSymbol(.rightBrace) {
      let isOptional = take(.question)
      let key = try expression()
      try expect(.colon, "`:` after the key")
      entries.append((key, try expression(), isOptional))
      guard take(.comma) else { break }
    }
    try expect(.rightBrace, "`,` or `}`")
    return try node(.map(entries), from: start, over: entries.flatMap { [$0.key, $0.value] })
  }
}

extension SyntaxNode {
  /// `a` or `a.b.c`, which may be the name of a message.
  fileprivate var isQualifiedName: Bool {
    switch kind {
    case .identifier: true
    case .select(let operand, _, _, isOptional: false): operand.isQualifiedName
    default: false
    }
  }
}

/// Kept free by CEL for the languages it is embedded in; they may be fields.
private let reservedWords: Set<String> = [
  "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
  "package", "namespace", "return", "var", "void", "while",
]
