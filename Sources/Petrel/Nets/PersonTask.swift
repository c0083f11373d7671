public import Foundation

/// The closed outcomes of a task or of a called workflow: cases of an enumeration of strings.
public protocol Outcome: CaseIterable, RawRepresentable, Sendable where RawValue == String {}

/// Who is asked.
public enum TaskGroup: Sendable {
  case named(String)
  case computed(Formula<String>)

  var text: String {
    switch self {
    case .named(let name): name
    case .computed(let formula): "string(\(formula.text))"
    }
  }
}

/// When a task ought to be answered; shown and measured.
public enum TaskDue: Sendable {
  case after(Formula<Duration>)
  case at(Formula<Date>)

  var text: String {
    switch self {
    case .after(let wait): wait.spelled
    case .at(let instant): instant.text
    }
  }
}

/// What a person sees beside the title.
public struct Shown: Sendable {
  let name: String
  let text: String

  /// A value under a name.
  public static func show<Value: TokenType>(
    _ name: String, _ value: Formula<Value>
  ) -> Shown { Shown(name: name, text: value.text) }
}

/// An answer, in the formulas of its outcome.
@dynamicMemberLookup
public struct Answered<Form: TokenType>: Sendable {
  /// Who answered.
  public var by: Formula<String> { Formula(text: "answer.by") }
  /// When.
  public var at: Formula<Date> { Formula(text: "answer.at") }

  /// A field of the form.
  public subscript<Member: TokenType>(
    dynamicMember path: KeyPath<Form, Member>
  ) -> Formula<Member> where Form: Record { Formula<Member>(text: "answer.\(Form.name(of: path))") }
}

/// What one outcome of a task puts.
public struct TaskRoute: Sendable {
  let puts: [Put]
  let form: TypeSpelling?

  /// Without looking at the answer.
  public static func puts(_ puts: Put...) -> TaskRoute { TaskRoute(puts: puts, form: nil) }

  /// By who answered, and when.
  public static func answered(_ make: (Answered<Unit>) -> [Put]) -> TaskRoute {
    TaskRoute(puts: make(Answered<Unit>()), form: nil)
  }

  /// By what the person filled in.
  public static func form<Form: Record>(
    _ type: Form.Type, _ make: (Answered<Form>) -> [Put]
  ) -> TaskRoute { TaskRoute(puts: make(Answered<Form>()), form: Form.spelling) }
}

/// A workflow that a net calls: what its start place takes, and its end places.
public struct Callee<Input: TokenType, Ends: Outcome>: Sendable {
  let name: String

  /// Named as the file spells it.
  public init(_ name: String) { self.name = name }
}

/// What one end place of a called workflow leads to.
public struct CallRoute: Sendable {
  let puts: [Put]

  /// Without looking at the result.
  public static func puts(_ puts: Put...) -> CallRoute { CallRoute(puts: puts) }

  /// By the result, of this type.
  public static func result<Result: TokenType>(
    _ type: Result.Type, _ make: (Formula<Result>) -> [Put]
  ) -> CallRoute { CallRoute(puts: make(Formula<Result>(text: "result"))) }
}
