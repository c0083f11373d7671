/// Lists and maps: literals and `[]`.
extension Compiler {
  func list(
    _ elements: [CheckedExpression.Element], _ expression: CheckedExpression
  ) -> Code {
    let codes = elements.map { compile($0.value) }
    let constants = codes.compactMap(\.constant)
    if constants.count == codes.count { return Code(constant: .list(constants)) }
    let evaluators = codes.map { $0.value() }
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        var list: [Value] = []
        list.reserveCapacity(evaluators.count)
        for evaluator in evaluators { list.append(try evaluator(frame)) }
        return .list(list)
      })
  }

  func map(_ entries: [CheckedExpression.Entry], _ expression: CheckedExpression) -> Code {
    let parts = entries.map { entry in
      (compile(entry.key).value(), compile(entry.value).value(), entry.key.position)
    }
    let position = expression.position
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        var entries: [MapValue.Entry] = []
        entries.reserveCapacity(parts.count)
        for (key, value, position) in parts {
          let name = try key(frame)
          if case .double = name { throw .mismatch(name, expected: "a key", at: position) }
          guard let key = MapValue.Key(name) else {
            throw .mismatch(name, expected: "a key", at: position)
          }
          entries.append(.init(key, try value(frame)))
        }
        guard let map = MapValue(entries) else {
          throw EvaluationError(.invalidArgument, at: position, "A key of the map comes twice.")
        }
        return .map(map)
      })
  }

  func index(_ arguments: [CheckedExpression], _ expression: CheckedExpression) -> Code {
    let position = expression.position
    let container = compile(arguments[0]).value()
    let index = compile(arguments[1]).value()
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        let container = try container(frame)
        let index = try index(frame)
        let value: Value
        switch container {
        case .list(let list):
          guard case .int(let number)? = MapValue.Key(index)?.asInt else {
            throw .noOverload(.index, [container, index], at: position)
          }
          guard number >= 0, number < list.count else {
            throw EvaluationError(
              .indexOutOfRange, at: position, "The index lies outside of the list.")
          }
          value = list[Int(number)]
        case .map(let map):
          guard let key = MapValue.Key(index), let found = map[key] else {
            throw .noSuchKey(at: position)
          }
          value = found
        default: throw .noOverload(.index, [container, index], at: position)
        }
        if case .erased = value { throw .isErased(at: position) }
        return value
      }, of: expression.type, at: position)
  }
}

extension MapValue.Key {
  /// The key as an `int` if it is a number that fits.
  fileprivate var asInt: MapValue.Key? {
    switch self {
    case .int: self
    case .uint(let uint): Int64(exactly: uint).map { .int($0) }
    default: nil
    }
  }
}
