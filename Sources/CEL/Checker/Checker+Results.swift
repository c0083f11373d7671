extension Checker {
  /// Reports unless the expression may stand where a value of type `expected` is wanted.
  mutating func accept(_ expression: CheckedExpression, as expected: ValueType) {
    guard unifier.unify(expression.type, with: expected) else {
      let found = describe(expression.type)
      let wanted = describe(expected)
      let isWidening =
        unifier.resolved(expression.type).nonNull == .int && expected.nonNull == .double
      return report(
        .type, expression, found: found, expected: wanted,
        isWidening
          ? "Expected double, found int: write `double(x)` or a decimal point."
          : "Expected \(wanted), found \(found).")
    }
    checkLiterals(in: expression, against: expected)
  }

  /// Reports each literal that meets an enumeration without being a member of it.
  mutating func checkLiterals(in expression: CheckedExpression, against type: ValueType) {
    guard environment.isChecked else { return }
    switch (expression.kind, unifier.resolved(type).nonNull) {
    case (.literal(.string(let text)), .enumeration(let enumeration)):
      guard !enumeration.contains(text) else { return }
      report(
        .literal, expression, found: "'\(text)'",
        expected: enumeration.members.prefix(40).map { "'\($0)'" }.joined(separator: ", "),
        nearest: nearestName(to: text, among: enumeration.members)?.name,
        "'\(text)' is no member of \(enumeration.name).")
    case (.conditional(_, let then, let otherwise), let type):
      checkLiterals(in: then, against: type)
      checkLiterals(in: otherwise, against: type)
    case (.list(let elements), .list(let type)):
      for element in elements { checkLiterals(in: element.value, against: type) }
    case (.map(let entries), .map(let key, let value)):
      for entry in entries {
        checkLiterals(in: entry.key, against: key)
        checkLiterals(in: entry.value, against: value)
      }
    default: break
    }
  }

  /// The literals on both sides of `in`.
  mutating func checkMembers(_ element: CheckedExpression, _ container: CheckedExpression) {
    switch unifier.resolved(container.type).nonNull {
    case .list(let type), .map(let type, _): checkLiterals(in: element, against: type)
    default: break
    }
    checkLiterals(in: container, against: .list(element.type))
    if case .map(let entries) = container.kind {
      for entry in entries { checkLiterals(in: entry.key, against: element.type) }
    }
  }

  func describe(_ type: ValueType) -> String {
    unifier.resolved(type, unknownAsDyn: true).description
  }

  mutating func report(
    _ kind: ExpressionProblem.Kind, _ expression: CheckedExpression, found: String,
    expected: String, nearest: String? = nil, _ message: String
  ) {
    report(
      kind, expression.position..<expression.position + expression.length, found: found,
      expected: expected, nearest: nearest, message)
  }

  mutating func report(
    _ kind: ExpressionProblem.Kind, _ range: Range<Int>, found: String, expected: String,
    nearest: String? = nil, _ message: String
  ) {
    problems.append(
      ExpressionProblem(
        kind: kind, position: range.lowerBound, length: max(range.count, 1), found: found,
        expected: expected, nearest: nearest, message: message))
  }
}

extension CheckedExpression {
  /// The tree with each type replaced.
  func mappingTypes(_ replacement: (ValueType) -> ValueType) -> CheckedExpression {
    func map(_ expression: CheckedExpression) -> CheckedExpression {
      expression.mappingTypes(replacement)
    }
    let kind: Kind =
      switch self.kind {
      case .literal, .variable, .local, .raise: self.kind
      case .field(let operand, let name, let index):
        .field(map(operand), name: name, index: index)
      case .has(let operand, let name, let index): .has(map(operand), name: name, index: index)
      case .list(let elements):
        .list(elements.map { .init(value: map($0.value), isOptional: $0.isOptional) })
      case .map(let entries):
        .map(
          entries.map { .init(key: map($0.key), value: map($0.value), isOptional: $0.isOptional) })
      case .and(let operands): .and(operands.map(map))
      case .or(let operands): .or(operands.map(map))
      case .conditional(let condition, let then, let otherwise):
        .conditional(condition: map(condition), then: map(then), otherwise: map(otherwise))
      case .call(let function, let arguments): .call(function, arguments.map(map))
      case .comprehension(let macro):
        .comprehension(
          Comprehension(
            macro: macro.macro, range: map(macro.range), local: macro.local,
            hasTwoLocals: macro.hasTwoLocals, predicate: macro.predicate.map(map),
            transform: macro.transform.map(map)))
      }
    return CheckedExpression(
      kind: kind, type: replacement(type), position: position, length: length)
  }
}
