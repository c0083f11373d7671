/// A checked expression, compiled to closures over slots.
///
/// Evaluation is pure: equal frames give equal results. It raises instead of answering wrongly; an
/// error is never `false`.
///
/// A reference, because plans, outputs and conditions that hold programs are handed around by value.
package final class Program: Sendable {
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

  init(
    text: String, type: ValueType, slots: [Int], constant: Value?, syntax: CheckedExpression,
    timeZones: TimeZones, evaluate: @escaping @Sendable (Frame) throws(EvaluationError) -> Value,
    decide: @escaping @Sendable (Frame) throws(EvaluationError) -> Bool
  ) {
    self.text = text
    self.type = type
    self.slots = slots
    self.constant = constant
    self.syntax = syntax
    self.timeZones = timeZones
    self.evaluate = evaluate
    self.decide = decide
  }

  package func value(in frame: Frame) throws(EvaluationError) -> Value { try evaluate(frame) }

  /// - Precondition: the type is `bool`.
  package func holds(in frame: Frame) throws(EvaluationError) -> Bool { try decide(frame) }
}
