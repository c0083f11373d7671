internal import CEL

/// Why values of a type cannot go into a colour set.
struct Misfit: Equatable {
  /// Field names, outermost first; empty for the whole.
  var fields: [String]
  var found: String
  var expected: String
}

extension ColourSet {
  /// Whether values of `type` can go in, as far as types tell; nil if so.
  ///
  /// Records are structural, in whatever order; absent fields need a default or be optional. A
  /// string may go into an enumeration and a `T?` into T: the value decides when it is there.
  /// Ranges are for `admits`.
  func misfit(of type: ValueType) -> Misfit? {
    if isUnknown { return nil }
    switch (self, type) {
    case (_, .dyn), (_, .parameter), (.unit, .null), (.bool, .bool), (.int, .int),
      (.double, .double), (.string, .string), (.string, .enumeration), (.bytes, .bytes),
      (.timestamp, .timestamp), (.duration, .duration), (.blob, .blob),
      (.enumeration, .string), (.optional, .null):
      return nil
    case (.optional(let wrapped), .nullable(let inner)): return wrapped.misfit(of: inner)
    case (.optional(let wrapped), _): return wrapped.misfit(of: type)
    case (_, .nullable(let inner)): return misfit(of: inner)
    case (.enumeration(let target), .enumeration(let given)): return target.misfit(of: given)
    case (.list(let element, _), .list(let inner)): return element.misfit(of: inner)
    case (.map(let element), .map(let key, let inner)):
      switch key {
      case .string, .enumeration, .dyn, .parameter: return element.misfit(of: inner)
      default: return misfit(type)
      }
    case (.record(let colour), .record(let record)): return colour.misfit(of: record)
    default: return misfit(type)
    }
  }

  private func misfit(_ type: ValueType) -> Misfit {
    Misfit(fields: [], found: "\(type)", expected: description)
  }
}

extension EnumerationType {
  /// The label of a verdict must be a member in any case; of other enumerations one may be.
  fileprivate func misfit(of given: EnumerationType) -> Misfit? {
    let foreign = given.members.filter { member in
      !members.contains { $0.hasSameBytes(as: member) }
    }
    let isVerdict = given.name.hasSameBytes(as: EnumerationType.verdictName)
    guard !foreign.isEmpty, isVerdict || foreign.count == given.members.count else { return nil }
    return Misfit(
      fields: [], found: isVerdict ? "'\(foreign[0])'" : given.name,
      expected: "one of \(members.listed)")
  }

  /// Of the type of `verdict`; no declared type can be called so.
  static let verdictName = "verdict label"
}

extension RecordColour {
  fileprivate func misfit(of record: RecordType) -> Misfit? {
    if record.fields == type.fields { return nil }
    for (index, field) in fields.enumerated() {
      guard let given = record.index(of: field.name) else {
        if standard(of: index) != nil { continue }
        return Misfit(
          fields: [field.name], found: "no such field in \(record)", expected: "\(field.colour)")
      }
      if var misfit = field.colour.misfit(of: record.fields[given].type) {
        misfit.fields.insert(field.name, at: 0)
        return misfit
      }
    }
    for field in record.fields where type.index(of: field.name) == nil {
      return Misfit(
        fields: [field.name], found: "\(field.type)", expected: "no such field in \(self)")
    }
    return nil
  }
}
