/// The macros that walk lists and the keys of maps.
extension Compiler {
  func comprehension(
    _ comprehension: Comprehension, _ expression: CheckedExpression
  ) -> Code {
    let walk = Walk(
      range: compile(comprehension.range).value(), local: comprehension.local,
      weight: 1
        + [comprehension.predicate, comprehension.transform]
        .compactMap { $0?.nodeCount }.reduce(0, +),
      position: expression.position)
    let predicate = comprehension.predicate.map { compile($0).bool(at: $0.position) }
    let transform = comprehension.transform.map { compile($0).value() }
    switch (comprehension.macro, predicate, transform) {
    case (.all, let predicate?, _): return Code(.bool(walk.decides(false, predicate)))
    case (.exists, let predicate?, _): return Code(.bool(walk.decides(true, predicate)))
    case (.existsOne, let predicate?, _):
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          var count = 0
          try walk.each(frame) { (_) throws(EvaluationError) in
            if try predicate(frame) { count += 1 }
            return true
          }
          return count == 1
        })
    case (.filter, let predicate?, _): return Code(.value(walk.list(predicate, nil)))
    default: return Code(.value(walk.list(predicate, transform)))
    }
  }
}

private struct Walk: Sendable {
  let range: Evaluator<Value>
  let local: Int
  /// Steps that one element costs.
  let weight: Int
  let position: Int

  /// Visits the elements in order until `visit` answers false.
  func each(
    _ frame: Frame, _ visit: (Value) throws(EvaluationError) -> Bool
  ) throws(EvaluationError) {
    let range = try range(frame)
    switch range {
    case .list(let list):
      for element in list {
        try frame.spend(weight, at: position)
        frame.locals[local] = element
        guard try visit(element) else { return }
      }
    case .map(let map):
      for entry in map.entries {
        try frame.spend(weight, at: position)
        frame.locals[local] = entry.key.value
        guard try visit(entry.key.value) else { return }
      }
    default: throw .mismatch(range, expected: "a list or a map", at: position)
    }
  }

  /// `all` (false decides) and `exists` (true decides): errors count only if nothing decides.
  func decides(_ deciding: Bool, _ predicate: @escaping Evaluator<Bool>) -> Evaluator<Bool> {
    { (frame) throws(EvaluationError) -> Bool in
      var isDecided = false
      var firstError: EvaluationError?
      try each(frame) { (_) throws(EvaluationError) in
        do throws(EvaluationError) {
          isDecided = try predicate(frame) == deciding
        } catch {
          if error.code == .costExceeded { throw error }
          firstError = firstError ?? error
        }
        return !isDecided
      }
      if isDecided { return deciding }
      if let firstError { throw firstError }
      return !deciding
    }
  }

  /// `filter` and `map`.
  func list(
    _ predicate: Evaluator<Bool>?, _ transform: Evaluator<Value>?
  ) -> Evaluator<Value> {
    { (frame) throws(EvaluationError) -> Value in
      var list: [Value] = []
      try each(frame) { (element) throws(EvaluationError) in
        if let predicate, try !predicate(frame) { return true }
        if let transform { list.append(try transform(frame)) } else { list.append(element) }
        return true
      }
      return .list(list)
    }
  }
}

extension CheckedExpression {
  /// The nodes of the tree, macros inside counted once.
  fileprivate var nodeCount: Int { children.reduce(1) { $0 + $1.nodeCount } }
}
