/// Resolves names and checks types; collects all mistakes and goes on after each.
struct Checker {
  let environment: Environment
  var problems: [ExpressionProblem] = []
  var unifier = TypeUnifier()
  /// The variables of the macros around, innermost last; the index is that of the local.
  var scopes: [(name: String, type: ValueType)] = []

  /// Whether a variable has a name like `x.y`.
  let hasDottedVariables: Bool

  init(_ environment: Environment) {
    self.environment = environment
    hasDottedVariables = environment.hasDottedNames
  }

  /// The checked tree with all type parameters filled in.
  mutating func check(
    _ tree: SyntaxNode, expecting expected: ValueType?
  ) throws(ExpressionProblems) -> CheckedExpression {
    let expression = check(tree)
    if let expected, environment.isChecked { accept(expression, as: expected) }
    guard problems.isEmpty else {
      throw ExpressionProblems(problems: problems.sorted { $0.position < $1.position })
    }
    guard unifier.hasParameters else { return expression }
    return expression.mappingTypes { unifier.resolved($0, unknownAsDyn: true) }
  }

  mutating func check(_ node: SyntaxNode) -> CheckedExpression {
    switch node.kind {
    case .literal(let value): return expression(.literal(value), .init(ofLiteral: value), node)
    case .identifier(let name, let isAbsolute):
      return variable(name, isAbsolute: isAbsolute, node)
        ?? unresolved(name, node)
    case .select(let operand, let field, let fieldRange, let isOptional):
      return select(operand, field, fieldRange, isOptional: isOptional, node)
    case .index(let operand, let index, let isOptional):
      return operation(
        isOptional ? .optionalIndex : .index, [check(operand), check(index)], node)
    case .call(let call): return self.call(call, node)
    case .list(let elements): return list(elements, node)
    case .map(let entries): return map(entries, node)
    case .unary(let function, let operand): return operation(function, [check(operand)], node)
    case .binary(let function, let left, let right):
      let operands = [check(left), check(right)]
      return function == .equal || function == .notEqual
        ? equality(function, operands, node) : operation(function, operands, node)
    case .and(let operands):
      return expression(.and(operands.map { condition(check($0), "`&&`") }), .bool, node)
    case .or(let operands):
      return expression(.or(operands.map { condition(check($0), "`||`") }), .bool, node)
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, node)
    }
  }

  func expression(
    _ kind: CheckedExpression.Kind, _ type: ValueType, _ node: SyntaxNode
  ) -> CheckedExpression {
    CheckedExpression(
      kind: kind, type: environment.isChecked ? type : .dyn, position: node.range.lowerBound,
      length: node.range.count)
  }

  /// Walks `body` with a variable more.
  mutating func withLocal<T>(
    _ name: String, _ type: ValueType, _ body: (inout Checker, Int) -> T
  ) -> T {
    scopes.append((name, type))
    defer { scopes.removeLast() }
    return body(&self, scopes.count - 1)
  }

  /// Reports unless the operand is a `bool`.
  mutating func condition(
    _ operand: CheckedExpression, _ place: String
  ) -> CheckedExpression {
    if environment.isChecked, !unifier.unify(operand.type.nonNull, with: .bool) {
      let found = describe(operand.type)
      report(
        .type, operand, found: found, expected: "bool",
        "\(place) takes bool, found \(found).")
    }
    return operand
  }

  private mutating func conditional(
    _ condition: SyntaxNode, _ then: SyntaxNode, _ otherwise: SyntaxNode, _ node: SyntaxNode
  ) -> CheckedExpression {
    let condition = self.condition(check(condition), "The condition before `?`")
    let then = check(then)
    let otherwise = check(otherwise)
    var type = unifier.join(then.type, otherwise.type)
    if type == nil, then.type == .null || otherwise.type == .null {
      type = .nullable(then.type == .null ? otherwise.type : then.type)
    }
    if type == nil, environment.isChecked {
      let found = "\(describe(then.type)) and \(describe(otherwise.type))"
      report(
        .type, node.range, found: found, expected: "one type",
        "Both branches of a condition must have one type, found \(found).")
    }
    return expression(
      .conditional(condition: condition, then: then, otherwise: otherwise), type ?? .dyn, node)
  }

  private mutating func list(
    _ elements: [(value: SyntaxNode, isOptional: Bool)], _ node: SyntaxNode
  ) -> CheckedExpression {
    let checked = elements.map {
      CheckedExpression.Element(value: check($0.value), isOptional: $0.isOptional)
    }
    let types = checked.map { held($0.value, isOptional: $0.isOptional) }
    let type = checked.isEmpty ? unifier.freshParameter() : joined(types)
    return expression(.list(checked), .list(type), node)
  }

  private mutating func map(
    _ entries: [(key: SyntaxNode, value: SyntaxNode, isOptional: Bool)], _ node: SyntaxNode
  ) -> CheckedExpression {
    let checked = entries.map {
      CheckedExpression.Entry(
        key: check($0.key), value: check($0.value), isOptional: $0.isOptional)
    }
    for entry in checked where environment.isChecked {
      let type = unifier.resolved(entry.key.type)
      guard ![.dyn, .bool, .int, .uint, .string].contains(type.keyKind) else { continue }
      report(
        .type, entry.key, found: describe(type), expected: "bool, int, uint or string",
        "A key of a map is a bool, an int, a uint or a string, found \(describe(type)).")
    }
    let keys =
      checked.isEmpty ? unifier.freshParameter() : joined(checked.map(\.key.type))
    let types = checked.map { held($0.value, isOptional: $0.isOptional) }
    let values = checked.isEmpty ? unifier.freshParameter() : joined(types)
    return expression(.map(checked), .map(keys, values), node)
  }

  /// The one type of all, `dyn` if there is none.
  private mutating func joined(_ types: [ValueType]) -> ValueType {
    var result = types[0]
    for type in types.dropFirst() {
      guard let join = unifier.join(result, type) else { return .dyn }
      result = join
    }
    return result
  }

  /// The type of what a list or a map takes from a part; written with `?` the part is an optional.
  private mutating func held(_ part: CheckedExpression, isOptional: Bool) -> ValueType {
    guard isOptional, environment.isChecked else { return part.type }
    let content = unifier.freshParameter()
    if unifier.unify(part.type, with: .optional(content)) { return unifier.resolved(content) }
    let found = describe(part.type)
    report(
      .type, part, found: found, expected: "an optional",
      "What is written with `?` here is an optional, found \(found).")
    return .dyn
  }
}

extension ValueType {
  init(ofLiteral value: Value) {
    self =
      switch value {
      case .null: .null
      case .bool: .bool
      case .int: .int
      case .uint: .uint
      case .double: .double
      case .string: .string
      case .bytes: .bytes
      default: .dyn
      }
  }

  /// The type as far as it matters for a key of a map.
  fileprivate var keyKind: ValueType {
    switch self {
    case .enumeration: .string
    case .parameter: .dyn
    default: self
    }
  }
}
