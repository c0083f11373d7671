import CEL

/// Operators, with numbers as the 128-bit integers that contain them all.
extension TreeWalker {
  func call(
    _ function: Function, _ arguments: [CheckedExpression], _ locals: [Int: Local]
  ) throws(Failure) -> Value {
    if case .named(let name) = function, name == "or" || name == "orValue" {
      let first = try walk(arguments[0], locals)
      if let content = try content(first) { return name == "or" ? first : content }
      let second = try walk(arguments[1], locals)
      if name == "or" { _ = try content(second) }
      return second
    }
    var values: [Value] = []
    for (index, argument) in arguments.enumerated() {
      values.append(try walk(argument, locals))
      // A `T?` that is null raises before the container is looked at.
      if function == .isIn, index == 0, case .nullable = argument.type, values == [.null] {
        throw Failure(.nullValue)
      }
    }
    switch function {
    case .equal: return .bool(Self.isEqual(values[0], values[1]))
    case .notEqual: return .bool(!Self.isEqual(values[0], values[1]))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return try ordered(function, values)
    case .isIn: return .bool(try isIn(values))
    case .index: return try index(values)
    case .optionalIndex, .optionalField: return try optionalIndex(function, values)
    case .not:
      guard case .bool(let bool) = values[0] else { throw mismatch(values) }
      return .bool(!bool)
    case .add, .subtract, .multiply, .divide, .remainder, .negate:
      return try arithmetic(function, values)
    case .named(let name): return try library(name, values)
    }
  }

  static func isEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.list(let left), .list(let right)):
      return left.count == right.count && zip(left, right).allSatisfy(isEqual)
    case (.map(let left), .map(let right)):
      guard left.count == right.count else { return false }
      return left.entries.allSatisfy { entry in
        right[entry.key].map { isEqual(entry.value, $0) } ?? false
      }
    case (.optional(let left), .optional(let right)):
      guard let first = left.content, let second = right.content else {
        return left.content == nil && right.content == nil
      }
      return isEqual(first, second)
    case (.record(let left), .record(let right)):
      return zip(left.fields, right.fields).allSatisfy(isEqual)
    case (.string(let left), .string(let right)): return Array(left.utf8) == Array(right.utf8)
    case (.double(let left), .double(let right)): return left == right
    case (.double(let left), _): return integer(right).map { Double($0) == left } ?? false
    case (_, .double(let right)): return integer(left).map { Double($0) == right } ?? false
    case (.int, .int), (.int, .uint), (.uint, .int), (.uint, .uint):
      return integer(left) == integer(right)
    default: return left == right
    }
  }

  static func integer(_ value: Value) -> Int128? {
    switch value {
    case .int(let int): Int128(int)
    case .uint(let uint): Int128(uint)
    default: nil
    }
  }

  /// Nanoseconds of an instant since 1970, or of a span.
  static func nanoseconds(_ value: Value) -> Int128? {
    switch value {
    case .timestamp(let instant):
      Int128(instant.seconds) * 1_000_000_000 + Int128(instant.nanoseconds)
    case .duration(let span): Int128(span.seconds) * 1_000_000_000 + Int128(span.nanoseconds)
    default: nil
    }
  }

  private func ordered(_ function: Function, _ values: [Value]) throws(Failure) -> Value {
    func compare<Scalar: Comparable>(_ left: Scalar, _ right: Scalar) -> Value {
      switch function {
      case .less: .bool(left < right)
      case .lessOrEqual: .bool(left <= right)
      case .greater: .bool(left > right)
      default: .bool(left >= right)
      }
    }
    switch (values[0], values[1]) {
    case (.string(let left), .string(let right)):
      return compare(
        Self.order(left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value)), 0)
    case (.bytes(let left), .bytes(let right)):
      return compare(Self.order(left.map { UInt32($0) }, right.map { UInt32($0) }), 0)
    case (.bool(let left), .bool(let right)): return compare(left ? 1 : 0, right ? 1 : 0)
    case (.double(let left), .double(let right)): return compare(left, right)
    case (.double(let left), let other):
      guard let right = Self.integer(other) else { throw mismatch(values) }
      return compare(left, Double(right))
    case (let other, .double(let right)):
      guard let left = Self.integer(other) else { throw mismatch(values) }
      return compare(Double(left), right)
    case (.timestamp, .timestamp), (.duration, .duration):
      guard let left = Self.nanoseconds(values[0]), let right = Self.nanoseconds(values[1]) else {
        throw mismatch(values)
      }
      return compare(left, right)
    default:
      guard let left = Self.integer(values[0]), let right = Self.integer(values[1]) else {
        throw mismatch(values)
      }
      return compare(left, right)
    }
  }

  private static func order(_ left: [UInt32], _ right: [UInt32]) -> Int {
    left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
  }

  private func isIn(_ values: [Value]) throws(Failure) -> Bool {
    switch values[1] {
    case .list(let list): return list.contains { Self.isEqual($0, values[0]) }
    case .map(let map): return map.entries.contains { Self.isEqual($0.key.value, values[0]) }
    default: throw mismatch(values)
    }
  }

  /// The element, nil if there is none.
  private func element(_ container: Value, _ index: Value) throws(Failure) -> Value? {
    switch container {
    case .list(let list):
      var number = Self.integer(index)
      if case .double(let double) = index, double.magnitude < 1e9 {
        number = Int128(exactly: double)
      }
      guard let number, number >= Int128(Int64.min), number <= Int128(Int64.max) else {
        throw mismatch([container, index])
      }
      return number >= 0 && number < list.count ? list[Int(number)] : nil
    case .map(let map): return map.entries.first { Self.isEqual($0.key.value, index) }?.value
    default: throw mismatch([container, index])
    }
  }

  private func index(_ values: [Value]) throws(Failure) -> Value {
    if case .optional = values[0] { return try optionalIndex(.optionalIndex, values) }
    guard let element = try element(values[0], values[1]) else {
      if case .map = values[0] { throw Failure(.noSuchKey) }
      throw Failure(.indexOutOfRange)
    }
    return element
  }

  private func optionalIndex(_ function: Function, _ values: [Value]) throws(Failure) -> Value {
    var container = values[0]
    if case .optional(let optional) = container {
      guard let content = optional.content else { return container }
      container = content
    }
    if function == .optionalField, case .record(let record) = container {
      guard case .string(let name) = values[1], let field = record[name] else {
        throw Failure(.noSuchField)
      }
      return .optional(field == .null ? .none : .some(field))
    }
    if function == .optionalField {
      guard case .map = container else { throw mismatch([container]) }
    }
    return .optional(try element(container, values[1]).map { .some($0) } ?? .none)
  }

  private func arithmetic(_ function: Function, _ values: [Value]) throws(Failure) -> Value {
    let operands = function == .negate ? [.int(0), values[0]] : values
    if function == .negate, case .double(let double) = values[0] { return .double(-double) }
    if function == .negate { guard case .int = values[0] else { throw mismatch(values) } }
    switch (function, operands[0], operands[1]) {
    case (_, .int, .int):
      return try whole(function, operands) { (number) in Int64(exactly: number).map { .int($0) } }
    case (_, .uint, .uint):
      return try whole(function, operands) { (number) in UInt64(exactly: number).map { .uint($0) } }
    case (.add, .double(let left), .double(let right)): return .double(left + right)
    case (.subtract, .double(let left), .double(let right)): return .double(left - right)
    case (.multiply, .double(let left), .double(let right)): return .double(left * right)
    case (.divide, .double(let left), .double(let right)): return .double(left / right)
    case (.add, .string(let left), .string(let right)): return .string(left + right)
    case (.add, .bytes(let left), .bytes(let right)): return .bytes(left + right)
    case (.add, .list(let left), .list(let right)): return .list(left + right)
    default: return try time(function, operands)
    }
  }

  private func whole(
    _ function: Function, _ values: [Value], _ fit: (Int128) -> Value?
  ) throws(Failure) -> Value {
    guard let left = Self.integer(values[0]), let right = Self.integer(values[1]) else {
      throw mismatch(values)
    }
    let result: Int128
    switch function {
    case .add: result = left + right
    case .subtract, .negate: result = left - right
    case .multiply:
      let (product, overflow) = left.multipliedReportingOverflow(by: right)
      guard !overflow else { throw Failure(.overflow) }
      result = product
    default:
      guard right != 0 else { throw Failure(.divisionByZero) }
      // The machine's remainder of the least int by -1 overflows, and so does CEL's.
      if left == Int128(Int64.min), right == -1 { throw Failure(.overflow) }
      result = function == .divide ? left / right : left % right
    }
    guard let value = fit(result) else { throw Failure(.overflow) }
    return value
  }

  private func time(_ function: Function, _ values: [Value]) throws(Failure) -> Value {
    let isInstant = values.map { if case .timestamp = $0 { true } else { false } }
    if function == .multiply {
      guard case .duration = values[0], case .int(let factor) = values[1],
        let span = Self.nanoseconds(values[0])
      else { throw mismatch(values) }
      let (product, overflow) = span.multipliedReportingOverflow(by: Int128(factor))
      guard !overflow else { throw Failure(.overflow) }
      return try Self.span(product)
    }
    guard let left = Self.nanoseconds(values[0]), let right = Self.nanoseconds(values[1]) else {
      throw mismatch(values)
    }
    switch (function, isInstant[0], isInstant[1]) {
    case (.add, true, false), (.add, false, true): return try Self.instant(left + right)
    case (.add, false, false): return try Self.span(left + right)
    case (.subtract, true, true):
      // Between instants 64 bits of nanoseconds are the limit.
      guard Int64(exactly: left - right) != nil else { throw Failure(.overflow) }
      return try Self.span(left - right)
    case (.subtract, false, false): return try Self.span(left - right)
    case (.subtract, true, false): return try Self.instant(left - right)
    default: throw mismatch(values)
    }
  }

  static func span(_ nanoseconds: Int128) throws(Failure) -> Value {
    guard nanoseconds.magnitude <= 315_576_000_000 * 1_000_000_000 else { throw Failure(.overflow) }
    return .duration(
      TimeSpan(
        seconds: Int64(nanoseconds / 1_000_000_000),
        nanoseconds: Int32(nanoseconds % 1_000_000_000)))
  }

  static func instant(_ nanoseconds: Int128) throws(Failure) -> Value {
    var seconds = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000_000
    }
    // From the year 1 to the year 9999.
    guard seconds >= -62_135_596_800, seconds <= 253_402_300_799 else { throw Failure(.overflow) }
    return .timestamp(Timestamp(seconds: Int64(seconds), nanoseconds: Int32(rest)))
  }
}
