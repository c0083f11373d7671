internal import CEL

/// Numbers and durations that are written out or are CEL over `params`.
extension NetCompilation {
  /// A whole number in `range`.
  func integer(_ text: SourceText, in range: ClosedRange<Int>, at path: NodePath) -> Int? {
    if text.isUnreadable { return nil }
    let number: Int64
    if let digits = Int64(decimal: text.text) {
      number = digits
    } else {
      guard
        let program = compile(text, in: Scope.parameters(of: self), expecting: .int, at: path),
        program.slots.isEmpty,
        let constant = constant(of: program, text, at: path), case .int(let value) = constant
      else { return nil }
      number = value
      record(value, at: path, of: text)
    }
    guard let result = Int(exactly: number), range.contains(result) else {
      report.error(
        "P102", "the number is out of range", at: text.mark, path, found: "\(number)",
        expected: range.upperBound == .max
          ? "at least \(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)")
      return nil
    }
    return result
  }

  /// A duration in microseconds, `D` or CEL over `params`; `isZeroAllowed` for waits.
  func duration(
    _ text: SourceText, isZeroAllowed: Bool = false, at path: NodePath
  ) -> Int64? {
    guard
      case .constant(let microseconds) = span(text, in: Scope.parameters(of: self), at: path)
    else { return nil }
    if microseconds == 0 && !isZeroAllowed {
      report.error(
        "P102", "the duration is zero", at: text.mark, path, found: text.text,
        expected: "a duration above zero")
      return nil
    }
    return microseconds
  }

  enum Span {
    case constant(Int64)
    case computed(Program)
  }

  /// `D`, or CEL of type duration over `scope`; a constant one in microseconds.
  func span(_ text: SourceText, in scope: Scope, at path: NodePath) -> Span? {
    if let microseconds = QuantityText.microseconds(text.text) { return .constant(microseconds) }
    if let span = DurationText.negative(text.text) {
      report.error(
        "P102", "the duration is negative", at: text.mark, path, found: span,
        expected: "a duration of zero or more")
      return nil
    }
    if DurationText.resembles(text.text) {
      report.error(
        "P102", "'\(text.text)' is no duration", at: text.mark, path, found: text.text,
        expected: "500ms, 5s, 10m, 8h, 2d or CEL of type duration")
      return nil
    }
    guard let program = compile(text, in: scope, expecting: .duration, at: path) else { return nil }
    guard program.slots.isEmpty else { return .computed(program) }
    guard let constant = constant(of: program, text, at: path), case .duration(let span) = constant
    else { return nil }
    guard span >= .zero, let microseconds = DurationText.microseconds(span) else {
      report.error(
        "P102", "the duration is negative", at: text.mark, path,
        found: DurationText.text(span), expected: "a duration of zero or more")
      return nil
    }
    record(microseconds, at: path, of: text)
    return .constant(microseconds)
  }

  /// What an expression without variables is; a P102 if it raises.
  private func constant(of program: Program, _ text: SourceText, at path: NodePath) -> Value? {
    if let constant = program.constant { return constant }
    var reason = "it raises"
    do throws(EvaluationError) {
      return try program.value(in: Frame(count: 0))
    } catch {
      reason = error.message
    }
    report.error(
      "P102", "the expression has no value", at: text.mark, path, found: reason,
      expected: "\(program.type)")
    return nil
  }

  /// Only constants of this file: a library's stand in its own definition.
  private func record(_ value: Int64, at path: NodePath, of text: SourceText) {
    if report.isOwn(text.mark) { constants[path.pointer] = value }
  }
}

extension Scope {
  /// What a number or a duration of the file sees.
  static func parameters(of compilation: NetCompilation) -> Scope {
    Scope(variables: compilation.commonVariables)
  }
}

extension Int64 {
  /// Decimal digits with an optional `-`, and nothing else.
  init?(decimal text: String) {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    self.init(text)
  }
}
