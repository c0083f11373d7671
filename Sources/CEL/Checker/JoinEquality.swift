/// `left == right` as a conjunct of a condition, each side a function of one variable: an index of
/// the right side's keys serves the left side's values, and the other way round.
///
/// Both sides are of one type, or of that type and its `T?`, and the type is one whose values are
/// equal exactly if their keys are: `bool`, `int`, `uint`, `double`, `string`, enumerations,
/// `bytes`, `timestamp`, `duration` and `blob`. Numbers of different types never meet here: the
/// checker refuses `1 == 1.0`, and what is `dyn`, where they may meet, stays in the residue, as do
/// lists, maps and records.
package struct JoinEquality: Sendable {
  package struct Side: Sendable {
    /// The one variable that is read.
    package let slot: Int
    package let expression: CheckedExpression

    /// Set if the side only reads the variable or a record field of it, and so on: the key can be
    /// taken from a token without evaluating anything.
    package var path: CheckedExpression.Path? { expression.path }
  }

  /// As written.
  package let left: Side
  package let right: Side
  /// The whole conjunct.
  package let expression: CheckedExpression

  /// What a value of a side is found by in an index: two values are equal in CEL if and only if both
  /// have keys and the keys are identical (`==`, `hash`). Nil for a value that equals nothing: `NaN`.
  ///
  /// `null` is a key: CEL's `null == null` holds. A value with an erased part has none, but does not
  /// count as unequal either: comparing it raises, so ask `mustBeCompared` first.
  package static func key(of value: Value) -> Value? {
    switch value {
    case .double(let double) where double.isNaN: nil
    case .double(let double) where double == 0: .double(0)
    default: value
    }
  }

  /// Whether comparing the value raises, so that its token must be tried with every other.
  ///
  /// The same holds where computing a side raises, as reading a field of `null` does.
  package static func mustBeCompared(_ value: Value) -> Bool {
    if case .erased = value { true } else { false }
  }

  /// Nil if the expression is no such equality.
  init?(_ expression: CheckedExpression) {
    guard let sides = expression.equality, let left = Side(sides.left),
      let right = Side(sides.right), left.slot != right.slot,
      let type = sides.left.type.nonNull.keyType, type == sides.right.type.nonNull.keyType
    else { return nil }
    self.left = left
    self.right = right
    self.expression = expression
  }
}

extension CheckedExpression {
  /// Set if the expression is `path == constant` or `constant == path`, of a type whose values are
  /// equal exactly if their keys are: the constant by its key.
  package var constantEquality: (path: Path, key: Value)? {
    guard let sides = equality, let type = sides.left.type.nonNull.keyType,
      type == sides.right.type.nonNull.keyType
    else { return nil }
    for (side, other) in [(sides.left, sides.right), (sides.right, sides.left)] {
      guard let path = side.path, case .literal(let literal) = other.kind,
        let key = JoinEquality.key(of: literal)
      else { continue }
      return (path, key)
    }
    return nil
  }
}

extension JoinEquality.Side {
  fileprivate init?(_ expression: CheckedExpression) {
    let slots = expression.slots
    guard slots.count == 1 else { return nil }
    slot = slots[0]
    self.expression = expression
  }
}

extension ValueType {
  /// The type under which values are keys; nil if equality is not that of keys.
  fileprivate var keyType: ValueType? {
    switch self {
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .blob: self
    case .enumeration: .string
    default: nil
    }
  }
}

/// A condition cut into what an index can serve and the rest.
package struct JoinConjunction: Sendable {
  /// In the order of the text.
  package let equalities: [JoinEquality]
  /// The other conjuncts, in the order of the text.
  package let residue: [CheckedExpression]
}

extension CheckedExpression {
  /// The conjuncts of the expression, equalities between two variables apart.
  ///
  /// Where all the equalities hold the expression is what the residue is; where one of them is false
  /// it is false, whatever the others do, since in CEL `false` decides over errors.
  package var joinEqualities: JoinConjunction {
    var equalities: [JoinEquality] = []
    var residue: [CheckedExpression] = []
    for conjunct in conjuncts {
      if let equality = JoinEquality(conjunct) {
        equalities.append(equality)
      } else {
        residue.append(conjunct)
      }
    }
    return JoinConjunction(equalities: equalities, residue: residue)
  }
}

extension Program {
  /// A part of this program's syntax as a program over the same slots, such as a side of a join.
  ///
  /// - Precondition: `part` stands under no macro.
  package func part(_ part: CheckedExpression) -> Program {
    Program(text: text, syntax: part, type: part.type, timeZones: timeZones)
  }

  /// What is left of the condition once its join equalities are known to hold; nil if nothing is.
  ///
  /// - Precondition: the type is `bool`.
  package var joinResidue: Program? {
    let conjuncts = syntax.joinEqualities.residue
    guard let first = conjuncts.first else { return nil }
    guard conjuncts.count > 1 else { return part(first) }
    return part(
      CheckedExpression(
        kind: .and(conjuncts), type: .bool, position: syntax.position, length: syntax.length))
  }
}
