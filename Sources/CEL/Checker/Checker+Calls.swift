extension Checker {
  mutating func call(_ call: SyntaxNode.Call, _ node: SyntaxNode) -> CheckedExpression {
    if let macro = macro(call, node) { return macro }
    if let receiver = call.receiver, mayBeNamespace(receiver),
      let (prefix, isAbsolute) = qualifiedName(of: receiver),
      let found = overloads(of: "\(prefix).\(call.name)", isAbsolute: isAbsolute)
    {
      if found.overloads.isEmpty { return extreme(found.name, call, node) }
      let arguments = call.arguments.map { check($0) }
      return function(found.name, found.overloads, arguments, isMethod: false, call, node)
    }
    if environment.isChecked, let prefix = call.receiver?.simpleName,
      StandardDeclarations.namespaces.contains(prefix),
      variable(prefix, isAbsolute: false, node) == nil
    {
      return noSuchFunction(call, "\(prefix).\(call.name)", node)
    }
    let arguments = ([call.receiver].compactMap { $0 } + call.arguments).map { check($0) }
    guard let found = overloads(of: call.name, isAbsolute: call.isAbsolute) else {
      return noSuchFunction(call, call.name, node)
    }
    return function(
      found.name, found.overloads, arguments, isMethod: call.receiver != nil, call, node)
  }

  /// `math.greatest` and `math.least`: one number or one list of numbers, or several numbers. The
  /// result is of their type if they have one, else `dyn`.
  private mutating func extreme(
    _ name: String, _ call: SyntaxNode.Call, _ node: SyntaxNode
  ) -> CheckedExpression {
    let arguments = call.arguments.map { check($0) }
    let kind = CheckedExpression.Kind.call(.named(name), arguments)
    guard environment.isChecked else { return expression(kind, .dyn, node) }
    guard !arguments.isEmpty else {
      report(
        .type, call.nameRange, found: "no argument", expected: "at least one number",
        "`\(name)` takes at least one argument.")
      return expression(kind, .dyn, node)
    }
    var common: ValueType?
    for argument in arguments {
      var type = unifier.resolved(argument.type).nonNull
      if arguments.count == 1, case .list(let element) = type {
        type = unifier.resolved(element).nonNull
        if case .parameter = type { type = .dyn }
      }
      guard [.dyn, .int, .uint, .double].contains(type) else {
        let found = describe(argument.type)
        report(
          .type, argument, found: found, expected: "a number",
          "`\(name)` takes numbers, or one list of numbers, found \(found).")
        return expression(kind, .dyn, node)
      }
      common = common == nil || common == type ? type : .dyn
    }
    return expression(kind, common ?? .dyn, node)
  }

  /// An operator: its overloads are those of the library.
  mutating func operation(
    _ function: Function, _ arguments: [CheckedExpression], _ node: SyntaxNode
  ) -> CheckedExpression {
    guard environment.isChecked else { return expression(.call(function, arguments), .dyn, node) }
    if let type = plainResult(of: function, arguments) {
      return expression(.call(function, arguments), type, node)
    }
    let overloads = StandardDeclarations.operators[function] ?? []
    if let type = result(of: overloads, arguments) {
      if function == .isIn { checkMembers(arguments[0], arguments[1]) }
      return expression(.call(function, arguments), type, node)
    }
    let types = arguments.map { unifier.resolved($0.type).nonNull }
    let found = types.map(describe).joined(separator: " and ")
    let isMixed = types.count == 2 && types.allSatisfy { [.int, .uint, .double].contains($0) }
    report(
      .type, node.range, found: found, expected: expectation(overloads, near: types),
      isMixed
        ? "\(function.text) takes numbers of one type, found \(found): convert one of them."
        : "\(function.text) is not defined for \(found).")
    return expression(.call(function, arguments), .dyn, node)
  }

  /// What most operations are: on two operands of one simple type. Nil for all others.
  private func plainResult(
    of function: Function, _ arguments: [CheckedExpression]
  ) -> ValueType? {
    guard arguments.count == 2 else {
      return function == .not && arguments[0].type == .bool ? .bool : nil
    }
    switch (function, arguments[0].type, arguments[1].type) {
    case (.less, .int, .int), (.lessOrEqual, .int, .int), (.greater, .int, .int),
      (.greaterOrEqual, .int, .int), (.less, .double, .double), (.greater, .double, .double),
      (.isIn, .string, .list(.string)), (.isIn, .int, .list(.int)):
      return .bool
    case (.add, .int, .int), (.subtract, .int, .int), (.multiply, .int, .int): return .int
    case (.add, .string, .string): return .string
    default: return nil
    }
  }

  /// `==` and `!=`: both sides of one type; `T?` also with `null`.
  mutating func equality(
    _ function: Function, _ sides: [CheckedExpression], _ node: SyntaxNode
  ) -> CheckedExpression {
    let left = sides[0].type
    let right = sides[1].type
    if left.isScalar, left == right { return expression(.call(function, sides), .bool, node) }
    if environment.isChecked, !unifier.unify(left, with: right) {
      let found = "\(describe(left)) and \(describe(right))"
      let never = left == .null ? right : right == .null ? left : nil
      report(
        .type, node.range, found: found, expected: "two values of one type",
        never.map { "\(describe($0)) is never null." }
          ?? "\(function.text) compares values of one type, found \(found).")
    }
    checkLiterals(in: sides[0], against: right)
    checkLiterals(in: sides[1], against: left)
    return expression(.call(function, sides), .bool, node)
  }

  private mutating func function(
    _ name: String, _ overloads: [FunctionDeclaration.Overload],
    _ arguments: [CheckedExpression], isMethod: Bool, _ call: SyntaxNode.Call, _ node: SyntaxNode
  ) -> CheckedExpression {
    let kind = CheckedExpression.Kind.call(.named(name), arguments)
    guard environment.isChecked else { return expression(kind, .dyn, node) }
    let candidates = overloads.filter { $0.isMethod == isMethod }
    if let type = result(of: candidates, arguments) {
      if name == "matches" { checkPattern(arguments[1]) }
      // `declassify` hands on what it gets, null included.
      return expression(kind, name == "declassify" ? arguments[0].type : type, node)
    }
    let types = arguments.map { describe(unifier.resolved($0.type).nonNull) }
    let fitting = candidates.filter { $0.parameters.count == arguments.count }
    let message: String
    if candidates.isEmpty {
      message =
        isMethod
        ? "`\(name)` is called as `\(name)(x)`." : "`\(name)` is called as `x.\(name)()`."
    } else if fitting.isEmpty {
      let counts = Set(candidates.map { $0.parameters.count - (isMethod ? 1 : 0) }).sorted()
      let count = counts.map(String.init).joined(separator: " or ")
      message = "`\(name)` takes \(count) argument\(counts == [1] ? "" : "s")."
    } else {
      message = "`\(name)` is not defined for \(types.joined(separator: " and "))."
    }
    report(
      .type, call.nameRange, found: types.joined(separator: " and "),
      expected: expectation(fitting.isEmpty ? candidates : fitting), message)
    return expression(kind, .dyn, node)
  }

  /// A pattern that is a literal is compiled now, so that a malformed one does not load.
  private mutating func checkPattern(_ argument: CheckedExpression) {
    guard case .literal(.string(let text)) = argument.kind else { return }
    do throws(PatternProblem) {
      _ = try Pattern(text)
    } catch {
      report(
        .literal, argument, found: "'\(text)'", expected: "a regular expression",
        "The regular expression is malformed: \(error.message).")
    }
  }

  /// The type of a call; nil if no overload takes the arguments, `dyn` if several disagree.
  private mutating func result(
    of overloads: [FunctionDeclaration.Overload], _ arguments: [CheckedExpression]
  ) -> ValueType? {
    let types = arguments.map { unifier.resolved($0.type).nonNull }
    var result: ValueType?
    for overload in overloads {
      let instance = unifier.instance(of: overload.parameters + [overload.result])
      guard unifier.unify(types, with: Array(instance.dropLast())) else { continue }
      let type = unifier.resolved(instance[instance.count - 1])
      if let known = result, known != type { result = .dyn } else { result = type }
    }
    return result
  }

  private mutating func noSuchFunction(
    _ call: SyntaxNode.Call, _ name: String, _ node: SyntaxNode
  ) -> CheckedExpression {
    guard environment.isChecked else {
      let error = EvaluationError(
        .noSuchOverload, at: call.nameRange.lowerBound, "There is no function `\(name)`.")
      return expression(.raise(error), .dyn, node)
    }
    let known =
      StandardDeclarations.functions.keys.sorted() + MathFunctions.extremes
      + environment.functions.map(\.name)
    report(
      .unknownFunction, call.nameRange, found: "`\(name)`", expected: "a function",
      nearest: nearestName(to: name, among: known)?.name, "There is no function `\(name)`.")
    return expression(.literal(.null), .dyn, node)
  }

  /// Those that take one of the arguments as it is; all, where none does.
  private func expectation(
    _ overloads: [FunctionDeclaration.Overload], near types: [ValueType] = []
  ) -> String {
    let near = overloads.filter { overload in
      zip(overload.parameters, types).contains { describe($0) == describe($1) }
    }
    return (near.isEmpty ? overloads : near).map { overload in
      overload.parameters.map(describe).joined(separator: " and ")
    }.joined(separator: ", or ")
  }
}

extension ValueType {
  /// Whether equal types of this kind are all that `==` asks.
  fileprivate var isScalar: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration: true
    default: false
    }
  }
}

extension Function {
  /// As it is written, in backticks.
  var text: String {
    switch self {
    case .add: "`+`"
    case .subtract, .negate: "`-`"
    case .multiply: "`*`"
    case .divide: "`/`"
    case .remainder: "`%`"
    case .not: "`!`"
    case .equal: "`==`"
    case .notEqual: "`!=`"
    case .less: "`<`"
    case .lessOrEqual: "`<=`"
    case .greater: "`>`"
    case .greaterOrEqual: "`>=`"
    case .isIn: "`in`"
    case .index: "`[]`"
    case .optionalIndex: "`[?]`"
    case .optionalField: "`.?`"
    case .named(let name): "`\(name)`"
    }
  }
}
