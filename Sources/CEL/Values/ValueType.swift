/// A static type of CEL as Petrel checks it.
package indirect enum ValueType: Hashable, Sendable {
  case dyn
  /// Of `null` and of the constant `unit`.
  case null
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  case blob
  case list(ValueType)
  case map(ValueType, ValueType)
  case record(RecordType)
  /// Strings at run time; literals that are no member are refused by the checker.
  case enumeration(EnumerationType)
  /// `T?` of a colour set: usable as T everywhere (raising on null) but in `==`, `!=`, `has`.
  case nullable(ValueType)
  /// `optional<T>` of CEL's extension.
  case optional(ValueType)
  /// The type of a type: `type(T)`.
  case type(ValueType)
  /// A parameter of a polymorphic declaration, by its name, or a fresh one of the checker.
  case parameter(String)
  /// Some other type known by name only (`google.protobuf.Message`, declared by a test).
  case abstract(String, [ValueType])
}

/// The fields of a record, in declared order. Two are equal if names, types and order are.
package final class RecordType: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var type: ValueType
    /// Whether the log seals it. A mark for storage, no part of equality: what may flow into such a
    /// field is checked with colour sets.
    package var isPersonal: Bool
    /// Scalars of a string, bytes of bytes, elements of a list: the most that colour sets let in.
    /// Known to the bound on costs, no part of equality.
    package var sizeMax: Int?

    package init(
      _ name: String, _ type: ValueType, isPersonal: Bool = false, sizeMax: Int? = nil
    ) {
      self.name = name
      self.type = type
      self.isPersonal = isPersonal
      self.sizeMax = sizeMax
    }

    package static func == (left: Field, right: Field) -> Bool {
      left.name.hasSameBytes(as: right.name) && left.type == right.type
    }

    package func hash(into hasher: inout Hasher) {
      ByteString(text: name).hash(into: &hasher)
      hasher.combine(type)
    }
  }

  /// As declared in the workflow; nil for an anonymous record. No part of equality.
  package let name: String?
  package let fields: [Field]
  /// Positions of the fields in the order of their names' UTF-8 bytes, which is the log's.
  package let byName: [Int]

  package init(name: String?, fields: [Field]) {
    self.name = name
    self.fields = fields
    byName = fields.indices.sorted { fields[$0].name.comesBefore(fields[$1].name) }
  }

  /// The position of the field whose name has exactly these bytes.
  package func index(of name: String) -> Int? {
    guard fields.count > 16 else {
      return fields.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }
    var (low, high) = (0, byName.count)
    while low < high {
      let middle = (low + high) / 2
      if fields[byName[middle]].name.comesBefore(name) { low = middle + 1 } else { high = middle }
    }
    guard low < byName.count, fields[byName[low]].name.hasSameBytes(as: name) else { return nil }
    return byName[low]
  }

  /// Whether both seal the same fields, those inside of fields apart.
  package func hasSameMarks(as other: RecordType) -> Bool {
    self === other
      || fields.elementsEqual(other.fields) { $0.isPersonal == $1.isPersonal }
  }

  package static func == (left: RecordType, right: RecordType) -> Bool {
    left === right || left.fields == right.fields
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

/// A closed set of labels.
package struct EnumerationType: Hashable, Sendable {
  package var name: String
  package var members: [String]

  package init(name: String, members: [String]) {
    self.name = name
    self.members = members
  }
}
