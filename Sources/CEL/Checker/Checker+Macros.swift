extension Checker {
  /// The macro that a call is, if it is one.
  mutating func macro(_ call: SyntaxNode.Call, _ node: SyntaxNode) -> CheckedExpression? {
    guard let receiver = call.receiver else {
      return call.name == "has" && call.arguments.count == 1 ? has(call.arguments[0], node) : nil
    }
    if receiver.simpleName == "cel", let macro = namespaced(call, node) { return macro }
    let count = call.arguments.count
    let macro: Comprehension.Macro
    switch (call.name, count) {
    case ("all", 2...3): macro = .all
    case ("exists", 2...3): macro = .exists
    case ("exists_one", 2...3), ("existsOne", 2...3): macro = .existsOne
    case ("filter", 2): macro = .filter
    case ("map", 2...3): macro = .map
    case ("transformList", 3...4): macro = .transformList
    case ("transformMap", 3...4): macro = .transformMap
    case ("transformMapEntry", 3...4): macro = .transformMapEntry
    case ("optMap", 2): macro = .optMap
    case ("optFlatMap", 2): macro = .optFlatMap
    default: return nil
    }
    let isPair = macro.takesPairs || (count == 3 && macro != .map)
    var names: [String] = []
    for argument in call.arguments.prefix(isPair ? 2 : 1) {
      guard let name = argument.variableName else {
        return notAName(argument, of: call.name, isPair: isPair, node)
      }
      names.append(name)
    }
    if isPair, names[0].hasSameBytes(as: names[1]) {
      report(
        .syntax, call.arguments[1].range, found: "`\(names[1])` twice",
        expected: "two different names", "The variables of `\(call.name)` have different names.")
      return expression(.literal(.null), .dyn, node)
    }
    return comprehension(
      macro, over: receiver, names, Array(call.arguments.dropFirst(names.count)), node)
  }

  private mutating func notAName(
    _ argument: SyntaxNode, of macro: String, isPair: Bool, _ node: SyntaxNode
  ) -> CheckedExpression {
    report(
      .syntax, argument.range, found: "an expression", expected: "a name",
      isPair
        ? "The first two arguments of `\(macro)` are the names of its variables."
        : "The first argument of `\(macro)` is the name of its variable.")
    return expression(.literal(.null), .dyn, node)
  }

  /// `cel.bind`, `cel.block`, and the names that a block gives.
  private mutating func namespaced(
    _ call: SyntaxNode.Call, _ node: SyntaxNode
  ) -> CheckedExpression? {
    switch (call.name, call.arguments.count) {
    case ("bind", 3):
      guard let name = call.arguments[0].variableName else {
        return notAName(call.arguments[0], of: "cel.bind", isPair: false, node)
      }
      return bind([(name, call.arguments[1])][...], call.arguments[2], node)
    case ("block", 2):
      guard case .list(let elements) = call.arguments[0].kind,
        !elements.contains(where: \.isOptional)
      else {
        report(
          .syntax, call.arguments[0].range, found: "an expression", expected: "a list",
          "The first argument of `cel.block` is a list as it is written.")
        return expression(.literal(.null), .dyn, node)
      }
      let values = elements.enumerated().map { (name: "@index\($0)", value: $1.value) }
      return bind(values[...], call.arguments[1], node)
    default:
      guard let name = node.blockName else { return nil }
      return variable(name, isAbsolute: false, node)
        ?? unresolved("cel.\(call.name)", node)
    }
  }

  /// `body` with names for values, each of which may read those before it.
  private mutating func bind(
    _ values: ArraySlice<(name: String, value: SyntaxNode)>, _ body: SyntaxNode,
    _ node: SyntaxNode
  ) -> CheckedExpression {
    guard let first = values.first else { return check(body) }
    let value = check(first.value)
    guard hasRoom(for: 1, node) else { return expression(.literal(.null), .dyn, node) }
    return withLocal(first.name, value.type) { checker, local in
      let result = checker.bind(values.dropFirst(), body, node)
      return checker.expression(
        .comprehension(
          Comprehension(
            macro: .bind, range: value, local: local, hasTwoLocals: false, predicate: nil,
            transform: result)), result.type, node)
    }
  }

  private mutating func hasRoom(for count: Int, _ node: SyntaxNode) -> Bool {
    guard scopes.count + count > ExpressionLimits.macroDepthMax else { return true }
    report(
      .tooDeep, node.range, found: "more than \(ExpressionLimits.macroDepthMax) macros",
      expected: "at most \(ExpressionLimits.macroDepthMax)",
      "Macros nest at most \(ExpressionLimits.macroDepthMax) levels deep.")
    return false
  }

  private mutating func comprehension(
    _ macro: Comprehension.Macro, over range: SyntaxNode, _ names: [String],
    _ parts: [SyntaxNode], _ node: SyntaxNode
  ) -> CheckedExpression {
    let range = check(range)
    guard hasRoom(for: names.count, node) else {
      return expression(.literal(.null), .dyn, node)
    }
    let isPair = names.count == 2
    let types = macro.isOfOptionals ? [contentType(of: range)] : elementTypes(of: range, isPair)
    for (name, type) in zip(names, types) { scopes.append((name, type)) }
    defer { scopes.removeLast(names.count) }
    var comprehension = Comprehension(
      macro: macro, range: range, local: scopes.count - names.count, hasTwoLocals: isPair,
      predicate: nil, transform: nil)
    if !macro.isTransform || (parts.count == 2 && !macro.isOfOptionals) {
      comprehension.predicate = condition(check(parts[0]), "`\(macro.rawValue)`")
    }
    var type = ValueType.bool
    if macro.isTransform, let last = parts.last {
      let transform = check(last)
      comprehension.transform = transform
      type = resultType(of: macro, transform, types)
    } else if macro == .filter {
      type = .list(types[0])
    }
    return expression(.comprehension(comprehension), type, node)
  }

  private mutating func resultType(
    of macro: Comprehension.Macro, _ transform: CheckedExpression, _ types: [ValueType]
  ) -> ValueType {
    switch macro {
    case .transformMap: return .map(types[0], transform.type)
    case .transformMapEntry:
      guard environment.isChecked else { return .dyn }
      let entry = ValueType.map(unifier.freshParameter(), unifier.freshParameter())
      if unifier.unify(transform.type, with: entry) { return entry }
      let found = describe(transform.type)
      report(
        .type, transform, found: found, expected: "a map",
        "`transformMapEntry` makes maps, as in `{k: v}`, found \(found).")
      return .dyn
    case .optMap: return .optional(transform.type)
    case .optFlatMap:
      guard environment.isChecked else { return .dyn }
      let optional = ValueType.optional(unifier.freshParameter())
      if unifier.unify(transform.type, with: optional) { return optional }
      let found = describe(transform.type)
      report(
        .type, transform, found: found, expected: "an optional",
        "`optFlatMap` makes optionals, found \(found): `optMap` wraps what it makes.")
      return .dyn
    default: return .list(transform.type)
    }
  }

  /// What an optional holds.
  private mutating func contentType(of range: CheckedExpression) -> ValueType {
    guard environment.isChecked else { return .dyn }
    let content = unifier.freshParameter()
    if unifier.unify(range.type, with: .optional(content)) { return content }
    let found = describe(range.type)
    report(
      .type, range, found: found, expected: "an optional",
      "The macro takes an optional, found \(found).")
    return .dyn
  }

  /// The types of a macro's variables: the element of a list or the key of a map; for a pair the
  /// index and the element, or the key and the value.
  private mutating func elementTypes(
    of range: CheckedExpression, _ isPair: Bool
  ) -> [ValueType] {
    guard environment.isChecked else { return [.dyn, .dyn] }
    let type = unifier.resolved(range.type).nonNull
    switch type {
    case .list(let element): return isPair ? [.int, element] : [element]
    case .map(let key, let value): return isPair ? [key, value] : [key]
    case .dyn: return [.dyn, .dyn]
    case .parameter:
      let element = unifier.freshParameter()
      guard unifier.unify(type, with: .list(element)) else { return [.dyn, .dyn] }
      return isPair ? [.int, element] : [element]
    default:
      report(
        .type, range, found: describe(type), expected: "a list or a map",
        "A macro walks a list or the keys of a map, found \(describe(type)).")
      return [.dyn, .dyn]
    }
  }

  private mutating func has(_ argument: SyntaxNode, _ node: SyntaxNode) -> CheckedExpression {
    guard case .select(let operand, let field, let fieldRange, isOptional: false) = argument.kind
    else {
      report(
        .syntax, argument.range, found: "an expression", expected: "`x.f`",
        "`has` takes a field, as in `has(x.f)`.")
      return expression(.literal(.null), .bool, node)
    }
    let checked = check(operand)
    if case .optional = unifier.resolved(checked.type) {
      let selected = optionalField(of: checked, field, fieldRange, argument)
      return expression(.call(.named("hasValue"), [selected]), .bool, node)
    }
    let (index, _) = fieldOf(checked, field, fieldRange)
    return expression(.has(checked, name: field, index: index), .bool, node)
  }
}

extension Comprehension.Macro {
  /// Whether it has two variables, always.
  fileprivate var takesPairs: Bool {
    switch self {
    case .transformList, .transformMap, .transformMapEntry: true
    default: false
    }
  }

  fileprivate var isOfOptionals: Bool { self == .optMap || self == .optFlatMap }

  /// Whether its last part makes something of each element.
  fileprivate var isTransform: Bool { self == .map || takesPairs || isOfOptionals }
}

extension SyntaxNode {
  /// The name that a macro's variable is given: a plain one, or one that a block numbers.
  fileprivate var variableName: String? { simpleName ?? blockName }

  /// The name behind `cel.index(0)`, `cel.iterVar(0, 0)` or `cel.accuVar(0, 0)`, which no
  /// expression can spell otherwise.
  fileprivate var blockName: String? {
    guard case .call(let call) = kind, call.receiver?.simpleName == "cel" else { return nil }
    let numbers = call.arguments.compactMap { argument -> Int64? in
      if case .literal(.int(let number)) = argument.kind { number } else { nil }
    }
    guard numbers.count == call.arguments.count else { return nil }
    switch (call.name, numbers.count) {
    case ("index", 1), ("iterVar", 2), ("accuVar", 2):
      return "@\(call.name)" + numbers.map { "\($0)" }.joined(separator: ":")
    default: return nil
    }
  }
}
