import CEL
import Testing

/// What is refused before it runs, because of the steps it could take.
struct CostBoundTests {
  private static let basket = RecordType(
    name: "Basket",
    fields: [
      .init("lines", .list(.int), sizeMax: 10), .init("codes", .list(.string), sizeMax: 2_000),
      .init("loose", .list(.int)), .init("text", .string, sizeMax: 1_000_000),
    ])

  private static let variables: [Environment.Variable] = [
    .init("b", .record(basket)), .init("xs", .list(.int)),
    .init("few", .list(.int), constant: .list([.int(1), .int(2)])),
  ]

  private static func tooCostly(_ range: String) -> String {
    "tooCostly@\(range): This part can take more than 1000000 steps: lists of no declared size"
      + " count 100 elements."
  }

  @Test(arguments: [
    ("xs.all(a, xs.exists(c, a == c))", []),
    ("xs.all(a, xs.all(c, xs.all(d, a + c + d > 0)))", [tooCostly("0+46")]),
    ("b.lines.all(a, b.lines.all(c, b.lines.all(d, a + c + d > 0)))", []),
    ("b.codes.exists(a, b.codes.exists(c, a == c))", [tooCostly("0+44")]),
    ("b.codes.exists(a, a == 'x')", []),
    ("few.all(a, few.all(c, few.all(d, xs.exists(e, e > a + c + d))))", []),
    ("true || xs.all(a, xs.all(c, xs.all(d, d > 0)))", [tooCostly("8+38")]),
    ("b.text.replace('a', b.text).size() > 0", [tooCostly("0+27")]),
    ("[1]\(String(repeating: ".map(x, [x, x])", count: 40)).size() == 1", []),
    (
      "cel.bind(all, xs.map(a, xs), all.exists(r, r.all(c, c > 0)))", []
    ),
    ("xs.map(a, xs.map(c, xs)).exists(r, r.exists(q, q.exists(d, d > 0)))", [tooCostly("0+67")]),
  ])
  func `what could take too many steps is refused with its place`(
    _ text: String, _ expected: [String]
  ) {
    #expect(problems(text, Self.variables) == expected)
  }

  @Test(arguments: [1, 3, 20])
  func `what is within the bound runs within the limit, for values as large as assumed`(
    _ number: Int
  ) throws {
    let texts = [
      "xs.all(a, xs.exists(c, a == c))", "xs.map(a, xs).all(r, r.size() > 0)",
      "xs.filter(a, a > \(number)).map(a, [a, a]).exists(r, r == [\(number), 1])",
    ]
    let list = Value.list((0..<100).map { .int($0) })
    for text in texts {
      let program = try Program.compile(
        text, in: Environment(variables: [.init("xs", .list(.int))]))
      #expect((try? program.value(in: Frame([list]))) != nil, "\(text)")
    }
  }

  @Test func `an expression that is not checked has no bound`() throws {
    var environment = Environment(variables: Self.variables)
    environment.isChecked = false

    #expect(
      try Program.compile("xs.all(a, xs.all(c, xs.all(d, true)))", in: environment)
        .syntax.slots == [1])
  }
}
