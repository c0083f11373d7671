/// The macros that walk lists and maps.
extension Compiler {
  func comprehension(
    _ comprehension: Comprehension, _ expression: CheckedExpression
  ) -> Code {
    if comprehension.macro == .bind { return bind(comprehension, expression) }
    let local = comprehension.local
    let inner = walking(local..<local + (comprehension.hasTwoLocals ? 2 : 1))
    let parts = [comprehension.predicate, comprehension.transform].compactMap { $0?.nodeCount }
    let walk = Walk(
      range: compile(comprehension.range).value(), local: local,
      hasTwoLocals: comprehension.hasTwoLocals, weight: parts.reduce(1, +),
      position: expression.position)
    let predicate = comprehension.predicate.map { inner.compile($0).bool(at: $0.position) }
    let transform = comprehension.transform.map { inner.compile($0).value() }
    switch (comprehension.macro, predicate, transform) {
    case (.all, let predicate?, _): return Code(.bool(walk.decides(false, predicate)))
    case (.exists, let predicate?, _): return Code(.bool(walk.decides(true, predicate)))
    case (.existsOne, let predicate?, _): return Code(.bool(walk.isOne(predicate)))
    case (.filter, let predicate?, _): return Code(.value(walk.list(predicate, nil)))
    case (.transformMap, _, let transform?):
      return Code(.value(walk.map(predicate, transform, makesEntries: false)))
    case (.transformMapEntry, _, let transform?):
      return Code(.value(walk.map(predicate, transform, makesEntries: true)))
    case (.optMap, _, let transform?):
      return Code(.value(walk.content(transform, isFlat: false)))
    case (.optFlatMap, _, let transform?):
      return Code(.value(walk.content(transform, isFlat: true)))
    default: return Code(.value(walk.list(predicate, transform)))
    }
  }
}

private struct Walk: Sendable {
  let range: Evaluator<Value>
  let local: Int
  let hasTwoLocals: Bool
  /// Steps that one element costs.
  let weight: Int
  let position: Int

  /// Visits the elements in order, or the entries of a map by key, until `visit` answers false.
  /// Without a second variable the element of a map is its key.
  func each(
    _ frame: Frame, _ visit: (_ key: Value, _ element: Value) throws(EvaluationError) -> Bool
  ) throws(EvaluationError) {
    let range = try range(frame)
    switch range {
    case .list(let list):
      for (index, element) in list.enumerated() {
        try frame.spend(weight, at: position)
        guard hasTwoLocals else {
          frame.locals[local] = element
          guard try visit(element, element) else { return }
          continue
        }
        frame.locals[local] = .int(Int64(index))
        frame.locals[local + 1] = element
        guard try visit(.int(Int64(index)), element) else { return }
      }
    case .map(let map):
      for entry in map.entries {
        try frame.spend(weight, at: position)
        let key = entry.key.value
        frame.locals[local] = key
        if hasTwoLocals { frame.locals[local + 1] = entry.value }
        guard try visit(key, hasTwoLocals ? entry.value : key) else { return }
      }
    default: throw .mismatch(range, expected: "a list or a map", at: position)
    }
  }

  /// `all` (false decides) and `exists` (true decides): errors count only if nothing decides.
  func decides(_ deciding: Bool, _ predicate: @escaping Evaluator<Bool>) -> Evaluator<Bool> {
    { (frame) throws(EvaluationError) -> Bool in
      var isDecided = false
      var firstError: EvaluationError?
      try each(frame) { (_, _) throws(EvaluationError) in
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

  /// `exists_one`: asks every element, so that an error of one is the error of all.
  func isOne(_ predicate: @escaping Evaluator<Bool>) -> Evaluator<Bool> {
    { (frame) throws(EvaluationError) -> Bool in
      var count = 0
      try each(frame) { (_, _) throws(EvaluationError) in
        if try predicate(frame) { count += 1 }
        return true
      }
      return count == 1
    }
  }

  /// `filter`, `map` and `transformList`.
  func list(
    _ predicate: Evaluator<Bool>?, _ transform: Evaluator<Value>?
  ) -> Evaluator<Value> {
    { (frame) throws(EvaluationError) -> Value in
      var list: [Value] = []
      try each(frame) { (_, element) throws(EvaluationError) in
        if let predicate, try !predicate(frame) { return true }
        if let transform { list.append(try transform(frame)) } else { list.append(element) }
        return true
      }
      return .list(list)
    }
  }

  /// `transformMap`, and `transformMapEntry` whose transform makes maps that are put together.
  func map(
    _ predicate: Evaluator<Bool>?, _ transform: @escaping Evaluator<Value>, makesEntries: Bool
  ) -> Evaluator<Value> {
    { (frame) throws(EvaluationError) -> Value in
      var entries: [MapValue.Entry] = []
      try each(frame) { (key, _) throws(EvaluationError) in
        if let predicate, try !predicate(frame) { return true }
        let result = try transform(frame)
        if makesEntries {
          guard case .map(let map) = result else {
            throw .mismatch(result, expected: "a map", at: position)
          }
          try frame.spend(map.count, at: position)
          entries += map.entries
        } else if let key = MapValue.Key(key) {
          entries.append(.init(key, result))
        }
        return true
      }
      guard let map = MapValue(entries) else { throw .repeatedKey(at: position) }
      return .map(map)
    }
  }

  /// `optMap` and `optFlatMap`.
  func content(_ transform: @escaping Evaluator<Value>, isFlat: Bool) -> Evaluator<Value> {
    { (frame) throws(EvaluationError) -> Value in
      guard let content = try range(frame).optional(at: position).content else {
        return .optional(.none)
      }
      frame.locals[local] = content
      let result = try transform(frame)
      return .optional(isFlat ? try result.optional(at: position) : .some(result))
    }
  }
}

extension EvaluationError {
  static func repeatedKey(at position: Int) -> EvaluationError {
    EvaluationError(.invalidArgument, at: position, "A key of the map comes twice.")
  }
}
