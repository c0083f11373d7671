/// Turns a checked expression into closures; what is constant is evaluated once, here.
struct Compiler {
  let timeZones: TimeZones
  /// What the locals of `cel.bind` around stand for.
  private(set) var bindings: [Int: Code] = [:]
  private let scratch = Frame(count: 0)

  init(timeZones: TimeZones) { self.timeZones = timeZones }

  /// The compiler of what stands under a binding.
  func binding(_ local: Int, to code: Code) -> Compiler {
    var inner = self
    inner.bindings[local] = code
    return inner
  }

  /// The compiler of what stands under a macro that uses these locals.
  func walking(_ locals: Range<Int>) -> Compiler {
    guard !bindings.isEmpty else { return self }
    var inner = self
    for local in locals { inner.bindings[local] = nil }
    return inner
  }

  func compile(_ expression: CheckedExpression) -> Code {
    let code = body(of: expression)
    guard code.constant == nil, expression.isClosed else { return code }
    scratch.begin(steps: ExpressionLimits.foldingStepsMax)
    // An error stays one of the evaluation: `false && 1 / 0 > 0` must not raise.
    guard let value = try? code.value()(scratch) else { return code }
    return Code(constant: value)
  }

  private func body(of expression: CheckedExpression) -> Code {
    switch expression.kind {
    case .literal(let value): return Code(constant: value)
    case .variable(let slot): return variable(slot, expression)
    case .local(let index): return local(index, expression)
    case .field(let operand, let name, let index):
      return field(of: operand, name, index, expression)
    case .has(let operand, let name, let index): return has(operand, name, index, expression)
    case .list(let elements): return list(elements, expression)
    case .map(let entries): return map(entries, expression)
    case .and(let operands): return logical(operands, deciding: false)
    case .or(let operands): return logical(operands, deciding: true)
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise)
    case .call(let function, let arguments): return call(function, arguments, expression)
    case .comprehension(let comprehension): return self.comprehension(comprehension, expression)
    case .raise(let error):
      return Code(.value { (_) throws(EvaluationError) -> Value in throw error })
    }
  }

  private func call(
    _ function: Function, _ arguments: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    switch function {
    case .equal, .notEqual: return equality(function, arguments, expression)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return ordering(function, arguments, expression)
    case .isIn: return membership(arguments, expression)
    case .index: return index(arguments, expression)
    case .optionalIndex: return optionalIndex(arguments, expression)
    case .optionalField: return optionalField(arguments, expression)
    case .not:
      let operand = compile(arguments[0]).bool(at: expression.position)
      return Code(.bool { (frame) throws(EvaluationError) -> Bool in try !operand(frame) })
    case .add, .subtract, .multiply, .divide, .remainder, .negate:
      return arithmetic(function, arguments, expression)
    case .named(let name): return named(name, arguments, expression)
    }
  }
}

extension CheckedExpression {
  /// Whether it reads neither slots nor variables of macros around it.
  fileprivate var isClosed: Bool { !readsSlots && lowestLocal == .max }
}
