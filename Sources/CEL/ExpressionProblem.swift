/// A mistake found when an expression is parsed or checked.
package struct ExpressionProblem: Error, Equatable, Sendable {
  package enum Kind: String, Sendable {
    case syntax, unknownName, unknownField, unknownFunction, type, literal, tooDeep, tooCostly
  }

  package var kind: Kind
  /// Offset and length in Unicode scalars.
  package var position: Int
  package var length: Int
  package var found: String
  package var expected: String
  /// The nearest known name, when one is close.
  package var nearest: String?
  /// One sentence without the place.
  package var message: String

  package init(
    kind: Kind, position: Int, length: Int, found: String, expected: String,
    nearest: String? = nil, message: String
  ) {
    self.kind = kind
    self.position = position
    self.length = length
    self.found = found
    self.expected = expected
    self.nearest = nearest
    self.message = message
  }
}

/// All the mistakes of one expression; never empty.
package struct ExpressionProblems: Error, Equatable, Sendable {
  /// Ascending by position.
  package var problems: [ExpressionProblem]

  package init(problems: [ExpressionProblem]) { self.problems = problems }
}
