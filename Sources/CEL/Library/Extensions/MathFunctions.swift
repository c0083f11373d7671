/// The library `math` of CEL's extensions.
enum MathFunctions {
  typealias Overload = FunctionDeclaration.Overload

  /// They take any number of arguments, so they have no overloads: see `Checker.extreme`.
  static let extremes = ["math.greatest", "math.least"]

  static let declarations: [String: [Overload]] = {
    var declarations: [String: [Overload]] = [
      "math.bitAnd": pairs, "math.bitOr": pairs, "math.bitXor": pairs,
      "math.bitNot": [.init([.int], .int), .init([.uint], .uint)],
      "math.bitShiftLeft": shifts, "math.bitShiftRight": shifts,
      "math.abs": numbers, "math.sign": numbers,
      "math.sqrt": [ValueType.double, .int, .uint].map { .init([$0], .double) },
    ]
    for name in ["ceil", "floor", "round", "trunc"] {
      declarations["math.\(name)"] = [.init([.double], .double)]
    }
    for name in ["isNaN", "isInf", "isFinite"] {
      declarations["math.\(name)"] = [.init([.double], .bool)]
    }
    return declarations
  }()

  private static let pairs: [Overload] = [
    .init([.int, .int], .int), .init([.uint, .uint], .uint),
  ]
  private static let shifts: [Overload] = [
    .init([.int, .int], .int), .init([.uint, .int], .uint),
  ]
  private static let numbers: [Overload] = [
    .init([.double], .double), .init([.int], .int), .init([.uint], .uint),
  ]

  /// Nil if there is no such function.
  static func implementation(of name: String) -> StandardFunctions.Implementation? {
    switch name {
    case _ where extremes.contains(name): extreme
    case "math.bitAnd", "math.bitOr", "math.bitXor": bits
    case "math.bitNot": complement
    case "math.bitShiftLeft", "math.bitShiftRight": shift
    case "math.abs", "math.sign", "math.sqrt": ofNumber
    case "math.ceil", "math.floor", "math.round", "math.trunc", "math.isNaN", "math.isInf",
      "math.isFinite":
      ofDouble
    default: nil
    }
  }

  /// Of several numbers, or of the numbers of one list; of equal ones the first.
  private static let extreme: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    var numbers = arguments
    if arguments.count == 1, case .list(let list) = arguments[0] {
      guard !list.isEmpty else {
        throw site.error(.invalidArgument, "The list of `\(site.name)` is empty.")
      }
      numbers = list
    }
    let wanted = site.name == "math.greatest" ? ScalarOrder.less : .greater
    guard var best = numbers.first, best.isNumber else { throw site.noOverload(numbers) }
    for number in numbers.dropFirst() {
      guard number.isNumber, let order = best.ordering(to: number) else {
        throw site.noOverload([best, number])
      }
      guard order != .unordered else {
        throw site.error(.invalidArgument, "NaN is neither greater nor less than a number.")
      }
      if order == wanted { best = number }
    }
    return best
  }

  private static let bits: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 2 else { throw site.noOverload(arguments) }
    switch (arguments[0], arguments[1]) {
    case (.int(let left), .int(let right)): return .int(combine(left, right, site.name))
    case (.uint(let left), .uint(let right)): return .uint(combine(left, right, site.name))
    default: throw site.noOverload(arguments)
    }
  }

  private static func combine<Number: FixedWidthInteger>(
    _ left: Number, _ right: Number, _ name: String
  ) -> Number {
    switch name {
    case "math.bitAnd": left & right
    case "math.bitOr": left | right
    default: left ^ right
    }
  }

  private static let complement: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    switch arguments.first {
    case .int(let int) where arguments.count == 1: return .int(~int)
    case .uint(let uint) where arguments.count == 1: return .uint(~uint)
    default: throw site.noOverload(arguments)
    }
  }

  /// Shifts fill with zeros on both sides; 64 places and more leave nothing.
  private static let shift: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 2, case .int(let places) = arguments[1] else {
      throw site.noOverload(arguments)
    }
    let pattern: UInt64
    switch arguments[0] {
    case .int(let int): pattern = UInt64(bitPattern: int)
    case .uint(let uint): pattern = uint
    default: throw site.noOverload(arguments)
    }
    guard places >= 0 else {
      throw site.error(.invalidArgument, "The number of places is negative.")
    }
    let result = site.name == "math.bitShiftLeft" ? pattern << places : pattern >> places
    if case .int = arguments[0] { return .int(Int64(bitPattern: result)) }
    return .uint(result)
  }

  private static let ofNumber: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1 else { throw site.noOverload(arguments) }
    switch (site.name, arguments[0]) {
    case ("math.abs", .int(let int)):
      guard int != .min else { throw Arithmetic.overflow(at: site.position) }
      return .int(abs(int))
    case ("math.abs", .uint): return arguments[0]
    case ("math.abs", .double(let double)): return .double(double.magnitude)
    case ("math.sign", .int(let int)): return .int(int.signum())
    case ("math.sign", .uint(let uint)): return .uint(uint == 0 ? 0 : 1)
    case ("math.sign", .double(let double)):
      return .double(double.isNaN ? double : double > 0 ? 1 : double < 0 ? -1 : 0)
    case ("math.sqrt", .int(let int)): return .double(Double(int).root)
    case ("math.sqrt", .uint(let uint)): return .double(Double(uint).root)
    case ("math.sqrt", .double(let double)): return .double(double.root)
    default: throw site.noOverload(arguments)
    }
  }

  private static let ofDouble: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .double(let double) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    return switch site.name {
    case "math.ceil": .double(double.roundedUp)
    case "math.floor": .double(double.roundedDown)
    case "math.round": .double(double.roundedHalfAway)
    case "math.trunc": .double(double.truncated)
    case "math.isNaN": .bool(double.isNaN)
    case "math.isInf": .bool(double.isInfinite)
    default: .bool(double.isFinite)
    }
  }
}

extension Value {
  fileprivate var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    default: false
    }
  }
}
