package import CEL

/// Why a value is not of a colour set: one entry of a refusal with code T203.
///
/// Free of contents: `found` names a kind, a number or a length, never a string of the value.
package struct AdmissionProblem: Error, Equatable, Sendable {
  /// JSON Pointer into the value, "" for all of it.
  package var pointer: String
  package var found: String
  package var expected: String

  package init(pointer: String, found: String, expected: String) {
    self.pointer = pointer
    self.found = found
    self.expected = expected
  }
}

extension ColourSet {
  /// Everything that keeps `value` from being of this colour set, in the order of its parts; empty
  /// if it may stand in a token.
  ///
  /// Ranges, lengths, members of enumerations and sizes of lists are checked at every depth. U+0000
  /// in strings and doubles that are no numbers are refused. A record must have exactly the fields
  /// of the colour set, by name; absent ones are the business of `coerced`.
  package func admits(_ value: Value) -> [AdmissionProblem] {
    var problems: [AdmissionProblem] = []
    check(value, at: "", &problems)
    return problems
  }

  private func check(_ value: Value, at pointer: String, _ problems: inout [AdmissionProblem]) {
    switch (self, value) {
    case (_, .erased), (.bool, .bool), (.timestamp, .timestamp), (.blob, .blob): break
    case (.optional(_), .null), (.unit, .null): break
    case (.optional(let wrapped), _): wrapped.check(value, at: pointer, &problems)
    case (.int(let range), .int(let int)):
      if let range, !range.contains(int) { refuse("\(int)", at: pointer, &problems) }
    case (.double, .double(let double)):
      if !double.isFinite { refuse("\(double)", "a finite double", at: pointer, &problems) }
    case (.string(let max), .string(let string)):
      check(string, max: max, at: pointer, &problems)
    case (.bytes(let max), .bytes(let bytes)):
      if let max, bytes.count > max { refuse("\(bytes.count) bytes", at: pointer, &problems) }
    case (.duration(let range), .duration(let span)):
      if let range, !range.contains(span) {
        refuse(DurationText.text(span), at: pointer, &problems)
      }
    case (.enumeration(let type), .string(let string)):
      if !type.isUnknown, !type.members.contains(where: { $0.hasSameBytes(as: string) }) {
        refuse("another string", "one of \(type.members.listed)", at: pointer, &problems)
      }
    case (.record(let colour), .record(let record)):
      colour.check(record, at: pointer, &problems)
    case (.list(let element, let max), .list(let values)):
      if let max, values.count > max { refuse("\(values.count) elements", at: pointer, &problems) }
      for (index, value) in values.enumerated() {
        element.check(value, at: "\(pointer)/\(index)", &problems)
      }
    case (.map(let element), .map(let map)):
      element.check(map, at: pointer, &problems)
    case (.enumeration(let type), _) where type.isUnknown: break
    default: refuse(value.kind, at: pointer, &problems)
    }
  }

  private func check(
    _ string: String, max: Int?, at pointer: String, _ problems: inout [AdmissionProblem]
  ) {
    if string.utf8.contains(0) {
      refuse("U+0000", "a string without U+0000", at: pointer, &problems)
    }
    if let max, string.utf8.count > max, string.unicodeScalars.count > max {
      refuse("\(string.unicodeScalars.count) characters", at: pointer, &problems)
    }
  }

  private func check(
    _ map: MapValue, at pointer: String, _ problems: inout [AdmissionProblem]
  ) {
    for entry in map.entries {
      guard case .string(let key) = entry.key else {
        refuse("a key that is no string", at: pointer, &problems)
        continue
      }
      let path = "\(pointer)/\(JSONPointer.escaped(key))"
      if key.utf8.contains(0) {
        refuse("U+0000", "a key without U+0000", at: path, &problems)
      }
      check(entry.value, at: path, &problems)
    }
  }

  private func refuse(
    _ found: String, _ expected: String? = nil, at pointer: String,
    _ problems: inout [AdmissionProblem]
  ) {
    problems.append(
      AdmissionProblem(pointer: pointer, found: found, expected: expected ?? description))
  }
}

extension RecordColour {
  fileprivate func check(
    _ record: Record, at pointer: String, _ problems: inout [AdmissionProblem]
  ) {
    for (index, field) in fields.enumerated() {
      let path = "\(pointer)/\(JSONPointer.escaped(field.name))"
      if index < record.fields.count,
        record.type.fields[index].name.hasSameBytes(as: field.name)
      {
        field.colour.admits(record.fields[index]).prefixed(path, into: &problems)
      } else if let value = record[field.name] {
        field.colour.admits(value).prefixed(path, into: &problems)
      } else {
        problems.append(
          AdmissionProblem(pointer: path, found: "nothing", expected: "\(field.colour)"))
      }
    }
    for field in record.type.fields where type.index(of: field.name) == nil {
      problems.append(
        AdmissionProblem(
          pointer: "\(pointer)/\(JSONPointer.escaped(field.name))", found: "an unknown field",
          expected: "one of \(fields.map(\.name).listed)"))
    }
  }
}

extension [AdmissionProblem] {
  fileprivate func prefixed(_ pointer: String, into problems: inout [AdmissionProblem]) {
    for var problem in self {
      problem.pointer = pointer + problem.pointer
      problems.append(problem)
    }
  }
}

extension Value {
  /// What kind of value it is, for a message that must not show it.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a bool"
    case .int: "an int"
    case .uint: "a uint"
    case .double: "a double"
    case .string: "a string"
    case .bytes: "bytes"
    case .timestamp: "a timestamp"
    case .duration: "a duration"
    case .list: "a list"
    case .map: "a map"
    case .record: "a record"
    case .blob: "a blob"
    case .type: "a type"
    case .optional: "an optional"
    case .erased: "an erased part"
    }
  }
}

extension Sequence<String> {
  /// `a, b, c`, for messages; of very many the first, and how many there are.
  var listed: String {
    var words: [String] = []
    var count = 0
    for word in self {
      if count < String.listedMax { words.append(word) }
      count += 1
    }
    return words.listed(of: count)
  }

  /// `a, b and c`.
  var listedWithAnd: String {
    let words = Array(self)
    guard let last = words.last, 2...String.listedMax ~= words.count else { return words.listed }
    return "\(words.dropLast().listed) and \(last)"
  }
}

extension [String] {
  /// `a, b, c`, or `a, b, … (70)` where these are but the first of `count`.
  func listed(of count: Int) -> String {
    joined(separator: ", ") + (count > self.count ? ", … (\(count))" : "")
  }
}

extension String {
  /// The most words that a message lists.
  static let listedMax = 40
}
