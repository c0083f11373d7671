package import CEL

/// A colour set: the type of the tokens of a place, ranges included.
package indirect enum ColourSet: Hashable, Sendable {
  case unit
  case bool
  case int(ClosedRange<Int64>?)
  case double
  /// `max` counts Unicode scalars.
  case string(max: Int?)
  case bytes(max: Int?)
  case timestamp
  case duration(ClosedRange<TimeSpan>?)
  case blob
  case enumeration(EnumerationType)
  case record(RecordColour)
  case list(ColourSet, max: Int?)
  case map(ColourSet)
  /// `T?`: null or T.
  case optional(ColourSet)
}

extension ColourSet {
  /// How large a type may be.
  package enum Limits {
    /// Lists, maps and records inside each other; texts of values nest no deeper than 64.
    package static let nestingMax = 32
    /// Types of which it is made, each counted as often as it stands there.
    package static let partsMax = 10_000
  }

  /// Lists, maps and records inside each other, this one included.
  var nesting: Int {
    switch self {
    case .record(let record): record.nesting
    case .list(let element, _), .map(let element): element.nesting + 1
    case .optional(let wrapped): wrapped.nesting
    default: 0
    }
  }

  /// The types of which it is made, each counted as often as it stands there.
  var parts: Int {
    switch self {
    case .record(let record): record.parts
    case .list(let element, _), .map(let element), .optional(let element): element.parts + 1
    default: 1
    }
  }
}

/// The fields of a record with what CEL does not know of them: ranges, defaults, marks.
package final class RecordColour: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var colour: ColourSet
    /// Taken when the field is absent.
    package var standard: Value?
    /// Sealed under the key of its case, and may flow only into personal fields.
    package var isPersonal: Bool
    /// As marked; nil = what the place's origin says (`start`, `message`: untrusted).
    package var isTrusted: Bool?

    package init(
      name: String, colour: ColourSet, standard: Value? = nil, isPersonal: Bool = false,
      isTrusted: Bool? = nil
    ) {
      self.name = name
      self.colour = colour
      self.standard = standard
      self.isPersonal = isPersonal
      self.isTrusted = isTrusted
    }
  }

  /// As declared under `types`; nil for a record written in place. No part of equality.
  package let name: String?
  package let fields: [Field]
  /// The shape that CEL and the values of this colour set use.
  package let type: RecordType
  /// Whether a field, at whatever depth, is personal.
  package let holdsPersonal: Bool
  fileprivate let nesting: Int
  fileprivate let parts: Int

  package init(name: String?, fields: [Field]) {
    self.name = name
    self.fields = fields
    nesting = 1 + (fields.map(\.colour.nesting).max() ?? 0)
    parts = 1 + fields.reduce(0) { $0 + $1.colour.parts }
    type = RecordType(
      name: name,
      fields: fields.map {
        RecordType.Field(
          $0.name, $0.colour.valueType, isPersonal: $0.isPersonal, sizeMax: $0.colour.sizeMax)
      })
    holdsPersonal = fields.contains { $0.isPersonal || $0.colour.holdsPersonal }
  }

  package static func == (left: RecordColour, right: RecordColour) -> Bool {
    left === right || left.fields == right.fields
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension ColourSet {
  /// The type under which CEL's checker knows values of this colour set.
  package var valueType: ValueType {
    switch self {
    case .unit: .null
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .blob: .blob
    case .enumeration(let type): type.isUnknown ? .dyn : .enumeration(type)
    case .record(let record): .record(record.type)
    case .list(let element, _): .list(element.valueType)
    case .map(let element): .map(.string, element.valueType)
    case .optional(let wrapped): .nullable(wrapped.valueType)
    }
  }

  /// Stands, in a net that does not compile, for a type that has mistakes: every value fits into
  /// it, and it fits everywhere.
  package static let unknown = ColourSet.enumeration(EnumerationType(name: "?", members: []))

  var isUnknown: Bool {
    if case .enumeration(let type) = self { return type.isUnknown }
    return false
  }

  /// Whether a part of it, at whatever depth, is unknown.
  package var holdsUnknown: Bool {
    switch self {
    case .enumeration(let type): type.isUnknown
    case .record(let record): record.fields.contains { $0.colour.holdsUnknown }
    case .list(let element, _), .map(let element), .optional(let element): element.holdsUnknown
    default: false
    }
  }

  /// The most scalars, bytes or elements that a value has; nil where that is not declared.
  package var sizeMax: Int? {
    switch self {
    case .string(let most), .bytes(let most), .list(_, let most): most
    case .optional(let wrapped): wrapped.sizeMax
    default: nil
    }
  }

  /// Whether a value of it can carry personal fields, at whatever depth.
  package var holdsPersonal: Bool {
    switch self {
    case .record(let record): record.holdsPersonal
    case .list(let element, _), .map(let element), .optional(let element): element.holdsPersonal
    default: false
    }
  }
}

extension EnumerationType {
  /// No declared type can be called so.
  var isUnknown: Bool { members.isEmpty && name.utf8.elementsEqual("?".utf8) }
}
