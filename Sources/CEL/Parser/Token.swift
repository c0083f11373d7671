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

extension Token.Symbol {
  /// The symbol of two characters, if they are one.
  init?(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
    switch (first, second) {
    case ("|", "|"): self = .logicalOr
    case ("&", "&"): self = .logicalAnd
    case ("=", "="): self = .equal
    case ("!", "="): self = .notEqual
    case ("<", "="): self = .lessOrEqual
    case (">", "="): self = .greaterOrEqual
    default: return nil
    }
  }

  /// The symbol of one character, if it is one.
  init?(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "<": self = .less
    case ">": self = .greater
    case "+": self = .plus
    case "-": self = .minus
    case "*": self = .star
    case "/": self = .slash
    case "%": self = .percent
    case "!": self = .not
    case "?": self = .question
    case ":": self = .colon
    case ".": self = .dot
    case ",": self = .comma
    case "(": self = .leftParenthesis
    case ")": self = .rightParenthesis
    case "[": self = .leftBracket
    case "]": self = .rightBracket
    case "{": self = .leftBrace
    case "}": self = .rightBrace
    default: return nil
    }
  }
}
