/// An IP address, or a range of them where a prefix length stands behind it.
///
/// Values of CEL hold it as a record whose field names no expression can spell, so that equality
/// and hashing are those of records; its types are `net.IP` and `net.CIDR`.
struct NetworkAddress: Equatable {
  /// Four or sixteen, in network order.
  var bytes: [UInt8]
  /// Nil for an address.
  var prefixLength: Int?

  static let addressType = ValueType.abstract("net.IP", [])
  static let rangeType = ValueType.abstract("net.CIDR", [])

  private static let addressRecord = RecordType(
    name: "net.IP", fields: [.init("@address", .bytes)])
  private static let rangeRecord = RecordType(
    name: "net.CIDR", fields: [.init("@address", .bytes), .init("@prefix", .int)])

  var value: Value {
    guard let prefixLength else {
      return .record(Record(type: Self.addressRecord, fields: [.bytes(bytes)]))
    }
    return .record(
      Record(type: Self.rangeRecord, fields: [.bytes(bytes), .int(Int64(prefixLength))]))
  }

  init(bytes: [UInt8], prefixLength: Int? = nil) {
    self.bytes = bytes
    self.prefixLength = prefixLength
  }

  /// Nil for any other value.
  init?(_ value: Value) {
    guard case .record(let record) = value, case .bytes(let bytes)? = record.fields.first else {
      return nil
    }
    if record.type === Self.addressRecord {
      self.init(bytes: bytes)
    } else if record.type === Self.rangeRecord, case .int(let length) = record.fields[1] {
      self.init(bytes: bytes, prefixLength: Int(length))
    } else {
      return nil
    }
  }

  /// Static type of values like this one.
  var type: ValueType { prefixLength == nil ? Self.addressType : Self.rangeType }

  var isVersion4: Bool { bytes.count == 4 }

  /// The range with all bits behind the prefix cleared.
  var masked: NetworkAddress {
    var result = self
    for index in bytes.indices {
      let kept = min(max((prefixLength ?? bytes.count * 8) - index * 8, 0), 8)
      result.bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
    }
    return result
  }

  /// Whether a range holds all of another, or an address.
  func contains(_ other: NetworkAddress) -> Bool {
    guard bytes.count == other.bytes.count, let length = prefixLength,
      length <= other.prefixLength ?? bytes.count * 8
    else { return false }
    return NetworkAddress(bytes: other.bytes, prefixLength: length).masked.bytes == masked.bytes
  }
}

/// What kind of address it is.
extension NetworkAddress {
  var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

  var isLoopback: Bool {
    isVersion4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
  }

  var isLinkLocalUnicast: Bool {
    isVersion4
      ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
  }

  var isLinkLocalMulticast: Bool {
    isVersion4
      ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0
      : bytes[0] == 0xFF && bytes[1] & 0x0F == 0x02
  }

  /// Private addresses are among them.
  var isGlobalUnicast: Bool {
    let isMulticast = isVersion4 ? bytes[0] & 0xF0 == 0xE0 : bytes[0] == 0xFF
    let isBroadcast = isVersion4 && bytes.allSatisfy { $0 == 255 }
    return !isMulticast && !isBroadcast && !isUnspecified && !isLoopback && !isLinkLocalUnicast
  }
}

extension Value {
  /// The text of an IP address or of a range of them; nil for other values.
  package var networkText: String? { NetworkAddress(self)?.description }
}
