import CEL

/// Evaluates a checked expression by walking its tree, as the definition of the language says it:
/// no closures, no folding, nothing unboxed. The compiled programs must agree with it.
struct TreeWalker {
  typealias Code = EvaluationError.Code
  typealias Outcome = Result<Value, Failure>

  struct Failure: Error, Equatable {
    var code: Code
    init(_ code: Code) { self.code = code }
  }

  let slots: [Value]

  func evaluate(_ expression: CheckedExpression) -> Outcome {
    Result { () throws(Failure) in try walk(expression, [:]) }
  }

  /// A local is a value, or what to evaluate where it is read.
  indirect enum Local {
    case value(Value)
    case expression(CheckedExpression, [Int: Local])
  }

  /// What is of a type without null raises where it is null all the same.
  func walk(_ node: CheckedExpression, _ locals: [Int: Local]) throws(Failure) -> Value {
    let value = try value(of: node, locals)
    switch node.type {
    case .dyn, .null, .nullable: return value
    default:
      guard value != .null else { throw Failure(.nullValue) }
      return value
    }
  }

  private func value(
    of node: CheckedExpression, _ locals: [Int: Local]
  ) throws(Failure) -> Value {
    switch node.kind {
    case .literal(let value): return value
    case .variable(let slot): return slots[slot]
    case .local(let index):
      switch locals[index] {
      case .value(let value)?: return value
      case .expression(let expression, let outer)?: return try walk(expression, outer)
      case nil: throw Failure(.noSuchField)
      }
    case .field(let operand, let name, _): return try field(try walk(operand, locals), name)
    case .has(let operand, let name, _): return .bool(try has(try walk(operand, locals), name))
    case .list(let elements):
      var list: [Value] = []
      for element in elements {
        let value = try walk(element.value, locals)
        if let kept = element.isOptional ? try content(value) : value { list.append(kept) }
      }
      return .list(list)
    case .map(let entries): return try map(entries, locals)
    case .and(let operands): return .bool(try logical(operands, deciding: false, locals))
    case .or(let operands): return .bool(try logical(operands, deciding: true, locals))
    case .conditional(let condition, let then, let otherwise):
      return try bool(condition, locals) ? try walk(then, locals) : try walk(otherwise, locals)
    case .call(let function, let arguments):
      return try call(function, arguments, locals)
    case .comprehension(let macro): return try comprehension(macro, locals)
    case .raise(let error): throw Failure(error.code)
    }
  }

  func bool(_ node: CheckedExpression, _ locals: [Int: Local]) throws(Failure) -> Bool {
    let value = try walk(node, locals)
    guard case .bool(let bool) = value else { throw mismatch([value]) }
    return bool
  }

  /// Operands of kinds that nothing is defined for.
  func mismatch(_ values: [Value]) -> Failure {
    Failure(values.contains(.null) ? .nullValue : .noSuchOverload)
  }

  func content(_ value: Value) throws(Failure) -> Value? {
    guard case .optional(let optional) = value else { throw mismatch([value]) }
    return optional.content
  }

  private func field(_ value: Value, _ name: String) throws(Failure) -> Value {
    switch value {
    case .record(let record):
      guard let field = record[name] else { throw Failure(.noSuchField) }
      return field
    case .map(let map):
      guard let element = map[.string(name)] else { throw Failure(.noSuchKey) }
      return element
    case .optional: return try optionalField(value, name)
    default: throw mismatch([value])
    }
  }

  private func has(_ value: Value, _ name: String) throws(Failure) -> Bool {
    switch value {
    case .record(let record):
      guard let field = record[name] else { throw Failure(.noSuchField) }
      return field != .null
    case .map(let map): return map[.string(name)] != nil
    case .optional: return try content(try optionalField(value, name)) != nil
    default: throw mismatch([value])
    }
  }

  private func optionalField(_ value: Value, _ name: String) throws(Failure) -> Value {
    var inner = value
    if case .optional(let optional) = value {
      guard let content = optional.content else { return value }
      inner = content
    }
    switch inner {
    case .map(let map):
      return .optional(map[.string(name)].map { .some($0) } ?? .none)
    case .record:
      return .optional(try has(inner, name) ? .some(try field(inner, name)) : .none)
    default: throw mismatch([inner])
    }
  }

  private func map(
    _ entries: [CheckedExpression.Entry], _ locals: [Int: Local]
  ) throws(Failure) -> Value {
    var result: [MapValue.Entry] = []
    for entry in entries {
      let name = try walk(entry.key, locals)
      switch name {
      case .bool, .int, .uint, .string: break
      default: throw mismatch([name])
      }
      guard let key = MapValue.Key(name) else { throw mismatch([name]) }
      let value = try walk(entry.value, locals)
      if let kept = entry.isOptional ? try content(value) : value {
        result.append(.init(key, kept))
      }
    }
    guard let map = MapValue(result) else { throw Failure(.invalidArgument) }
    return .map(map)
  }

  /// An operand that decides makes the errors of the others void, wherever it stands.
  private func logical(
    _ operands: [CheckedExpression], deciding: Bool, _ locals: [Int: Local]
  ) throws(Failure) -> Bool {
    var failure: Failure?
    for operand in operands {
      do throws(Failure) {
        if try bool(operand, locals) == deciding { return deciding }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return !deciding
  }

  private func comprehension(
    _ macro: Comprehension, _ locals: [Int: Local]
  ) throws(Failure) -> Value {
    var inner = locals
    guard macro.macro != .bind else {
      inner[macro.local] = .expression(macro.range, locals)
      guard let body = macro.transform else { throw Failure(.noSuchOverload) }
      return try walk(body, inner)
    }
    let range = try walk(macro.range, locals)
    if macro.macro == .optMap || macro.macro == .optFlatMap {
      guard let content = try content(range), let body = macro.transform else {
        return .optional(.none)
      }
      inner[macro.local] = .value(content)
      let result = try walk(body, inner)
      if macro.macro == .optMap { return .optional(.some(result)) }
      _ = try self.content(result)
      return result
    }
    var steps: [(key: Value, value: Value)] = []
    switch range {
    case .list(let list):
      steps = list.enumerated().map {
        (macro.hasTwoLocals ? .int(Int64($0)) : $1, $1)
      }
    case .map(let map): steps = map.entries.map { ($0.key.value, $0.value) }
    default: throw mismatch([range])
    }
    var walker = MacroWalk(walker: self, macro: macro, locals: locals)
    return try walker.result(of: steps)
  }
}

/// The macros that visit elements.
private struct MacroWalk {
  let walker: TreeWalker
  let macro: Comprehension
  var locals: [Int: TreeWalker.Local]

  mutating func result(
    of steps: [(key: Value, value: Value)]
  ) throws(TreeWalker.Failure) -> Value {
    switch macro.macro {
    case .all, .exists: return .bool(try decides(steps, deciding: macro.macro == .exists))
    case .existsOne:
      var count = 0
      for step in steps where try holds(step) { count += 1 }
      return .bool(count == 1)
    case .filter:
      var list: [Value] = []
      for step in steps where try holds(step) { list.append(step.key) }
      return .list(list)
    default: return try made(steps)
    }
  }

  private mutating func bind(_ step: (key: Value, value: Value)) {
    locals[macro.local] = .value(step.key)
    if macro.hasTwoLocals { locals[macro.local + 1] = .value(step.value) }
  }

  private mutating func holds(
    _ step: (key: Value, value: Value)
  ) throws(TreeWalker.Failure) -> Bool {
    bind(step)
    guard let predicate = macro.predicate else { return true }
    return try walker.bool(predicate, locals)
  }

  private mutating func decides(
    _ steps: [(key: Value, value: Value)], deciding: Bool
  ) throws(TreeWalker.Failure) -> Bool {
    var failure: TreeWalker.Failure?
    for step in steps {
      do throws(TreeWalker.Failure) {
        if try holds(step) == deciding { return deciding }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return !deciding
  }

  private mutating func made(
    _ steps: [(key: Value, value: Value)]
  ) throws(TreeWalker.Failure) -> Value {
    var list: [Value] = []
    var entries: [MapValue.Entry] = []
    for step in steps {
      guard try holds(step), let transform = macro.transform else { continue }
      let result = try walker.walk(transform, locals)
      list.append(result)
      if macro.macro == .transformMap, let key = MapValue.Key(step.key) {
        entries.append(.init(key, result))
      } else if macro.macro == .transformMapEntry {
        guard case .map(let map) = result else { throw walker.mismatch([result]) }
        entries += map.entries
      }
    }
    guard macro.macro == .transformMap || macro.macro == .transformMapEntry else {
      return .list(list)
    }
    guard let map = MapValue(entries) else { throw .init(.invalidArgument) }
    return .map(map)
  }
}
