import CEL
import Testing

/// The extension libraries beyond what the conformance cases ask.
struct ExtensionTests {
  private static func evaluate(_ text: String) -> Evaluation {
    let frame = Samples.variables.map { variable in
      (name: variable.name, type: variable.type, value: variable.constant ?? value(variable))
    }
    return Evaluation(text, frame)
  }

  private static func value(_ variable: Environment.Variable) -> Value {
    switch variable.name {
    case "p": Samples.payment()
    case "x": .int(3)
    default: .string("한국 abc")
    }
  }

  @Test(arguments: [
    ("s.substring(0, 2) + s.charAt(3)", Evaluation.value(.string("한국a"))),
    ("'abc'.charAt(3)", .value(.string(""))), ("'abc'.charAt(-1)", .raised(.indexOutOfRange)),
    ("'aaaa'.indexOf('aa', 1)", .value(.int(1))), ("'aaaa'.lastIndexOf('aa')", .value(.int(2))),
    ("'abc'.indexOf('', 3)", .value(.int(3))), ("'abc'.indexOf('', 4)", .raised(.indexOutOfRange)),
    ("'abc'.indexOf('a', 3)", .raised(.indexOutOfRange)),
    ("'abc'.split('')", .value(.list([.string("a"), .string("b"), .string("c")]))),
    ("'abc'.split('', 2)", .value(.list([.string("a"), .string("bc")]))),
    ("''.split(',')", .value(.list([.string("")]))), ("''.split('')", .value(.list([]))),
    ("'a,b'.split(',', 0)", .value(.list([]))),
    ("'a,b,'.split(',', -3).size()", .value(.int(3))),
    ("'ab'.replace('', '-')", .value(.string("-a-b-"))),
    ("'ab'.replace('', '-', 2)", .value(.string("-a-b"))),
    ("'aaa'.replace('aa', 'b')", .value(.string("ba"))),
    ("'\\u3000 a b\\t'.trim()", .value(.string("a b"))),
    ("'e\\u0301x'.reverse()", .value(.string("x\u{301}e"))),
    ("'e\\u0301'.indexOf('e')", .value(.int(0))),
    ("['a', 'b'].join(dyn(1))", .raised(.noSuchOverload)),
    ("[dyn('a'), dyn(1)].join()", .raised(.noSuchOverload)),
    ("p.note.trim()", .raised(.nullValue)),
    ("'a'.substring(1, 0)", .raised(.indexOutOfRange)),
  ])
  func `texts are cut and joined by scalars`(_ text: String, _ expected: Evaluation) {
    #expect(Self.evaluate(text) == expected)
  }

  @Test(arguments: [
    ("'%.0f %.0f %.0f'.format([0.5, 1.5, 2.5])", "0 2 2"),
    ("'%.2f'.format([1.005])", "1.00"), ("'%.3f'.format([-0.0005])", "-0.001"),
    ("'%f'.format([1e21])", "1000000000000000000000.000000"),
    ("'%.1f'.format([9.96])", "10.0"), ("'%.0f'.format([0.4])", "0"),
    ("'%.20f'.format([0.1])", "0.10000000000000000555"),
    ("'%e'.format([1234567.0])", "1.234567e+06"), ("'%.2e'.format([0.0009996])", "1.00e-03"),
    ("'%.0e'.format([9.5])", "1e+01"), ("'%.3e'.format([0])", "0.000e+00"),
    ("'%e'.format([5e-324])", "4.940656e-324"), ("'%.1e'.format([-1.797e308])", "-1.8e+308"),
    ("'%s %s %s'.format([1e21, 1.5e-7, -0.0])", "1000000000000000000000 0.00000015 -0"),
    ("'%d %b %o %x %X'.format([-3, -5, 8u, -255, 255])", "-3 -101 10 -ff FF"),
    ("'%x'.format(['가'])", "eab080"), ("'%s'.format([b'a\\xff\\xfeb'])", "a\u{FFFD}b"),
    ("'%s'.format([[1, 'a', {'k': duration('1.5s')}]])", "[1, a, {k: 1.5s}]"),
    ("'%s'.format([[type(1), type([]), ip('::1')]])", "[int, list, ::1]"),
    ("'%d%%'.format([5])", "5%"),
  ])
  func `formats write numbers exactly`(_ text: String, _ expected: String) {
    #expect(Self.evaluate(text) == .value(.string(expected)))
  }

  @Test(arguments: [
    "'%'.format([1])", "'%.'.format([1])", "'%.f'.format([1.0])", "'%y'.format([1])",
    "'%.101f'.format([1.0])", "'%s'.format([])", "'%.5'.format([1.0])",
  ])
  func `a malformed format raises`(_ text: String) {
    #expect(Self.evaluate(text) == .raised(.invalidArgument))
  }

  @Test(arguments: [
    ("math.sqrt(2.0)", 2.0.squareRoot()),
    ("math.sqrt(5e-324)", Double.leastNonzeroMagnitude.squareRoot()),
    ("math.sqrt(1.7e308)", 1.7e308.squareRoot()), ("math.sqrt(0.1)", 0.1.squareRoot()),
    ("math.sqrt(1e-310)", (Double("1e-310") ?? 0).squareRoot()), ("math.sqrt(49)", 7),
    ("math.sqrt(0.0)", 0),
    ("math.round(0.49999999999999994)", 0), ("math.round(-2.5)", -3), ("math.ceil(1e300)", 1e300),
    ("math.floor(-0.5)", -1), ("math.trunc(4503599627370495.5)", 4_503_599_627_370_495),
    ("math.sign(-7.5)", -1), ("math.abs(-1.0 / 0.0)", .infinity),
  ])
  func `rounding and roots are exact`(_ text: String, _ expected: Double) {
    #expect(Self.evaluate(text) == .value(.double(expected)))
  }

  @Test(arguments: [
    ("math.abs(-9223372036854775807 - 1)", Evaluation.raised(.overflow)),
    ("math.greatest([])", .raised(.invalidArgument)),
    ("math.greatest([dyn('a')])", .raised(.noSuchOverload)),
    ("math.greatest(0.0 / 0.0, 1.0)", .raised(.invalidArgument)),
    ("math.greatest(2, 2.0)", .value(.int(2))), ("math.least(2.0, 2u, 3)", .value(.double(2))),
    ("math.greatest(9223372036854775807, 18446744073709551615u)", .value(.uint(.max))),
    ("math.bitShiftRight(-1, 1)", .value(.int(.max))),
    ("math.bitShiftLeft(1, 63)", .value(.int(.min))),
    ("math.bitShiftLeft(1, 64)", .value(.int(0))),
    ("math.bitShiftLeft(1, -1)", .raised(.invalidArgument)),
    ("math.sqrt(-1.0) == math.sqrt(-1.0)", .value(.bool(false))),
    ("math.sign(math.bitNot(5u))", .value(.uint(1))),
  ])
  func `numbers keep their kinds`(_ text: String, _ expected: Evaluation) {
    #expect(Self.evaluate(text) == expected)
  }

  @Test(arguments: [
    ("p.?note.hasValue()", Evaluation.value(.bool(false))),
    ("p.?id.value()", .value(.string("p1"))), ("p.?note.value()", .raised(.nullValue)),
    ("optional.of(p).note.orValue('none')", .value(.string("none"))),
    ("optional.of(1).orValue(1 / 0)", .value(.int(1))),
    ("optional.of(1).or(optional.of(1 / 0)).value()", .value(.int(1))),
    ("optional.none().orValue(1 / 0)", .raised(.divisionByZero)),
    ("[1, 2][?1].optMap(n, n + x).value()", .value(.int(5))),
    ("[?optional.none(), ?optional.of(1), 2]", .value(.list([.int(1), .int(2)]))),
    ("{?'a': optional.of(1), ?'b': optional.none()}.size()", .value(.int(1))),
    ("[].first().hasValue() || [3].last().value() == x", .value(.bool(true))),
    ("optional.unwrap([optional.of(1), optional.none()])", .value(.list([.int(1)]))),
    ("[optional.of(1)].unwrapOpt() == [1]", .value(.bool(true))),
    ("optional.ofNonZeroValue(0).hasValue()", .value(.bool(false))),
    ("optional.ofNonZeroValue(timestamp(0)).hasValue()", .value(.bool(false))),
    ("dyn(optional.of({'a': 1})).a.value()", .value(.int(1))),
    ("has(dyn(optional.none()).a)", .value(.bool(false))),
    ("type(optional.none()) == optional_type", .value(.bool(true))),
    ("optional.of(p.note).value()", .raised(.nullValue)),
  ])
  func `optionals are chained, and their alternatives evaluated when needed`(
    _ text: String, _ expected: Evaluation
  ) {
    #expect(Self.evaluate(text) == expected)
  }

  @Test(arguments: [
    ("cel.bind(y, 1 / 0, true || y > 0)", Evaluation.value(.bool(true))),
    ("cel.bind(y, 1 / 0, y)", .raised(.divisionByZero)),
    ("cel.bind(y, x + 1, y * y)", .value(.int(16))),
    ("cel.bind(y, [1, 2], y.map(z, cel.bind(y, z, y + 1)))", .value(.list([.int(2), .int(3)]))),
    ("[1, 2].map(z, cel.bind(y, z * x, y + y))", .value(.list([.int(6), .int(12)]))),
    ("[1, 2].transformMapEntry(i, v, {v: i})[2]", .value(.int(1))),
    ("[1, 1].transformMapEntry(i, v, {v: i})", .raised(.invalidArgument)),
    ("[1, 2].transformMapEntry(i, v, {}) == {}", .value(.bool(true))),
    ("{'b': 1, 'a': 2}.transformList(k, v, v > 1, k)", .value(.list([.string("a")]))),
    ("{1: 2}.exists_one(k, v, k < v)", .value(.bool(true))),
    ("cel.block([x, cel.index(0) + 1], cel.index(1))", .value(.int(4))),
    ("base64.decode('YQ=') == b'a'", .raised(.invalidArgument)),
    ("base64.decode('YQ==') == base64.decode('YQ')", .value(.bool(true))),
    ("base64.encode(b'\\xfb\\xff')", .value(.string("+/8="))),
  ])
  func `bindings are evaluated where they are read`(_ text: String, _ expected: Evaluation) {
    #expect(Self.evaluate(text) == expected)
  }

  @Test(arguments: [
    ("string(ip('2001:DB8:0:0:1:0:0:1'))", Evaluation.value(.string("2001:db8::1:0:0:1"))),
    ("string(ip('::'))", .value(.string("::"))),
    ("string(ip('1:0:2:3:4:5:6:7'))", .value(.string("1:0:2:3:4:5:6:7"))),
    ("ip('1.2.3.04')", .raised(.invalidArgument)), ("ip('1.2.3')", .raised(.invalidArgument)),
    ("ip('::ffff:1.2.3.4')", .raised(.invalidArgument)),
    ("ip('fe80::1%eth0')", .raised(.invalidArgument)), ("isIP('1::2::3')", .value(.bool(false))),
    ("isCIDR('10.0.0.0/33')", .value(.bool(false))),
    ("isCIDR('10.0.0.0/08')", .value(.bool(false))),
    ("isCIDR('::/128') && isCIDR('10.1.2.3/8')", .value(.bool(true))),
    ("cidr('10.1.2.3/8').ip() == ip('10.1.2.3')", .value(.bool(true))),
    ("string(cidr('10.1.2.3/12').masked())", .value(.string("10.0.0.0/12"))),
    ("cidr('10.0.0.0/8').isMask() && !cidr('10.0.0.1/8').isMask()", .value(.bool(true))),
    ("cidr('10.0.0.0/16').containsCIDR('10.0.0.0/8')", .value(.bool(false))),
    ("cidr('::/0').containsIP('1.2.3.4')", .value(.bool(false))),
    ("cidr('0.0.0.0/0').containsIP('255.255.255.255')", .value(.bool(true))),
    (
      "ip('10.0.0.1').isGlobalUnicast() && ip('169.254.1.1').isLinkLocalUnicast()",
      .value(.bool(true))
    ),
    ("type(ip('::1')) == net.IP && type(cidr('::/0')) == net.CIDR", .value(.bool(true))),
    ("dyn(ip('::1')) == dyn('::1')", .value(.bool(false))),
  ])
  func `addresses are parsed strictly`(_ text: String, _ expected: Evaluation) {
    #expect(Self.evaluate(text) == expected)
  }

  @Test(arguments: [
    ("s.?a", ["type@3+1: string has no fields."]),
    ("p.?amout", ["unknownField@3+5: Payment has no field `amout`. (amount?)"]),
    ("[?1]", ["type@2+1: What is written with `?` here is an optional, found int."]),
    ("x.optMap(y, y)", ["type@0+1: The macro takes an optional, found int."]),
    (
      "p.?id.optFlatMap(y, y)",
      [
        "type@20+1: `optFlatMap` makes optionals, found string: `optMap` wraps what it makes."
      ]
    ),
    ("[1].all(i, i, true)", ["syntax@11+1: The variables of `all` have different names."]),
    (
      "[1].transformList(1, v, v)",
      ["syntax@18+1: The first two arguments of `transformList` are the names of its variables."]
    ),
    (
      "[1].transformMapEntry(i, v, v)",
      ["type@28+1: `transformMapEntry` makes maps, as in `{k: v}`, found int."]
    ),
    (
      "math.greatest(s)",
      ["type@14+1: `math.greatest` takes numbers, or one list of numbers, found string."]
    ),
    ("math.least()", ["type@5+5: `math.least` takes at least one argument."]),
    (
      "math.gratest(1)",
      [
        "unknownFunction@5+7: There is no function `math.gratest`. (math.greatest?)"
      ]
    ),
    (
      "cel.block(x, 1)",
      ["syntax@10+1: The first argument of `cel.block` is a list as it is written."]
    ),
    ("cel.index(0)", ["unknownName@0+12: There is no variable `cel.index`."]),
    ("has(p.?id)", ["syntax@4+5: `has` takes a field, as in `has(x.f)`."]),
  ])
  func `a mistake in an extension is told with its place`(_ text: String, _ expected: [String]) {
    #expect(problems(text, Samples.variables) == expected)
  }
}
