import CEL
import Testing

struct ProgramTests {
  private static func compile(_ text: String) throws -> Program {
    try Program.compile(text, in: Environment(variables: Samples.variables))
  }

  @Test(arguments: [
    ("1 + 2", Value.int(3)), ("limit * 2", .int(1_000)), ("[limit, 1].size() == 2", .bool(true)),
    ("[1, 2].map(i, i * limit)", .list([.int(500), .int(1_000)])), ("unit", .null),
    ("false && x > 1", .bool(false)), ("x > 1 || limit == 500", .bool(true)),
    ("limit > 1 ? 'a' : s", .string("a")),
    ("timestamp('1970-01-01T00:00:01Z') > timestamp(0)", .bool(true)),
  ])
  func `what reads no slot is folded`(_ text: String, _ expected: Value) throws {
    let program = try Self.compile(text)

    #expect(program.constant == expected)
    #expect(program.slots == [])
  }

  @Test func `an error of a constant part stays one of the evaluation`() throws {
    let program = try Self.compile("1 / 0 > 0 || x == 1")
    let frame = Frame(count: Samples.variables.count)
    frame.slots[1] = .int(1)

    #expect(program.constant == nil)
    #expect(try program.holds(in: frame))
  }

  @Test func `slots are those that are read, constants left out`() throws {
    let program = try Self.compile("s == 'a' && p.amount < limit && [x].exists(x, x > 0)")

    #expect(program.slots == [0, 1, 2])
  }

  @Test(arguments: [
    ("x in [1, 2, 3]", Value.bool(true)), ("x in [2, 3]", .bool(false)),
    ("s in ['a', 'b', 'c', 'd']", .bool(false)), ("s in ['한국']", .bool(true)),
    ("x in [] || x in {1: 2}", .bool(true)), ("dyn(x) in [1.0]", .bool(true)),
  ])
  func `literal lists are searched by CEL's equality`(_ text: String, _ expected: Value) throws {
    let frame = Frame(count: Samples.variables.count)
    frame.slots[1] = .int(1)
    frame.slots[2] = .string("한국")

    #expect(try Self.compile(text).value(in: frame) == expected)
  }

  @Test func `join keys are equalities between paths of two variables`() throws {
    let program = try Self.compile("(p.id == s && x > 1) && p.amount == limit && !(x == 2)")

    let equalities = program.syntax.conjuncts.compactMap(\.equality).map { sides in
      [sides.left.path, sides.right.path]
    }

    #expect(
      equalities == [
        [.init(slot: 0, fields: [0]), .init(slot: 2, fields: [])],
        [.init(slot: 0, fields: [2]), nil],
      ])
  }

  @Test func `paths are the longest that are read`() throws {
    let program = try Self.compile("[p].exists(q, q.amount > x) || p.tier == s || p == p")

    #expect(
      program.syntax.paths == [
        .init(slot: 0, fields: []), .init(slot: 1, fields: []), .init(slot: 0, fields: [4]),
        .init(slot: 2, fields: []), .init(slot: 0, fields: []), .init(slot: 0, fields: []),
      ])
  }

  @Test func `a record of an equal type declared elsewhere is read by name`() throws {
    let other = RecordType(name: "Other", fields: Samples.payment.fields)
    let frame = Frame(count: Samples.variables.count)
    frame.slots[0] = .record(
      Record(type: other, fields: [.string("a"), .bool(true), .int(7), .null, .string("gold")]))

    #expect(try Self.compile("p.amount").value(in: frame) == .int(7))
  }
}
