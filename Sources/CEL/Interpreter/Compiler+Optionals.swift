/// CEL's optionals: their syntax, and the functions that may leave their second part alone.
extension Compiler {
  func optionalIndex(
    _ arguments: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    let container = compile(arguments[0]).value()
    let index = compile(arguments[1]).value()
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        let container = try container(frame)
        let index = try index(frame)
        if case .optional(let optional) = container {
          return .optional(try optional.element(index, at: position))
        }
        return .optional(try OptionalValue.some(container).element(index, at: position))
      })
  }

  func optionalField(
    _ arguments: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    let container = compile(arguments[0]).value()
    guard case .literal(.string(let name)) = arguments[1].kind else {
      preconditionFailure("a field is selected by a literal name")
    }
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        let container = try container(frame)
        if case .optional(let optional) = container {
          return .optional(try optional.field(name, at: position))
        }
        return .optional(try OptionalValue.some(container).field(name, at: position))
      })
  }

  /// `a.or(b)` and `a.orValue(b)`: b is evaluated only if a has no value.
  func alternative(
    _ name: String, _ arguments: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    let first = compile(arguments[0]).value()
    let second = compile(arguments[1]).value()
    let isValue = name == "orValue"
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        let left = try first(frame)
        if let content = try left.optional(at: position).content {
          if isValue, case .erased = content { throw .isErased(at: position) }
          return isValue ? content : left
        }
        let right = try second(frame)
        if !isValue { _ = try right.optional(at: position) }
        return right
      }, of: expression.type, at: position)
  }

  /// A list some of whose elements are left out if they are none.
  func optionalList(_ elements: [CheckedExpression.Element]) -> Code {
    let parts = elements.map { element in
      (
        value: compile(element.value).value(), isOptional: element.isOptional,
        position: element.value.position
      )
    }
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        var list: [Value] = []
        for part in parts {
          let value = try part.value(frame)
          guard part.isOptional else {
            list.append(value)
            continue
          }
          if let content = try value.optional(at: part.position).content { list.append(content) }
        }
        return .list(list)
      })
  }

  /// A local of `cel.bind`: evaluated where it is read first. `erased` marks that it was not yet,
  /// since reading an erased value raises and so is never what a binding holds.
  func bound(_ local: Int, _ binding: Code, _ expression: CheckedExpression) -> Code {
    if binding.constant != nil { return binding }
    let value = binding.value()
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        let known = frame.locals[local]
        guard case .erased = known else { return known }
        let result = try value(frame)
        frame.locals[local] = result
        return result
      }, of: expression.type, at: expression.position)
  }

  func bind(_ comprehension: Comprehension, _ expression: CheckedExpression) -> Code {
    let value = compile(comprehension.range)
    guard let body = comprehension.transform else {
      preconditionFailure("a binding has an expression that may read it")
    }
    let local = comprehension.local
    let code = binding(local, to: value).compile(body)
    guard value.constant == nil, code.constant == nil else { return code }
    let result = code.value()
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        frame.locals[local] = .erased
        return try result(frame)
      }, of: expression.type, at: expression.position)
  }
}

extension Value {
  func optional(at position: Int) throws(EvaluationError) -> OptionalValue {
    if case .optional(let optional) = self { return optional }
    throw .mismatch(self, expected: "an optional value", at: position)
  }
}

extension OptionalValue {
  init(_ value: Value?) { self = value.map { .some($0) } ?? .none }

  /// The field of the record or map inside, none if there is none or it is a record's null.
  func field(_ name: String, at position: Int) throws(EvaluationError) -> OptionalValue {
    switch content {
    case nil: return .none
    case .map(let map)?: return OptionalValue(map[name])
    case .record(let record)?:
      switch record[name] {
      case nil: throw .noSuchField(name, at: position)
      case .null?: return .none
      case let value?: return .some(value)
      }
    case let other?: throw .mismatch(other, expected: "a record or a map", at: position)
    }
  }

  /// The element of the list or map inside.
  func element(_ index: Value, at position: Int) throws(EvaluationError) -> OptionalValue {
    OptionalValue(try content?.element(index, at: position))
  }
}
