extension Checker {
  /// The macro that a call is, if it is one.
  mutating func macro(_ call: SyntaxNode.Call, _ node: SyntaxNode) -> CheckedExpression? {
    guard let receiver = call.receiver else {
      return call.name == "has" && call.arguments.count == 1 ? has(call.arguments[0], node) : nil
    }
    let macro: Comprehension.Macro
    switch (call.name, call.arguments.count) {
    case ("all", 2): macro = .all
    case ("exists", 2): macro = .exists
    case ("exists_one", 2), ("existsOne", 2): macro = .existsOne
    case ("filter", 2): macro = .filter
    case ("map", 2), ("map", 3): macro = .map
    default: return nil
    }
    guard let name = call.arguments[0].simpleName else {
      report(
        .syntax, call.arguments[0].range, found: "an expression", expected: "a name",
        "The first argument of `\(call.name)` is the name of its variable.")
      return expression(.literal(.null), .dyn, node)
    }
    return comprehension(macro, over: receiver, name, Array(call.arguments.dropFirst()), node)
  }

  private mutating func comprehension(
    _ macro: Comprehension.Macro, over range: SyntaxNode, _ name: String,
    _ parts: [SyntaxNode], _ node: SyntaxNode
  ) -> CheckedExpression {
    let range = check(range)
    guard scopes.count < ExpressionLimits.macroDepthMax else {
      report(
        .tooDeep, node.range, found: "more than \(ExpressionLimits.macroDepthMax) macros",
        expected: "at most \(ExpressionLimits.macroDepthMax)",
        "Macros nest at most \(ExpressionLimits.macroDepthMax) levels deep.")
      return expression(.literal(.null), .dyn, node)
    }
    let elementType = elementType(of: range)
    return withLocal(name, elementType) { checker, local in
      var comprehension = Comprehension(macro: macro, range: range, local: local)
      var type = ValueType.bool
      if macro != .map || parts.count == 2 {
        let predicate = checker.check(parts[0])
        comprehension.predicate = checker.condition(predicate, "`\(macro.rawValue)`")
      }
      if macro == .map, let last = parts.last {
        let transform = checker.check(last)
        type = .list(transform.type)
        comprehension.transform = transform
      } else if macro == .filter {
        type = .list(elementType)
      }
      return checker.expression(.comprehension(comprehension), type, node)
    }
  }

  private mutating func elementType(of range: CheckedExpression) -> ValueType {
    guard environment.isChecked else { return .dyn }
    let type = unifier.resolved(range.type).nonNull
    switch type {
    case .list(let element): return element
    case .map(let key, _): return key
    case .dyn: return .dyn
    case .parameter:
      let element = unifier.freshParameter()
      return unifier.unify(type, with: .list(element)) ? element : .dyn
    default:
      report(
        .type, range, found: describe(type), expected: "a list or a map",
        "A macro walks a list or the keys of a map, found \(describe(type)).")
      return .dyn
    }
  }

  private mutating func has(_ argument: SyntaxNode, _ node: SyntaxNode) -> CheckedExpression {
    guard case .select(let operand, let field, let fieldRange, let isOptional) = argument.kind
    else {
      report(
        .syntax, argument.range, found: "an expression", expected: "`x.f`",
        "`has` takes a field, as in `has(x.f)`.")
      return expression(.literal(.null), .bool, node)
    }
    guard !isOptional else { return noOptionals(node) }
    let checked = check(operand)
    let (index, _) = fieldOf(checked, field, fieldRange)
    return expression(.has(checked, name: field, index: index), .bool, node)
  }
}
