/// A value of the Common Expression Language, and of a token.
///
/// `==`, `<` and hashing are those of stored values (`Value+Identity.swift`): one kind, the same
/// bytes. CEL's own equality, under which `1 == 1.0`, is `equals(_:)` (`Value+Equality.swift`).
/// Strings are compared by their UTF-8 bytes in both, never by canonical equivalence.
package enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case timestamp(Timestamp)
  case duration(TimeSpan)
  case list([Value])
  case map(MapValue)
  case record(Record)
  case blob(Blob)
  case type(ValueType)
  case optional(OptionalValue)
  /// A personal part whose key was shredded: any expression that needs it raises `erased`.
  case erased
}

/// Bytes kept outside the value, named by their SHA-256; CEL offers only `==` and `size`.
package struct Blob: Hashable, Sendable {
  /// 32 bytes.
  package var digest: [UInt8]
  package var size: Int64

  package init(digest: [UInt8], size: Int64) {
    self.digest = digest
    self.size = size
  }
}

/// Where the sealed personal fields of a record were first written: payload `index` of row `seq`.
package struct SealReference: Hashable, Sendable {
  package var seq: Int64
  package var index: Int32

  package init(seq: Int64, index: Int32) {
    self.seq = seq
    self.index = index
  }
}

/// A record value: its fields in the order of its type.
///
/// Immutable, so that tokens share it. An absent optional field is `.null`. The seal is provenance:
/// it takes no part in equality, and a record that is moved unchanged keeps it.
package final class Record: Sendable {
  package let type: RecordType
  package let fields: [Value]
  package let seal: SealReference?

  /// - Precondition: as many fields as the type has.
  package init(type: RecordType, fields: [Value], seal: SealReference? = nil) {
    precondition(fields.count == type.fields.count, "a record has one value for each field")
    self.type = type
    self.fields = fields
    self.seal = seal
  }

  package subscript(name: String) -> Value? { type.index(of: name).map { fields[$0] } }
}

/// CEL's `optional<T>` of the extension library; not the `T?` of a colour set, which is `.null` or T.
package indirect enum OptionalValue: Sendable {
  case none
  case some(Value)
}
