import CEL
import PetriNet

extension ColourSet {
  /// About how many bytes a value takes in a row's body: personal fields are elsewhere, and so are
  /// long strings.
  func inlineBytes(_ value: Value) -> Int {
    switch (self, value) {
    case (.optional(let wrapped), _): wrapped.inlineBytes(value)
    case (_, .string(let string)): string.inlineBytes
    case (_, .bytes(let bytes)): bytes.count > 1_024 ? 64 : bytes.count * 4 / 3 + 6
    case (.record(let colour), .record(let record)): colour.inlineBytes(record)
    case (.list(let element, _), .list(let values)):
      values.reduce(2) { $0 + element.inlineBytes($1) + 1 }
    case (.map(let element), .map(let map)):
      map.entries.reduce(2) { sum, entry in
        guard case .string(let key) = entry.key else { return sum }
        return sum + key.inlineBytes + 2 + element.inlineBytes(entry.value)
      }
    default: 24
    }
  }
}

extension RecordColour {
  fileprivate func inlineBytes(_ record: Record) -> Int {
    var sum = 24
    for index in fields.indices where !fields[index].isPersonal {
      sum += fields[index].name.utf8.count + 4
      sum += fields[index].colour.inlineBytes(record.fields[index])
    }
    return sum
  }
}

extension String {
  fileprivate var inlineBytes: Int {
    let count = utf8.count
    guard count <= 1_024 else { return 64 }
    var extra = 0
    for byte in utf8 where byte < 0x20 || byte == 0x22 || byte == 0x5C {
      extra += byte < 0x20 ? 5 : 1
    }
    return count + extra + 2
  }
}
