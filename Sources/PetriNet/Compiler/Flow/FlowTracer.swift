internal import CEL

/// Follows marks along every explicit flow of an expression.
///
/// What reads a personal field is personal, whatever is done with it, until `declassify`. The length
/// of a list reads no element.
struct FlowTracer {
  let scope: Scope
  /// The marks of the tokens of each place as known so far, and of `input`.
  let places: [FlowShape]
  let input: FlowShape

  func shape(of expression: CheckedExpression) -> FlowShape {
    trace(expression, [:])
  }

  private func trace(_ expression: CheckedExpression, _ locals: [Int: FlowShape]) -> FlowShape {
    switch expression.kind {
    case .literal, .raise: return .clean
    case .variable(let slot):
      return slot < scope.count ? shape(of: scope[slot].origin) : .clean
    case .local(let index): return locals[index] ?? .clean
    case .field(let operand, let name, _): return trace(operand, locals).field(name)
    case .has(let operand, let name, _): return .leaf(trace(operand, locals).field(name).all)
    case .list(let elements):
      return .each(elements.reduce(.clean) { $0.joined(with: trace($1.value, locals)) })
    case .map(let entries): return map(entries, locals)
    case .and(let operands), .or(let operands): return leaf(operands, locals)
    case .conditional(let condition, let then, let otherwise):
      return trace(then, locals).joined(with: trace(otherwise, locals))
        .adding(trace(condition, locals).all)
    case .call(let function, let arguments): return call(function, arguments, locals)
    case .comprehension(let macro): return comprehension(macro, locals)
    }
  }

  private func shape(of origin: FlowOrigin) -> FlowShape {
    switch origin {
    case .clean: .clean
    case .token(let place, isList: false): places[place]
    case .token(let place, isList: true): .each(places[place])
    case .input: input
    case .outside(let colour, let marks): colour.flowShape(marks)
    case .element(let list, let outer):
      FlowTracer(scope: outer, places: places, input: input).shape(of: list).element
    case .answer(let form): form.map { ColourSet.record($0).flowShape() } ?? .clean
    }
  }

  private func leaf(
    _ expressions: [CheckedExpression], _ locals: [Int: FlowShape]
  ) -> FlowShape {
    .leaf(expressions.reduce([]) { $0.union(trace($1, locals).all) })
  }

  private func map(
    _ entries: [CheckedExpression.Entry], _ locals: [Int: FlowShape]
  ) -> FlowShape {
    var fields: [FlowShape.Field] = []
    for entry in entries {
      guard case .literal(.string(let name)) = entry.key.kind else {
        let marks = leaf(entries.flatMap { [$0.key, $0.value] }, locals)
        return .each(marks)
      }
      fields.append(.init(name: name, shape: trace(entry.value, locals)))
    }
    return .record(fields)
  }

  private func call(
    _ function: Function, _ arguments: [CheckedExpression], _ locals: [Int: FlowShape]
  ) -> FlowShape {
    switch function {
    case .named("declassify") where arguments.count == 1:
      return trace(arguments[0], locals).removing(.personal)
    case .named("size") where arguments.count == 1:
      let shape = trace(arguments[0], locals)
      if case .leaf = shape { return shape }
      return .leaf(shape.all.intersection(.untrusted))
    case .index where arguments.count == 2:
      let shape = trace(arguments[0], locals)
      let index = trace(arguments[1], locals).all
      if case .literal(.string(let name)) = arguments[1].kind {
        return shape.field(name).adding(index)
      }
      return shape.element.adding(index)
    case .optionalField where arguments.count == 2:
      guard case .literal(.string(let name)) = arguments[1].kind else {
        return leaf(arguments, locals)
      }
      return trace(arguments[0], locals).field(name)
    case .add where arguments.count == 2 && arguments[0].type.isList:
      return trace(arguments[0], locals).joined(with: trace(arguments[1], locals))
    default: return leaf(arguments, locals)
    }
  }

  private func comprehension(
    _ macro: Comprehension, _ locals: [Int: FlowShape]
  ) -> FlowShape {
    let range = trace(macro.range, locals)
    let element = macro.range.type.isList ? range.element : .leaf(range.all)
    var inner = locals
    if macro.hasTwoLocals {
      // An index reads no element; a key of a map is data like its value.
      let index = FlowShape.leaf(range.all.intersection(.untrusted))
      inner[macro.local] = macro.range.type.isList ? index : element
      inner[macro.local + 1] = element
    } else {
      inner[macro.local] = element
    }
    let predicate = macro.predicate.map { trace($0, inner).all } ?? []
    switch macro.macro {
    case .all, .exists, .existsOne: return .leaf(predicate)
    case .filter: return .each(element.adding(predicate))
    case .map, .transformList, .transformMap, .transformMapEntry:
      let made = macro.transform.map { trace($0, inner) } ?? .clean
      return .each(made.adding(predicate))
    case .optMap, .optFlatMap:
      inner[macro.local] = range
      // Whether there is a value shows in the result.
      return (macro.transform.map { trace($0, inner) } ?? .clean).adding(range.all)
    case .bind:
      inner[macro.local] = range
      return macro.transform.map { trace($0, inner) } ?? .clean
    }
  }
}

extension ValueType {
  var isList: Bool {
    switch self {
    case .list: true
    case .nullable(let wrapped): wrapped.isList
    default: false
    }
  }
}
