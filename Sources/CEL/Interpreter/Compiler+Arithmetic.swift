/// `+ - * / %` and the sign.
extension Compiler {
  func arithmetic(
    _ function: Function, _ arguments: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    let codes = arguments.map { compile($0) }
    if codes.count == 2 {
      switch (codes[0].body, codes[1].body) {
      case (.int(let left), .int(let right)):
        return Code(
          .int { (frame) throws(EvaluationError) -> Int64 in
            try Arithmetic.apply(function, try left(frame), try right(frame), at: position)
          })
      case (.double(let left), .double(let right)) where function != .remainder:
        return Code(
          .double { (frame) throws(EvaluationError) -> Double in
            Arithmetic.apply(function, try left(frame), try right(frame))
          })
      case (.string(let left), .string(let right)) where function == .add:
        return Code(
          .string { (frame) throws(EvaluationError) -> String in
            let result = try left(frame) + (try right(frame))
            try frame.spend(result.utf8.count / 16, at: position)
            return result
          })
      default: break
      }
    }
    let operands = codes.map { $0.value() }
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        let left = try operands[0](frame)
        guard operands.count == 2 else {
          guard let result = try Arithmetic.negation(of: left, at: position) else {
            throw .noOverload(function, [left], at: position)
          }
          return result
        }
        let right = try operands[1](frame)
        guard let result = try Arithmetic.apply(function, left, right, at: position) else {
          throw .noOverload(function, [left, right], at: position)
        }
        try frame.spend(result.copiedSteps, at: position)
        return result
      }, of: expression.type, at: position)
  }
}

extension Value {
  /// What it cost to copy the outermost level of a value that was just made.
  var copiedSteps: Int {
    switch self {
    case .string(let string): string.utf8.count / 16
    case .bytes(let bytes): bytes.count / 16
    case .list(let list): list.count
    default: 0
    }
  }
}
