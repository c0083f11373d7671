/// The functions on CEL's `optional_type`; its syntax (`.?`, `[?]`) is the compiler's.
enum OptionalFunctions {
  typealias Overload = FunctionDeclaration.Overload

  static let declarations: [String: [Overload]] = [
    "optional.of": [.init([element], .optional(element))],
    "optional.ofNonZeroValue": [.init([element], .optional(element))],
    "optional.none": [.init([], .optional(element))],
    "optional.unwrap": [.init([.list(.optional(element))], .list(element))],
    "unwrapOpt": [.init([.list(.optional(element))], .list(element), isMethod: true)],
    "hasValue": [.init([.optional(element)], .bool, isMethod: true)],
    "value": [.init([.optional(element)], element, isMethod: true)],
    "or": [
      .init([.optional(element), .optional(element)], .optional(element), isMethod: true)
    ],
    "orValue": [.init([.optional(element), element], element, isMethod: true)],
    "first": [.init([.list(element)], .optional(element), isMethod: true)],
    "last": [.init([.list(element)], .optional(element), isMethod: true)],
  ]

  private static let element = ValueType.parameter("A")

  /// Nil if there is no such function. `or` and `orValue` look at their second part only if they
  /// need it, so the compiler has them.
  static func implementation(of name: String) -> StandardFunctions.Implementation? {
    switch name {
    case "optional.none": none
    case "optional.of", "optional.ofNonZeroValue": some
    case "optional.unwrap", "unwrapOpt": unwrap
    case "hasValue", "value": content
    case "first", "last": end
    default: nil
    }
  }

  private static let none: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.isEmpty else { throw site.noOverload(arguments) }
    return .optional(.none)
  }

  private static let some: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1 else { throw site.noOverload(arguments) }
    let isNone = site.name == "optional.ofNonZeroValue" && arguments[0].isZero
    return .optional(isNone ? .none : .some(arguments[0]))
  }

  private static let unwrap: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .list(let list) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    var contents: [Value] = []
    for element in list {
      guard case .optional(let optional) = element else {
        throw .mismatch(element, expected: "an optional value", at: site.position)
      }
      if let content = optional.content { contents.append(content) }
    }
    return .list(contents)
  }

  private static let content: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .optional(let optional) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    if site.name == "hasValue" { return .bool(optional.content != nil) }
    guard let content = optional.content else { throw .isNone(at: site.position) }
    if case .erased = content { throw .isErased(at: site.position) }
    return content
  }

  private static let end: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .list(let list) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    let element = site.name == "first" ? list.first : list.last
    return .optional(element.map { .some($0) } ?? .none)
  }
}

extension EvaluationError {
  static func isNone(at position: Int) -> EvaluationError {
    EvaluationError(.nullValue, at: position, "The optional has no value.")
  }
}

extension Value {
  /// Whether it is what its type has without being set: `null`, `false`, 0, nothing in it.
  fileprivate var isZero: Bool {
    switch self {
    case .null: true
    case .bool(let bool): !bool
    case .int(let int): int == 0
    case .uint(let uint): uint == 0
    case .double(let double): double == 0
    case .string(let text): text.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .timestamp(let instant): instant == Timestamp(seconds: 0, nanoseconds: 0)
    case .duration(let span): span == .zero
    case .list(let list): list.isEmpty
    case .map(let map): map.count == 0
    case .record, .blob, .type, .optional, .erased: false
    }
  }
}
