package import CEL

/// A value as JSON: what actions, forms, tables and the HTTP API show.
///
/// The counterpart of `ValueReading`: what it writes reads back to an equal value. Records keep the
/// order of their fields; an absent optional field is left out. The log's own canonical text is made
/// elsewhere.
package enum ValueWriting {
  /// How personal parts and wide integers are shown.
  package struct Options: Sendable {
    /// Personal fields stand as `‹sealed›`; needs the colour set.
    package var hidesPersonal: Bool
    /// Integers beyond ±2^53 stand as strings, for readers that know only doubles.
    package var quotesWideIntegers: Bool

    package init(hidesPersonal: Bool = false, quotesWideIntegers: Bool = false) {
      self.hidesPersonal = hidesPersonal
      self.quotesWideIntegers = quotesWideIntegers
    }
  }

  package static let sealedText = "‹sealed›"
  package static let erasedText = "‹erased›"

  /// - Parameter colour: the colour set of `value`, where marks of its fields matter.
  package static func node(
    of value: Value, in colour: ColourSet? = nil, options: Options = Options()
  ) -> JSONText.Node {
    switch value {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): integer(value, options)
    case .uint(let value): number(String(value)) ?? .null
    case .double(let value): number(value.description) ?? .string(value.description)
    case .string(let value): .string(value)
    case .bytes(let value): .string(Base64.text(value))
    case .timestamp(let value): .string(value.description)
    case .duration(let value): .string(value.description)
    case .list(let elements):
      .list(elements.map { node(of: $0, in: colour?.element, options: options) })
    case .map(let map):
      .object(
        map.entries.map {
          .init($0.key.text, node(of: $0.value, in: colour?.element, options: options))
        })
    case .record(let record): object(record, colour?.unwrappedRecord, options)
    case .blob(let blob): .object([.init("#", .string(Base64.text(blob.digest)))])
    case .type(let type): .string(type.description)
    case .optional(.some(let wrapped)): node(of: wrapped, in: colour, options: options)
    case .optional(.none): .null
    case .erased: .string(erasedText)
    }
  }

  private static func object(
    _ record: Record, _ colour: RecordColour?, _ options: Options
  ) -> JSONText.Node {
    var members: [JSONText.Member] = []
    for (index, field) in record.type.fields.enumerated() {
      let value = record.fields[index]
      if case .null = value { continue }
      let mark = colour.flatMap { $0.fields.indices.contains(index) ? $0.fields[index] : nil }
      if options.hidesPersonal, mark?.isPersonal == true {
        members.append(.init(field.name, .string(sealedText)))
      } else {
        members.append(.init(field.name, node(of: value, in: mark?.colour, options: options)))
      }
    }
    return .object(members)
  }

  private static func integer(_ value: Int64, _ options: Options) -> JSONText.Node {
    if options.quotesWideIntegers, value.magnitude > 1 << 53 { return .string(String(value)) }
    return .number(JSONNumber(value))
  }

  private static func number(_ text: String) -> JSONText.Node? {
    JSONNumber(text).map(JSONText.Node.number)
  }
}

extension ColourSet {
  /// Of a list or map, through `T?`.
  fileprivate var element: ColourSet? {
    switch self {
    case .list(let element, _), .map(let element): element
    case .optional(let wrapped): wrapped.element
    default: nil
    }
  }

  fileprivate var unwrappedRecord: RecordColour? {
    switch self {
    case .record(let record): record
    case .optional(let wrapped): wrapped.unwrappedRecord
    default: nil
    }
  }
}

extension MapValue.Key {
  /// As a JSON member name.
  fileprivate var text: String {
    switch self {
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .uint(let value): String(value)
    case .string(let value): value
    }
  }
}
