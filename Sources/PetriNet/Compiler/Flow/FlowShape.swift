internal import CEL

/// What is known of a part of a value besides its type.
struct FlowMarks: OptionSet, Sendable {
  let rawValue: UInt8

  static let personal = FlowMarks(rawValue: 1)
  static let untrusted = FlowMarks(rawValue: 2)
}

/// The marks of a value, leaf by leaf, in the shape of the value.
indirect enum FlowShape: Equatable, Sendable {
  case leaf(FlowMarks)
  case record([Field])
  /// Of each element of a list or value of a map.
  case each(FlowShape)

  struct Field: Equatable, Sendable {
    var name: String
    var shape: FlowShape
  }

  static let clean = FlowShape.leaf([])

  /// All marks at whatever depth.
  var all: FlowMarks {
    switch self {
    case .leaf(let marks): marks
    case .record(let fields): fields.reduce([]) { $0.union($1.shape.all) }
    case .each(let element): element.all
    }
  }

  /// The marks of a field of a record, or of a value of a map.
  func field(_ name: String) -> FlowShape {
    switch self {
    case .leaf: self
    case .each(let element): element
    case .record(let fields):
      fields.first { $0.name.hasSameBytes(as: name) }?.shape ?? .leaf(all)
    }
  }

  var element: FlowShape {
    switch self {
    case .each(let element): element
    case .leaf: self
    case .record: .leaf(all)
    }
  }

  func adding(_ marks: FlowMarks) -> FlowShape {
    mapped { $0.union(marks) }
  }

  func removing(_ marks: FlowMarks) -> FlowShape {
    mapped { $0.subtracting(marks) }
  }

  private func mapped(_ change: (FlowMarks) -> FlowMarks) -> FlowShape {
    switch self {
    case .leaf(let marks): .leaf(change(marks))
    case .record(let fields):
      .record(fields.map { Field(name: $0.name, shape: $0.shape.mapped(change)) })
    case .each(let element): .each(element.mapped(change))
    }
  }

  /// What a value has that is one or the other.
  func joined(with other: FlowShape) -> FlowShape {
    switch (self, other) {
    case (.leaf(let left), .leaf(let right)): return .leaf(left.union(right))
    case (.each(let left), .each(let right)): return .each(left.joined(with: right))
    case (.record(let left), .record(let right))
    where left.count == right.count
      && zip(left, right).allSatisfy { $0.name.hasSameBytes(as: $1.name) }:
      return .record(
        zip(left, right).map { Field(name: $0.name, shape: $0.shape.joined(with: $1.shape)) })
    case (.leaf([]), let shape), (let shape, .leaf([])): return shape
    default: return .leaf(all.union(other.all))
    }
  }
}

extension ColourSet {
  /// The marks of a value of this colour set as declared, `standard` where nothing is declared.
  func flowShape(_ standard: FlowMarks = []) -> FlowShape {
    switch self {
    case .record(let record):
      .record(
        record.fields.map { field in
          var marks = standard
          if field.isPersonal { marks.insert(.personal) }
          switch field.isTrusted {
          case true?: marks.remove(.untrusted)
          case false?: marks.insert(.untrusted)
          case nil: break
          }
          return .init(name: field.name, shape: field.colour.flowShape(marks))
        })
    case .list(let element, _), .map(let element): .each(element.flowShape(standard))
    case .optional(let wrapped): wrapped.flowShape(standard)
    default: .leaf(standard)
    }
  }
}
