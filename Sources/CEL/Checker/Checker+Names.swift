extension Checker {
  /// A variable, a constant or a type of that name; nil if there is none.
  func variable(_ name: String, isAbsolute: Bool, _ node: SyntaxNode) -> CheckedExpression? {
    if !isAbsolute, let local = local(name) {
      return expression(.local(local), scopes[local].type, node)
    }
    for candidate in candidates(for: name, isAbsolute: isAbsolute) {
      if let (slot, variable) = environment.variable(named: candidate) {
        if let constant = variable.constant {
          return expression(.literal(constant), variable.type, node)
        }
        return expression(.variable(slot: slot), variable.type, node)
      }
      if let type = StandardDeclarations.types[candidate] {
        return expression(.literal(.type(type)), .type(type), node)
      }
    }
    return nil
  }

  /// The declared overloads of a function; nil if there is no such function.
  func overloads(
    of name: String, isAbsolute: Bool = false
  ) -> (name: String, overloads: [FunctionDeclaration.Overload])? {
    for candidate in candidates(for: name, isAbsolute: isAbsolute) {
      let declared = environment.functions.filter { $0.name.hasSameBytes(as: candidate) }
      let overloads =
        (StandardDeclarations.functions[candidate] ?? []) + declared.flatMap(\.overloads)
      if !overloads.isEmpty || MathFunctions.extremes.contains(candidate) {
        return (candidate, overloads)
      }
    }
    return nil
  }

  /// Whether a function may have a name that begins with this one: those of the library are known.
  func mayBeNamespace(_ node: SyntaxNode) -> Bool {
    guard environment.container.isEmpty, environment.functions.isEmpty else { return true }
    guard case .identifier(let name, _) = node.kind else { return false }
    return StandardDeclarations.namespaces.contains(name)
  }

  /// Whether a variable or a type may have a dotted name that begins with this one.
  private func mayHaveDottedName(_ node: SyntaxNode) -> Bool {
    switch node.kind {
    case .identifier(let name, _):
      if hasDottedVariables || !environment.container.isEmpty { return true }
      return name == "google" || name == "net"
    case .select(let operand, _, _, isOptional: false): return mayHaveDottedName(operand)
    default: return false
    }
  }

  /// `a.b.c` as one name, if it is written as such and `a` is no variable of a macro.
  func qualifiedName(of node: SyntaxNode) -> (name: String, isAbsolute: Bool)? {
    switch node.kind {
    case .identifier(let name, let isAbsolute):
      return isAbsolute || local(name) == nil ? (name, isAbsolute) : nil
    case .select(let operand, let field, _, isOptional: false):
      guard let prefix = qualifiedName(of: operand) else { return nil }
      return ("\(prefix.name).\(field)", prefix.isAbsolute)
    default: return nil
    }
  }

  /// The full names that a name may stand for in the container, innermost first.
  private func candidates(for name: String, isAbsolute: Bool) -> [String] {
    guard !isAbsolute, !environment.container.isEmpty else { return [name] }
    var parts = environment.container.split(separator: ".")
    var candidates: [String] = []
    while !parts.isEmpty {
      candidates.append("\(parts.joined(separator: ".")).\(name)")
      parts.removeLast()
    }
    return candidates + [name]
  }

  private func local(_ name: String) -> Int? {
    scopes.lastIndex { $0.name.hasSameBytes(as: name) }
  }

  /// Reports an unknown name, or lets it raise when nothing is checked.
  mutating func unresolved(_ name: String, _ node: SyntaxNode) -> CheckedExpression {
    guard environment.isChecked else {
      let error = EvaluationError(
        .noSuchField, at: node.range.lowerBound, "There is no variable `\(name)`.")
      return expression(.raise(error), .dyn, node)
    }
    let inner = nearestName(to: name, among: scopes.lazy.reversed().map(\.name))
    let nearest = nearestName(to: name, among: environment.names, closerThan: inner?.distance)
    report(
      .unknownName, node.range, found: "`\(name)`", expected: "a variable",
      nearest: (nearest ?? inner)?.name, "There is no variable `\(name)`.")
    return expression(.literal(.null), .dyn, node)
  }

  /// `operand.field`: a longer qualified name if there is one, else a field of a record or map.
  mutating func select(
    _ operand: SyntaxNode, _ field: String, _ fieldRange: Range<Int>, isOptional: Bool,
    _ node: SyntaxNode
  ) -> CheckedExpression {
    if isOptional { return optionalField(of: check(operand), field, fieldRange, node) }
    if mayHaveDottedName(operand), let (name, isAbsolute) = qualifiedName(of: node),
      let variable = variable(name, isAbsolute: isAbsolute, node)
    {
      return variable
    }
    let operand = check(operand)
    if case .optional = unifier.resolved(operand.type) {
      return optionalField(of: operand, field, fieldRange, node)
    }
    let (index, type) = fieldOf(operand, field, fieldRange)
    return expression(.field(operand, name: field, index: index), type, node)
  }

  /// `operand.?field`, of a record, a map or an optional of one.
  mutating func optionalField(
    of operand: CheckedExpression, _ field: String, _ fieldRange: Range<Int>, _ node: SyntaxNode
  ) -> CheckedExpression {
    var container = operand
    if case .optional(let content) = unifier.resolved(operand.type) { container.type = content }
    let type = fieldOf(container, field, fieldRange).type
    let name = CheckedExpression(
      kind: .literal(.string(field)), type: .string, position: fieldRange.lowerBound,
      length: fieldRange.count)
    return expression(
      .call(.optionalField, [operand, name]), .optional(unifier.resolved(type).nonNull), node)
  }

  /// Where the field stands and what it holds; reports if there cannot be one.
  mutating func fieldOf(
    _ operand: CheckedExpression, _ field: String, _ fieldRange: Range<Int>
  ) -> (index: Int?, type: ValueType) {
    guard environment.isChecked else { return (nil, .dyn) }
    let type = unifier.resolved(operand.type).nonNull
    switch type {
    case .record(let record):
      if let index = record.index(of: field) { return (index, record.fields[index].type) }
      report(
        .unknownField, fieldRange, found: "`\(field)`", expected: "a field of \(record)",
        nearest: nearestName(to: field, among: record.fields.lazy.map(\.name))?.name,
        "\(record) has no field `\(field)`.")
    case .map(let key, let value):
      if unifier.unify(.string, with: key) { return (nil, value) }
      report(
        .type, fieldRange, found: "`\(field)`", expected: "a key of type \(describe(key))",
        "A field of a map is a string key, but the keys of this one are \(describe(key)).")
    case .dyn, .parameter: break
    default:
      report(
        .type, fieldRange, found: describe(type), expected: "a record or a map",
        "\(describe(type)) has no fields.")
    }
    return (nil, .dyn)
  }
}
