/// What evaluates one node.
typealias Evaluator<Result> = @Sendable (Frame) throws(EvaluationError) -> Result

/// A compiled node: a closure that answers unboxed where the type is known to be simple.
struct Code: Sendable {
  enum Body: Sendable {
    case bool(Evaluator<Bool>)
    case int(Evaluator<Int64>)
    case double(Evaluator<Double>)
    case string(Evaluator<String>)
    case value(Evaluator<Value>)
  }

  var body: Body
  /// Set if the node always has this value.
  var constant: Value?

  init(_ body: Body, constant: Value? = nil) {
    self.body = body
    self.constant = constant
  }

  init(constant: Value) {
    self.constant = constant
    body =
      switch constant {
      case .bool(let bool): .bool { _ in bool }
      case .int(let int): .int { _ in int }
      case .double(let double): .double { _ in double }
      case .string(let string): .string { _ in string }
      default: .value { _ in constant }
      }
  }

  /// A closure whose values are of the given type, unboxed if that pays.
  init(_ evaluator: @escaping Evaluator<Value>, of type: ValueType, at position: Int) {
    let boxed = Code(.value(evaluator))
    switch type {
    case .bool: self.init(.bool(boxed.bool(at: position)))
    case .int: self.init(.int(boxed.int(at: position)))
    case .double: self.init(.double(boxed.double(at: position)))
    case .string, .enumeration: self.init(.string(boxed.string(at: position)))
    default: self = boxed
    }
  }
}

/// The closure in the wanted form; a value of another kind raises at `position`.
extension Code {
  func value() -> Evaluator<Value> {
    switch body {
    case .bool(let bool):
      { (frame) throws(EvaluationError) -> Value in .bool(try bool(frame)) }
    case .int(let int):
      { (frame) throws(EvaluationError) -> Value in .int(try int(frame)) }
    case .double(let double):
      { (frame) throws(EvaluationError) -> Value in .double(try double(frame)) }
    case .string(let string):
      { (frame) throws(EvaluationError) -> Value in .string(try string(frame)) }
    case .value(let value): value
    }
  }

  func bool(at position: Int) -> Evaluator<Bool> {
    if case .bool(let bool) = body { return bool }
    let value = value()
    return { (frame) throws(EvaluationError) -> Bool in
      let operand = try value(frame)
      if case .bool(let bool) = operand { return bool }
      throw .mismatch(operand, expected: "bool", at: position)
    }
  }

  func int(at position: Int) -> Evaluator<Int64> {
    if case .int(let int) = body { return int }
    let value = value()
    return { (frame) throws(EvaluationError) -> Int64 in
      let operand = try value(frame)
      if case .int(let int) = operand { return int }
      throw .mismatch(operand, expected: "int", at: position)
    }
  }

  func double(at position: Int) -> Evaluator<Double> {
    if case .double(let double) = body { return double }
    let value = value()
    return { (frame) throws(EvaluationError) -> Double in
      let operand = try value(frame)
      if case .double(let double) = operand { return double }
      throw .mismatch(operand, expected: "double", at: position)
    }
  }

  func string(at position: Int) -> Evaluator<String> {
    if case .string(let string) = body { return string }
    let value = value()
    return { (frame) throws(EvaluationError) -> String in
      let operand = try value(frame)
      if case .string(let string) = operand { return string }
      throw .mismatch(operand, expected: "string", at: position)
    }
  }
}

extension EvaluationError {
  /// A value of another kind than an operand must have; names kinds only.
  static func mismatch(
    _ value: Value, expected: String, at position: Int
  ) -> EvaluationError {
    switch value {
    case .null: .isNull(at: position)
    case .erased: .isErased(at: position)
    default:
      EvaluationError(
        .noSuchOverload, at: position, "Expected \(expected), found \(value.runtimeType).")
    }
  }

  /// Operands that no overload of a function takes.
  static func noOverload(
    _ function: Function, _ operands: [Value], at position: Int
  ) -> EvaluationError {
    if operands.contains(.erased) { return .isErased(at: position) }
    if operands.contains(.null) { return .isNull(at: position) }
    let kinds = operands.map { $0.runtimeType.description }.joined(separator: " and ")
    return EvaluationError(
      .noSuchOverload, at: position, "\(function.text) is not defined for \(kinds).")
  }
}

extension Value {
  /// What `type(x)` answers: `list` and `map` without what they hold.
  package var runtimeType: ValueType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .list: .list(.dyn)
    case .map: .map(.dyn, .dyn)
    case .record(let record): NetworkAddress(self)?.type ?? .record(record.type)
    case .blob: .blob
    case .type: .type(.dyn)
    case .optional: .optional(.dyn)
    case .erased: .dyn
    }
  }
}
