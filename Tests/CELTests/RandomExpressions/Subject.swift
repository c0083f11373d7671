import CEL

/// What random expressions read.
enum Subject {
  static let part = RecordType(name: "Part", fields: [.init("n", .int), .init("u", .uint)])
  static let record = RecordType(
    name: "Subject",
    fields: [
      .init("id", .string), .init("on", .bool), .init("amount", .int), .init("rate", .double),
      .init("note", .nullable(.string)), .init("limit", .nullable(.int)),
      .init("part", .record(part)), .init("at", .timestamp), .init("wait", .duration),
      .init("tags", .list(.string)),
    ])

  static let variables: [Environment.Variable] = [
    .init("p", .record(record)), .init("x", .int), .init("u", .uint), .init("f", .double),
    .init("s", .string), .init("b", .bool), .init("y", .bytes), .init("ts", .timestamp),
    .init("du", .duration), .init("xs", .list(.int)), .init("ss", .list(.string)),
    .init("m", .map(.string, .int)), .init("n", .map(.int, .string)), .init("o", .optional(.int)),
    .init("any", .dyn), .init("five", .int, constant: .int(5)),
  ]

  /// Values of the variables; equal numbers give equal values.
  static func values(_ number: Int) -> [Value] {
    func pick(_ values: [Value], _ salt: Int) -> Value { values[(number / salt) % values.count] }
    let ints: [Value] = [.int(3), .int(0), .int(.min), .int(-1), .int(.max)]
    let texts: [Value] = [.string("ab"), .string(""), .string("k1"), .string("가e\u{301}")]
    let record = Record(
      type: record,
      fields: [
        pick(texts, 1), .bool(number % 2 == 0), pick(ints, 2),
        pick([.double(1.5), .double(.nan), .double(-0.0)], 1),
        pick([.null, .string("note")], 1), pick([.int(9), .null], 3),
        .record(Record(type: part, fields: [pick(ints, 3), .uint(7)])),
        pick([.timestamp(Timestamp(seconds: 1_700_000_000, nanoseconds: 5_000_000))], 1),
        pick([.duration(TimeSpan(seconds: -3, nanoseconds: -500_000_000))], 1),
        .list([.string("a"), .string("k1")]),
      ])
    let map = MapValue([.init(.string("a"), .int(1)), .init(.string("k1"), .int(-7))])
    let numbers = MapValue([.init(.int(0), .string("zero")), .init(.int(2), .string("two"))])
    return [
      .record(record), pick(ints, 1), pick([.uint(2), .uint(0), .uint(.max)], 1),
      pick([.double(2.25), .double(.infinity), .double(0)], 2), pick(texts, 2),
      .bool(number % 3 == 0), .bytes([1, 255]),
      .timestamp(Timestamp(seconds: 951_868_799, nanoseconds: 999_000_000)),
      .duration(TimeSpan(seconds: 5_400, nanoseconds: 0)), .list(Array(ints.prefix(3))),
      .list(Array(texts.prefix(3))), .map(map ?? MapValue()), .map(numbers ?? MapValue()),
      pick([.optional(.none), .optional(.some(.int(4)))], 1),
      pick([.int(1), .null, .string("a"), .list([]), .double(1)], 1), .int(5),
    ]
  }
}
