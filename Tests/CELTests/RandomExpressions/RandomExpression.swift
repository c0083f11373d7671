import CEL

/// Writes random expressions that check, of a given type, from a seed.
struct RandomExpression {
  private var state: UInt64
  /// Variables that may be read: those of the environment and of the macros around.
  private var scope = Subject.variables.map { (name: $0.name, type: $0.type) }
  private var localCount = 0

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func number(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(below: elements.count)]
  }

  /// One of the types that an expression as a whole may have.
  mutating func type() -> ValueType {
    pick([
      .bool, .bool, .bool, .bool, .int, .int, .uint, .double, .string, .string, .bytes, .timestamp,
      .duration, .list(.int), .list(.string), .map(.string, .int), .map(.int, .string),
      .optional(.int), .optional(.string), .list(.list(.int)), .dyn,
    ])
  }

  /// An expression in parentheses where they matter.
  mutating func text(_ type: ValueType, _ depth: Int) -> String {
    if depth <= 0 || number(below: 9) == 0 { return leaf(type) }
    let next = depth - 1
    switch number(below: 14) {
    case 0: return "(\(text(.bool, next)) ? \(text(type, next)) : \(text(type, next)))"
    case 1 where type.isSimple:
      return "[\(text(type, next)), \(text(type, next))][\(text(.int, 0))]"
    case 2: return "\(text(.optional(type), next)).orValue(\(text(type, next)))"
    case 3: return binding(type, next)
    case 4 where type.isSimple: return "\(map(.string, type, next)).k\(number(below: 3))"
    default: return made(type, next)
    }
  }

  private mutating func binding(_ type: ValueType, _ depth: Int) -> String {
    let valueType: ValueType = pick([.int, .string, .bool, .list(.int), type])
    let value = text(valueType, depth)
    let name = local(valueType)
    defer { scope.removeLast() }
    return "cel.bind(\(name), \(value), \(text(type, depth)))"
  }

  /// A new variable; the caller takes it off the scope.
  mutating func local(_ type: ValueType) -> String {
    localCount += 1
    let name = number(below: 8) == 0 ? "x" : "v\(localCount)"
    scope.append((name, type))
    return name
  }

  mutating func dropLocals(_ count: Int) { scope.removeLast(count) }

  /// A literal or something that can be read.
  mutating func leaf(_ type: ValueType) -> String {
    var names: [String] = []
    var hidden: Set<String> = []
    for variable in scope.reversed() where hidden.insert(variable.name).inserted {
      if variable.type == type { names.append(variable.name) }
      if case .record(let record) = variable.type {
        names += record.fields.filter { $0.type.nonNull == type }
          .map { "\(variable.name).\($0.name)" }
      }
    }
    if !names.isEmpty, number(below: 3) > 0 { return pick(names) }
    return literal(type)
  }

  private mutating func literal(_ type: ValueType) -> String {
    switch type {
    case .bool: return pick(["true", "false"])
    case .int:
      return pick([
        "0", "1", "-1", "2", "3", "7", "-20", "9223372036854775807", "-9223372036854775808", "64",
      ])
    case .uint: return pick(["0u", "1u", "2u", "5u", "18446744073709551615u"])
    case .double:
      return pick([
        "0.0", "-0.0", "1.5", "-2.5", "3.0", "1e300", "0.1", "(0.0 / 0.0)", "(1.0 / 0.0)",
      ])
    case .string: return pick(["''", "'a'", "'ab'", "'가나'", "'k1'", "'e\\u0301'", "' x '", "'12'"])
    case .bytes: return pick(["b''", "b'a'", "b'\\xff'", "b'ab'"])
    case .timestamp:
      return pick(["timestamp(0)", "timestamp('2024-02-29T23:59:59.5Z')", "timestamp(-86401)"])
    case .duration: return pick(["duration('0s')", "duration('90m')", "duration('-1.5s')"])
    case .list(let element):
      let count = number(below: 4)
      return "[\((0..<count).map { _ in literal(element) }.joined(separator: ", "))]"
    case .map(let key, let value): return map(key, value, 0)
    case .optional(let content):
      return number(below: 3) == 0 ? "optional.none()" : "optional.of(\(literal(content)))"
    default: return "dyn(\(literal(pick([.int, .string, .bool, .double, .list(.int)]))))"
    }
  }

  /// A map as it is written; keys may come twice.
  mutating func map(_ key: ValueType, _ value: ValueType, _ depth: Int) -> String {
    let entries = (0..<number(below: 4)).map { index in
      let name =
        switch number(below: 12) {
        case 0: text(key, min(depth, 1))
        default: key == .string ? "'k\(index)'" : "\(index)"
        }
      if number(below: 5) == 0 { return "?\(name): \(text(.optional(value), depth - 1))" }
      return "\(name): \(text(value, depth - 1))"
    }
    return "{\(entries.joined(separator: ", "))}"
  }
}

extension ValueType {
  /// Whether it holds no other values.
  var isSimple: Bool {
    switch self {
    case .list, .map, .optional, .dyn: false
    default: true
    }
  }
}
