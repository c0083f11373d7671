import CEL
import Testing

/// Equalities between two variables, which an index of live keys serves.
struct JoinEqualityTests {
  private static let target = RecordType(
    name: "Target",
    fields: [
      .init("id", .string), .init("n", .int), .init("u", .uint), .init("d", .double),
      .init("any", .dyn), .init("tags", .list(.string)), .init("note", .nullable(.string)),
      .init("payment", .record(Samples.payment)), .init("tier", .enumeration(Samples.tier)),
    ])

  private static let variables: [Environment.Variable] =
    Samples.variables + [
      .init("t", .record(target)), .init("q", .record(target)),
    ]

  /// The equalities and the rest, as they are written.
  private static func parts(_ text: String) throws -> [[String]] {
    let scalars = Array(text.unicodeScalars)
    func spelling(_ expression: CheckedExpression) -> String {
      let range = expression.position..<expression.position + expression.length
      return String(String.UnicodeScalarView(scalars[range]))
    }
    let parts = try Program.compile(text, in: Environment(variables: variables)).syntax
      .joinEqualities
    return [
      parts.equalities.map { "\($0.left.slot) \($0.right.slot) \(spelling($0.expression))" },
      parts.residue.map(spelling),
    ]
  }

  @Test(arguments: [
    ("p.id == t.id", [["0 5 p.id == t.id"], []]),
    ("t.n == x && t.n > 1", [["5 1 t.n == x"], ["t.n > 1"]]),
    (
      "(q.id == t.id && x > 1) && p.id == t.id",
      [["6 5 q.id == t.id", "0 5 p.id == t.id"], ["x > 1"]]
    ),
    ("p.id == t.payment.id", [["0 5 p.id == t.payment.id"], []]),
    ("p.note == t.note && p.note == t.id", [["0 5 p.note == t.note", "0 5 p.note == t.id"], []]),
    ("p.tier == t.id", [["0 5 p.tier == t.id"], []]),
    ("q.d == t.d", [["6 5 q.d == t.d"], []]),
    ("string(q.n + 1) == t.id", [["6 5 string(q.n + 1) == t.id"], []]),
    ("p.id == s || q.id == t.id", [[], ["p.id == s || q.id == t.id"]]),
    ("!(p.id == t.id)", [[], ["!(p.id == t.id)"]]),
    ("t.n == t.payment.amount", [[], ["t.n == t.payment.amount"]]),
    ("t.id == 'a' && t.n == limit", [[], ["t.id == 'a'", "t.n == limit"]]),
    ("t.any == q.any", [[], ["t.any == q.any"]]),
    ("dyn(t.n) == q.d", [[], ["dyn(t.n) == q.d"]]),
    ("t.tags == q.tags && t.payment == p", [[], ["t.tags == q.tags", "t.payment == p"]]),
    ("t.n + x == q.n", [[], ["t.n + x == q.n"]]),
  ])
  func `a condition is cut into join keys and a rest`(
    _ text: String, _ expected: [[String]]
  ) throws {
    #expect(try Self.parts(text) == expected)
  }

  @Test func `a side is a path or a program of its own`() throws {
    let program = try Program.compile(
      "p.amount + 1 == x && p.id == s", in: Environment(variables: Samples.variables))
    let frame = Frame([Samples.payment(), .int(0), .string("p1"), .null, .null])

    let sides = program.syntax.joinEqualities.equalities.map(\.left)

    #expect(sides.map(\.path) == [nil, .init(slot: 0, fields: [0])])
    #expect(
      try sides.map { try program.part($0.expression).value(in: frame) }
        == [.int(401), .string("p1")])
  }

  @Test(arguments: [
    ("p.id == s", nil), ("p.id == s && x == 1", true), ("p.id == s && x == 2", false),
    ("x == 1 && p.id == s && x > 3 && true", false),
  ])
  func `the residue is what remains to be asked`(_ text: String, _ expected: Bool?) throws {
    let program = try Program.compile(text, in: Environment(variables: Samples.variables))
    let frame = Frame([Samples.payment(), .int(1), .string("other"), .null, .null])

    #expect(try program.joinResidue?.holds(in: frame) == expected)
  }

  @Test func `values of one type are equal exactly if their keys are`() {
    let families: [[Value]] = [
      [0.0, -0.0, .nan, -.nan, 1.5, .infinity].map { .double($0) } + [.null],
      ["", "é", "e\u{301}", "가", "\u{1100}\u{1161}"].map { .string($0) } + [.null],
      [.int(0), .int(.min), .null], [.uint(0), .uint(.max)], [.bool(false), .bool(true)],
      [.bytes([]), .bytes([0]), .bytes([0, 0])],
    ]

    for family in families {
      for left in family {
        for right in family {
          let keys = (JoinEquality.key(of: left), JoinEquality.key(of: right))
          let isSameKey = keys.0 != nil && keys.0 == keys.1
          #expect(left.equals(right) == isSameKey, "\(left) and \(right)")
        }
      }
    }
  }
}
