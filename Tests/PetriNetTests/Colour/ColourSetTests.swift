import CEL
import PetriNet
import Testing

/// Records and colour sets that the tests of this folder share.
enum Sample {
  static let label = EnumerationType(name: "Label", members: ["ok", "spam"])
  static let inner = RecordColour(
    name: "Inner", fields: [.init(name: "n", colour: .int(0...9), standard: .int(1))])
  static let item = RecordColour(
    name: "Item",
    fields: [
      .init(name: "id", colour: .string(max: 3)),
      .init(name: "inner", colour: .record(inner)),
      .init(name: "note", colour: .optional(.string(max: nil)), isPersonal: true),
    ])

  static func inner(_ n: Int64) -> Value {
    .record(Record(type: inner.type, fields: [.int(n)]))
  }

  static func map(_ entries: (String, Value)...) -> Value {
    MapValue(entries.map { MapValue.Entry(.string($0.0), $0.1) }).map(Value.map) ?? .null
  }
}

@Suite struct ColourSetTests {
  @Test(
    arguments: [
      (.unit, "unit"), (.int(0...5), "int 0..5"), (.string(max: 4000), "string max 4000"),
      (.bytes(max: nil), "bytes"), (.list(.record(Sample.item), max: 50), "list<Item> max 50"),
      (.map(.double), "map<double>"), (.optional(.enumeration(Sample.label)), "Label?"),
      (
        .duration(.zero...TimeSpan(seconds: 86_400, nanoseconds: 0)), "duration 0s..1d"
      ),
      (
        .record(
          RecordColour(
            name: nil,
            fields: [
              .init(name: "a", colour: .bool, isPersonal: true),
              .init(name: "b", colour: .blob, isTrusted: false),
            ])), "{a: personal bool, b: untrusted blob}"
      ),
    ] as [(ColourSet, String)])
  func `a colour set is described as the grammar spells it`(colour: ColourSet, text: String) {
    #expect(colour.description == text)
  }

  @Test(
    arguments: [
      (.int(0...9), .int(9), []),
      (.int(0...9), .int(10), ["|10|int 0..9"]),
      (.int(nil), .string("1"), ["|a string|int"]),
      (.double, .double(.nan), ["|nan|a finite double"]),
      (.double, .double(-.infinity), ["|-inf|a finite double"]),
      (.string(max: 2), .string("한국"), []),
      (.string(max: 2), .string("한국어"), ["|3 characters|string max 2"]),
      (.string(max: nil), .string("a\u{0}"), ["|U+0000|a string without U+0000"]),
      (.bytes(max: 1), .bytes([1, 2]), ["|2 bytes|bytes max 1"]),
      (.enumeration(Sample.label), .string("ok"), []),
      (.enumeration(Sample.label), .string("no"), ["|another string|one of ok, spam"]),
      (.optional(.bool), .null, []),
      (.optional(.bool), .int(1), ["|an int|bool"]),
      (
        .list(.bool, max: 1), .list([.bool(true), .int(1)]),
        [
          "|2 elements|list<bool> max 1", "/1|an int|bool",
        ]
      ),
      (.map(.int(0...1)), Sample.map(("a/b~", .int(2))), ["/a~1b~0|2|int 0..1"]),
      (.unit, .null, []),
      (.unit, .bool(true), ["|a bool|unit"]),
      (.record(Sample.item), Sample.map(("id", .string("a"))), ["|a map|Item"]),
    ] as [(ColourSet, Value, [String])])
  func `a value is admitted, or each reason against it is named`(
    colour: ColourSet, value: Value, problems: [String]
  ) {
    #expect(
      colour.admits(value).map { "\($0.pointer)|\($0.found)|\($0.expected)" } == problems)
  }

  @Test func `problems inside records are named by their way there`() {
    let value = Value.record(
      Record(
        type: RecordType(
          name: nil,
          fields: [
            .init("inner", .record(Sample.inner.type)), .init("id", .string),
            .init("more", .int),
          ]), fields: [Sample.inner(10), .string("long"), .int(1)]))

    let problems = ColourSet.record(Sample.item).admits(value)

    #expect(
      problems == [
        AdmissionProblem(pointer: "/id", found: "4 characters", expected: "string max 3"),
        AdmissionProblem(pointer: "/inner/n", found: "10", expected: "int 0..9"),
        AdmissionProblem(pointer: "/note", found: "nothing", expected: "string?"),
        AdmissionProblem(
          pointer: "/more", found: "an unknown field", expected: "one of id, inner, note"),
      ])
  }

  @Test func `a map becomes a record with its defaults, and absent optional fields are null`() {
    let value = Sample.map(("id", .string("a")), ("inner", Sample.map()))

    let coerced = ColourSet.record(Sample.item).coerced(value)

    #expect(
      coerced
        == .record(
          Record(type: Sample.item.type, fields: [.string("a"), Sample.inner(1), .null])))
    #expect(ColourSet.record(Sample.item).admits(coerced) == [])
  }

  @Test func `a record in another order is put in order and loses its seal`() throws {
    let other = RecordType(name: nil, fields: [.init("b", .int), .init("a", .string)])
    let target = RecordColour(
      name: nil,
      fields: [.init(name: "a", colour: .string(max: nil)), .init(name: "b", colour: .int(nil))])
    let given = Record(
      type: other, fields: [.int(1), .string("x")], seal: SealReference(seq: 1, index: 0))

    let coerced = ColourSet.record(target).coerced(.record(given))

    guard case .record(let record) = coerced else {
      Issue.record("no record")
      return
    }
    #expect(record.type === target.type)
    #expect(record.fields == [.string("x"), .int(1)])
    #expect(record.seal == nil)
  }

  @Test func `what is in shape already is returned as it is, with its seal`() {
    let given = Record(
      type: Sample.item.type, fields: [.string("a"), Sample.inner(3), .null],
      seal: SealReference(seq: 7, index: 2))

    let coerced = ColourSet.list(.record(Sample.item), max: nil).coerced(.list([.record(given)]))

    guard case .list(let values) = coerced, case .record(let record) = values.first else {
      Issue.record("no record in a list")
      return
    }
    #expect(record === given)
  }

  @Test func `what does not fit stays for admission to refuse`() {
    let value = Sample.map(("id", .string("a")), ("unknown", .int(1)))

    let coerced = ColourSet.record(Sample.item).coerced(value)

    #expect(coerced == value)
    #expect(ColourSet.record(Sample.item).admits(coerced).map(\.found) == ["a map"])
  }
}
