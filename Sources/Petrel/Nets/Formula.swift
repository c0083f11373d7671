public import Foundation

/// An expression of a net with the type that it evaluates to: CEL that the Swift compiler checks.
///
/// Fields are reached by their names (`payment.amount`), operators and functions make new formulas
/// (`payment.settled && payment.amount <= limit`). Nothing is evaluated in Swift: what results is the
/// text that a workflow file would hold, and it is checked again when the net is loaded.
@dynamicMemberLookup
public struct Formula<Value: TokenType>: Sendable {
  /// CEL.
  public let text: String
  /// How tightly its outermost operator binds; 8: not at all loose.
  let power: Int
  /// As a file has it where a duration may stand without quotes of CEL: `5s`.
  let plain: String?

  init(text: String, power: Int = 8, plain: String? = nil) {
    self.text = text
    self.power = power
    self.plain = plain
  }

  /// An expression that the operators here cannot spell. Its type is believed by the Swift compiler,
  /// and checked when the net is loaded.
  public init(cel text: String) { self.init(text: text, power: 0) }

  func within(_ power: Int) -> String { self.power < power ? "(\(text))" : text }

  /// Where an expression or a duration may stand.
  var spelled: String { plain ?? text }
}

extension Formula where Value: Record {
  /// A field of the record.
  public subscript<Member: TokenType>(
    dynamicMember path: KeyPath<Value, Member>
  ) -> Formula<Member> {
    Formula<Member>(text: "\(within(8)).\(Value.name(of: path))")
  }
}

extension Formula where Value: LiteralType {
  /// A value that stands in the net.
  public static func value(_ value: Value) -> Formula { Formula(text: value.formulaText) }
}

extension Formula: ExpressibleByBooleanLiteral where Value == Bool {
  /// A value that stands in the net.
  public init(booleanLiteral value: Bool) { self.init(text: value.formulaText) }
}

extension Formula: ExpressibleByIntegerLiteral where Value == Int {
  /// A value that stands in the net.
  public init(integerLiteral value: Int) { self.init(text: value.formulaText) }
}

extension Formula: ExpressibleByFloatLiteral where Value == Double {
  /// A value that stands in the net.
  public init(floatLiteral value: Double) { self.init(text: value.formulaText) }
}

extension Formula: ExpressibleByUnicodeScalarLiteral where Value == String {
  /// A value that stands in the net.
  public init(unicodeScalarLiteral value: String) { self.init(text: value.formulaText) }
}

extension Formula: ExpressibleByExtendedGraphemeClusterLiteral where Value == String {
  /// A value that stands in the net.
  public init(extendedGraphemeClusterLiteral value: String) { self.init(text: value.formulaText) }
}

extension Formula: ExpressibleByStringLiteral where Value == String {
  /// A value that stands in the net.
  public init(stringLiteral value: String) { self.init(text: value.formulaText) }
}

extension Formula {
  /// A list of these.
  public static func list<Element: TokenType>(
    _ elements: Formula<Element>...
  ) -> Formula where Value == [Element] {
    Formula(text: "[\(elements.map(\.text).joined(separator: ", "))]")
  }
}

extension Formula where Value == Duration {
  /// So many milliseconds.
  public static func milliseconds(_ count: Int) -> Formula { literal(.milliseconds(count)) }
  /// So many seconds.
  public static func seconds(_ count: Int) -> Formula { literal(.seconds(count)) }
  /// So many minutes.
  public static func minutes(_ count: Int) -> Formula { literal(.seconds(count * 60)) }
  /// So many hours.
  public static func hours(_ count: Int) -> Formula { literal(.seconds(count * 3600)) }
  /// So many days of 24 hours.
  public static func days(_ count: Int) -> Formula { literal(.seconds(count * 86_400)) }

  private static func literal(_ value: Duration) -> Formula {
    Formula(text: value.formulaText, plain: value.literalText)
  }

  /// The n-th of waits that grow twofold from `first` up to `last`.
  public static func backoff(
    _ n: Formula<Int>, from first: Formula, upTo last: Formula
  ) -> Formula {
    Formula(text: "backoff(\(n.text), \(first.text), \(last.text))")
  }
}

/// What every formula of a transition may read.
public enum Firing {
  /// The instant of the firing; not in guards.
  public static var now: Formula<Date> { Formula(text: "now") }
  /// Stable under retry: the idempotency key.
  public static var id: Formula<String> { Formula(text: "firing.id") }
  /// The API's spelling of the case.
  public static var caseID: Formula<String> { Formula(text: "case.id") }
  /// The business key of the case, if it has one.
  public static var caseKey: Formula<String?> { Formula(text: "case.key") }
  /// When the case was opened.
  public static var caseStarted: Formula<Date> { Formula(text: "case.started") }
}
