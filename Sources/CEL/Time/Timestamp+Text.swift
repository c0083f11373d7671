extension Timestamp: CustomStringConvertible {
  /// RFC 3339 with any offset and up to nine digits of a second; nil if malformed or out of range.
  package init?(_ text: String) { return nil }

  /// As protobuf's JSON has it: UTC, with 0, 3, 6 or 9 digits of a second.
  package var description: String { "" }
}
