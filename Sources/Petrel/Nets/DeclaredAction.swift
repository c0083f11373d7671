/// An action as a net declares it, whatever performs it.
public protocol DeclaredAction: Sendable {
  var name: String { get }
  /// Its entry in the file.
  var entry: ActionEntry { get }
}

/// What a file says of an action.
public struct ActionEntry: Sendable {
  let node: YamlText
  let types: [TypeSpelling]

  init<Input: TokenType, Output: TokenType>(
    _ input: Input.Type, _ output: Output.Type, effect: String
  ) {
    node = .map([
      ("takes", Input.spelling.node), ("returns", Output.spelling.node),
      ("effect", .scalar(effect)),
    ])
    types = [Input.spelling, Output.spelling]
  }
}

/// An action whose effect cannot be repeated: the net has to say where a case goes when nobody knows
/// whether it took place.
public struct FinalAction<Input: TokenType, Output: TokenType>: DeclaredAction {
  /// As the file spells it.
  public let name: String
  /// Its entry in the file.
  public var entry: ActionEntry { ActionEntry(Input.self, Output.self, effect: "final") }

  /// Named as the file spells it.
  public init(_ name: String) { self.name = name }
}

/// An action without an effect, or with one that may take place twice.
public struct RepeatableAction<Input: TokenType, Output: TokenType>: DeclaredAction {
  /// Whether it changes anything.
  public enum Effect: String, Sendable { case none, repeatable }

  /// As the file spells it.
  public let name: String
  let effect: Effect
  /// Its entry in the file.
  public var entry: ActionEntry {
    ActionEntry(Input.self, Output.self, effect: effect.rawValue)
  }

  /// Named as the file spells it.
  public init(_ name: String, effect: Effect) {
    self.name = name
    self.effect = effect
  }
}

extension FinalAction where Input: Codable, Output: Codable {
  /// The Swift function that performs it; one of another type does not compile.
  public func performed(
    by body: @escaping @Sendable (Input, ActionContext) async throws -> Output
  ) -> Action { Action(name, body) }
}

extension RepeatableAction where Input: Codable, Output: Codable {
  /// The Swift function that performs it; one of another type does not compile.
  public func performed(
    by body: @escaping @Sendable (Input, ActionContext) async throws -> Output
  ) -> Action { Action(name, body) }
}

/// What an action, or the start place of a called workflow, is given.
public struct Argument<Input: TokenType>: Sendable {
  let node: YamlText

  /// A value of its type.
  public static func value(_ value: Formula<Input>) -> Argument {
    Argument(node: .scalar(value.text))
  }

  /// A token that was taken.
  public static func token(_ token: Arc<Input>) -> Argument { value(token.value) }

  /// A record, field by field.
  public static func fields(_ settings: Setting<Input>...) -> Argument where Input: Record {
    Argument(node: .map(Setting.entries(settings)))
  }
}

extension Argument where Input == Unit {
  /// Nothing.
  public static var nothing: Argument { Argument(node: .scalar("unit")) }
}

/// How often an action is tried within one firing.
public struct Retry: Sendable {
  let node: YamlText

  /// - Parameters:
  ///   - attempts: at least 1.
  ///   - first: the wait after the first attempt; it doubles up to `last`.
  public static func attempts(
    _ attempts: Formula<Int>, from first: Formula<Duration> = .seconds(1),
    upTo last: Formula<Duration> = .seconds(30)
  ) -> Retry {
    Retry(
      node: .map([
        ("attempts", .scalar(attempts.text)),
        ("backoff", .scalar("\(first.spelled)..\(last.spelled)")),
      ]))
  }
}

/// What is known of an action that did not succeed.
public struct Failed: Sendable {
  /// Of the action's closed enumeration.
  public var code: Formula<String> { Formula(text: "error.code") }
  /// How many there were.
  public var attempts: Formula<Int> { Formula(text: "error.attempts") }
}
