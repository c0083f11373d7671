internal import CEL

/// As the grammar spells it: `string max 4000`, `int 0..100`, `list<Item> max 50`, `Label?`,
/// `{why: string}`; declared records and enumerations by their names.
extension ColourSet: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unit: "unit"
    case .bool: "bool"
    case .int(nil): "int"
    case .int(let range?): "int \(range.lowerBound)..\(range.upperBound)"
    case .double: "double"
    case .string(nil): "string"
    case .string(let max?): "string max \(max)"
    case .bytes(nil): "bytes"
    case .bytes(let max?): "bytes max \(max)"
    case .timestamp: "timestamp"
    case .duration(nil): "duration"
    case .duration(let range?):
      "duration \(DurationText.text(range.lowerBound))..\(DurationText.text(range.upperBound))"
    case .blob: "blob"
    case .enumeration(let type): type.name
    case .record(let record): record.description
    case .list(let element, nil): "list<\(element)>"
    case .list(let element, let max?): "list<\(element)> max \(max)"
    case .map(let element): "map<\(element)>"
    case .optional(let wrapped): "\(wrapped)?"
    }
  }
}

extension RecordColour: CustomStringConvertible {
  package var description: String {
    if let name { return name }
    return "{\(fields.prefix(String.listedMax).map(\.description).listed(of: fields.count))}"
  }
}

extension RecordColour.Field: CustomStringConvertible {
  package var description: String {
    let trust =
      switch isTrusted {
      case nil: ""
      case true?: "trusted "
      case false?: "untrusted "
      }
    return "\(name): \(isPersonal ? "personal " : "")\(trust)\(colour)"
  }
}
