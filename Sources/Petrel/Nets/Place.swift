/// A place of a net written in Swift.
public protocol NetPlace: Sendable {
  /// The colour of its tokens.
  associatedtype Token: TokenType
  /// As the file would spell it.
  var name: String { get }
  /// Its entry in the file.
  var entry: PlaceEntry { get }
}

/// What a file says of a place.
public struct PlaceEntry: Sendable {
  let node: YamlText
  let type: TypeSpelling
}

/// A place out of which transitions may take tokens.
public protocol TakenPlace<Token>: NetPlace {}

/// A place into which transitions may put tokens.
public protocol FilledPlace<Token>: NetPlace {}

/// How a place orders its tokens.
public struct TokenOrder<Token>: Sendable {
  let text: String

  /// The smallest value of a field first.
  public static func ascending<Value: TokenType>(
    _ path: KeyPath<Token, Value>
  ) -> TokenOrder where Token: Record { TokenOrder(text: Token.name(of: path)) }

  /// The greatest value of a field first.
  public static func descending<Value: TokenType>(
    _ path: KeyPath<Token, Value>
  ) -> TokenOrder where Token: Record { TokenOrder(text: "-\(Token.name(of: path))") }

  /// The one available longest first.
  public static var available: TokenOrder { TokenOrder(text: "available") }
}

/// A place for tokens of cases.
public struct Place<Token: TokenType>: TakenPlace, FilledPlace {
  /// As the file spells it.
  public let name: String
  /// Its entry in the file.
  public let entry: PlaceEntry

  /// - Parameter capacity: tokens at rest and reserved, of all cases together.
  public init(_ name: String, capacity: Int? = nil, order: [TokenOrder<Token>] = []) {
    self.name = name
    entry = PlaceEntry(Token.self, nil, capacity, order)
  }
}

/// Where cases come in; its token is `input` in the whole case.
public struct StartPlace<Token: TokenType>: TakenPlace, FilledPlace {
  /// As the file spells it.
  public let name: String
  /// Its entry in the file.
  public let entry: PlaceEntry
  /// The case's first token.
  public var input: Formula<Token> { Formula(text: "input") }

  /// Named as the file spells it.
  public init(_ name: String, capacity: Int? = nil, order: [TokenOrder<Token>] = []) {
    self.name = name
    entry = PlaceEntry(Token.self, "start", capacity, order)
  }
}

/// Where results stay; nothing is taken out of it.
public struct EndPlace<Token: TokenType>: FilledPlace {
  /// As the file spells it.
  public let name: String
  /// Its entry in the file.
  public let entry: PlaceEntry

  /// - Parameter many: whether a case may end with several tokens here.
  public init(_ name: String, many: Bool = false) {
    self.name = name
    entry = PlaceEntry(
      Token.self, "end", nil, [TokenOrder<Token>](),
      more: many ? [("many", .scalar("true"))] : [])
  }
}

/// A place for tokens of no case, one marking for all versions and importers.
public struct SharedPlace<Token: TokenType>: TakenPlace, FilledPlace {
  /// As the file spells it.
  public let name: String
  /// Its entry in the file.
  public let entry: PlaceEntry

  /// Named as the file spells it.
  public init(_ name: String, capacity: Int? = nil, order: [TokenOrder<Token>] = []) {
    self.name = name
    entry = PlaceEntry(Token.self, "shared", capacity, order)
  }

  /// - Parameters:
  ///   - key: the field that is unique among the tokens.
  ///   - initial: what it is filled with once, each by the names of its fields; JSON for lists.
  public init<Key: TokenType>(
    _ name: String, key: KeyPath<Token, Key>, capacity: Int? = nil,
    order: [TokenOrder<Token>] = [], initial: [[String: String]] = []
  ) where Token: Record {
    self.name = name
    var more: [(String, YamlText)] = [("key", .scalar(Token.name(of: key)))]
    if !initial.isEmpty {
      more.append(
        (
          "initial",
          .list(
            initial.map { token in
              .map(token.sorted { $0.key < $1.key }.map { ($0.key, .scalar($0.value)) })
            })
        ))
    }
    entry = PlaceEntry(Token.self, "shared", capacity, order, more: more)
  }
}

extension SharedPlace where Token == Unit {
  /// - Parameter initial: how many tokens it is filled with once.
  public init(_ name: String, initial: Formula<Int>) {
    self.name = name
    entry = PlaceEntry(
      Unit.self, "shared", nil, [TokenOrder<Unit>](),
      more: [("initial", .scalar(initial.text))])
  }
}

/// Filled from outside while cases run; nothing else puts into it.
public struct MessagePlace<Token: Record>: TakenPlace {
  /// As the file spells it.
  public let name: String
  /// Its entry in the file.
  public let entry: PlaceEntry

  /// - Parameters:
  ///   - key: a second message of the same value is answered as the first.
  ///   - keep: after so long an unmatched message expires.
  public init<Key: TokenType>(
    _ name: String, key: KeyPath<Token, Key>, keep: Formula<Duration>
  ) {
    self.name = name
    entry = PlaceEntry(
      Token.self, "message", nil, [TokenOrder<Token>](),
      more: [("key", .scalar(Token.name(of: key))), ("keep", .scalar(keep.spelled))])
  }

  /// Messages without a key.
  public init(_ name: String, keep: Formula<Duration>) {
    self.name = name
    entry = PlaceEntry(
      Token.self, "message", nil, [TokenOrder<Token>](), more: [("keep", .scalar(keep.spelled))])
  }
}

extension PlaceEntry {
  init<Token: TokenType>(
    _ type: Token.Type, _ kind: String?, _ capacity: Int?, _ order: [TokenOrder<Token>],
    more: [(String, YamlText)] = []
  ) {
    let spelling = Token.spelling
    var entries: [(String, YamlText)] = [(kind ?? "type", spelling.node)]
    if let capacity { entries.append(("capacity", .scalar("\(capacity)"))) }
    if !order.isEmpty { entries.append(("order", .list(order.map { .scalar($0.text) }))) }
    entries += more
    let isShort = kind == nil && entries.count == 1
    self.init(
      node: isShort ? spelling.node : .map(entries.map { (key: $0.0, value: $0.1) }),
      type: spelling)
  }
}
