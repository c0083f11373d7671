import CEL
import PetriNet

extension ColourSet {
  /// The bytes that a value takes in a row's body, or some more: personal fields are elsewhere, and
  /// so are long strings.
  func inlineBytes(_ value: Value) -> Int {
    switch (self, value) {
    case (.optional(let wrapped), _): wrapped.inlineBytes(value)
    case (_, .string(let string)):
      string.utf8.count <= Self.inlineMax ? string.textBytes : Self.digestBytes
    case (_, .bytes(let bytes)):
      bytes.count <= Self.inlineMax ? bytes.count * 4 / 3 + 6 : Self.digestBytes
    case (.record(let colour), .record(let record)): colour.inlineBytes(record)
    case (.list(let element, _), .list(let values)):
      values.reduce(2) { $0 + element.inlineBytes($1) + 1 }
    case (.map(let element), .map(let map)):
      map.entries.reduce(2) { sum, entry in
        guard case .string(let key) = entry.key else { return sum }
        return sum + key.textBytes + 2 + element.inlineBytes(entry.value)
      }
    default: value.textBytes
    }
  }

  /// Longer strings and bytes are kept beside the row and named by their digest.
  private static var inlineMax: Int { 1_024 }
  private static var digestBytes: Int { 64 }
}

extension RecordColour {
  /// Brackets, the reference to what is sealed, and the fields.
  fileprivate func inlineBytes(_ record: Record) -> Int {
    var sum = 40
    for index in fields.indices where !fields[index].isPersonal {
      sum += fields[index].name.utf8.count + 4
      sum += fields[index].colour.inlineBytes(record.fields[index])
    }
    return sum
  }
}

extension Value {
  /// The bytes of the whole value as canonical JSON, or some more; exact for strings.
  var textBytes: Int {
    switch self {
    case .null, .type, .erased: 4
    case .bool: 5
    case .int, .uint: 20
    case .double: 26
    case .string(let string): string.textBytes
    case .bytes(let bytes): bytes.count * 4 / 3 + 6
    case .timestamp: 40
    case .duration: 32
    case .blob: 64
    case .list(let values): values.reduce(2) { $0 + $1.textBytes + 1 }
    case .map(let map):
      map.entries.reduce(2) { sum, entry in
        guard case .string(let key) = entry.key else { return sum }
        return sum + key.textBytes + 2 + entry.value.textBytes
      }
    case .record(let record):
      zip(record.type.fields, record.fields).reduce(40) { sum, part in
        sum + part.0.name.utf8.count + 4 + part.1.textBytes
      }
    case .optional(.some(let wrapped)): wrapped.textBytes
    case .optional: 4
    }
  }
}

extension String {
  /// The bytes of the text as a JSON string, quotes and escapes included.
  var textBytes: Int {
    let long = utf8.withContiguousStorageIfAvailable { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      var sum = 2
      var start = 0
      while start + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        sum += word.isPlainText ? 8 : Self.textBytes(bytes[start..<start + 8])
        start += 8
      }
      return sum + Self.textBytes(bytes[start...])
    }
    return long ?? 2 + Self.textBytes(utf8)
  }

  private static func textBytes(_ bytes: some Sequence<UInt8>) -> Int {
    var sum = 0
    for byte in bytes {
      switch byte {
      case 0x22, 0x5C, 8, 9, 10, 12, 13: sum += 2
      case 0: sum += 3
      case ..<0x20: sum += 6
      default: sum += 1
      }
    }
    return sum
  }
}

extension UInt64 {
  /// Whether none of eight bytes is escaped in JSON text.
  fileprivate var isPlainText: Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = self ^ (ones &* 0x22)
    let slash = self ^ (ones &* 0x5C)
    // A borrow reaches the highest bit of a byte below the one that is taken away.
    let control = (self &- ones &* 0x20) & ~self
    let found = control | (quote &- ones) & ~quote | (slash &- ones) & ~slash
    return found & (ones << 7) == 0
  }
}
