extension Value {
  /// CEL's `==`: numbers of different kinds are equal if their values are, `NaN` equals nothing,
  /// other kinds are never equal to each other. An erased part equals nothing.
  ///
  /// An `int` or a `uint` is compared with a double as the double nearest to it, as all CEL
  /// implementations do.
  package func equals(_ other: Value) -> Bool {
    var comparison = Comparison(stepsLeft: .max)
    return comparison.areEqual(self, other) && !comparison.metErased
  }

  /// Negative, zero or positive for two numbers, strings, bytes, booleans, timestamps or durations;
  /// nil if CEL does not order them. `NaN` is neither before nor after anything: `.unordered`.
  func ordering(to other: Value) -> ScalarOrder? {
    switch (self, other) {
    case (.int(let left), .int(let right)): ScalarOrder(left, right)
    case (.uint(let left), .uint(let right)): ScalarOrder(left, right)
    case (.double(let left), .double(let right)): ScalarOrder(left, right)
    case (.int(let left), .uint(let right)): ScalarOrder(integers: left, right)
    case (.uint(let left), .int(let right)): ScalarOrder(integers: left, right)
    case (.int(let left), .double(let right)): ScalarOrder(Double(left), right)
    case (.uint(let left), .double(let right)): ScalarOrder(Double(left), right)
    case (.double(let left), .int(let right)): ScalarOrder(left, Double(right))
    case (.double(let left), .uint(let right)): ScalarOrder(left, Double(right))
    case (.bool(let left), .bool(let right)): ScalarOrder(left ? 1 : 0, right ? 1 : 0)
    case (.timestamp(let left), .timestamp(let right)): ScalarOrder(left, right)
    case (.duration(let left), .duration(let right)): ScalarOrder(left, right)
    case (.string(let left), .string(let right)):
      left.hasSameBytes(as: right) ? .equal : left.comesBefore(right) ? .less : .greater
    case (.bytes(let left), .bytes(let right)):
      left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
    default: nil
    }
  }
}

/// How two scalars lie to each other.
enum ScalarOrder {
  case less, equal, greater, unordered

  init<Left: BinaryInteger, Right: BinaryInteger>(integers left: Left, _ right: Right) {
    self = left < right ? .less : left == right ? .equal : .greater
  }

  init<Scalar: Comparable>(_ left: Scalar, _ right: Scalar) {
    self = left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
  }
}

/// One comparison of values that may be large: counts its steps and minds erased parts.
struct Comparison {
  var stepsLeft: Int
  /// Whether the answer would need an erased value.
  var metErased = false

  /// False as soon as the steps are used up; the caller looks at `stepsLeft`.
  mutating func areEqual(_ left: Value, _ right: Value) -> Bool {
    stepsLeft -= 1
    guard stepsLeft >= 0 else { return false }
    switch (left, right) {
    case (.erased, _), (_, .erased):
      metErased = true
      return false
    case (.null, .null): return true
    case (.bytes(let left), .bytes(let right)):
      stepsLeft -= left.count / 16
      return left == right
    case (.string(let left), .string(let right)): return left.hasSameBytes(as: right)
    case (.list(let left), .list(let right)): return areEqual(left, right)
    case (.map(let left), .map(let right)): return areEqual(left, right)
    case (.record(let left), .record(let right)):
      if left === right, !left.fields.contains(where: { $0.mayDifferFromItself }) { return true }
      return left.hasSameNames(as: right) && areEqual(left.fields, right.fields)
    case (.blob(let left), .blob(let right)): return left == right
    case (.type(let left), .type(let right)): return left == right
    case (.optional(let left), .optional(let right)):
      switch (left.content, right.content) {
      case (nil, nil): return true
      case (let left?, let right?): return areEqual(left, right)
      default: return false
      }
    default: return left.ordering(to: right) == .equal
    }
  }

  private mutating func areEqual(_ left: [Value], _ right: [Value]) -> Bool {
    guard left.count == right.count else { return false }
    for (left, right) in zip(left, right) where !areEqual(left, right) { return false }
    return true
  }

  private mutating func areEqual(_ left: MapValue, _ right: MapValue) -> Bool {
    guard left.count == right.count else { return false }
    for (left, right) in zip(left.entries, right.entries) {
      guard left.key == right.key, areEqual(left.value, right.value) else { return false }
    }
    return true
  }
}

extension Value {
  /// Of `NaN`, erased parts and whatever may hold one.
  fileprivate var mayDifferFromItself: Bool {
    switch self {
    case .double, .list, .map, .record, .optional, .erased: true
    default: false
    }
  }
}
