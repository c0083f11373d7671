import CEL
import PetriNet
import Testing

@Suite struct ValueReadingTests {
  private static let item = RecordColour(
    name: "Item",
    fields: [
      .init(name: "id", colour: .string(max: 3)),
      .init(name: "n", colour: .int(0...9), standard: .int(5)),
      .init(name: "why", colour: .optional(.string(max: nil))),
    ])

  private func read(_ json: String, _ colour: ColourSet) throws -> (Value?, [String]) {
    let (value, problems) = ValueReading.value(of: try JSONText.parse(text: json), in: colour)
    return (value, problems.map { "\($0.pointer) \($0.found)" })
  }

  @Test(arguments: [
    ("null", ColourSet.unit, Value.null), ("true", .bool, .bool(true)), ("5", .int(nil), .int(5)),
    ("\"9223372036854775807\"", .int(nil), .int(.max)), ("5", .double, .double(5)),
    ("\"AQI=\"", .bytes(max: 2), .bytes([1, 2])), ("null", .optional(.bool), .null),
    ("\"1.5s\"", .duration(nil), .duration(TimeSpan(seconds: 1, nanoseconds: 500_000_000))),
    ("\"-0.25s\"", .duration(nil), .duration(TimeSpan(seconds: 0, nanoseconds: -250_000_000))),
    ("\"10m\"", .duration(nil), .duration(TimeSpan(seconds: 600, nanoseconds: 0))),
    (
      "\"2026-01-05T09:00:00Z\"", .timestamp,
      .timestamp(Timestamp(seconds: 1_767_603_600, nanoseconds: 0))
    ),
    ("\"b\"", .enumeration(EnumerationType(name: "E", members: ["a", "b"])), .string("b")),
    ("[1, \"2\"]", .list(.int(nil), max: 2), .list([.int(1), .int(2)])),
  ])
  func `a value is read by its colour set`(json: String, colour: ColourSet, value: Value) throws {
    let read = try read(json, colour)

    #expect(read.0 == value)
    #expect(read.1 == [])
  }

  @Test(arguments: [
    ("0", ColourSet.bool), ("1", .unit), ("5.0", .int(nil)), ("1e2", .int(nil)),
    ("\"+5\"", .int(nil)), ("9223372036854775808", .int(nil)), ("10", .int(0...9)),
    ("\"5\"", .double), ("1e999", .double), ("5", .string(max: nil)), ("\"ab\"", .string(max: 1)),
    (#""\u0000""#, .string(max: nil)), ("\"AQ\"", .bytes(max: nil)), ("\"AQID\"", .bytes(max: 2)),
    ("\"2026-01-05\"", .timestamp), ("\"1.5m\"", .duration(nil)),
    ("\"1.0000000001s\"", .duration(nil)),
    ("\"c\"", .enumeration(EnumerationType(name: "E", members: ["a", "b"]))),
    ("[1,2,3]", .list(.int(nil), max: 2)), ("{\"#\":\"AA==\"}", .blob), ("null", .bool),
  ])
  func `what does not fit is refused`(json: String, colour: ColourSet) throws {
    let read = try read(json, colour)

    #expect(read.0 == nil)
    #expect(read.1.count == 1)
  }

  @Test func `missing fields take their defaults`() throws {
    let read = try read(#"{"id": "a"}"#, .record(Self.item))

    #expect(
      read.0 == .record(Record(type: Self.item.type, fields: [.string("a"), .int(5), .null])))
  }

  @Test func `every mistake is told with its pointer and without the contents`() throws {
    let read = try read(
      #"[{"id": "secret", "m": 1}, {"n": 10, "why": 5}, 3]"#, .list(.record(Self.item), max: nil))

    #expect(
      read.1 == [
        "/0/m a field that the type does not have", "/0/id a string of 6", "/1/id nothing",
        "/1/n a greater number", "/1/why a number", "/2 a number",
      ])
    #expect(!read.1.contains { $0.contains("secret") })
  }

  @Test func `unknown fields are left out where asked`() throws {
    let (value, problems) = ValueReading.value(
      of: try JSONText.parse(text: #"{"id": "a", "more": [1]}"#), in: .record(Self.item),
      options: .init(ignoresUnknownFields: true))

    #expect(problems == [])
    #expect(value != nil)
  }

  @Test func `a blob is named by the digest of something stored`() throws {
    let digest = [UInt8](repeating: 7, count: 32)
    let json = try JSONText.parse(text: "{\"#\":\"\(Base64.text(digest))\"}")

    let known = ValueReading.value(of: json, in: .blob, options: .init(blobSize: { _ in 12 }))
    let unknown = ValueReading.value(of: json, in: .blob)

    #expect(known.value == .blob(Blob(digest: digest, size: 12)))
    #expect(unknown.value == nil)
  }
}
