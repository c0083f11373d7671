/// What bounds an expression before and while it runs.
package enum ExpressionLimits {
  /// Levels of nesting of the tree and of parentheses.
  package static let depthMax = 250
  /// Unicode scalars of the text.
  package static let scalarsMax = 1_000_000
  /// Nodes of the tree.
  package static let nodesMax = 100_000
  /// Macros inside macros.
  package static let macroDepthMax = 64
  /// Steps of one evaluation: one for each node of a macro's body each time it is walked, and one
  /// for each element, or each 16 bytes, that a function copies, compares or searches.
  package static let stepsMax = 1_000_000
  /// The most steps that an expression may take by what is known before it runs; above it is refused
  /// when it is compiled.
  package static let boundMax = stepsMax
  /// Elements of a list or a map whose size is not declared, for that bound.
  package static let assumedElements = 100
  /// Bytes of a text whose size is not declared, for that bound.
  package static let assumedBytes = 256
  /// Steps spent on folding one constant part when an expression is compiled.
  static let foldingStepsMax = 100_000
  /// Digits after the point that `format` writes.
  package static let precisionMax = 100
  /// Instructions of one regular expression.
  package static let patternInstructionsMax = 20_000
  /// `{n,m}` in a regular expression.
  package static let patternRepetitionMax = 1_000
  /// Levels of groups in a regular expression.
  package static let patternDepthMax = 200
}
