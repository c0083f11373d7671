/// A lexical element with its place in the text.
struct Token: Sendable {
  enum Kind: Sendable {
    case identifier(String)
    /// `` `any-name` `` after a dot.
    case quotedName(String)
    /// A decimal or hexadecimal integer without its sign.
    case integer(UInt64)
    case literal(Value)
    case symbol(Symbol)
    /// A malformed literal; its problem is already recorded.
    case invalid
    case end
  }

  enum Symbol: String, Sendable {
    case logicalOr = "||"
    case logicalAnd = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case not = "!"
    case question = "?"
    case colon = ":"
    case dot = "."
    case comma = ","
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
  }

  var kind: Kind
  /// Offsets in Unicode scalars.
  var range: Range<Int>

  func isSymbol(_ symbol: Symbol) -> Bool {
    if case .symbol(symbol) = kind { return true }
    return false
  }
}
