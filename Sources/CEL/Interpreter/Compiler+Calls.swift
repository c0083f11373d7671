/// Functions of the library.
extension Compiler {
  func named(
    _ name: String, _ arguments: [CheckedExpression], _ expression: CheckedExpression
  ) -> Code {
    if name == "or" || name == "orValue", arguments.count == 2 {
      return alternative(name, arguments, expression)
    }
    let codes = arguments.map { compile($0) }
    let position = expression.position
    if let code = unboxed(name, codes, at: position) { return code }
    let operands = codes.map { $0.value() }
    let site = CallSite(name: name, position: position, timeZones: timeZones)
    guard let function = StandardFunctions.implementation(of: name) else {
      return Code(
        .value { (_) throws(EvaluationError) -> Value in
          throw EvaluationError(
            .noSuchOverload, at: position, "`\(name)` is declared but cannot be evaluated.")
        })
    }
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        var values: [Value] = []
        values.reserveCapacity(operands.count)
        for operand in operands { values.append(try operand(frame)) }
        try frame.spend(values.reduce(0) { $0 + $1.copiedSteps }, at: position)
        let result = try function(values, site, frame)
        try frame.spend(result.copiedSteps, at: position)
        return result
      }, of: expression.type, at: position)
  }

  /// The functions that conditions use most, without boxes; nil for others and other types.
  private func unboxed(_ name: String, _ codes: [Code], at position: Int) -> Code? {
    if name == "declassify", codes.count == 1 { return codes[0] }
    let strings = codes.compactMap { code -> Evaluator<String>? in
      if case .string(let string) = code.body { string } else { nil }
    }
    guard let string = strings.first, strings.count == codes.count else { return nil }
    switch (name, strings.count) {
    case ("string", 1): return codes[0]
    case ("size", 1):
      return Code(
        .int { (frame) throws(EvaluationError) -> Int64 in
          let text = try string(frame)
          try frame.spend(text.utf8.count / 16, at: position)
          return Int64(text.unicodeScalars.count)
        })
    case ("startsWith", 2):
      return predicate(string, codes[1], at: position) { $0.startsInBytes(with: $1) }
    case ("endsWith", 2):
      return predicate(string, codes[1], at: position) { $0.endsInBytes(of: $1) }
    case ("contains", 2):
      return predicate(string, codes[1], at: position) { $0.containsBytes(of: $1) }
    case ("matches", 2):
      guard case .string(let text)? = codes[1].constant, let pattern = try? Pattern(text)
      else { return nil }
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          try frame.matches(try string(frame), pattern, at: position)
        })
    default: return nil
    }
  }

  @inline(__always)
  private func predicate(
    _ string: @escaping Evaluator<String>, _ part: Code, at position: Int,
    _ holds: @escaping @Sendable (String, String) -> Bool
  ) -> Code {
    if case .string(let part)? = part.constant {
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          let text = try string(frame)
          try frame.spend(text.utf8.count / 16, at: position)
          return holds(text, part)
        })
    }
    let part = part.string(at: position)
    return Code(
      .bool { (frame) throws(EvaluationError) -> Bool in
        let text = try string(frame)
        try frame.spend(text.utf8.count / 16, at: position)
        return holds(text, try part(frame))
      })
  }
}

extension Frame {
  /// Runs a pattern over a text and pays for it.
  func matches(
    _ text: String, _ pattern: Pattern, at position: Int
  ) throws(EvaluationError) -> Bool {
    var stepsLeft = stepsLeft
    let found = pattern.matches(text, stepsLeft: &stepsLeft)
    self.stepsLeft = stepsLeft
    guard let found else { throw .tooCostly(at: position) }
    return found
  }
}

/// Where a function is called and what it may look up.
struct CallSite: Sendable {
  let name: String
  let position: Int
  let timeZones: TimeZones

  func noOverload(_ arguments: [Value]) -> EvaluationError {
    .noOverload(.named(name), arguments, at: position)
  }

  func error(_ code: EvaluationError.Code, _ message: String) -> EvaluationError {
    EvaluationError(code, at: position, message)
  }
}
