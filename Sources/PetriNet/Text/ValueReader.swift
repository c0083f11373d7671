import CEL

/// The state of one reading of `ValueReading`.
struct ValueReader {
  let options: ValueReading.Options
  var problems: [ValueReading.Problem] = []

  init(options: ValueReading.Options) { self.options = options }

  mutating func read(_ node: JSONText.Node, _ colour: ColourSet, _ pointer: String) -> Value? {
    switch colour {
    case .optional(let wrapped):
      return node == .null ? .null : read(node, wrapped, pointer)
    case .record(let record): return self.record(node, record, colour, pointer)
    case .list(let element, let max): return list(node, element, max, colour, pointer)
    case .map(let element): return map(node, element, colour, pointer)
    default: return leaf(node, colour, pointer)
    }
  }

  private mutating func refuse(
    _ pointer: String, _ found: String, _ colour: ColourSet, nearest: String? = nil
  ) -> Value? {
    problems.append(
      .init(pointer, found: found, expected: colour.expectationText, nearest: nearest))
    return nil
  }

  private mutating func leaf(
    _ node: JSONText.Node, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    switch (colour, node) {
    case (.unit, .null): return .null
    case (.bool, .bool(let flag)): return .bool(flag)
    case (.int(let range), .number(let number)):
      return integer(number.text, range, colour, pointer)
    case (.int(let range), .string(let text)): return integer(text, range, colour, pointer)
    case (.double, .number(let number)):
      guard number.double.isFinite else {
        return refuse(pointer, "a number out of range", colour)
      }
      return .double(number.double)
    case (.string(let max), .string(let text)): return string(text, max, colour, pointer)
    case (.bytes(let max), .string(let text)):
      guard let bytes = Base64.bytes(text) else {
        return refuse(pointer, "a string that is no base64", colour)
      }
      guard bytes.count <= max ?? .max else {
        return refuse(pointer, "\(bytes.count) bytes", colour)
      }
      return .bytes(bytes)
    case (.timestamp, .string(let text)):
      return Timestamp(text).map { .timestamp($0) }
        ?? refuse(pointer, "a string that is no time", colour)
    case (.duration(let range), .string(let text)):
      return duration(text, range, colour, pointer)
    case (.enumeration(let type), .string(let text)):
      if let member = type.members.first(where: { $0.utf8.elementsEqual(text.inFormC.utf8) }) {
        return .string(member)
      }
      return refuse(
        pointer, "another string", colour, nearest: Nearest.name(to: text, among: type.members))
    case (.blob, .object): return blob(node, colour, pointer)
    default: return refuse(pointer, node.kindText, colour)
    }
  }

  private mutating func integer(
    _ text: String, _ range: ClosedRange<Int64>?, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    guard text.utf8.first != UInt8(ascii: "+"), let value = Int64(text) else {
      return refuse(pointer, "a value that is no whole number of 64 bits", colour)
    }
    if let range, !range.contains(value) {
      return refuse(
        pointer, value < range.lowerBound ? "a smaller number" : "a greater number", colour)
    }
    return .int(value)
  }

  private mutating func string(
    _ text: String, _ max: Int?, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    guard !text.utf8.contains(0) else {
      return refuse(pointer, "a string with the character U+0000", colour)
    }
    if let max, text.utf8.count > max, text.unicodeScalars.count > max {
      return refuse(pointer, "a string of \(text.unicodeScalars.count)", colour)
    }
    return .string(text)
  }

  private mutating func duration(
    _ text: String, _ range: ClosedRange<TimeSpan>?, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    guard let span = QuantityText.timeSpan(text) ?? ProtoDuration.timeSpan(text) else {
      return refuse(pointer, "a string that is no duration", colour)
    }
    if let range, !range.contains(span) {
      return refuse(pointer, "a duration out of its range", colour)
    }
    return .duration(span)
  }

  private mutating func blob(
    _ node: JSONText.Node, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    guard case .object(let members) = node, members.count == 1,
      case .string(let text)? = node["#"], let digest = Base64.bytes(text), digest.count == 32
    else { return refuse(pointer, "an object that names no blob", colour) }
    guard let size = options.blobSize?(digest) else {
      return refuse(pointer, "a digest that nothing is stored under", colour)
    }
    return .blob(Blob(digest: digest, size: size))
  }

  private mutating func list(
    _ node: JSONText.Node, _ element: ColourSet, _ max: Int?, _ colour: ColourSet,
    _ pointer: String
  ) -> Value? {
    guard case .list(let items) = node else { return refuse(pointer, node.kindText, colour) }
    guard items.count <= max ?? .max else {
      return refuse(pointer, "a list of \(items.count)", colour)
    }
    var values: [Value] = []
    for (index, item) in items.enumerated() {
      if let value = read(item, element, "\(pointer)/\(index)") { values.append(value) }
    }
    return values.count == items.count ? .list(values) : nil
  }

  private mutating func map(
    _ node: JSONText.Node, _ element: ColourSet, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    guard case .object(let members) = node else { return refuse(pointer, node.kindText, colour) }
    var entries: [MapValue.Entry] = []
    for member in members {
      let place = "\(pointer)/\(JSONPointer.escaped(member.name))"
      guard !member.name.utf8.contains(0) else {
        _ = refuse(place, "a name with the character U+0000", .string(max: nil))
        continue
      }
      if let value = read(member.value, element, place) {
        entries.append(.init(.string(member.name), value))
      }
    }
    guard entries.count == members.count, let map = MapValue(entries) else { return nil }
    return .map(map)
  }

  private mutating func record(
    _ node: JSONText.Node, _ record: RecordColour, _ colour: ColourSet, _ pointer: String
  ) -> Value? {
    guard case .object(let members) = node else { return refuse(pointer, node.kindText, colour) }
    var given: [JSONText.Node?] = Array(repeating: nil, count: record.fields.count)
    let before = problems.count
    for member in members {
      let place = "\(pointer)/\(JSONPointer.escaped(member.name))"
      guard let index = record.type.index(of: member.name.inFormC) else {
        if !options.ignoresUnknownFields {
          let names = record.fields.map(\.name)
          problems.append(
            .init(
              place, found: "a field that the type does not have",
              expected: "only \(names.joined(separator: ", "))",
              nearest: Nearest.name(to: member.name.inFormC, among: names)))
        }
        continue
      }
      if given[index] != nil {
        problems.append(.init(place, found: "the field twice", expected: "it once"))
      }
      given[index] = member.value
    }
    var values: [Value] = []
    for (field, node) in zip(record.fields, given) {
      let place = "\(pointer)/\(JSONPointer.escaped(field.name))"
      if let node {
        if let value = read(node, field.colour, place) { values.append(value) }
      } else if let standard = field.standard {
        values.append(standard)
      } else if case .optional = field.colour {
        values.append(.null)
      } else if field.colour == .unit {
        values.append(.null)
      } else {
        problems.append(
          .init(place, found: "nothing", expected: field.colour.expectationText))
      }
    }
    guard problems.count == before, values.count == record.fields.count else { return nil }
    return .record(Record(type: record.type, fields: values))
  }
}
