import CEL
import Testing

struct EvaluationTests {
  private static let p = ValueType.record(Samples.payment)

  @Test(arguments: [
    ("p.note == null", Value.null, Evaluation.value(.bool(true))),
    ("p.note == 'a'", .null, .value(.bool(false))),
    ("p.note != 'a'", .string("a"), .value(.bool(false))),
    ("has(p.note)", .null, .value(.bool(false))),
    ("has(p.note)", .string(""), .value(.bool(true))),
    ("has(p.id)", .null, .value(.bool(true))),
    ("p.note + 'b'", .null, .raised(.nullValue)),
    ("p.note + 'b'", .string("a"), .value(.string("ab"))),
    ("size(p.note)", .null, .raised(.nullValue)),
    ("p.note.startsWith('a')", .null, .raised(.nullValue)),
    ("p.note in ['a']", .null, .raised(.nullValue)),
    ("p.note < 'b'", .null, .raised(.nullValue)),
    ("has(p.note) && p.note < 'b'", .null, .value(.bool(false))),
    ("p.note != null && p.note < 'b'", .string("a"), .value(.bool(true))),
    ("p.note == null || p.note < 'b'", .null, .value(.bool(true))),
    ("(p.note != null ? p.note : 'none') + '!'", .null, .value(.string("none!"))),
    ("p.note", .null, .value(.null)),
    ("declassify(p.note) == null", .null, .value(.bool(true))),
    ("p.note == 'a'", .erased, .raised(.erased)),
    ("p.note", .erased, .raised(.erased)),
    ("has(p.note)", .erased, .raised(.erased)),
    ("p == p", .erased, .raised(.erased)),
    ("p.amount > 1", .erased, .value(.bool(true))),
  ])
  func `a field that may be null raises unless guarded`(
    _ text: String, _ note: Value, _ expected: Evaluation
  ) {
    let variables = [("p", Self.p, Samples.payment(note: note))]

    #expect(Evaluation(text, variables) == expected)
  }

  @Test(arguments: [
    ("p.note", ValueType.string, Evaluation.raised(.nullValue)),
    ("p.note", .nullable(.string), .value(.null)),
    ("dyn(p.amount)", .string, .raised(.noSuchOverload)),
    ("dyn(p.amount)", .int, .value(.int(400))),
    ("p.id", .enumeration(Samples.tier), .raised(.outOfRange)),
    ("p.tier", .string, .value(.string("gold"))),
    ("dyn(p.settled)", .bool, .value(.bool(true))),
    ("dyn(p.id)", .bool, .raised(.noSuchOverload)),
    ("[dyn(1), 'a']", .list(.int), .raised(.noSuchOverload)),
  ])
  func `what the checker cannot know is checked when evaluated`(
    _ text: String, _ type: ValueType, _ expected: Evaluation
  ) {
    let variables = [("p", Self.p, Samples.payment())]

    #expect(Evaluation(text, variables, expecting: type) == expected)
  }

  @Test(arguments: [
    ("x / 0 > 1 || true", Evaluation.value(.bool(true))),
    ("true || x / 0 > 1", .value(.bool(true))),
    ("x / 0 > 1 && false", .value(.bool(false))),
    ("x / 0 > 1 && true", .raised(.divisionByZero)),
    ("x / 0 > 1 || false", .raised(.divisionByZero)),
    ("x % 0 == 1 ? 1 : 2", .raised(.divisionByZero)),
    ("[0, 1].exists(i, 1 / i > 0)", .value(.bool(true))),
    ("[0, 1].all(i, 1 / i > 1)", .value(.bool(false))),
    ("[0, 1].all(i, 1 / i > 0)", .raised(.divisionByZero)),
    ("[1, 0].exists_one(i, 1 / i > 0)", .raised(.divisionByZero)),
    ("9223372036854775807 + x", .raised(.overflow)),
    ("-9223372036854775808 / -1", .raised(.overflow)),
    ("-9223372036854775808 % -1", .raised(.overflow)),
    ("1u - 2u", .raised(.overflow)),
    ("[1][x]", .raised(.indexOutOfRange)),
    ("{'a': 1}['b']", .raised(.noSuchKey)),
    ("{'a': 1, 'a': 2}.size()", .raised(.invalidArgument)),
    ("int('x')", .raised(.invalidArgument)),
    ("uint(-1)", .raised(.outOfRange)),
    ("int(1e19)", .raised(.outOfRange)),
    ("dyn(1) + 'a' == dyn(2)", .raised(.noSuchOverload)),
    ("[3, 1].map(i, i > 1, i * 2)", .value(.list([.int(6)]))),
    ("{2: 'b', 1: 'a'}.map(k, k)", .value(.list([.int(1), .int(2)]))),
    ("{1: 'a'}[dyn(1u)] + {1: 'a'}[dyn(1.0)]", .value(.string("aa"))),
    ("dyn(9007199254740993) == 9007199254740992.0", .value(.bool(true))),
    ("dyn(18446744073709551615u) > -1", .value(.bool(true))),
    ("0.0 / 0.0 == 0.0 / 0.0", .value(.bool(false))),
    ("'\\u1112\\u1161\\u11ab' == '한'", .value(.bool(false))),
    ("size('\\u1112\\u1161\\u11ab')", .value(.int(3))),
    ("'e\\u0301'.endsWith('\\u0301') && 'e\\u0301'.startsWith('e')", .value(.bool(true))),
    ("declassify('a') + 'b'", .value(.string("ab"))),
    (
      "string(1.0) + string(-4.5e-3) + string(1e21) + string(123456789.5)",
      .value(.string("1-0.00451e+21123456789.5"))
    ),
    ("type(type(1)) == type", .value(.bool(true))),
  ])
  func `errors are values that only a deciding operand absorbs`(
    _ text: String, _ expected: Evaluation
  ) {
    #expect(Evaluation(text, [("x", .int, .int(1))]) == expected)
  }

  @Test func `an error names its place and no value`() throws {
    let program = try Program.compile(
      "s == 'secret' && int(s) > 0", in: Environment(variables: Samples.variables))
    let frame = Frame(count: Samples.variables.count)
    frame.slots[2] = .string("secret")

    #expect(throws: EvaluationError(.invalidArgument, at: 17, "The text is no int.")) {
      try program.holds(in: frame)
    }
  }
}
