/// Lists and maps: literals and `[]`.
extension Compiler {
  func list(
    _ elements: [CheckedExpression.Element], _ expression: CheckedExpression
  ) -> Code {
    if elements.contains(where: \.isOptional) { return optionalList(elements) }
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
      (
        key: compile(entry.key).value(), value: compile(entry.value).value(),
        position: entry.key.position, isOptional: entry.isOptional
      )
    }
    let position = expression.position
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        var entries: [MapValue.Entry] = []
        entries.reserveCapacity(parts.count)
        for part in parts {
          let name = try part.key(frame)
          if case .double = name { throw .mismatch(name, expected: "a key", at: part.position) }
          guard let key = MapValue.Key(name) else {
            throw .mismatch(name, expected: "a key", at: part.position)
          }
          let value = try part.value(frame)
          if part.isOptional {
            let content = try value.optional(at: part.position).content
            if let content { entries.append(.init(key, content)) }
          } else {
            entries.append(.init(key, value))
          }
        }
        guard let map = MapValue(entries) else { throw .repeatedKey(at: position) }
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
        if case .optional(let optional) = container {
          return .optional(try optional.element(index, at: position))
        }
        guard let value = try container.element(index, at: position) else {
          if case .map = container { throw .noSuchKey(at: position) }
          throw EvaluationError(
            .indexOutOfRange, at: position, "The index lies outside of the list.")
        }
        if case .erased = value { throw .isErased(at: position) }
        return value
      }, of: expression.type, at: position)
  }
}

extension Value {
  /// What a list or a map has there, if anything.
  func element(_ index: Value, at position: Int) throws(EvaluationError) -> Value? {
    switch self {
    case .list(let list):
      guard case .int(let number)? = MapValue.Key(index)?.asInt else {
        throw .noOverload(.index, [self, index], at: position)
      }
      return number >= 0 && number < list.count ? list[Int(number)] : nil
    case .map(let map): return MapValue.Key(index).flatMap { map[$0] }
    default: throw .noOverload(.index, [self, index], at: position)
    }
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
