import CEL
import Testing

struct CheckerTests {
  @Test(arguments: [
    ("y", ["unknownName@0+1: There is no variable `y`."]),
    ("limt", ["unknownName@0+4: There is no variable `limt`. (limit?)"]),
    ("p.amout", ["unknownField@2+5: Payment has no field `amout`. (amount?)"]),
    ("has(p.nota)", ["unknownField@6+4: Payment has no field `nota`. (note?)"]),
    ("sise(s)", ["unknownFunction@0+4: There is no function `sise`. (size?)"]),
    ("x + s", ["type@0+5: `+` is not defined for int and string."]),
    (
      "x + 1.0",
      ["type@0+7: `+` takes numbers of one type, found int and double: convert one of them."]
    ),
    ("x < 'a'", ["type@0+7: `<` is not defined for int and string."]),
    ("x == 'a'", ["type@0+8: `==` compares values of one type, found int and string."]),
    ("x == null", ["type@0+9: int is never null."]),
    ("x && true", ["type@0+1: `&&` takes bool, found int."]),
    ("x ? 1 : 2", ["type@0+1: The condition before `?` takes bool, found int."]),
    (
      "true ? 1 : 'a'",
      ["type@0+14: Both branches of a condition must have one type, found int and string."]
    ),
    ("s.contains(1)", ["type@2+8: `contains` is not defined for string and int."]),
    ("s.contains()", ["type@2+8: `contains` takes 1 argument."]),
    ("contains(s, s)", ["type@0+8: `contains` is called as `x.contains()`."]),
    ("x.foo", ["type@2+3: int has no fields."]),
    ("x.all(y, true)", ["type@0+1: A macro walks a list or the keys of a map, found int."]),
    (
      "[1].all(y + 1, true)",
      ["syntax@8+5: The first argument of `all` is the name of its variable."]
    ),
    ("has(x)", ["syntax@4+1: `has` takes a field, as in `has(x.f)`."]),
    ("{1.5: 2}", ["type@1+3: A key of a map is a bool, an int, a uint or a string, found double."]),
    (
      "s.matches('(')",
      ["literal@10+3: The regular expression is malformed: a group is not closed."]
    ),
    ("p.tier == 'golden'", ["literal@10+8: 'golden' is no member of Tier. (gold?)"]),
    ("p.tier in ['gold', 'lead']", ["literal@19+6: 'lead' is no member of Tier."]),
    ("(x > 1 ? 'gold' : 'lead') != p.tier", ["literal@18+6: 'lead' is no member of Tier."]),
    (
      "y + z",
      ["unknownName@0+1: There is no variable `y`.", "unknownName@4+1: There is no variable `z`."]
    ),
  ])
  func `a mistake is told in a sentence with its place`(_ text: String, _ expected: [String]) {
    #expect(problems(text, Samples.variables) == expected)
  }

  @Test(arguments: [
    (
      "x", ValueType.double,
      ["type@0+1: Expected double, found int: write `double(x)` or a decimal point."]
    ),
    ("x", .string, ["type@0+1: Expected string, found int."]),
    ("x", .int, []),
    ("x", .nullable(.int), []),
    ("null", .nullable(.int), []),
    ("null", .int, ["type@0+4: Expected int, found null_type."]),
    ("p.note", .string, []),
    ("dyn(x)", .string, []),
    ("'gold'", .enumeration(Samples.tier), []),
    (
      "x > 1 ? 'gold' : 'tin'", .nullable(.enumeration(Samples.tier)),
      ["literal@17+5: 'tin' is no member of Tier."]
    ),
    (
      "['gold', 'tin']", .list(.enumeration(Samples.tier)),
      ["literal@9+5: 'tin' is no member of Tier."]
    ),
    ("s", .enumeration(Samples.tier), []),
    ("[]", .list(.int), []),
    ("p", .record(Samples.payment), []),
    ("unit", .null, []),
  ])
  func `the result must go into what is expected`(
    _ text: String, _ type: ValueType, _ expected: [String]
  ) {
    #expect(problems(text, Samples.variables, expecting: type) == expected)
  }

  @Test(arguments: [
    ("[1, 2]", "list(int)"), ("[1, 'a']", "list(dyn)"), ("[]", "list(dyn)"),
    ("{'a': [1]}", "map(string, list(int))"), ("p.note", "string?"),
    ("x > 1 ? p.note : 'a'", "string?"), ("x > 1 ? null : 'a'", "string?"),
    ("[p].map(q, q.amount)", "list(int)"), ("p.tier", "Tier"),
    ("[p].filter(q, q.settled)[0]", "Payment"),
    ("type(1)", "type(int)"), ("dyn(1) + 1", "int"), ("timestamp(0) - timestamp(1)", "duration"),
  ])
  func `types are deduced`(_ text: String, _ expected: String) throws {
    let program = try Program.compile(text, in: Environment(variables: Samples.variables))

    #expect(program.type.description == expected)
  }
}
