/// A value of the Common Expression Language, and of a token.
///
/// Equality and hashing are CEL's: strings are compared by their UTF-8 bytes (never by canonical
/// equivalence), numbers of different kinds by their exact mathematical value, NaN equals nothing.
/// For the order of tokens and for hashing of stored values see `Value+Order.swift`.
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

/// An instant in CEL's range, 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
package struct Timestamp: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, floor.
  package var seconds: Int64
  /// 0 ..< 1,000,000,000, counted forward from `seconds`.
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}

/// CEL's `duration`; the name leaves Swift's own `Duration` alone.
///
/// Both parts have the same sign, as in protobuf's `Duration`; at most ±315,576,000,000 seconds.
package struct TimeSpan: Hashable, Sendable {
  package var seconds: Int64
  package var nanoseconds: Int32

  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
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
