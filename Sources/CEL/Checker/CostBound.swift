/// The most steps that an expression can take, from the sizes that are declared or written; where
/// none is, `ExpressionLimits.assumedElements` and `assumedBytes` stand in.
///
/// It counts what `ExpressionLimits.stepsMax` limits when an expression runs, or more: an
/// expression within the bound may still raise `cost_exceeded`, but only over values larger than
/// assumed.
struct CostBound {
  let steps: Int
  let extent: Extent

  /// The bound, or the smallest part that goes beyond `limit` by itself.
  static func of(
    _ expression: CheckedExpression, limit: Int = ExpressionLimits.boundMax
  ) throws(ExpressionProblems) -> CostBound {
    var walk = CostWalk(limit: limit)
    let bound = walk.bound(expression, [:])
    if let excess = walk.excess { throw ExpressionProblems(problems: [excess]) }
    return bound
  }
}

private struct CostWalk {
  let limit: Int
  var excess: ExpressionProblem?

  mutating func bound(
    _ node: CheckedExpression, _ locals: [Int: Extent]
  ) -> CostBound {
    let bound = unlimited(node, locals)
    if bound.steps > limit, excess == nil {
      excess = ExpressionProblem(
        kind: .tooCostly, position: node.position, length: max(node.length, 1),
        found: "up to \(bound.steps == .max ? "countless" : "\(bound.steps)") steps",
        expected: "at most \(limit)",
        message: "This part can take more than \(limit) steps: lists of no declared size count"
          + " \(ExpressionLimits.assumedElements) elements.")
    }
    return bound
  }

  private mutating func unlimited(
    _ node: CheckedExpression, _ locals: [Int: Extent]
  ) -> CostBound {
    switch node.kind {
    case .literal(let value): return CostBound(steps: 1, extent: Extent(of: value))
    case .variable, .raise: return CostBound(steps: 1, extent: Extent(of: node.type))
    case .local(let index):
      return CostBound(steps: 1, extent: locals[index] ?? Extent(of: node.type))
    case .field(let operand, let name, let index):
      let inner = bound(operand, locals)
      return CostBound(
        steps: inner.steps.saturatingSum(1), extent: field(name, index, of: inner.extent, node))
    case .has(let operand, _, _):
      return CostBound(steps: bound(operand, locals).steps.saturatingSum(1), extent: .scalar)
    case .list(let elements):
      return aggregate(elements.map(\.value), count: elements.count, locals)
    case .map(let entries):
      return aggregate(
        entries.map(\.value) + entries.map(\.key), count: entries.count, locals)
    case .and(let operands), .or(let operands):
      return CostBound(steps: sum(operands.map { bound($0, locals) }), extent: .scalar)
    case .conditional(let condition, let then, let otherwise):
      let choices = [bound(then, locals), bound(otherwise, locals)]
      return CostBound(
        steps: bound(condition, locals).steps
          .saturatingSum(max(choices[0].steps, choices[1].steps)).saturatingSum(1),
        extent: choices[0].extent.joined(with: choices[1].extent))
    case .call(let function, let arguments):
      return call(function, arguments, node, locals)
    case .comprehension(let macro): return comprehension(macro, node, locals)
    }
  }

  private func sum(_ bounds: [CostBound]) -> Int {
    bounds.reduce(1) { $0.saturatingSum($1.steps) }
  }

  private func field(
    _ name: String, _ index: Int?, of extent: Extent, _ node: CheckedExpression
  ) -> Extent {
    switch extent {
    case .record(let type):
      guard let index = index ?? type.index(of: name) else { return Extent(of: node.type) }
      return Extent(of: type.fields[index])
    case .many, .unknown: return extent.element
    case .scalar, .text: return Extent(of: node.type)
    }
  }

  private mutating func aggregate(
    _ parts: [CheckedExpression], count: Int, _ locals: [Int: Extent]
  ) -> CostBound {
    let bounds = parts.map { bound($0, locals) }
    return CostBound(
      steps: sum(bounds).saturatingSum(count),
      extent: .many(count, .largest(of: bounds.prefix(count).map(\.extent))))
  }

  private mutating func comprehension(
    _ macro: Comprehension, _ node: CheckedExpression, _ locals: [Int: Extent]
  ) -> CostBound {
    let range = bound(macro.range, locals)
    let isSingle = [.bind, .optMap, .optFlatMap].contains(macro.macro)
    var inner = locals
    inner[macro.local] = isSingle ? range.extent : range.extent.element
    if macro.hasTwoLocals {
      inner[macro.local] = .text(ExpressionLimits.assumedBytes)
      inner[macro.local + 1] = range.extent.element
    }
    let predicate = macro.predicate.map { bound($0, inner) }
    let transform = macro.transform.map { bound($0, inner) }
    let body = (predicate?.steps ?? 0).saturatingSum(transform?.steps ?? 0)
    if isSingle {
      // Where the value of a binding raises it is evaluated at each place that reads it; that is
      // left out here, since what raises ends the evaluation or is absorbed by one operand.
      return CostBound(
        steps: range.steps.saturatingSum(body).saturatingSum(1),
        extent: transform?.extent ?? .scalar)
    }
    let count = range.extent.count
    let extent: Extent =
      switch macro.macro {
      case .all, .exists, .existsOne: .scalar
      case .filter: range.extent
      default: .many(count, transform?.extent ?? .scalar)
      }
    return CostBound(
      steps: range.steps.saturatingSum(
        count.saturatingProduct(body.saturatingSum(node.nodeCount))),
      extent: extent)
  }
}

/// Operators and functions.
extension CostWalk {
  fileprivate mutating func call(
    _ function: Function, _ arguments: [CheckedExpression], _ node: CheckedExpression,
    _ locals: [Int: Extent]
  ) -> CostBound {
    let parts = arguments.map { bound($0, locals) }
    let steps = sum(parts)
    let extents = parts.map(\.extent)
    let (work, extent): (Int, Extent) =
      switch function {
      case .equal, .notEqual: (min(extents[0].total, extents[1].total), .scalar)
      case .less, .lessOrEqual, .greater, .greaterOrEqual: (extents[0].copied, .scalar)
      case .isIn where arguments[1].isLiteral: (extents[0].copied, .scalar)
      case .isIn: (extents[1].count.saturatingProduct(extents[0].total), .scalar)
      case .add: sum(extents[0], extents[1])
      case .index, .optionalIndex: (1, extents[0].element)
      case .optionalField: (1, optionalField(extents[0], arguments[1], node))
      case .named(let name): named(name, extents, arguments, node)
      default: (1, .scalar)
      }
    return CostBound(steps: steps.saturatingSum(work), extent: extent)
  }

  private func sum(_ left: Extent, _ right: Extent) -> (Int, Extent) {
    switch (left, right) {
    case (.text(let first), .text(let second)):
      let bytes = first.saturatingSum(second)
      return (1 + bytes / 16, .text(bytes))
    case (.many(let first, let element), .many(let second, let other)):
      let count = first.saturatingSum(second)
      return (count, .many(count, element.joined(with: other)))
    default: return (1, left.joined(with: right))
    }
  }

  private func optionalField(
    _ extent: Extent, _ name: CheckedExpression, _ node: CheckedExpression
  ) -> Extent {
    guard case .record(let type) = extent, case .literal(.string(let name)) = name.kind,
      let index = type.index(of: name)
    else { return extent.element }
    return Extent(of: type.fields[index])
  }

  /// What a function copies and what it makes.
  private func named(
    _ name: String, _ extents: [Extent], _ arguments: [CheckedExpression],
    _ node: CheckedExpression
  ) -> (Int, Extent) {
    let copied = extents.reduce(1) { $0.saturatingSum($1.copied) }
    let first = extents.first ?? .scalar
    switch name {
    case "matches":
      let pattern = extents.count > 1 ? extents[1].count : 1
      return (first.count.saturatingProduct(pattern.saturatingSum(1)), .scalar)
    case "split": return (copied.saturatingSum(first.count), .many(first.count + 1, first))
    case "join":
      let separator = extents.count > 1 ? extents[1].count : 0
      let bytes = first.count.saturatingProduct(first.element.count.saturatingSum(separator))
      return (copied.saturatingSum(first.count).saturatingSum(bytes / 16), .text(bytes))
    case "replace":
      let bytes = first.count.saturatingSum(1).saturatingProduct(
        (extents.count > 2 ? extents[2].count : 0).saturatingSum(1))
      return (copied.saturatingSum(bytes / 16).saturatingSum(first.count), .text(bytes))
    case "format":
      let bytes = first.count.saturatingSum(
        extents.count > 1 ? extents[1].total.saturatingProduct(16).saturatingSum(1_024) : 0)
      return (copied.saturatingSum(bytes / 16), .text(bytes))
    case "strings.quote", "base64.encode":
      return (copied.saturatingProduct(2), .text(first.count.saturatingProduct(2)))
    case "or", "orValue": return (1, extents.reduce(.scalar) { $0.joined(with: $1) })
    case "first", "last", "optional.unwrap", "unwrapOpt", "optional.of", "value", "dyn",
      "declassify", "optional.ofNonZeroValue":
      return (copied, ["first", "last"].contains(name) ? first.element : first)
    default:
      switch node.type {
      case .string, .bytes: return (copied, .text(max(first.count, 64)))
      default: return (copied, Extent(of: node.type).isMany ? first : .scalar)
      }
    }
  }
}

extension Extent {
  fileprivate var isMany: Bool { if case .many = self { true } else { false } }
}

extension CheckedExpression {
  /// A list or map of literals, which becomes a set.
  fileprivate var isLiteral: Bool {
    switch kind {
    case .literal: true
    case .list(let elements): elements.allSatisfy { $0.value.isLiteral }
    default: false
    }
  }
}
