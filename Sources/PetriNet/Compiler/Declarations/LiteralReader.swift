internal import CEL

/// Reads literals by the type they stand for (CONFIG, LITERAL).
struct LiteralReader {
  let report: Report
  let path: NodePath

  /// Nil if it does not read; what is wrong is reported at its place.
  func value(of literal: LiteralSource, in colour: ColourSet) -> Value? {
    if literal.holdsUnreadable || colour.holdsUnknown { return nil }
    guard let value = read(literal, colour) else { return nil }
    let problems = colour.admits(value)
    for problem in problems {
      refuse(
        literal, found: problem.pointer.isEmpty ? literal.kind : problem.found,
        expected: problem.expected)
    }
    return problems.isEmpty ? value : nil
  }

  private func read(_ literal: LiteralSource, _ colour: ColourSet) -> Value? {
    switch (colour, literal) {
    case (.optional, .text(let text)) where text.text.hasSameBytes(as: "null"): .null
    case (.optional(let wrapped), _): read(literal, wrapped)
    case (.list(let element, _), .list(let literals, _)):
      list(literals, of: element)
    case (.map(let element), .map(let entries, _)): map(entries, of: element)
    case (.record(let record), .map(let entries, let mark)):
      self.record(entries, of: record, at: mark)
    case (_, .text(let text)): scalar(text, colour) ?? refuse(literal, colour)
    default: refuse(literal, colour)
    }
  }

  private func scalar(_ source: SourceText, _ colour: ColourSet) -> Value? {
    let text = source.text
    switch colour {
    case .unit:
      return text.hasSameBytes(as: "unit") || text.hasSameBytes(as: "null") ? .null : nil
    case .bool:
      if text.hasSameBytes(as: "true") { return .bool(true) }
      return text.hasSameBytes(as: "false") ? .bool(false) : nil
    case .int: return Int64(decimal: text).map(Value.int)
    case .double: return Double(plain: text).map(Value.double)
    case .string: return .string(text.withoutQuotes)
    case .enumeration: return .string(text)
    case .timestamp: return Timestamp(text).map(Value.timestamp)
    case .duration: return QuantityText.timeSpan(text).map(Value.duration)
    case .bytes: return Base64.bytes(text).map(Value.bytes)
    case .blob, .record, .list, .map, .optional: return nil
    }
  }

  private func list(_ literals: [LiteralSource], of element: ColourSet) -> Value? {
    let values = literals.map { read($0, element) }
    return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
  }

  private func map(
    _ entries: [(name: Located<String>, value: LiteralSource)], of element: ColourSet
  ) -> Value? {
    var result: [MapValue.Entry] = []
    var isWell = true
    for entry in entries {
      guard let value = read(entry.value, element) else {
        isWell = false
        continue
      }
      result.append(MapValue.Entry(.string(entry.name.value), value))
    }
    return isWell ? MapValue(result).map(Value.map) : nil
  }

  private func record(
    _ entries: [(name: Located<String>, value: LiteralSource)], of colour: RecordColour,
    at mark: SourceMark
  ) -> Value? {
    var isWell = true
    for entry in entries where colour.type.index(of: entry.name.value) == nil {
      report.unknown(
        "field", entry.name, in: "\(colour)", among: colour.fields.map(\.name), path)
      isWell = false
    }
    var given = NameTable<LiteralSource>()
    for entry in entries { _ = given.insert(entry.value, as: entry.name.value) }
    var values: [Value] = []
    for (index, field) in colour.fields.enumerated() {
      if let literal = given[field.name] {
        if let value = read(literal, field.colour) { values.append(value) }
      } else if let standard = colour.standard(of: index) {
        values.append(standard)
      } else {
        report.error(
          "P102", "the field '\(field.name)' is missing", at: mark, path, found: "nothing",
          expected: "\(field.colour)")
      }
    }
    guard isWell, values.count == colour.fields.count else { return nil }
    return .record(Record(type: colour.type, fields: values))
  }

  private func refuse(_ literal: LiteralSource, _ colour: ColourSet) -> Value? {
    refuse(literal, found: literal.kind, expected: "\(colour)")
    return nil
  }

  private func refuse(_ literal: LiteralSource, found: String, expected: String) {
    report.error(
      "P102", "the literal does not fit its type", at: literal.mark, path, found: found,
      expected: expected)
  }
}

extension LiteralSource {
  fileprivate var holdsUnreadable: Bool {
    switch self {
    case .text(let text): text.isUnreadable
    case .list(let items, _): items.contains { $0.holdsUnreadable }
    case .map(let entries, _): entries.contains { $0.value.holdsUnreadable }
    }
  }

  var mark: SourceMark {
    switch self {
    case .text(let text): text.mark
    case .list(_, let mark), .map(_, let mark): mark
    }
  }

  /// For messages: the text itself, or what it is.
  fileprivate var kind: String {
    switch self {
    case .text(let text): "'\(text.text)'"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

extension String {
  /// Without one pair of outer quotes.
  fileprivate var withoutQuotes: String {
    guard utf8.count >= 2, let first = utf8.first, first == utf8.last,
      first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    else { return self }
    return String(unicodeScalars.dropFirst().dropLast())
  }
}

extension Double {
  /// A decimal number as JSON writes it, also without a fraction.
  init?(plain text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte)
        || [
          UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
          UInt8(ascii: "E"), UInt8(ascii: "+"),
        ].contains(byte)
    }
    guard isPlain, let first = text.utf8.first, first != UInt8(ascii: "+"),
      first != UInt8(ascii: ".")
    else { return nil }
    self.init(text)
  }
}
