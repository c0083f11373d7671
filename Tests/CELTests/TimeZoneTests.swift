import CEL
import Testing

struct TimeZoneTests {
  /// A TZif file of version 2 with the given changes (instant, offset) and rule.
  private static func file(
    _ firstOffset: Int64, _ changes: [(Int64, Int64)], rule: String
  ) -> [UInt8] {
    var bytes = header(times: 0, types: 1) + localType(0) + Array("UTC\0".utf8)
    bytes += header(times: changes.count, types: changes.count + 1)
    for change in changes { bytes += big(change.0, 8) }
    for index in changes.indices { bytes.append(UInt8(index + 1)) }
    bytes += localType(firstOffset)
    for change in changes { bytes += localType(change.1) }
    return bytes + Array("UTC\0\n\(rule)\n".utf8)
  }

  private static func header(times: Int, types: Int) -> [UInt8] {
    var bytes = Array("TZif2".utf8) + Array(repeating: 0, count: 15)
    for count in [0, 0, 0, times, types, 4] { bytes += big(Int64(count), 4) }
    return bytes
  }

  private static func localType(_ offset: Int64) -> [UInt8] { big(offset, 4) + [0, 0] }

  private static func big(_ value: Int64, _ width: Int) -> [UInt8] {
    (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
  }

  private static let zones: TimeZones = {
    var zones = TimeZones()
    // Central Europe: one recorded change, then its rule.
    _ = zones.add("Berlin", file(3_208, [(0, 3_600)], rule: "CET-1CEST,M3.5.0,M10.5.0/3"))
    _ = zones.add("Sydney", file(36_000, [], rule: "AEST-10AEDT,M10.1.0,M4.1.0/3"))
    _ = zones.add("Seoul", file(30_472, [(-1_948_752_688, 30_600), (0, 32_400)], rule: "KST-9"))
    _ = zones.add("Julian", file(0, [], rule: "<+00>0<+02>-2,J60/0,299/-1:30"))
    return zones
  }()

  @Test(arguments: [
    ("Berlin", "2026-03-29T00:59:59Z", 3_600), ("Berlin", "2026-03-29T01:00:00Z", 7_200),
    ("Berlin", "2026-10-25T00:59:59Z", 7_200), ("Berlin", "2026-10-25T01:00:00Z", 3_600),
    ("Berlin", "1969-12-31T23:59:59Z", 3_208),
    ("Sydney", "2026-04-04T15:59:59Z", 39_600), ("Sydney", "2026-04-04T16:00:00Z", 36_000),
    ("Sydney", "2026-10-03T15:59:59Z", 36_000), ("Sydney", "2026-10-03T16:00:00Z", 39_600),
    ("Sydney", "2026-12-31T23:59:59Z", 39_600), ("Sydney", "2027-01-01T00:00:00Z", 39_600),
    ("Seoul", "1900-01-01T00:00:00Z", 30_472), ("Seoul", "1950-01-01T00:00:00Z", 30_600),
    ("Seoul", "2026-01-01T00:00:00Z", 32_400),
    ("Julian", "2024-02-29T23:59:59Z", 0), ("Julian", "2024-03-01T00:00:00Z", 7_200),
    ("Julian", "2026-10-26T20:29:59Z", 7_200), ("Julian", "2026-10-26T20:30:00Z", 0),
    ("UTC", "2026-01-01T00:00:00Z", 0), ("-09:30", "2026-01-01T00:00:00Z", -34_200),
  ])
  func `an offset changes at its edge`(_ zone: String, _ text: String, _ expected: Int64) throws {
    let instant = try #require(Timestamp(text))

    #expect(Self.zones[zone]?.offset(at: instant) == expected)
  }

  @Test(arguments: [
    ("2026-03-29T02:30:00Z", []),
    ("2026-10-25T02:30:00Z", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]),
    ("2026-07-01T12:00:00Z", ["2026-07-01T10:00:00Z"]),
  ])
  func `a local time is skipped, doubled or plain`(_ local: String, _ expected: [String]) throws {
    let seconds = try #require(Timestamp(local)).seconds

    let instants = Self.zones["Berlin"]?.instants(atLocal: seconds)
      .map { Timestamp(seconds: $0, nanoseconds: 0).description }

    #expect(instants == expected)
  }

  @Test(arguments: [
    [], Array("TZif2".utf8), file(0, [(5, 0), (4, 0)], rule: "UTC0"),
    file(0, [], rule: "UTC0").dropLast(), file(0, [], rule: "nonsense!"),
    file(0, [], rule: "CET-1CEST,M13.5.0,M10.5.0"),
  ])
  func `a broken file is no zone`(_ bytes: [UInt8]) {
    var zones = TimeZones()

    let isAdded = zones.add("X", bytes)

    #expect(!isAdded)
  }

  @Test func `accessors take zones by name`() {
    let text = "timestamp('2026-03-28T23:30:00Z').getDate('Berlin')"

    #expect(Evaluation(text, timeZones: Self.zones) == .value(.int(29)))
  }
}
