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

extension EvaluationError {
  static func tooCostly(at position: Int) -> EvaluationError {
    EvaluationError(
      .costExceeded, at: position,
      "The evaluation takes more than \(ExpressionLimits.stepsMax) steps.")
  }

  static func isNull(at position: Int) -> EvaluationError {
    EvaluationError(.nullValue, at: position, "The value is null.")
  }

  static func isErased(at position: Int) -> EvaluationError {
    EvaluationError(.erased, at: position, "A personal value was erased.")
  }
}
