/// `==`, the orderings and `in`.
extension Compiler {
  func equality(
    _ function: Function, _ sides: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    let isNegated = function == .notEqual
    if let first = fieldReader(sides[0]), let second = fieldReader(sides[1]),
      sides.allSatisfy({ $0.type.isText })
    {
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          try first.string(frame).hasSameBytes(as: try second.string(frame)) != isNegated
        })
    }
    let left = compile(sides[0])
    let right = compile(sides[1])
    switch (left.body, right.body) {
    case (.bool(let left), .bool(let right)): return Code(.bool(Self.equal(left, right, isNegated)))
    case (.int(let left), .int(let right)): return Code(.bool(Self.equal(left, right, isNegated)))
    case (.double(let left), .double(let right)):
      return Code(.bool(Self.equal(left, right, isNegated)))
    case (.string(let left), .string(let right)):
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          try left(frame).hasSameBytes(as: try right(frame)) != isNegated
        })
    default: break
    }
    let position = expression.position
    let first = left.value()
    let second = right.value()
    return Code(
      .bool { (frame) throws(EvaluationError) -> Bool in
        try frame.areEqual(try first(frame), try second(frame), at: position) != isNegated
      })
  }

  private static func equal<Scalar: Equatable & SendableMetatype>(
    _ left: @escaping Evaluator<Scalar>, _ right: @escaping Evaluator<Scalar>, _ isNegated: Bool
  ) -> Evaluator<Bool> {
    { (frame) throws(EvaluationError) -> Bool in
      (try left(frame) == (try right(frame))) != isNegated
    }
  }

  func ordering(
    _ function: Function, _ sides: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    let left = compile(sides[0])
    let right = compile(sides[1])
    let limit: Int64? = if case .int(let limit)? = right.constant { limit } else { nil }
    switch (left.body, right.body) {
    case (.int(let left), .int(let right)):
      if let limit { return Code(.bool(Self.order(function, left, limit))) }
      return Code(.bool(Self.order(function, left, right)))
    case (.double(let left), .double(let right)):
      return Code(.bool(Self.order(function, left, right)))
    default: break
    }
    let position = expression.position
    let first = left.value()
    let second = right.value()
    return Code(
      .bool { (frame) throws(EvaluationError) -> Bool in
        let left = try first(frame)
        let right = try second(frame)
        guard let order = left.ordering(to: right) else {
          throw .noOverload(function, [left, right], at: position)
        }
        return switch function {
        case .less: order == .less
        case .lessOrEqual: order == .less || order == .equal
        case .greater: order == .greater
        default: order == .greater || order == .equal
        }
      })
  }

  private static func order<Scalar: Comparable & SendableMetatype>(
    _ function: Function, _ left: @escaping Evaluator<Scalar>,
    _ right: @escaping Evaluator<Scalar>
  ) -> Evaluator<Bool> {
    switch function {
    case .less:
      { (frame) throws(EvaluationError) -> Bool in try left(frame) < (try right(frame)) }
    case .lessOrEqual:
      { (frame) throws(EvaluationError) -> Bool in try left(frame) <= (try right(frame)) }
    case .greater:
      { (frame) throws(EvaluationError) -> Bool in try left(frame) > (try right(frame)) }
    default:
      { (frame) throws(EvaluationError) -> Bool in try left(frame) >= (try right(frame)) }
    }
  }

  private static func order(
    _ function: Function, _ operand: @escaping Evaluator<Int64>, _ limit: Int64
  ) -> Evaluator<Bool> {
    switch function {
    case .less: { (frame) throws(EvaluationError) -> Bool in try operand(frame) < limit }
    case .lessOrEqual: { (frame) throws(EvaluationError) -> Bool in try operand(frame) <= limit }
    case .greater: { (frame) throws(EvaluationError) -> Bool in try operand(frame) > limit }
    default: { (frame) throws(EvaluationError) -> Bool in try operand(frame) >= limit }
    }
  }

  func membership(_ arguments: [CheckedExpression], _ expression: CheckedExpression) -> Code {
    let element = compile(arguments[0])
    let container = compile(arguments[1])
    if case .list(let list)? = container.constant, let code = member(element, of: list) {
      return code
    }
    let position = expression.position
    let wanted = element.value()
    let range = container.value()
    let mayBeNull = if case .nullable = arguments[0].type { true } else { false }
    return Code(
      .bool { (frame) throws(EvaluationError) -> Bool in
        let element = try wanted(frame)
        if mayBeNull, case .null = element { throw .isNull(at: position) }
        let container = try range(frame)
        switch container {
        case .list(let list):
          for candidate in list where try frame.areEqual(candidate, element, at: position) {
            return true
          }
          return false
        case .map(let map): return MapValue.Key(element).map { map[$0] != nil } ?? false
        default: throw .noOverload(.isIn, [element, container], at: position)
        }
      })
  }

  /// Constant lists of strings or of integers become sets.
  private func member(_ element: Code, of list: [Value]) -> Code? {
    switch element.body {
    case .string(let string):
      let texts = list.compactMap { value -> ByteString? in
        if case .string(let text) = value { ByteString(text: text) } else { nil }
      }
      guard texts.count == list.count else { return nil }
      if texts.count <= 8 {
        // Comparing a few is quicker than hashing.
        let few = texts.map(\.text)
        return Code(
          .bool { (frame) throws(EvaluationError) -> Bool in
            let text = try string(frame)
            return few.contains { $0.hasSameBytes(as: text) }
          })
      }
      let set = Set(texts)
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          set.contains(ByteString(text: try string(frame)))
        })
    case .int(let int):
      let numbers = list.compactMap { value -> Int64? in
        if case .int(let number) = value { number } else { nil }
      }
      guard numbers.count == list.count else { return nil }
      let set = Set(numbers)
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in set.contains(try int(frame)) })
    default: return nil
    }
  }
}

extension Frame {
  /// CEL's `==`, paid for by the size of what is compared.
  func areEqual(
    _ left: Value, _ right: Value, at position: Int
  ) throws(EvaluationError) -> Bool {
    var comparison = Comparison(stepsLeft: stepsLeft)
    let result = comparison.areEqual(left, right)
    stepsLeft = comparison.stepsLeft
    guard comparison.stepsLeft >= 0 else { throw .tooCostly(at: position) }
    guard !comparison.metErased else { throw .isErased(at: position) }
    return result
  }
}
