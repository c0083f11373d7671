package import CEL

/// JSON to a value of a colour set (CONFIG, VALUE): what start tokens, messages, forms, results of
/// actions and values of test files go through.
///
/// int64 also as a string, timestamps as RFC 3339, durations as proto3 JSON or D, bytes as base64;
/// a missing field with a default takes it, a missing optional one is null; ranges are checked.
package enum ValueReading {
  /// A mistake in a value. Says kinds and names, never the contents of the value.
  package struct Problem: Error, Equatable, Sendable {
    /// RFC 6901, into the value; "" is the value itself.
    package var pointer: String
    package var found: String
    package var expected: String
    /// The nearest field or label, when one is close.
    package var nearest: String?

    package init(_ pointer: String, found: String, expected: String, nearest: String? = nil) {
      self.pointer = pointer
      self.found = found
      self.expected = expected
      self.nearest = nearest
    }

    /// One sentence with the place.
    package var message: String {
      let place = pointer.isEmpty ? "the value" : pointer
      let hint = nearest.map { "; nearest: \($0)" } ?? ""
      return "\(place): found \(found), expected \(expected)\(hint)"
    }
  }

  package struct Options: Sendable {
    /// Fields that the record does not have are left out instead of refused.
    package var ignoresUnknownFields: Bool
    /// The size of a stored blob by its SHA-256; nil for one that is not stored. Without the
    /// closure a blob cannot be given.
    package var blobSize: (@Sendable (_ digest: [UInt8]) -> Int64?)?

    package init(
      ignoresUnknownFields: Bool = false,
      blobSize: (@Sendable (_ digest: [UInt8]) -> Int64?)? = nil
    ) {
      self.ignoresUnknownFields = ignoresUnknownFields
      self.blobSize = blobSize
    }
  }

  /// - Returns: The value, or nil and all that is wrong with it, in the order it stands there.
  package static func value(
    of node: JSONText.Node, in colour: ColourSet, options: Options = Options()
  ) -> (value: Value?, problems: [Problem]) {
    var reader = ValueReader(options: options)
    let value = reader.read(node, colour, "")
    return reader.problems.isEmpty ? (value, []) : (nil, reader.problems)
  }
}

extension ColourSet {
  /// What a diagnostic calls it: `a string of at most 400 characters`, `a whole number 0..100`.
  package var expectationText: String {
    switch self {
    case .unit: "null"
    case .bool: "true or false"
    case .int(nil): "a whole number"
    case .int(let range?): "a whole number \(range.lowerBound)..\(range.upperBound)"
    case .double: "a number"
    case .string(nil): "a string"
    case .string(let max?): "a string of at most \(max) characters"
    case .bytes(nil): "bytes in base64"
    case .bytes(let max?): "at most \(max) bytes in base64"
    case .timestamp: "a time as in 2026-01-05T09:00:00Z"
    case .duration: "a duration as in 1.5s or 10m"
    case .blob: "the digest of a stored blob"
    case .enumeration(let type): "one of \(type.members.joined(separator: ", "))"
    case .record(let record): record.name.map { "an object of type \($0)" } ?? "an object"
    case .list(_, nil): "a list"
    case .list(_, let max?): "a list of at most \(max)"
    case .map: "an object"
    case .optional(let wrapped): "\(wrapped.expectationText) or null"
    }
  }
}
