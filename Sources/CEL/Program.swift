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
  let timeZones: TimeZones
  let evaluate: @Sendable (Frame) throws(EvaluationError) -> Value
  /// Not optional: an optional closure is called through two thunks.
  let decide: @Sendable (Frame) throws(EvaluationError) -> Bool

  package func value(in frame: Frame) throws(EvaluationError) -> Value { try evaluate(frame) }

  /// - Precondition: the type is `bool`.
  package func holds(in frame: Frame) throws(EvaluationError) -> Bool { try decide(frame) }
}
