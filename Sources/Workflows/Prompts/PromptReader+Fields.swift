import CEL
import PetriNet

extension PromptReader {
  func fields(_ node: YamlNode) -> Fields {
    let reader = NetReader(reading: reading)
    for entry in reading.entries(node, "fields", "a map {FIELD: TYPE}") ?? [] {
      let path = join("fields", entry.name)
      guard reading.check(entry.located, .identifier, path), entry.name == "label" else { continue }
      reading.report(
        "F308", "a field cannot be called label", at: entry.key.mark, path: path, found: "label",
        expected: "another name", help: "in examples label: stands for the right answer")
    }
    guard case .map = node.content else { return Fields() }
    let fields = reader.fields(node, "fields").filter { !$0.name.isUnreadable }
    let list = fields.map { field -> Prompt.Field in
      let path = join("fields", field.name.value)
      if field.literal != nil {
        refuse(field.type, path, "a default", "a type alone")
      }
      let colour = colour(field.type, path) ?? .unknown
      return Prompt.Field(
        name: field.name.value, colour: colour, isPersonal: field.type.personal,
        isTrusted: field.type.trust == .trusted,
        cut: Self.longest(colour) ?? Limits.cutStandard)
    }
    return Fields(list: list, isInPart: !node.strays.isEmpty)
  }

  private static func longest(_ colour: ColourSet) -> Int? {
    switch colour {
    case .string(let max): max
    case .optional(let wrapped): longest(wrapped)
    default: nil
    }
  }

  private func refuse(_ type: TypeSource, _ path: String, _ found: String, _ expected: String) {
    reading.report(
      "F308", "'\(path)' is no type of a prompt's field", at: type.mark, path: path,
      found: found, expected: expected)
  }

  /// A prompt stands alone, so its types are the built-in ones.
  private func colour(_ type: TypeSource, _ path: String) -> ColourSet? {
    switch type.shape {
    case .list(let element, let max):
      return colour(element, path).map { .list($0, max: max) }
    case .map(let element): return colour(element, path).map { .map($0) }
    case .optional(let wrapped): return colour(wrapped, path).map { .optional($0) }
    case .record:
      refuse(type, path, "a record", "a built-in type, list<TYPE> or map<TYPE>")
      return nil
    case .unreadable: return nil
    case .name(let name):
      guard let colour = builtIn(name, type) else {
        refuse(
          type, path, name,
          "string, bool, int, double, bytes, timestamp, duration, list<TYPE> or map<TYPE>")
        return nil
      }
      return colour
    }
  }

  private func builtIn(_ name: String, _ type: TypeSource) -> ColourSet? {
    switch name {
    case "string": return type.range == nil ? .string(max: type.max) : nil
    case "bytes": return type.range == nil ? .bytes(max: type.max) : nil
    case "int":
      guard let range = type.range else { return .int(nil) }
      guard let low = Self.text(range.low).flatMap({ Int64($0) }),
        let high = Self.text(range.high).flatMap({ Int64($0) }), low <= high
      else { return nil }
      return .int(low...high)
    case "duration":
      guard let range = type.range else { return .duration(nil) }
      guard let low = Self.text(range.low).flatMap({ QuantityText.timeSpan($0) }),
        let high = Self.text(range.high).flatMap({ QuantityText.timeSpan($0) }), low <= high
      else { return nil }
      return .duration(low...high)
    case "bool" where type.range == nil && type.max == nil: return .bool
    case "double" where type.range == nil && type.max == nil: return .double
    case "timestamp" where type.range == nil && type.max == nil: return .timestamp
    default: return nil
    }
  }

  private static func text(_ literal: LiteralSource) -> String? {
    guard case .text(let text) = literal else { return nil }
    return text.text
  }

  // MARK: What refers to fields

  func cut(_ node: YamlNode, _ fields: inout Fields) {
    for entry in reading.entries(node, "cut", "a map {FIELD: CHARACTERS}") ?? [] {
      let path = join("cut", entry.name)
      let index = index(of: entry, fields, path)
      let count = reading.integer(entry.value, path, in: 1...1_000_000)
      if let index, let count { fields.list[index].cut = count }
    }
  }

  private func index(
    of entry: YamlNode.Entry, _ fields: Fields, _ path: String
  ) -> Int? {
    let names = fields.list.map(\.name)
    if let index = names.firstIndex(where: { $0.utf8.elementsEqual(entry.name.utf8) }) {
      return index
    }
    if fields.isInPart, !Nearest.isSlip(entry.name, of: names) { return nil }
    reading.report(
      "F308", "unknown field '\(entry.name)' in '\(path)'", at: entry.key.mark, path: path,
      found: entry.name,
      expected: names.isEmpty ? "a field" : "one of \(names.joined(separator: ", "))",
      nearest: Nearest.name(to: entry.name, among: names))
    return nil
  }

  func examples(
    _ node: YamlNode, _ fields: Fields, _ labels: Labels
  ) -> [Prompt.Example] {
    guard let items = reading.list(node, "examples", "a list of {FIELD: VALUE, label: LABEL}")
    else { return [] }
    if items.count > Limits.examplesMax {
      reading.report(
        "F306", "too many examples", at: node.mark, path: "examples", found: "\(items.count)",
        expected: "at most \(Limits.examplesMax)")
    }
    return items.enumerated().compactMap { index, item in
      example(item, "examples.\(index)", fields, labels)
    }
  }

  private func example(
    _ node: YamlNode, _ path: String, _ fields: Fields, _ labels: Labels
  ) -> Prompt.Example? {
    guard let entries = reading.entries(node, path, "a map {FIELD: VALUE, label: LABEL}") else {
      return nil
    }
    for entry in entries where entry.name != "label" { _ = index(of: entry, fields, path) }
    var values: [Value] = []
    for field in fields.list {
      let place = join(path, field.name)
      guard let item = node[field.name] else {
        if case .optional = field.colour {
          values.append(.null)
        } else if node.strays.isEmpty, !field.colour.holdsUnknown {
          reading.report(
            "F306", "the example has no '\(field.name)'", at: node.mark, path: place,
            found: "nothing", expected: field.colour.expectationText)
        }
        continue
      }
      if field.colour.holdsUnknown || item.holdsUnreadable { continue }
      let (value, problems) = ValueReading.value(of: item.json, in: field.colour)
      for problem in problems {
        reading.report(
          "F306", "the example does not fit the field '\(field.name)'",
          at: item.node(at: problem.pointer).mark, path: place, found: problem.found,
          expected: problem.expected, nearest: problem.nearest)
      }
      if let value { values.append(value) }
    }
    guard let label = label(node, path, labels), values.count == fields.list.count else {
      return nil
    }
    return Prompt.Example(values: values, label: label)
  }

  private func label(_ node: YamlNode, _ path: String, _ labels: Labels) -> String? {
    guard let item = node["label"] else {
      guard node.strays.isEmpty else { return nil }
      reading.report(
        "F306", "the example has no label", at: node.mark, path: path, found: "nothing",
        expected: "label: LABEL")
      return nil
    }
    guard let text = reading.text(item, join(path, "label"), "a label") else { return nil }
    let names = labels.names
    let name = text.text.inFormC
    guard names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      if labels.isInPart, !Nearest.isSlip(name, of: names) { return nil }
      reading.report(
        "F306", "the example's label is none of the question", at: text.mark,
        path: join(path, "label"), found: name,
        expected: "one of \(names.joined(separator: ", "))",
        nearest: Nearest.name(to: name, among: names))
      return nil
    }
    return name
  }
}
