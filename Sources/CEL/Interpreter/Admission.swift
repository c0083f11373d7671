/// The check at run time that a value is of the type that was asked for, where the checker could
/// not know.
struct Admission: Sendable {
  private let type: ValueType
  private let position: Int

  /// Nil if a value of the static type always fits.
  init?(from known: ValueType, to type: ValueType, at position: Int) {
    guard !Self.isCertain(known, type) else { return nil }
    self.type = type
    self.position = position
  }

  func admit(_ value: Value) throws(EvaluationError) { try admit(value, type) }

  private static func isCertain(_ known: ValueType, _ type: ValueType) -> Bool {
    switch (known, type) {
    case (_, .dyn): true
    case (.null, .nullable): true
    case (.nullable(let known), .nullable(let type)): isCertain(known, type)
    case (.nullable, _): false
    case (_, .nullable(let type)): isCertain(known, type)
    case (.list(let known), .list(let type)): isCertain(known, type)
    case (.map(let key, let known), .map(let typeKey, let type)):
      isCertain(key, typeKey) && isCertain(known, type)
    case (.record(let known), .record(let type)):
      known === type
        || zip(known.fields, type.fields).allSatisfy { isCertain($0.type, $1.type) }
    case (.enumeration(let known), .enumeration(let type)):
      known.members.allSatisfy { type.contains($0) }
    case (.enumeration, .string): true
    default: known == type
    }
  }

  private func admit(_ value: Value, _ type: ValueType) throws(EvaluationError) {
    switch (value, type) {
    case (_, .dyn), (.null, .nullable), (.null, .null), (.bool, .bool), (.int, .int),
      (.uint, .uint), (.double, .double), (.string, .string), (.bytes, .bytes),
      (.timestamp, .timestamp), (.duration, .duration), (.blob, .blob), (.type, .type),
      (.optional, .optional), (.erased, _):
      return
    case (_, .nullable(let type)): try admit(value, type)
    case (.string(let text), .enumeration(let enumeration)):
      guard enumeration.contains(text) else {
        throw EvaluationError(
          .outOfRange, at: position, "The text is no member of \(enumeration.name).")
      }
    case (.list(let list), .list(let type)): for element in list { try admit(element, type) }
    case (.map(let map), .map(let key, let type)):
      for entry in map.entries {
        try admit(entry.key.value, key)
        try admit(entry.value, type)
      }
    case (.record(let record), .record(let type)):
      guard record.type.fields.elementsEqual(type.fields, by: { $0.name.hasSameBytes(as: $1.name) })
      else { throw .mismatch(value, expected: type.description, at: position) }
      for (field, part) in zip(record.fields, type.fields) { try admit(field, part.type) }
    default: throw .mismatch(value, expected: type.description, at: position)
    }
  }
}

extension Code {
  /// The same with the check behind it; a constant that does not fit raises when evaluated.
  func admitting(_ admission: Admission) -> Code {
    let value = value()
    if let constant, (try? admission.admit(constant)) != nil { return self }
    return Code(
      .value { (frame) throws(EvaluationError) -> Value in
        let result = try value(frame)
        try admission.admit(result)
        return result
      })
  }
}
