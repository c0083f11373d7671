public import Foundation

/// A token that an outcome puts.
public struct Put: Sendable {
  let place: String
  let node: YamlText

  /// It is available only after so long.
  public func after(_ wait: Formula<Duration>) -> Put { delayed("after", wait.spelled) }

  /// It is available only from this instant on.
  public func at(_ instant: Formula<Date>) -> Put { delayed("at", instant.text) }

  private func delayed(_ key: String, _ text: String) -> Put {
    var entries: [(key: String, value: YamlText)] = [("put", node)]
    if case .map(let own) = node, own.contains(where: { $0.key == "each" }) { entries = own }
    return Put(place: place, node: .map(entries + [(key, .scalar(text))]))
  }
}

/// The value of one field of a record under construction.
public struct Setting<Root: Record>: Sendable {
  let name: String
  let text: String

  /// A field by an expression of its type.
  public static func set<Value: TokenType>(
    _ path: KeyPath<Root, Value>, _ value: Formula<Value>
  ) -> Setting { Setting(name: Root.name(of: path), text: value.text) }

  /// A field by a whole token.
  public static func set<Value: TokenType>(
    _ path: KeyPath<Root, Value>, _ token: Arc<Value>
  ) -> Setting { set(path, token.value) }

  /// An optional field by a value.
  public static func set<Value: TokenType>(
    _ path: KeyPath<Root, Value?>, some value: Formula<Value>
  ) -> Setting { Setting(name: Root.name(of: path), text: value.text) }

  /// An optional field left empty.
  public static func empty<Value: TokenType>(_ path: KeyPath<Root, Value?>) -> Setting {
    Setting(name: Root.name(of: path), text: "null")
  }

  /// A member of an enumeration.
  public static func set<Value: Enumeration>(
    _ path: KeyPath<Root, Value>, _ member: Value
  ) -> Setting { set(path, .value(member)) }

  static func entries(_ settings: [Setting]) -> [(key: String, value: YamlText)] {
    settings.map { ($0.name, .scalar($0.text)) }
  }
}

extension FilledPlace {
  /// A token with this value.
  public func put(_ value: Formula<Token>) -> Put {
    Put(place: name, node: .scalar(value.text))
  }

  /// A token that was taken, unchanged.
  public func put(_ token: Arc<Token>) -> Put { put(token.value) }

  /// One token that holds all the taken ones.
  public func put<Element: TokenType>(_ tokens: ListArc<Element>) -> Put
  where Token == [Element] { put(tokens.value) }

  /// One token for each element.
  public func putEach(_ list: Formula<[Token]>) -> Put {
    Put(place: name, node: .map([("each", .scalar(list.text))]))
  }

  /// One token for each taken one.
  public func putEach(_ tokens: ListArc<Token>) -> Put { putEach(tokens.value) }

  /// One token for each element, made of it; `variable` is its name in the formulas.
  public func putEach<Element: TokenType>(
    _ list: Formula<[Element]>, as variable: String,
    _ make: (Self, Formula<Element>) -> Put
  ) -> Put {
    let put = make(self, Formula<Element>(text: variable))
    return Put(
      place: name,
      node: .map([
        ("each", .scalar(list.text)), ("as", .scalar(variable)), ("put", put.node),
      ]))
  }
}

extension FilledPlace where Token == Unit {
  /// A token without a value.
  public func put() -> Put { Put(place: name, node: .scalar("unit")) }
}

extension FilledPlace where Token: Record {
  /// A record made field by field; what is left out takes its default.
  public func put(_ settings: Setting<Token>...) -> Put {
    Put(place: name, node: .map(Setting.entries(settings)))
  }

  /// A record made of another one, with some fields changed.
  public func put<Source: Record>(
    copying source: Formula<Source>, _ settings: Setting<Token>...
  ) -> Put {
    Put(place: name, node: .map([("copy", .scalar(source.text))] + Setting.entries(settings)))
  }

  /// A record made of a taken one, with some fields changed.
  public func put<Source: Record>(
    copying source: Arc<Source>, _ settings: Setting<Token>...
  ) -> Put {
    Put(
      place: name,
      node: .map([("copy", .scalar(source.value.text))] + Setting.entries(settings)))
  }
}
