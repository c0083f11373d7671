internal import CEL
internal import PetriNet

extension SwiftShape {
  /// The first way in which values of `colour` and of this type differ; nil if they agree.
  ///
  /// Every value of the colour set must be readable as this type: a field of the colour set that the
  /// type does not ask for is left out, one that the type asks for must be there.
  func mismatchAsInput(of colour: ColourSet, at path: String = "") -> String? {
    switch (self, colour) {
    case (.record(let fields), .record(let record)), (.beginning(let fields), .record(let record)):
      for field in fields {
        guard let declared = record.fields.first(where: { $0.name == field.name }) else {
          if case .optional = field.shape { continue }
          return "\(Self.place(path + "." + field.name)) is no field of the declaration"
        }
        let place = path + "." + field.name
        if let found = field.shape.mismatchAsInput(of: declared.colour, at: place) { return found }
      }
      return nil
    case (.optional(let wrapped), .optional(let colour)):
      return wrapped.mismatchAsInput(of: colour, at: path)
    case (.optional(let wrapped), _): return wrapped.mismatchAsInput(of: colour, at: path)
    default: return mismatchOfLeaf(colour, at: path) { $0.mismatchAsInput(of: $1, at: $2) }
    }
  }

  /// The first way in which values of this type are no values of `colour`; nil if they may be.
  /// Ranges are checked value by value.
  func mismatchAsOutput(for colour: ColourSet, at path: String = "") -> String? {
    switch (self, colour) {
    case (.record(let fields), .record(let record)), (.beginning(let fields), .record(let record)):
      for declared in record.fields where isWhole && declared.standard == nil {
        if case .optional = declared.colour { continue }
        if !fields.contains(where: { $0.name == declared.name }) {
          return "\(Self.place(path + "." + declared.name)) is missing in the Swift type"
        }
      }
      for field in fields {
        guard let declared = record.fields.first(where: { $0.name == field.name }) else {
          return "\(Self.place(path + "." + field.name)) is no field of the declaration"
        }
        let place = path + "." + field.name
        if let found = field.shape.mismatchAsOutput(for: declared.colour, at: place) {
          return found
        }
      }
      return nil
    case (_, .optional(let colour)):
      if case .optional(let wrapped) = self {
        return wrapped.mismatchAsOutput(for: colour, at: path)
      }
      return mismatchAsOutput(for: colour, at: path)
    default: return mismatchOfLeaf(colour, at: path) { $0.mismatchAsOutput(for: $1, at: $2) }
    }
  }

  private func mismatchOfLeaf(
    _ colour: ColourSet, at path: String, inside: (SwiftShape, ColourSet, String) -> String?
  ) -> String? {
    switch (self, colour) {
    case (.opaque, _), (.unit, .unit), (.bool, .bool), (.int, .int), (.double, .double),
      (.string, .string), (.string, .enumeration), (.string, .timestamp),
      (.string, .duration), (.bytes, .bytes), (.timestamp, .timestamp):
      return nil
    case (.record(let fields), .unit) where fields.isEmpty: return nil
    case (.list(let element), .list(let colour, _)): return inside(element, colour, path + "[]")
    case (.map(let element), .map(let colour)): return inside(element, colour, path + "{}")
    default:
      return "\(Self.place(path)) is \(colour) in the workflow and \(text) in Swift"
    }
  }

  /// Whether every field is known.
  private var isWhole: Bool {
    if case .beginning = self { false } else { true }
  }

  private static func place(_ path: String) -> String {
    path.isEmpty ? "the value" : String(path.drop { $0 == "." })
  }

  /// As a Swift programmer would write it.
  var text: String {
    switch self {
    case .unit: "Unit"
    case .bool: "Bool"
    case .int: "Int"
    case .double: "Double"
    case .string: "String"
    case .bytes: "Data"
    case .timestamp: "Date"
    case .list(let element): "[\(element.text)]"
    case .map(let element): "[String: \(element.text)]"
    case .optional(let wrapped): "\(wrapped.text)?"
    case .record(let fields):
      "{" + fields.map { "\($0.name): \($0.shape.text)" }.joined(separator: ", ") + "}"
    case .beginning(let fields):
      "{" + fields.map { "\($0.name): \($0.shape.text)" }.joined(separator: ", ") + ", …}"
    case .opaque: "a type with a decoder of its own"
    }
  }
}
