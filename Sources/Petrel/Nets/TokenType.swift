public import Foundation

/// A Swift type that a token, or a field of one, may have: what a colour set is in a file.
///
/// `Bool`, `Int`, `Double`, `String`, `Date` (timestamp), `Duration`, `Data` (bytes), ``Blob``,
/// ``Unit``, arrays, dictionaries by `String`, optionals, and types of your own that are a ``Record``
/// or an ``Enumeration``.
public protocol TokenType: Sendable {
  /// The type as a workflow file spells it.
  static var spelling: TypeSpelling { get }
}

/// A type as a file spells it, with the declarations that the spelling stands on.
public struct TypeSpelling: Sendable {
  let node: YamlText
  /// Declared types by name, in the order in which they were met.
  let declarations: [(name: String, node: YamlText)]

  init(_ node: YamlText, declarations: [(name: String, node: YamlText)] = []) {
    self.node = node
    self.declarations = declarations
  }

  init(_ text: String) { self.init(.scalar(text)) }

  /// What may stand within another type.
  ///
  /// - Precondition: no record in line.
  var text: String {
    guard case .scalar(let text) = node else {
      preconditionFailure("a record in line stands only as the type of a place, form or action")
    }
    return text
  }

  func wrapped(_ make: (String) -> String) -> TypeSpelling {
    TypeSpelling(.scalar(make(text)), declarations: declarations)
  }
}

/// A type whose values may stand in a net: as defaults, parameters and in formulas.
public protocol LiteralType: TokenType {
  /// As CEL has it.
  var formulaText: String { get }
  /// As a default or parameter of a file has it.
  var literalText: String { get }
}

/// Bytes kept beside the log, named by their digest. Only declared in nets; no Swift value has it.
public enum Blob: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("blob") }
}

extension Unit: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("unit") }
}

extension Bool: LiteralType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("bool") }
  /// As CEL has it.
  public var formulaText: String { self ? "true" : "false" }
  /// As a default or parameter of a file has it.
  public var literalText: String { formulaText }
}

extension Int: LiteralType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("int") }
  /// As CEL has it.
  public var formulaText: String { "\(self)" }
  /// As a default or parameter of a file has it.
  public var literalText: String { formulaText }
}

extension Double: LiteralType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("double") }
  /// As CEL has it.
  public var formulaText: String { "\(self)" }
  /// As a default or parameter of a file has it.
  public var literalText: String { formulaText }
}

extension String: LiteralType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("string") }
  /// As CEL has it.
  public var formulaText: String { FormulaText.quoted(self) }
  /// As a default or parameter of a file has it.
  public var literalText: String { "'\(self)'" }
}

extension Duration: LiteralType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("duration") }
  /// As CEL has it.
  public var formulaText: String { "duration('\(literalText)')" }
  /// As a default or parameter of a file has it.
  public var literalText: String { FormulaText.duration(self) }
}

extension Date: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("timestamp") }
}

extension Data: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { TypeSpelling("bytes") }
}

extension Array: TokenType where Element: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { Element.spelling.wrapped { "list<\($0)>" } }
}

extension Dictionary: TokenType where Key == String, Value: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { Value.spelling.wrapped { "map<\($0)>" } }
}

extension Optional: TokenType where Wrapped: TokenType {
  /// As a file has it.
  public static var spelling: TypeSpelling { Wrapped.spelling.wrapped { "\($0)?" } }
}

/// Spelling of literals.
enum FormulaText {
  static func quoted(_ text: String) -> String {
    var output = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": output += "\\'"
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "'"
  }

  /// In the largest unit that takes it whole.
  static func duration(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard attoseconds == 0 else {
      return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
    }
    for (unit, size) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)]
    where seconds != 0 && seconds % size == 0 {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}
