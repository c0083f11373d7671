/// `&&`, `||` and `?:`.
extension Compiler {
  /// `&&` (deciding false) or `||` (deciding true): an operand that decides makes errors of the
  /// others void, on both sides; only the cost limit is never absorbed.
  func logical(_ operands: [CheckedExpression], deciding: Bool) -> Code {
    var result: Code?
    for operand in operands.reversed() {
      let code = compile(operand)
      if case .bool(let bool)? = code.constant {
        if bool == deciding { return code }
        continue
      }
      let first = code.bool(at: operand.position)
      guard let rest = result else {
        result = Code(.bool(first))
        continue
      }
      let second = rest.bool(at: operand.position)
      result = Code(
        .bool(deciding ? Self.disjunction(first, second) : Self.conjunction(first, second)))
    }
    return result ?? Code(constant: .bool(!deciding))
  }

  private static func conjunction(
    _ first: @escaping Evaluator<Bool>, _ second: @escaping Evaluator<Bool>
  ) -> Evaluator<Bool> {
    { (frame) throws(EvaluationError) -> Bool in
      let left: Bool
      do throws(EvaluationError) {
        left = try first(frame)
      } catch {
        if error.code == .costExceeded { throw error }
        if let right = try outcome(second, frame), !right { return false }
        throw error
      }
      return left ? try second(frame) : false
    }
  }

  private static func disjunction(
    _ first: @escaping Evaluator<Bool>, _ second: @escaping Evaluator<Bool>
  ) -> Evaluator<Bool> {
    { (frame) throws(EvaluationError) -> Bool in
      let left: Bool
      do throws(EvaluationError) {
        left = try first(frame)
      } catch {
        if error.code == .costExceeded { throw error }
        if let right = try outcome(second, frame), right { return true }
        throw error
      }
      return left ? true : try second(frame)
    }
  }

  /// Nil if it raises, unless that is for the cost.
  private static func outcome(
    _ evaluator: Evaluator<Bool>, _ frame: Frame
  ) throws(EvaluationError) -> Bool? {
    do throws(EvaluationError) {
      return try evaluator(frame)
    } catch {
      if error.code == .costExceeded { throw error }
      return nil
    }
  }

  func conditional(
    _ condition: CheckedExpression, _ then: CheckedExpression, _ otherwise: CheckedExpression
  ) -> Code {
    let code = compile(condition)
    if case .bool(let bool)? = code.constant { return compile(bool ? then : otherwise) }
    let condition = code.bool(at: condition.position)
    let then = compile(then)
    let otherwise = compile(otherwise)
    return switch (then.body, otherwise.body) {
    case (.bool(let then), .bool(let otherwise)):
      Code(.bool(Self.choice(condition, then, otherwise)))
    case (.int(let then), .int(let otherwise)): Code(.int(Self.choice(condition, then, otherwise)))
    case (.double(let then), .double(let otherwise)):
      Code(.double(Self.choice(condition, then, otherwise)))
    case (.string(let then), .string(let otherwise)):
      Code(.string(Self.choice(condition, then, otherwise)))
    default: Code(.value(Self.choice(condition, then.value(), otherwise.value())))
    }
  }

  private static func choice<Result>(
    _ condition: @escaping Evaluator<Bool>, _ then: @escaping Evaluator<Result>,
    _ otherwise: @escaping Evaluator<Result>
  ) -> Evaluator<Result> {
    { (frame) throws(EvaluationError) -> Result in
      try condition(frame) ? try then(frame) : try otherwise(frame)
    }
  }
}
