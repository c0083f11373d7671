/// The labels of a closed question: `Bool`, or an enumeration of strings whose every case is a label.
///
/// What is routed by it is a `switch`, so a label without a route does not compile.
public protocol Verdict: Sendable {
  /// In the order of the prompt.
  static var labels: [Self] { get }
  /// As the prompt spells it.
  var label: String { get }
}

extension Bool: Verdict {
  /// In the order of the prompt.
  public static var labels: [Bool] { [true, false] }
  /// As the prompt spells it.
  public var label: String { self ? "true" : "false" }
}

extension Verdict where Self: CaseIterable & RawRepresentable, RawValue == String {
  /// In the order of the prompt.
  public static var labels: [Self] { Array(allCases) }
  /// As the prompt spells it.
  public var label: String { rawValue }
}

/// A prompt file as a net written in Swift sees it: its fields and its labels.
public struct Question<Fields: Record, Label: Verdict>: Sendable {
  let prompt: String

  /// - Parameter prompt: the name of the file `prompts/NAME.md`.
  public init(_ prompt: String) { self.prompt = prompt }
}

/// Which model is asked.
public enum Asked: Sendable {
  /// The operator's default.
  case standard
  case alias(String)
  /// Several, of which so many have to agree.
  case several([String], agree: Int)

  var entries: [(key: String, value: YamlText)] {
    switch self {
    case .standard: []
    case .alias(let name): [("model", .scalar(name))]
    case .several(let names, let agree):
      [("model", .list(names.map { .scalar($0) })), ("agree", .scalar("\(agree)"))]
    }
  }
}

/// How many firings of a transition may be in flight.
public struct FiringLimitation: Sendable {
  let node: YamlText

  /// So many in all.
  public static func max(_ count: Formula<Int>) -> FiringLimitation {
    FiringLimitation(node: .scalar(count.text))
  }

  /// So many for each value of a key.
  public static func max<Key: TokenType>(
    _ count: Formula<Int>, per key: Formula<Key>
  ) -> FiringLimitation {
    FiringLimitation(node: .map([("max", .scalar(count.text)), ("per", .scalar(key.text))]))
  }
}
