public import Foundation

/// Types whose values have an order in formulas.
public protocol OrderedType: TokenType {}
extension Int: OrderedType {}
extension Double: OrderedType {}
extension String: OrderedType {}
extension Duration: OrderedType {}
extension Date: OrderedType {}

/// Numbers.
public protocol NumberType: LiteralType {}
extension Int: NumberType {}
extension Double: NumberType {}

extension Formula {
  private static func binary<Left, Right>(
    _ left: Formula<Left>, _ sign: String, _ right: Formula<Right>, _ power: Int,
    chains: Bool = false
  ) -> Formula {
    Formula(
      text: "\(left.within(power)) \(sign) \(right.within(chains ? power : power + 1))",
      power: power)
  }

  static func relation<Left, Right>(
    _ left: Formula<Left>, _ sign: String, _ right: Formula<Right>
  ) -> Formula { binary(left, sign, right, 4) }

  static func sum<Left, Right>(
    _ left: Formula<Left>, _ sign: String, _ right: Formula<Right>
  ) -> Formula { binary(left, sign, right, 5) }

  static func product<Left, Right>(
    _ left: Formula<Left>, _ sign: String, _ right: Formula<Right>
  ) -> Formula { binary(left, sign, right, 6) }

  static func logic(_ left: Formula, _ sign: String, _ right: Formula, _ power: Int) -> Formula {
    binary(left, sign, right, power, chains: true)
  }
}

// Equality, of formulas of one type, with a value, and with null.

/// Whether both are the same; CEL's `==`.
public func == <T: TokenType>(left: Formula<T>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, "==", right)
}

/// Whether they differ; CEL's `!=`.
public func != <T: TokenType>(left: Formula<T>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, "!=", right)
}

/// Whether both are the same; CEL's `==`.
public func == <T: Enumeration>(left: Formula<T>, right: T) -> Formula<Bool> {
  left == .value(right)
}

/// Whether they differ; CEL's `!=`.
public func != <T: Enumeration>(left: Formula<T>, right: T) -> Formula<Bool> {
  left != .value(right)
}

/// Whether both are the same; CEL's `==`.
public func == <T: TokenType>(left: Formula<T?>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, "==", right)
}

/// Whether both are the same; CEL's `==`.
public func == <T: TokenType>(left: Formula<T?>, right: Null) -> Formula<Bool> {
  Formula(text: "\(left.within(5)) == null", power: 4)
}

/// Whether they differ; CEL's `!=`.
public func != <T: TokenType>(left: Formula<T?>, right: Null) -> Formula<Bool> {
  Formula(text: "\(left.within(5)) != null", power: 4)
}

/// `null` of an optional.
public enum Null: Sendable { case null }

/// CEL's `<`; strings by Unicode scalars.
public func < <T: OrderedType>(left: Formula<T>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, "<", right)
}

/// CEL's `<=`; strings by Unicode scalars.
public func <= <T: OrderedType>(left: Formula<T>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, "<=", right)
}

/// CEL's `>`; strings by Unicode scalars.
public func > <T: OrderedType>(left: Formula<T>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, ">", right)
}

/// CEL's `>=`; strings by Unicode scalars.
public func >= <T: OrderedType>(left: Formula<T>, right: Formula<T>) -> Formula<Bool> {
  .relation(left, ">=", right)
}

/// CEL's `&&`.
public func && (left: Formula<Bool>, right: Formula<Bool>) -> Formula<Bool> {
  .logic(left, "&&", right, 3)
}

/// CEL's `||`.
public func || (left: Formula<Bool>, right: Formula<Bool>) -> Formula<Bool> {
  .logic(left, "||", right, 2)
}

/// CEL's `!`.
public prefix func ! (operand: Formula<Bool>) -> Formula<Bool> {
  Formula(text: "!\(operand.within(7))", power: 7)
}

/// CEL's `+`; raises where the sum leaves the type.
public func + <T: NumberType>(left: Formula<T>, right: Formula<T>) -> Formula<T> {
  .sum(left, "+", right)
}

/// CEL's `-`; raises where the difference leaves the type.
public func - <T: NumberType>(left: Formula<T>, right: Formula<T>) -> Formula<T> {
  .sum(left, "-", right)
}

/// The product; raises where it leaves the type.
public func * <T: NumberType>(left: Formula<T>, right: Formula<T>) -> Formula<T> {
  .product(left, "*", right)
}

/// The quotient; whole numbers are cut towards zero, a divisor of zero raises.
public func / <T: NumberType>(left: Formula<T>, right: Formula<T>) -> Formula<T> {
  .product(left, "/", right)
}

/// The remainder, with the sign of the left side.
public func % (left: Formula<Int>, right: Formula<Int>) -> Formula<Int> {
  .product(left, "%", right)
}

/// CEL's `+`; raises where the sum leaves the type.
public func + (left: Formula<String>, right: Formula<String>) -> Formula<String> {
  .sum(left, "+", right)
}

/// CEL's `+`; raises where the sum leaves the type.
public func + (left: Formula<Duration>, right: Formula<Duration>) -> Formula<Duration> {
  .sum(left, "+", right)
}

/// CEL's `+`; raises where the sum leaves the type.
public func + (left: Formula<Date>, right: Formula<Duration>) -> Formula<Date> {
  .sum(left, "+", right)
}

/// CEL's `-`; raises where the difference leaves the type.
public func - (left: Formula<Date>, right: Formula<Duration>) -> Formula<Date> {
  .sum(left, "-", right)
}

/// CEL's `-`; raises where the difference leaves the type.
public func - (left: Formula<Date>, right: Formula<Date>) -> Formula<Duration> {
  .sum(left, "-", right)
}

/// The product; raises where it leaves the type.
public func * (left: Formula<Duration>, right: Formula<Int>) -> Formula<Duration> {
  .product(left, "*", right)
}

extension Formula where Value == Bool {
  /// One of two values.
  public func then<T: TokenType>(_ yes: Formula<T>, otherwise no: Formula<T>) -> Formula<T> {
    Formula<T>(text: "\(within(2)) ? \(yes.within(2)) : \(no.within(1))", power: 1)
  }
}

extension Formula where Value == String {
  /// Unicode scalars.
  public var size: Formula<Int> { Formula<Int>(text: "size(\(text))") }

  /// Whether the part stands in it.
  public func contains(_ part: Formula) -> Formula<Bool> { test("contains", part) }
  /// Whether it begins with the part.
  public func startsWith(_ part: Formula) -> Formula<Bool> { test("startsWith", part) }
  /// Whether it ends with the part.
  public func endsWith(_ part: Formula) -> Formula<Bool> { test("endsWith", part) }
  /// RE2.
  public func matches(_ pattern: Formula) -> Formula<Bool> { test("matches", pattern) }

  private func test(_ name: String, _ part: Formula) -> Formula<Bool> {
    Formula<Bool>(text: "\(within(8)).\(name)(\(part.text))")
  }
}

extension Formula where Value: Enumeration {
  /// The member's name.
  public var name: Formula<String> { Formula<String>(text: "string(\(text))") }
}

extension Formula {
  /// How many elements.
  public func elementCount<Element>() -> Formula<Int> where Value == [Element] {
    Formula<Int>(text: "size(\(text))")
  }

  /// Whether an element equals this.
  public func contains<Element: TokenType>(
    _ element: Formula<Element>
  ) -> Formula<Bool> where Value == [Element] {
    .relation(element, "in", self)
  }

  /// The element of this index, from 0.
  public subscript<Element: TokenType>(
    _ index: Formula<Int>
  ) -> Formula<Element> where Value == [Element] {
    Formula<Element>(text: "\(within(8))[\(index.text)]")
  }

  /// One value for each element; `variable` is its name in the formula.
  public func map<Element: TokenType, Result: TokenType>(
    as variable: String, _ body: (Formula<Element>) -> Formula<Result>
  ) -> Formula<[Result]> where Value == [Element] {
    Formula<[Result]>(text: macro("map", variable, body(Formula<Element>(text: variable)).text))
  }

  /// The elements for which a condition holds.
  public func filter<Element: TokenType>(
    as variable: String, _ body: (Formula<Element>) -> Formula<Bool>
  ) -> Formula where Value == [Element] {
    Formula(text: macro("filter", variable, body(Formula<Element>(text: variable)).text))
  }

  /// Whether a condition holds for some element.
  public func exists<Element: TokenType>(
    as variable: String, _ body: (Formula<Element>) -> Formula<Bool>
  ) -> Formula<Bool> where Value == [Element] {
    Formula<Bool>(text: macro("exists", variable, body(Formula<Element>(text: variable)).text))
  }

  /// Whether a condition holds for every element.
  public func all<Element: TokenType>(
    as variable: String, _ body: (Formula<Element>) -> Formula<Bool>
  ) -> Formula<Bool> where Value == [Element] {
    Formula<Bool>(text: macro("all", variable, body(Formula<Element>(text: variable)).text))
  }

  private func macro(_ name: String, _ variable: String, _ body: String) -> String {
    "\(within(8)).\(name)(\(variable), \(body))"
  }

  /// The value of an optional; raises where there is none, unless `!= .null` stands before it.
  public func wrapped<Wrapped: TokenType>() -> Formula<Wrapped> where Value == Wrapped? {
    Formula<Wrapped>(text: text, power: power)
  }
}
