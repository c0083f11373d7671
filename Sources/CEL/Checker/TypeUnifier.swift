/// Which types the parameters of polymorphic functions stand for, as far as known.
///
/// Follows the CEL checker: `dyn` fits everything, a parameter takes the more general of the types
/// it meets. Beside it, `T?` fits where T does, and enumerations and strings fit each other.
struct TypeUnifier {
  private var bindings: [String: ValueType] = [:]
  /// What was bound before, newest last, to take back an attempt that fails.
  private var trail: [(name: String, type: ValueType?)] = []
  private var freshCount = 0

  /// Whether a type may have parameters to be filled in.
  var hasParameters: Bool { freshCount > 0 }

  mutating func freshParameter() -> ValueType {
    freshCount += 1
    return .parameter("#\(freshCount)")
  }

  /// The type with a fresh parameter for each parameter of a declaration.
  mutating func instance(of types: [ValueType]) -> [ValueType] {
    guard types.contains(where: \.hasParameters) else { return types }
    var renamed: [String: ValueType] = [:]
    return types.map { type in
      type.replacingParameters { name in
        if let known = renamed[name] { return known }
        let fresh = freshParameter()
        renamed[name] = fresh
        return fresh
      }
    }
  }

  /// The type with everything known filled in; unknown parameters stay, or become `dyn`.
  func resolved(_ type: ValueType, unknownAsDyn: Bool = false) -> ValueType {
    guard type.hasParameters else { return type }
    return type.replacingParameters { name in
      if let bound = bindings[name] { return resolved(bound, unknownAsDyn: unknownAsDyn) }
      return unknownAsDyn ? .dyn : .parameter(name)
    }
  }

  /// Whether each type may stand for its counterpart; what that implies is kept only if all may.
  mutating func unify(_ types: [ValueType], with targets: [ValueType]) -> Bool {
    guard types.count == targets.count else { return false }
    trail.removeAll(keepingCapacity: true)
    for (type, target) in zip(types, targets) where !isAssignable(type, to: target) {
      for (name, type) in trail.reversed() { bindings[name] = type }
      return false
    }
    return true
  }

  mutating func unify(_ type: ValueType, with target: ValueType) -> Bool {
    unify([type], with: [target])
  }

  /// The type of a value that is of one or of the other; nil if they have nothing in common.
  mutating func join(_ left: ValueType, _ right: ValueType) -> ValueType? {
    if left == .null || right == .null {
      let other = left == .null ? right : left
      return unify(.null, with: other) ? resolved(other) : nil
    }
    return unify(left, with: right) ? resolved(moreGeneral(left, right)) : nil
  }

  private mutating func isAssignable(_ type: ValueType, to target: ValueType) -> Bool {
    if case .parameter(let name) = target {
      let (fits, wasBound) = substitute(name, by: type)
      if fits { return true }
      if wasBound { return false }
    }
    if case .parameter(let name) = type { return substitute(name, by: target).fits }
    switch (type, target) {
    case (.dyn, _), (_, .dyn): return true
    case (.null, .null), (.null, .nullable), (.nullable, .null): return true
    case (.null, let other), (let other, .null): return other.admitsNull
    case (.nullable(let type), .nullable(let target)): return isAssignable(type, to: target)
    case (.nullable(let type), _): return isAssignable(type, to: target)
    case (_, .nullable(let target)): return isAssignable(type, to: target)
    case (.list(let type), .list(let target)), (.optional(let type), .optional(let target)):
      return isAssignable(type, to: target)
    case (.map(let key, let value), .map(let targetKey, let targetValue)):
      return isAssignable(key, to: targetKey) && isAssignable(value, to: targetValue)
    case (.record(let type), .record(let target)): return isAssignable(type, to: target)
    case (.type, .type): return true
    case (.enumeration, .string), (.string, .enumeration): return true
    case (.enumeration(let type), .enumeration(let target)):
      return type.members.contains { target.contains($0) }
    case (.abstract(let name, let parameters), .abstract(let targetName, let targets)):
      guard name == targetName, parameters.count == targets.count else { return false }
      for (type, target) in zip(parameters, targets) where !isAssignable(type, to: target) {
        return false
      }
      return true
    default: return type == target
    }
  }

  /// Records fit if their fields have the same names in the same order and fit one by one.
  private mutating func isAssignable(_ type: RecordType, to target: RecordType) -> Bool {
    if type === target { return true }
    guard type.fields.count == target.fields.count else { return false }
    for (field, other) in zip(type.fields, target.fields) {
      guard field.name.hasSameBytes(as: other.name), isAssignable(field.type, to: other.type)
      else { return false }
    }
    return true
  }

  private mutating func substitute(
    _ parameter: String, by type: ValueType
  ) -> (fits: Bool, wasBound: Bool) {
    if type == .parameter(parameter) { return (true, true) }
    if let bound = bindings[parameter] {
      if case .parameter(let name) = type, bindings[name] == bound { return (true, true) }
      guard isAssignable(type, to: bound) else { return (false, true) }
      let general = moreGeneral(type, bound)
      if !occurs(parameter, in: general) { bind(parameter, to: general) }
      return (true, true)
    }
    guard !occurs(parameter, in: type) else { return (false, false) }
    bind(parameter, to: type)
    return (true, false)
  }

  private mutating func bind(_ parameter: String, to type: ValueType) {
    trail.append((parameter, bindings[parameter]))
    bindings[parameter] = type
  }

  private func occurs(_ parameter: String, in type: ValueType) -> Bool {
    var found = false
    _ = resolved(type).replacingParameters { name in
      if name == parameter { found = true }
      return .parameter(name)
    }
    return found
  }

  private func moreGeneral(_ left: ValueType, _ right: ValueType) -> ValueType {
    if left == .null { return right }
    if right == .null { return left }
    return isAsGeneral(left, as: right) ? left : right
  }

  private func isAsGeneral(_ left: ValueType, as right: ValueType) -> Bool {
    switch (left, right) {
    case (.dyn, _), (.parameter, _): true
    case (_, .dyn), (_, .parameter): false
    case (.nullable(let left), .nullable(let right)): isAsGeneral(left, as: right)
    case (.nullable(let left), _): isAsGeneral(left, as: right)
    case (_, .nullable): false
    case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
      isAsGeneral(left, as: right)
    case (.map(let key, let value), .map(let otherKey, let otherValue)):
      isAsGeneral(key, as: otherKey) && isAsGeneral(value, as: otherValue)
    case (.string, .enumeration): true
    case (.enumeration(let left), .enumeration(let right)):
      right.members.allSatisfy { left.contains($0) }
    case (.record(let left), .record(let right)):
      zip(left.fields, right.fields).allSatisfy { isAsGeneral($0.type, as: $1.type) }
    case (.abstract(_, let left), .abstract(_, let right)):
      zip(left, right).allSatisfy { isAsGeneral($0, as: $1) }
    default: left == right
    }
  }
}

extension EnumerationType {
  func contains(_ member: String) -> Bool { members.contains { $0.hasSameBytes(as: member) } }
}

extension ValueType {
  /// What CEL lets be compared and joined with `null` beside `T?`.
  fileprivate var admitsNull: Bool {
    switch self {
    case .timestamp, .duration, .optional, .abstract: true
    default: false
    }
  }

  /// T of `T?`, else the type itself.
  package var nonNull: ValueType {
    if case .nullable(let type) = self { return type }
    return self
  }

  /// Whether values are strings, never null.
  var isText: Bool {
    switch self {
    case .string, .enumeration: true
    default: false
    }
  }

  /// Whether a parameter stands in it.
  var hasParameters: Bool {
    switch self {
    case .parameter: true
    case .list(let type), .nullable(let type), .optional(let type), .type(let type):
      type.hasParameters
    case .map(let key, let value): key.hasParameters || value.hasParameters
    case .abstract(_, let parameters): parameters.contains(where: \.hasParameters)
    default: false
    }
  }

  func replacingParameters(_ replacement: (String) -> ValueType) -> ValueType {
    switch self {
    case .parameter(let name): replacement(name)
    case .list(let element): .list(element.replacingParameters(replacement))
    case .map(let key, let value):
      .map(key.replacingParameters(replacement), value.replacingParameters(replacement))
    case .nullable(let type): .nullable(type.replacingParameters(replacement))
    case .optional(let type): .optional(type.replacingParameters(replacement))
    case .type(let type): .type(type.replacingParameters(replacement))
    case .abstract(let name, let parameters):
      .abstract(name, parameters.map { $0.replacingParameters(replacement) })
    default: self
    }
  }
}
