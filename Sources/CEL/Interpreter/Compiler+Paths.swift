/// Variables and fields: the reads on which conditions spend their time.
extension Compiler {
  func variable(_ slot: Int, _ expression: CheckedExpression) -> Code {
    let position = expression.position
    switch expression.type {
    case .bool:
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          if case .bool(let bool) = frame.slots[slot] { return bool }
          throw .mismatch(frame.slots[slot], expected: "bool", at: position)
        })
    case .int:
      return Code(
        .int { (frame) throws(EvaluationError) -> Int64 in
          if case .int(let int) = frame.slots[slot] { return int }
          throw .mismatch(frame.slots[slot], expected: "int", at: position)
        })
    case .string, .enumeration:
      return Code(
        .string { (frame) throws(EvaluationError) -> String in
          if case .string(let string) = frame.slots[slot] { return string }
          throw .mismatch(frame.slots[slot], expected: "string", at: position)
        })
    default:
      return Code(
        { (frame) throws(EvaluationError) -> Value in
          let value = frame.slots[slot]
          if case .erased = value { throw .isErased(at: position) }
          return value
        }, of: expression.type, at: position)
    }
  }

  func local(_ index: Int, _ expression: CheckedExpression) -> Code {
    let position = expression.position
    if let binding = bindings[index] { return bound(index, binding, expression) }
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        let value = frame.locals[index]
        if case .erased = value { throw .isErased(at: position) }
        return value
      }, of: expression.type, at: position)
  }

  func field(
    of operand: CheckedExpression, _ name: String, _ index: Int?, _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    guard let index, case .record(let type) = operand.type.nonNull else {
      return key(of: operand, name, expression)
    }
    if let reader = fieldReader(expression) { return Code(reader, of: expression.type) }
    let field = FieldReader(type: type, index: index, name: name, position: position)
    let record = record(operand)
    switch expression.type {
    case .bool:
      return Code(
        .bool { (frame) throws(EvaluationError) -> Bool in
          let value = field.value(in: try record(frame))
          if case .bool(let bool) = value { return bool }
          throw .mismatch(value, expected: "bool", at: position)
        })
    case .int:
      return Code(
        .int { (frame) throws(EvaluationError) -> Int64 in
          let value = field.value(in: try record(frame))
          if case .int(let int) = value { return int }
          throw .mismatch(value, expected: "int", at: position)
        })
    case .string, .enumeration:
      return Code(
        .string { (frame) throws(EvaluationError) -> String in
          let value = field.value(in: try record(frame))
          if case .string(let string) = value { return string }
          throw .mismatch(value, expected: "string", at: position)
        })
    default:
      return Code(
        { (frame) throws(EvaluationError) -> Value in
          let value = field.value(in: try record(frame))
          if case .erased = value { throw .isErased(at: position) }
          return value
        }, of: expression.type, at: position)
    }
  }

  /// Set if the expression is a record's field of a variable, as in `p.amount`.
  func fieldReader(_ expression: CheckedExpression) -> VariableFieldReader? {
    guard case .field(let operand, let name, let index?) = expression.kind,
      case .variable(let slot) = operand.kind, case .record(let type) = operand.type.nonNull
    else { return nil }
    let field = FieldReader(
      type: type, index: index, name: name, position: expression.position)
    return VariableFieldReader(slot: slot, field: field)
  }

  /// A reader of records, without boxes for variables and fields of fields.
  private func record(_ operand: CheckedExpression) -> Evaluator<Record> {
    let position = operand.position
    if case .variable(let slot) = operand.kind {
      return { (frame) throws(EvaluationError) -> Record in
        if case .record(let record) = frame.slots[slot] { return record }
        throw .mismatch(frame.slots[slot], expected: "a record", at: position)
      }
    }
    if case .field(let outer, let name, let index?) = operand.kind,
      case .record(let type) = outer.type.nonNull
    {
      let field = FieldReader(type: type, index: index, name: name, position: position)
      let record = record(outer)
      return { (frame) throws(EvaluationError) -> Record in
        let value = field.value(in: try record(frame))
        if case .record(let record) = value { return record }
        throw .mismatch(value, expected: "a record", at: position)
      }
    }
    let value = compile(operand).value()
    return { (frame) throws(EvaluationError) -> Record in
      let value = try value(frame)
      if case .record(let record) = value { return record }
      throw .mismatch(value, expected: "a record", at: position)
    }
  }

  /// `operand.name` where the operand is a map, or not known to be a record.
  private func key(
    of operand: CheckedExpression, _ name: String, _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    let container = compile(operand).value()
    return Code(
      { (frame) throws(EvaluationError) -> Value in
        let container = try container(frame)
        switch container {
        case .map(let map):
          guard let value = map[name] else { throw .noSuchKey(at: position) }
          if case .erased = value { throw .isErased(at: position) }
          return value
        case .record(let record):
          guard let value = record[name] else { throw .noSuchField(name, at: position) }
          if case .erased = value { throw .isErased(at: position) }
          return value
        case .optional(let optional):
          return .optional(try optional.field(name, at: position))
        default: throw .mismatch(container, expected: "a record or a map", at: position)
        }
      }, of: expression.type, at: position)
  }

  func has(
    _ operand: CheckedExpression, _ name: String, _ index: Int?, _ expression: CheckedExpression
  ) -> Code {
    let position = expression.position
    let container = compile(operand).value()
    return Code(
      .bool { (frame) throws(EvaluationError) -> Bool in
        let container = try container(frame)
        switch container {
        case .map(let map): return map[name] != nil
        case .record(let record):
          switch record[name] {
          case nil: throw .noSuchField(name, at: position)
          case .null?: return false
          case .erased?: throw .isErased(at: position)
          default: return true
          }
        case .optional(let optional):
          return try optional.field(name, at: position).content != nil
        default: throw .mismatch(container, expected: "a record or a map", at: position)
        }
      })
  }
}

/// A field of a variable, read in one closure.
struct VariableFieldReader: Sendable {
  let slot: Int
  fileprivate let field: FieldReader

  @inline(__always)
  func value(_ frame: Frame) throws(EvaluationError) -> Value {
    guard case .record(let record) = frame.slots[slot] else {
      throw .mismatch(frame.slots[slot], expected: "a record", at: field.position)
    }
    return field.value(in: record)
  }

  @inline(__always)
  func string(_ frame: Frame) throws(EvaluationError) -> String {
    let value = try value(frame)
    if case .string(let string) = value { return string }
    throw .mismatch(value, expected: "string", at: field.position)
  }
}

extension Code {
  fileprivate init(_ reader: VariableFieldReader, of type: ValueType) {
    let position = reader.field.position
    switch type {
    case .bool:
      self.init(
        .bool { (frame) throws(EvaluationError) -> Bool in
          let value = try reader.value(frame)
          if case .bool(let bool) = value { return bool }
          throw .mismatch(value, expected: "bool", at: position)
        })
    case .int:
      self.init(
        .int { (frame) throws(EvaluationError) -> Int64 in
          let value = try reader.value(frame)
          if case .int(let int) = value { return int }
          throw .mismatch(value, expected: "int", at: position)
        })
    case .string, .enumeration:
      self.init(.string { (frame) throws(EvaluationError) -> String in try reader.string(frame) })
    default:
      self.init(
        { (frame) throws(EvaluationError) -> Value in
          let value = try reader.value(frame)
          if case .erased = value { throw .isErased(at: position) }
          return value
        }, of: type, at: position)
    }
  }
}

/// One field of records of one type; a record of another type that fits is read by name.
private struct FieldReader: Sendable {
  let type: RecordType
  let index: Int
  let name: String
  let position: Int

  @inline(__always)
  func value(in record: Record) -> Value {
    record.type === type ? record.fields[index] : record[name] ?? .null
  }
}

extension EvaluationError {
  static func noSuchKey(at position: Int) -> EvaluationError {
    EvaluationError(.noSuchKey, at: position, "The map has no such key.")
  }

  static func noSuchField(_ name: String, at position: Int) -> EvaluationError {
    EvaluationError(.noSuchField, at: position, "The record has no field `\(name)`.")
  }
}
