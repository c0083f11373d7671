/// The rules of one time zone.
package struct ZoneRules: Sendable {
  package static let utc = ZoneRules(offsetSeconds: 0)

  package init(offsetSeconds: Int64) {}

  /// `+09:00`, `-09:30`, `02:00`.
  init?(offset text: String) { return nil }

  /// Nil if the bytes are no sound TZif file.
  init?(tzif bytes: [UInt8]) { return nil }

  /// Seconds to add to UTC for local time at that instant.
  package func offset(at instant: Timestamp) -> Int64 { 0 }
}
