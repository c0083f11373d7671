extension Program {
  /// Parses, checks and compiles an expression.
  ///
  /// With `expecting`, the result must be of that type: a `T` goes into `T?`, a string into an
  /// enumeration (literals are checked now, others when evaluated), `dyn` and `T?` into `T` with a
  /// check when evaluated; an `int` is not a `double`.
  package static func compile(
    _ text: String, in environment: Environment, expecting: ValueType? = nil
  ) throws(ExpressionProblems) -> Program {
    throw ExpressionProblems(problems: [])
  }
}
