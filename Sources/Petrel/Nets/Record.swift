/// A structure as the colour of tokens: its fields by name, each with the marks that a file gives it.
///
/// ```swift
/// struct Refund: Record, Codable {
///   var order: String
///   var message: String
///
///   static let fields = [
///     Field("order", \Refund.order),
///     Field("message", \Refund.message, .personal, max: 4000),
///   ]
/// }
/// ```
///
/// The same structure, `Codable` as well, may be what a Swift action takes or returns.
public protocol Record: TokenType {
  /// In the order of the file.
  static var fields: [Field<Self>] { get }
  /// The declared name; by default that of the structure.
  static var typeName: String { get }
  /// Whether the type is written where it is used, without a name. Default: no.
  static var isInline: Bool { get }
}

/// A closed list of names: cases of a Swift enumeration with raw values.
public protocol Enumeration: LiteralType, RawRepresentable, CaseIterable
where RawValue == String {
  /// The declared name; by default that of the enumeration.
  static var typeName: String { get }
}

/// A field of a ``Record``.
public struct Field<Root>: Sendable {
  /// What a file says before a type.
  public enum Mark: String, Sendable { case personal, trusted, untrusted }

  let name: String
  let path: any AnyKeyPath & Sendable
  let type: TypeSpelling
  let literal: String?

  private init(
    _ name: String, _ path: any AnyKeyPath & Sendable, _ type: TypeSpelling, _ marks: [Mark],
    _ range: String?, _ literal: String?
  ) {
    self.name = name
    self.path = path
    self.type = type.wrapped { text in
      (marks.map(\.rawValue) + [text] + [range].compactMap { $0 }).joined(separator: " ")
    }
    self.literal = literal
  }

  /// A field without a range and without a default.
  public init<Value: TokenType>(
    _ name: String, _ path: any KeyPath<Root, Value> & Sendable, _ marks: Mark...
  ) {
    self.init(name, path, Value.spelling, marks, nil, nil)
  }

  /// A field with a default, which a token may leave out.
  public init<Value: LiteralType>(
    _ name: String, _ path: any KeyPath<Root, Value> & Sendable, _ marks: Mark..., standard: Value
  ) {
    self.init(name, path, Value.spelling, marks, nil, standard.literalText)
  }

  /// A whole number within a range.
  public init(
    _ name: String, _ path: any KeyPath<Root, Int> & Sendable, _ marks: Mark...,
    within range: ClosedRange<Int>, standard: Int? = nil
  ) {
    let text = "\(range.lowerBound)..\(range.upperBound)"
    self.init(name, path, Int.spelling, marks, text, standard?.literalText)
  }

  /// A duration within a range.
  public init(
    _ name: String, _ path: any KeyPath<Root, Duration> & Sendable, _ marks: Mark...,
    within range: ClosedRange<Duration>, standard: Duration? = nil
  ) {
    let text = "\(range.lowerBound.literalText)..\(range.upperBound.literalText)"
    self.init(name, path, Duration.spelling, marks, text, standard?.literalText)
  }

  /// A text of at most so many Unicode scalars.
  public init(
    _ name: String, _ path: any KeyPath<Root, String> & Sendable, _ marks: Mark..., max: Int
  ) {
    self.init(name, path, String.spelling, marks, "max \(max)", nil)
  }

  /// A list of at most so many elements.
  public init<Element: TokenType>(
    _ name: String, _ path: any KeyPath<Root, [Element]> & Sendable, _ marks: Mark..., max: Int
  ) {
    self.init(name, path, [Element].spelling, marks, "max \(max)", nil)
  }
}

extension Record {
  /// The name of the Swift type.
  public static var typeName: String { "\(Self.self)" }
  /// Declared under its name.
  public static var isInline: Bool { false }

  /// As a file has it.
  public static var spelling: TypeSpelling {
    let node = YamlText.map(
      fields.map { field in
        let literal = field.literal.map { " = \($0)" } ?? ""
        return (field.name, .scalar(field.type.text + literal))
      })
    let inner = fields.flatMap(\.type.declarations)
    if isInline { return TypeSpelling(node, declarations: inner) }
    return TypeSpelling(.scalar(typeName), declarations: inner + [(typeName, node)])
  }

  static func name(of path: AnyKeyPath) -> String {
    guard let field = fields.first(where: { $0.path as AnyKeyPath == path }) else {
      preconditionFailure("\(Self.self) lists no field for \(path)")
    }
    return field.name
  }
}

extension Enumeration {
  /// The name of the Swift type.
  public static var typeName: String { "\(Self.self)" }

  /// As a file has it.
  public static var spelling: TypeSpelling {
    let members = YamlText.list(allCases.map { .scalar($0.rawValue) })
    return TypeSpelling(.scalar(typeName), declarations: [(typeName, members)])
  }

  /// As CEL has it.
  public var formulaText: String { rawValue.formulaText }
  /// As a default or parameter of a file has it.
  public var literalText: String { rawValue }
}
