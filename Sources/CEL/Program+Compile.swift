extension Program {
  /// Parses, checks and compiles an expression.
  ///
  /// With `expecting`, the result must be of that type: a `T` goes into `T?`, a string into an
  /// enumeration (literals are checked now, others when evaluated), `dyn` and `T?` into `T` with a
  /// check when evaluated; an `int` is not a `double`.
  package static func compile(
    _ text: String, in environment: Environment, expecting expected: ValueType? = nil
  ) throws(ExpressionProblems) -> Program {
    let tree = try Parser.parse(text)
    var checker = Checker(environment)
    let syntax = try checker.check(tree, expecting: expected)
    if environment.isChecked, syntax.mayBeCostly { _ = try CostBound.of(syntax) }
    return Program(
      text: text, syntax: syntax, type: expected ?? syntax.type, timeZones: environment.timeZones)
  }

  /// Compiles a checked tree.
  convenience init(
    text: String, syntax: CheckedExpression, type: ValueType, timeZones: TimeZones
  ) {
    var code = Compiler(timeZones: timeZones).compile(syntax)
    if let admission = Admission(from: syntax.type, to: type, at: syntax.position) {
      code = code.admitting(admission)
    }
    let value = code.value()
    let bool = code.bool(at: syntax.position)
    let isCondition = type == .bool
    self.init(
      text: text, type: type, slots: code.constant == nil ? syntax.slots : [],
      constant: code.constant, syntax: syntax, timeZones: timeZones,
      evaluate: { (frame) throws(EvaluationError) -> Value in
        frame.begin()
        return try value(frame)
      },
      decide: { (frame) throws(EvaluationError) -> Bool in
        precondition(isCondition, "only an expression of type bool holds or does not")
        frame.begin()
        return try bool(frame)
      })
  }
}
