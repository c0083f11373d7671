public import Foundation

/// Something that `in` may hold.
public protocol InputArc: Sendable {
  /// Its entry in the file.
  var entry: ArcEntry { get }
}

/// What a file says of an arc.
public struct ArcEntry: Sendable {
  let variable: String
  let node: YamlText
}

/// A token out of a place under the name of a variable; its fields are formulas.
///
/// ```swift
/// let p = paymentKnown.token("p")
/// // p.amount is Formula<Int>
/// ```
@dynamicMemberLookup
public struct Arc<Token: TokenType>: InputArc {
  let variable: String
  let place: String
  var details: [(key: String, value: YamlText)] = []

  /// The token as a formula.
  public var value: Formula<Token> { Formula(text: variable) }

  /// Its entry in the file.
  public var entry: ArcEntry {
    ArcEntry(
      variable: variable,
      node: details.isEmpty
        ? .scalar(place) : .map([("from", .scalar(place))] + details))
  }

  /// A field of the token.
  public subscript<Member: TokenType>(
    dynamicMember path: KeyPath<Token, Member>
  ) -> Formula<Member> where Token: Record { value[dynamicMember: path] }

  /// Only a token for which this holds.
  public func `where`(_ condition: Formula<Bool>) -> Arc {
    with("where", condition.text)
  }

  /// Only when the token has been available for so long.
  public func after(_ wait: Formula<Duration>) -> Arc { with("after", wait.spelled) }

  /// Only from this instant on.
  public func at(_ instant: Formula<Date>) -> Arc { with("at", instant.text) }

  /// So many at once.
  public func count(_ count: Formula<Int>) -> ListArc<Token> { list(count.text) }

  /// At least and at most so many at once.
  public func count(_ low: Formula<Int>, to high: Formula<Int>) -> ListArc<Token> {
    list("\(low.text)..\(high.text)")
  }

  /// All there are, perhaps none.
  public var all: ListArc<Token> { list("all") }

  private func with(_ key: String, _ text: String) -> Arc {
    var arc = self
    arc.details.append((key, .scalar(text)))
    return arc
  }

  private func list(_ count: String) -> ListArc<Token> {
    ListArc(
      variable: variable, place: place, details: details + [("count", .scalar(count))])
  }
}

/// Several tokens out of a place: the variable is a list.
public struct ListArc<Token: TokenType>: InputArc {
  let variable: String
  let place: String
  let details: [(key: String, value: YamlText)]

  /// The tokens as a formula.
  public var value: Formula<[Token]> { Formula(text: variable) }

  /// Its entry in the file.
  public var entry: ArcEntry {
    ArcEntry(variable: variable, node: .map([("from", .scalar(place))] + details))
  }
}

extension TakenPlace {
  /// A token of this place under a name.
  public func token(_ variable: String) -> Arc<Token> { Arc(variable: variable, place: name) }
}
