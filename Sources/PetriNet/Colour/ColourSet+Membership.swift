package import CEL

extension ColourSet {
  /// Whether a value is of this colour set: `admits` without the reasons, for the common path.
  package func contains(_ value: Value) -> Bool {
    switch (self, value) {
    case (_, .erased), (.bool, .bool), (.timestamp, .timestamp), (.blob, .blob): true
    case (.optional, .null), (.unit, .null): true
    case (.optional(let wrapped), _): wrapped.contains(value)
    case (.int(let range), .int(let int)): range?.contains(int) ?? true
    case (.double, .double(let double)): double.isFinite
    case (.string(let max), .string(let string)):
      !string.hasZero
        && (max.map { string.utf8.count <= $0 || string.unicodeScalars.count <= $0 } ?? true)
    case (.bytes(let max), .bytes(let bytes)): max.map { bytes.count <= $0 } ?? true
    case (.duration(let range), .duration(let span)): range?.contains(span) ?? true
    case (.enumeration(let type), .string(let string)):
      type.members.contains { $0.hasSameBytes(as: string) }
    case (.record(let colour), .record(let record)): colour.contains(record)
    case (.list(let element, let max), .list(let values)):
      (max.map { values.count <= $0 } ?? true) && values.allSatisfy(element.contains)
    case (.map(let element), .map(let map)):
      map.entries.allSatisfy { entry in
        guard case .string(let key) = entry.key else { return false }
        return !key.hasZero && element.contains(entry.value)
      }
    default: false
    }
  }
}

extension RecordColour {
  fileprivate func contains(_ record: Record) -> Bool {
    guard record.fields.count == fields.count else { return false }
    let isSameType = record.type === type
    for (index, field) in fields.enumerated() {
      guard isSameType || record.type.fields[index].name.hasSameBytes(as: field.name) else {
        return ColourSet.record(self).admits(.record(record)).isEmpty
      }
      if !field.colour.contains(record.fields[index]) { return false }
    }
    return true
  }
}
