/// Arithmetic of CEL: integers raise instead of wrapping, doubles follow IEEE 754.
enum Arithmetic {
  static func apply(
    _ function: Function, _ left: Int64, _ right: Int64, at position: Int
  ) throws(EvaluationError) -> Int64 {
    try integer(function, left, right, at: position)
  }

  static func apply(_ function: Function, _ left: Double, _ right: Double) -> Double {
    switch function {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    default: left / right
    }
  }

  /// Nil if CEL does not define it.
  static func apply(
    _ function: Function, _ left: Value, _ right: Value, at position: Int
  ) throws(EvaluationError) -> Value? {
    switch (left, right) {
    case (.int(let left), .int(let right)):
      return .int(try integer(function, left, right, at: position))
    case (.uint(let left), .uint(let right)):
      return .uint(try integer(function, left, right, at: position))
    case (.double(let left), .double(let right)) where function != .remainder:
      return .double(apply(function, left, right))
    case (.string(let left), .string(let right)) where function == .add:
      return .string(left + right)
    case (.bytes(let left), .bytes(let right)) where function == .add: return .bytes(left + right)
    case (.list(let left), .list(let right)) where function == .add: return .list(left + right)
    default: return try time(function, left, right, at: position)
    }
  }

  static func negation(
    of value: Value, at position: Int
  ) throws(EvaluationError) -> Value? {
    switch value {
    case .int(let int): return .int(try integer(.subtract, 0, int, at: position))
    case .double(let double): return .double(-double)
    default: return nil
    }
  }

  private static func integer<Number: FixedWidthInteger>(
    _ function: Function, _ left: Number, _ right: Number, at position: Int
  ) throws(EvaluationError) -> Number {
    let result: (partialValue: Number, overflow: Bool)
    switch function {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    default:
      guard right != 0 else {
        throw EvaluationError(.divisionByZero, at: position, "Division by zero.")
      }
      result =
        function == .divide
        ? left.dividedReportingOverflow(by: right)
        : left.remainderReportingOverflow(dividingBy: right)
    }
    guard !result.overflow else { throw overflow(at: position) }
    return result.partialValue
  }

  private static func time(
    _ function: Function, _ left: Value, _ right: Value, at position: Int
  ) throws(EvaluationError) -> Value? {
    let result: Value?
    switch (function, left, right) {
    case (.add, .timestamp(let instant), .duration(let span)),
      (.add, .duration(let span), .timestamp(let instant)):
      result = instant.adding(span).map { .timestamp($0) }
    case (.add, .duration(let left), .duration(let right)):
      result = left.adding(right).map { .duration($0) }
    case (.subtract, .timestamp(let left), .timestamp(let right)):
      result = left.since(right).map { .duration($0) }
    case (.subtract, .timestamp(let instant), .duration(let span)):
      result = instant.subtracting(span).map { .timestamp($0) }
    case (.subtract, .duration(let left), .duration(let right)):
      result = left.subtracting(right).map { .duration($0) }
    case (.multiply, .duration(let span), .int(let factor)):
      result = span.multiplied(by: factor).map { .duration($0) }
    default: return nil
    }
    guard let value = result else { throw overflow(at: position) }
    return value
  }

  static func overflow(at position: Int) -> EvaluationError {
    EvaluationError(.overflow, at: position, "The result leaves the range of its type.")
  }
}
