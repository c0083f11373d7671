import CEL
import PetriNet

/// The JSON Schema (2020-12) of a colour set: what the form of a task and the body of a start say
/// they take. What a schema cannot say is checked by the server all the same.
enum ColourSchema {
  static func node(_ colour: ColourSet) -> JSONText.Node {
    switch colour {
    case .unit: .fields([("type", .string("null"))])
    case .bool: .fields([("type", .string("boolean"))])
    case .int(let range): integer(range)
    case .double: .fields([("type", .string("number"))])
    case .string(let max):
      .fields([("type", .string("string")), ("maxLength", max.map { .integer($0) })])
    case .bytes(let max):
      .fields([
        ("type", .string("string")), ("contentEncoding", .string("base64")),
        ("maxLength", max.map { .integer(($0 + 2) / 3 * 4) }),
      ])
    case .timestamp: .fields([("type", .string("string")), ("format", .string("date-time"))])
    case .duration:
      .fields([
        ("type", .string("string")), ("description", .string("a duration as in 1.5s or 10m")),
      ])
    case .blob: .fields([("type", .string("object")), ("required", .texts(["#"]))])
    case .enumeration(let type): .fields([("enum", .texts(type.members))])
    case .record(let record): node(record)
    case .list(let element, let max):
      .fields([
        ("type", .string("array")), ("items", node(element)),
        ("maxItems", max.map { .integer($0) }),
      ])
    case .map(let element):
      .fields([("type", .string("object")), ("additionalProperties", node(element))])
    case .optional(let wrapped):
      .fields([("anyOf", .list([node(wrapped), .fields([("type", .string("null"))])]))])
    }
  }

  /// A record: fields in declared order; those with a default or `?` may be left out.
  static func node(_ record: RecordColour) -> JSONText.Node {
    let required = record.fields.filter {
      if case .optional = $0.colour { return false }
      return $0.standard == nil && $0.colour != .unit
    }
    return .fields([
      ("type", .string("object")),
      (
        "properties",
        .object(record.fields.map { field in .init(field.name, property(field)) })
      ),
      ("required", required.isEmpty ? nil : .texts(required.map(\.name))),
      ("additionalProperties", .bool(false)),
    ])
  }

  private static func property(_ field: RecordColour.Field) -> JSONText.Node {
    guard case .object(var members) = node(field.colour) else { return node(field.colour) }
    if let standard = field.standard {
      members.append(
        .init("default", ValueJSON.node(standard, field.colour, showsPersonal: true)))
    }
    if field.isPersonal { members.append(.init("x-personal", .bool(true))) }
    return .object(members)
  }

  /// A number while all of the range is exact in a double, else a number or its digits.
  private static func integer(_ range: ClosedRange<Int64>?) -> JSONText.Node {
    let exact: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
    guard let range, exact.contains(range.lowerBound), exact.contains(range.upperBound) else {
      return .fields([
        (
          "anyOf",
          .list([
            .fields([
              ("type", .string("integer")),
              ("minimum", range.map { .number(JSONNumber($0.lowerBound)) }),
              ("maximum", range.map { .number(JSONNumber($0.upperBound)) }),
            ]),
            .fields([("type", .string("string")), ("pattern", .string("^-?[0-9]{1,19}$"))]),
          ])
        )
      ])
    }
    return .fields([
      ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
      ("maximum", .integer(range.upperBound)),
    ])
  }
}
