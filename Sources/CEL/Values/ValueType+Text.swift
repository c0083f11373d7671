extension ValueType: CustomStringConvertible {
  /// As CEL writes it: `list(int)`, `map(string, dyn)`; the name of a record or enumeration; `T?`
  /// for a nullable T.
  package var description: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .blob: "blob"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .record(let type): type.description
    case .enumeration(let type): type.name
    case .nullable(let type): "\(type)?"
    case .optional(let type): "optional_type(\(type))"
    case .type(let type): "type(\(type))"
    case .parameter(let name): name
    case .abstract(let name, let parameters):
      parameters.isEmpty
        ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
    }
  }
}

extension RecordType: CustomStringConvertible {
  package var description: String {
    if let name { return name }
    let most = 40
    let shown = fields.prefix(most).map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    return "{\(shown)\(fields.count > most ? ", … (\(fields.count))" : "")}"
  }
}
