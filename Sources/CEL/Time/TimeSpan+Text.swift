extension TimeSpan: CustomStringConvertible {
  /// A signed sequence of decimal numbers with units `h m s ms us µs ns`, as in `1h30m`, `-1.5s`;
  /// nil if malformed or out of range.
  package init?(_ text: String) { return nil }

  /// As protobuf's JSON has it: seconds with 0, 3, 6 or 9 decimals and an `s`.
  package var description: String { "" }
}
