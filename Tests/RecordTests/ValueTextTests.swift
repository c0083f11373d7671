import CEL
import Engine
import Orchestration
import PetriNet
import Record
import Testing

struct ValueTextTests {
  private static let item = RecordColour(
    name: "Item",
    fields: [
      .init(name: "sku", colour: .string(max: nil)),
      .init(name: "gift_for", colour: .optional(.string(max: nil)), isPersonal: true),
    ])
  private static let order = RecordColour(
    name: "Order",
    fields: [
      .init(name: "주문", colour: .string(max: nil)),
      .init(name: "price", colour: .double),
      .init(name: "note", colour: .optional(.string(max: nil))),
      .init(name: "customer", colour: .string(max: nil), isPersonal: true),
      .init(name: "items", colour: .list(.record(item), max: nil)),
      .init(name: "tags", colour: .map(.int(nil))),
      .init(name: "nothing", colour: .unit),
    ])

  private static func item(_ sku: String, _ gift: String?, _ seal: SealReference?) -> Value {
    .record(
      Record(
        type: item.type, fields: [.string(sku), gift.map { .string($0) } ?? .null], seal: seal))
  }

  private static var value: Value {
    get throws {
      let tags = try #require(
        MapValue([.init(.string("~"), .int(1)), .init(.string("é"), .int(2))]))
      return .record(
        Record(
          type: order.type,
          fields: [
            .string("A-1"), .double(2), .null, .string("Kim"),
            .list([
              item("one", "Ada", SealReference(seq: 5, index: 1)), item("two", nil, nil),
              item("three", "Bob", SealReference(seq: 2, index: 0)),
            ]),
            .map(tags), .null,
          ], seal: SealReference(seq: 5, index: 0)))
    }
  }

  private static func encoded(_ value: Value, seq: Int64 = 5) throws -> EncodedEvent {
    var encoding = EventEncoding()
    return try encoding.encode(
      LoggedEvent(
        seq: Seq(seq), epoch: 1, at: Instant(microseconds: 0), caseID: CaseID(Seq(2)),
        event: .firingCompleted(
          FiringCompleted(
            attempts: 1, firing: FiringID(Seq(3)), outcome: "ok", result: .value(value)))))
  }

  private static let text =
    #"{"items":[{"sku":"one","~":"5.1"},{"sku":"two"},{"sku":"three","~":"2.0"}],"nothing":null,"#
    + #""price":2.0,"tags":{"~":1,"é":2},"~":"5.0","주문":"A-1"}"#

  @Test func `personal fields of each record are cut out, earlier ones only named`() throws {
    let encoded = try Self.encoded(try Self.value)

    #expect(
      String(decoding: encoded.body, as: UTF8.self)
        == #"{"attempts":1,"firing":3,"outcome":"ok","result":\#(Self.text)}"#)
    #expect(
      encoded.payloads == [
        .init(role: .value, plaintext: Array(#"{"customer":"Kim"}"#.utf8)),
        .init(role: .value, plaintext: Array(#"{"gift_for":"Ada"}"#.utf8)),
      ])
  }

  @Test func `a value reads back with its seals`() throws {
    let sources = ValueText.Sources(
      personal: { seal in
        switch (seal.seq, seal.index) {
        case (5, 0): Array(#"{"customer":"Kim"}"#.utf8)
        case (5, 1): Array(#"{"gift_for":"Ada"}"#.utf8)
        default: Array(#"{"gift_for":"Bob"}"#.utf8)
        }
      }, blob: { _ in nil })

    let value = try ValueText.value(
      of: Array(Self.text.utf8), in: .record(Self.order), sources: sources)

    #expect(try value == Self.value)
    #expect(try Self.encoded(value) == Self.encoded(try Self.value))
  }

  @Test func `parts under a shredded key read as erased`() throws {
    let value = try ValueText.value(
      of: Array(#"{"sku":"one","~":"5.1"}"#.utf8), in: .record(Self.item), sources: .none)

    let expected = Value.record(
      Record(type: Self.item.type, fields: [.string("one"), .erased]))
    #expect(value == expected)
    #expect(
      try ValueText.text(of: value) == Array(#"{"sku":"one","~":"5.1"}"#.utf8))
  }

  @Test func `a personal field without a seal is refused`() throws {
    #expect(throws: EncodingProblem.unsealed) {
      try Self.encoded(Self.item("one", "Ada", nil))
    }
  }

  @Test func `a seal on a record whose type seals nothing is refused`() {
    let type = RecordType(name: nil, fields: [.init("customer", .string)])
    let value = Value.record(
      Record(type: type, fields: [.string("Kim")], seal: SealReference(seq: 5, index: 0)))

    #expect(throws: EncodingProblem.unsealed) { try Self.encoded(value) }
  }

  @Test func `a record that enters a personal colour is sealed by that colour`() throws {
    let plain = RecordColour(
      name: nil, fields: Self.item.fields.map { .init(name: $0.name, colour: $0.colour) })
    let value = Value.record(Record(type: plain.type, fields: [.string("one"), .string("Ada")]))

    let entered = ColourSet.record(Self.item).coerced(value)

    #expect(throws: EncodingProblem.unsealed) { try Self.encoded(entered) }
    #expect(ColourSet.record(plain).coerced(entered) == value)
    #expect(
      try ValueText.text(of: ColourSet.record(plain).coerced(entered))
        == Array(#"{"gift_for":"Ada","sku":"one"}"#.utf8))
  }

  @Test func `payloads must be numbered from 0 without holes`() {
    #expect(throws: EncodingProblem.payloadsNotDense) {
      try Self.encoded(Self.item("one", "Ada", SealReference(seq: 5, index: 1)))
    }
  }

  @Test func `long leaves are kept as blobs unless they are personal`() throws {
    let long = String(repeating: "x", count: 1025)
    let fields = [
      RecordColour.Field(name: "open", colour: .string(max: nil)),
      RecordColour.Field(name: "raw", colour: .bytes(max: nil)),
      RecordColour.Field(name: "secret", colour: .string(max: nil), isPersonal: true),
    ]
    let colour = RecordColour(name: nil, fields: fields)
    let value = Value.record(
      Record(
        type: colour.type,
        fields: [.string(long), .bytes([UInt8](repeating: 1, count: 1025)), .string(long)],
        seal: SealReference(seq: 5, index: 0)))

    let encoded = try Self.encoded(value)
    let blobs = Dictionary(uniqueKeysWithValues: encoded.blobs.map { ($0.digest.bytes, $0.bytes) })
    let text = Array(
      encoded.body.dropFirst(#"{"attempts":1,"firing":3,"outcome":"ok","result":"#.utf8.count)
        .dropLast())
    let back = try ValueText.value(
      of: text, in: .record(colour),
      sources: ValueText.Sources(
        personal: { _ in encoded.payloads[0].plaintext }, blob: { blobs[$0] }))

    #expect(encoded.blobs.map(\.bytes.count) == [1025, 1025])
    #expect(encoded.body.count < 300)
    #expect(back == value)
  }

  @Test(
    arguments: [
      (#"{"gift_for":"Ada","sku":"one"}"#, true), (#"{"sku":"one"}"#, true),
      (#"{"sku":"one","extra":1}"#, false), (#"{"extra":1,"sku":"one"}"#, false), ("{}", false),
      (#"{"sku":1}"#, false), (#"{"sku":"a","sku":"b"}"#, false),
      (#"{"~":"1.0","sku":"a"}"#, false),
      (#"{"sku":"a","~":"0.0"}"#, false), (#"{"sku":"a"}x"#, false),
    ])
  func `a record is read by its type alone`(text: String, isRead: Bool) {
    let value = try? ValueText.value(
      of: Array(text.utf8), in: .record(Self.item), sources: .none)

    #expect((value != nil) == isRead)
  }

  @Test(
    arguments: [
      Value.timestamp(Timestamp(seconds: 1_795_132_800, nanoseconds: 123_456_789)),
      .timestamp(Timestamp(seconds: -1, nanoseconds: 500_000_000)),
    ])
  func `times read back`(value: Value) throws {
    let text = try ValueText.text(of: value)

    #expect(try ValueText.value(of: text, in: .timestamp, sources: .none) == value)
  }

  @Test(
    arguments: [
      (Value.bool(true), ColourSet.bool), (.int(.min), .int(nil)), (.double(-0.0), .double),
      (.string("한국\"\n"), .string(max: nil)), (.bytes([0, 255, 7]), .bytes(max: nil)),
      (.null, .optional(.int(nil))), (.null, .unit),
      (.list([.int(1), .int(2)]), .list(.int(nil), max: nil)),
      (.duration(TimeSpan(seconds: -1, nanoseconds: -500_000_000)), .duration(nil)),
      (.string("red"), .enumeration(EnumerationType(name: "Colour", members: ["red"]))),
    ])
  func `leaves read back to the same value`(value: Value, colour: ColourSet) throws {
    let text = try ValueText.text(of: value)

    #expect(CanonicalJSON.problem(in: text) == nil)
    #expect(try ValueText.value(of: text, in: colour, sources: .none) == value)
  }
}
