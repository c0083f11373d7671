package import CEL

extension ColourSet {
  /// `value` in the shape of this colour set, as far as it fits.
  ///
  /// Records are structural: their fields are put in the order of the colour set's `RecordType`,
  /// absent ones take their default, or null if they are optional; a map with string keys becomes a
  /// record. What does not fit stays as it is, for `admits` to name. A value that is already in
  /// shape is returned as it is, its seal with it; a record that is built anew has no seal of its
  /// own, since its personal fields may be others. Nothing is checked here: ask `admits` then.
  package func coerced(_ value: Value) -> Value { reshaped(value) ?? value }

  /// Nil if nothing changes.
  private func reshaped(_ value: Value) -> Value? {
    switch (self, value) {
    case (.optional, .null): return nil
    case (.optional(let wrapped), _): return wrapped.reshaped(value)
    case (.record(let colour), .record(let record)): return colour.reshaped(record)
    case (.record(let colour), .map(let map)): return colour.record(from: map)
    case (.list(let element, _), .list(let values)):
      guard element.hasRecords else { return nil }
      var result = values
      var isChanged = false
      for (index, value) in values.enumerated() {
        guard let shaped = element.reshaped(value) else { continue }
        result[index] = shaped
        isChanged = true
      }
      return isChanged ? .list(result) : nil
    case (.map(let element), .map(let map)):
      guard element.hasRecords else { return nil }
      var isChanged = false
      let entries = map.entries.map { entry in
        guard let shaped = element.reshaped(entry.value) else { return entry }
        isChanged = true
        return MapValue.Entry(entry.key, shaped)
      }
      return isChanged ? MapValue(entries).map(Value.map) : nil
    default: return nil
    }
  }

  private var hasRecords: Bool {
    switch self {
    case .record: true
    case .list(let element, _), .map(let element), .optional(let element): element.hasRecords
    default: false
    }
  }

  /// What an absent field of this colour set reads as; nil if it must be given.
  var absentValue: Value? {
    if case .optional = self { return .null }
    return nil
  }
}

extension RecordColour {
  /// What stands in a field that nobody gave: its default, or null if it is optional.
  package func standard(of field: Int) -> Value? {
    fields[field].standard ?? fields[field].colour.absentValue
  }

  fileprivate func reshaped(_ record: Record) -> Value? {
    if record.type === type || record.type == type {
      var values = record.fields
      // What is sealed is told by the record's own type, so other marks make another record.
      var isChanged = !record.type.hasSameMarks(as: type)
      for (index, field) in fields.enumerated() {
        let shaped = field.colour.coerced(values[index])
        if !shaped.isSameObject(as: values[index]) {
          values[index] = shaped
          isChanged = true
        }
      }
      return isChanged ? .record(Record(type: type, fields: values)) : nil
    }
    guard record.type.fields.allSatisfy({ type.index(of: $0.name) != nil }) else { return nil }
    return build { record[$0] }
  }

  fileprivate func record(from map: MapValue) -> Value? {
    for entry in map.entries {
      guard case .string(let key) = entry.key, type.index(of: key) != nil else { return nil }
    }
    return build { map[$0] }
  }

  /// Nil if a field is neither given nor has a default.
  private func build(_ given: (String) -> Value?) -> Value? {
    var values: [Value] = []
    for (index, field) in fields.enumerated() {
      guard let value = given(field.name).map(field.colour.coerced) ?? standard(of: index) else {
        return nil
      }
      values.append(value)
    }
    return .record(Record(type: type, fields: values))
  }
}

extension Value {
  /// Whether `coerced` returned its argument; only containers are ever built anew.
  fileprivate func isSameObject(as other: Value) -> Bool {
    switch (self, other) {
    case (.record(let left), .record(let right)): left === right
    case (.map, .record), (.record, .map): false
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isSameObject(as: $1) }
    case (.map(let left), .map(let right)):
      left.count == right.count
        && zip(left.entries, right.entries).allSatisfy { $0.value.isSameObject(as: $1.value) }
    default: true
    }
  }
}
