/// A checked expression, compiled to closures over slots.
///
/// Evaluation is pure: equal frames give equal results. It raises instead of answering wrongly; an
/// error is never `false`.
package struct Program: Sendable {
  /// The text it was compiled from.
  package let text: String
  /// What it evaluates to (after `expecting` was applied).
  package let type: ValueType
  /// The slots it may read, ascending, constants left out.
  package let slots: [Int]
  /// Set if the expression reads no slot and does not raise.
  package let constant: Value?
  /// The checked tree, for the prover, the tracer of personal fields and join keys.
  package let syntax: CheckedExpression
  let evaluate: @Sendable (Frame) throws(EvaluationError) -> Value
  let decide: (@Sendable (Frame) throws(EvaluationError) -> Bool)?

  package func value(in frame: Frame) throws(EvaluationError) -> Value { try evaluate(frame) }

  /// - Precondition: the type is `bool`.
  package func holds(in frame: Frame) throws(EvaluationError) -> Bool {
    guard let decide else { preconditionFailure("a condition was compiled with type \(type)") }
    return try decide(frame)
  }
}

/// The values of the variables while one expression is evaluated. Owned by one thread.
package final class Frame {
  package var slots: [Value]

  package init(count: Int) { slots = Array(repeating: .null, count: count) }
}

/// Why an evaluation raised. Carries no value: an incident records code and position only.
package struct EvaluationError: Error, Equatable, Sendable {
  package enum Code: String, Sendable {
    case divisionByZero = "division_by_zero"
    case overflow
    case noSuchKey = "no_such_key"
    case noSuchField = "no_such_field"
    case noSuchOverload = "no_such_overload"
    case indexOutOfRange = "index_out_of_range"
    case nullValue = "null_value"
    case invalidArgument = "invalid_argument"
    case outOfRange = "out_of_range"
    case costExceeded = "cost_exceeded"
    case erased
  }

  package var code: Code
  /// Offset in Unicode scalars from the start of the expression.
  package var position: Int
  /// Free of values: names, types and what was expected.
  package var message: String

  package init(_ code: Code, at position: Int = 0, _ message: String) {
    self.code = code
    self.position = position
    self.message = message
  }
}

/// A mistake found when an expression is parsed or checked.
package struct ExpressionProblem: Error, Equatable, Sendable {
  package enum Kind: String, Sendable {
    case syntax, unknownName, unknownField, unknownFunction, type, literal, tooDeep, tooCostly
  }

  package var kind: Kind
  /// Offset and length in Unicode scalars.
  package var position: Int
  package var length: Int
  package var found: String
  package var expected: String
  /// The nearest known name, when one is close.
  package var nearest: String?
  /// One sentence without the place.
  package var message: String
}

/// All the mistakes of one expression; never empty.
package struct ExpressionProblems: Error, Equatable, Sendable {
  package var problems: [ExpressionProblem]
}
