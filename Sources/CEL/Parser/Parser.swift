/// Reads the grammar of CEL; the first mistake in the order of tokens ends it.
struct Parser {
  private let tokens: [Token]
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  private var nodes = 0

  /// The tree, or all lexical mistakes and the first grammatical one.
  static func parse(_ text: String) throws(ExpressionProblems) -> SyntaxNode {
    var lexer = Lexer(text)
    guard lexer.scalars.count <= ExpressionLimits.scalarsMax else {
      throw ExpressionProblems(problems: [
        ExpressionProblem(
          kind: .tooCostly, position: 0, length: lexer.scalars.count,
          found: "\(lexer.scalars.count) characters",
          expected: "at most \(ExpressionLimits.scalarsMax)", nearest: nil,
          message: "An expression has at most \(ExpressionLimits.scalarsMax) characters.")
      ])
    }
    let tokens = lexer.tokens()
    var parser = Parser(tokens: tokens, scalars: lexer.scalars)
    let tree: SyntaxNode
    do throws(ExpressionProblem) {
      tree = try parser.expression()
      if !parser.isAtEnd { throw parser.unexpected("an operator or the end") }
    } catch {
      // A broken token breaks the grammar too; the token's own problem says more.
      let isKnown = error.kind == .syntax && !lexer.problems.isEmpty
      throw ExpressionProblems(problems: lexer.problems + (isKnown ? [] : [error]))
    }
    guard lexer.problems.isEmpty else { throw ExpressionProblems(problems: lexer.problems) }
    return tree
  }

  private init(tokens: [Token], scalars: [Unicode.Scalar]) {
    self.tokens = tokens
    self.scalars = scalars
  }

  /// `condition ? then : otherwise`, or less.
  mutating func expression() throws(ExpressionProblem) -> SyntaxNode {
    try enter()
    defer { depth -= 1 }
    let condition = try operand(from: .logicalOr)
    guard take(.question) else { return condition }
    let then = try operand(from: .logicalOr)
    try expect(.colon, "`:` of the condition")
    let otherwise = try expression()
    return try node(
      .conditional(condition, then, otherwise), from: condition.range.lowerBound,
      over: [condition, then, otherwise])
  }

  private mutating func operand(
    from level: Precedence
  ) throws(ExpressionProblem) -> SyntaxNode {
    var left = try unary()
    while case .symbol(let symbol) = current.kind, let precedence = Precedence(symbol),
      precedence >= level
    {
      switch precedence {
      case .logicalOr, .logicalAnd:
        var operands = [left]
        while take(symbol) { operands.append(try operand(from: precedence.next)) }
        left = try node(
          precedence == .logicalOr ? .or(operands) : .and(operands),
          from: left.range.lowerBound, over: operands)
      default:
        advance()
        let right = try operand(from: precedence.next)
        left = try node(
          .binary(Function(symbol), left, right), from: left.range.lowerBound, over: [left, right])
      }
    }
    return left
  }

  /// Any number of `!` or of `-`. Two of a kind leave the type check of one pair.
  private mutating func unary() throws(ExpressionProblem) -> SyntaxNode {
    let start = current.range.lowerBound
    for (symbol, function) in [(Token.Symbol.not, Function.not), (.minus, .negate)] {
      guard current.isSymbol(symbol) else { continue }
      var count = 0
      while current.isSymbol(symbol) {
        if symbol == .minus, isNumber(tokens[index + 1]) { break }
        advance()
        count += 1
      }
      var operand = try member()
      for _ in 0..<(count == 0 ? 0 : count % 2 == 0 ? 2 : 1) {
        operand = try node(.unary(function, operand), from: start, over: [operand])
      }
      return operand
    }
    return try member()
  }

  private func isNumber(_ token: Token) -> Bool {
    switch token.kind {
    case .integer, .literal(.double): true
    default: false
    }
  }
}

/// The parts that reading an operand needs, too.
extension Parser {
  var current: Token { tokens[index] }
  var following: Token { tokens[min(index + 1, tokens.count - 1)] }
  var isAtEnd: Bool { if case .end = current.kind { true } else { false } }
  /// Where the token before the current one ended.
  var end: Int { index == 0 ? 0 : tokens[index - 1].range.upperBound }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  mutating func take(_ symbol: Token.Symbol) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(
    _ symbol: Token.Symbol, _ description: String
  ) throws(ExpressionProblem) {
    guard take(symbol) else { throw unexpected(description) }
  }

  mutating func enter() throws(ExpressionProblem) {
    depth += 1
    guard depth <= ExpressionLimits.depthMax else { throw tooDeep(at: current.range) }
  }

  mutating func leave() { depth -= 1 }

  mutating func node(
    _ kind: SyntaxNode.Kind, from start: Int, over parts: [SyntaxNode] = []
  ) throws(ExpressionProblem) -> SyntaxNode {
    let levels = 1 + parts.reduce(0) { max($0, $1.depth) }
    guard levels <= ExpressionLimits.depthMax else { throw tooDeep(at: start..<end) }
    nodes += 1
    guard nodes <= ExpressionLimits.nodesMax else {
      throw problem(
        .tooCostly, start..<end, found: "more than \(ExpressionLimits.nodesMax) parts",
        expected: "at most \(ExpressionLimits.nodesMax)",
        "An expression has at most \(ExpressionLimits.nodesMax) parts.")
    }
    return SyntaxNode(kind: kind, range: start..<end, depth: levels)
  }

  func unexpected(_ expected: String) -> ExpressionProblem {
    let text = String(String.UnicodeScalarView(scalars[current.range].prefix(40)))
    let found = isAtEnd ? "the end" : "`\(text)\(current.range.count > 40 ? "…" : "")`"
    return problem(
      .syntax, current.range, found: found, expected: expected,
      "Expected \(expected), found \(found).")
  }

  func problem(
    _ kind: ExpressionProblem.Kind, _ range: Range<Int>, found: String, expected: String,
    _ message: String
  ) -> ExpressionProblem {
    ExpressionProblem(
      kind: kind, position: range.lowerBound, length: max(range.count, 1), found: found,
      expected: expected, nearest: nil, message: message)
  }

  private func tooDeep(at range: Range<Int>) -> ExpressionProblem {
    problem(
      .tooDeep, range, found: "more than \(ExpressionLimits.depthMax) levels",
      expected: "at most \(ExpressionLimits.depthMax)",
      "An expression nests at most \(ExpressionLimits.depthMax) levels deep.")
  }
}

/// How tightly a binary operator binds.
private enum Precedence: Int, Comparable {
  case logicalOr, logicalAnd, relation, addition, multiplication, unary

  init?(_ symbol: Token.Symbol) {
    switch symbol {
    case .logicalOr: self = .logicalOr
    case .logicalAnd: self = .logicalAnd
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: self = .relation
    case .plus, .minus: self = .addition
    case .star, .slash, .percent: self = .multiplication
    default: return nil
    }
  }

  /// The level above; nothing binary stands on `unary`.
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

extension Function {
  /// The function of a binary operator.
  fileprivate init(_ symbol: Token.Symbol) {
    switch symbol {
    case .plus: self = .add
    case .minus: self = .subtract
    case .star: self = .multiply
    case .slash: self = .divide
    case .percent: self = .remainder
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .isIn: self = .isIn
    default: preconditionFailure("\(symbol.rawValue) is no binary operator")
    }
  }
}
