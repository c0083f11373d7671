/// The time zones that `getHours('Asia/Seoul')` and schedules know, as a value.
///
/// The bytes are TZif files (RFC 8536) that the caller read. `UTC` and fixed offsets such as
/// `+09:00` are always known.
package struct TimeZones: Sendable {
  private var zones: [ByteString: ZoneRules] = [:]

  package static let utcOnly = TimeZones()

  package init() {}

  /// Adds or replaces a zone; false (and no change) if the bytes are no sound TZif file.
  package mutating func add(_ name: String, _ bytes: [UInt8]) -> Bool {
    guard let zone = ZoneRules(tzif: bytes) else { return false }
    zones[ByteString(text: name)] = zone
    return true
  }

  /// The zone of that name, or the fixed offset; nil if neither.
  package subscript(name: String) -> ZoneRules? {
    if let zone = zones[ByteString(text: name)] { return zone }
    if name.hasSameBytes(as: "UTC") { return .utc }
    return ZoneRules(offset: name)
  }
}
