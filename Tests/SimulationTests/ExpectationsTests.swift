import Simulation
import Testing

/// What is told of a case that does not come to what it expects.
@Suite struct ExpectationsTests {
  private static let paid = """
    verdicts: {judge: yes_it_is}
        actions: {pay: {ok: {receipt: r1}}}
    """

  @Test(arguments: [
    (
      "{end: nothing}", "expected the case to end in: nothing, found paid"
    ),
    ("{at: 1s}", "expected the end at 00:00:01, found at 00:00:00"),
    (
      "{result: {receipt: r2}}", #"expected the result {"receipt":"r2"}, found {"receipt":"r1"}"#
    ),
    ("{places: {person: 1}}", "expected 1 token in person, found 0 tokens; paid"),
    (
      "{places: {person: [{why: x}]}}", #"expected in person: [{"why":"x"}], found []; paid"#
    ),
    (
      "{fired: [judge.yes_it_is]}",
      "expected fired: [judge.yes_it_is], found [judge.yes_it_is, pay.ok]"
    ),
    (
      "{includes: [pay, judge]}",
      "expected judge to fire, in this order, found [judge.yes_it_is, pay.ok]"
    ),
    ("{never: [pay]}", "expected pay never to fire, found [judge.yes_it_is, pay.ok]"),
    (
      "{effects: []}", #"expected effects: [], found [pay {"amount":5} with 1 key]"#
    ),
    ("{incidents: [overflow]}", "expected incidents: [overflow], found []"),
    (
      "{error: {path: start, code: T203}}",
      "expected start to be refused with T203, found nothing was refused"
    ),
  ])
  func `a mismatch says what was expected and what was found`(
    _ expect: String, _ told: String
  ) throws {
    let tests = ScriptsTests.test(Self.paid, "expect: \(expect)")

    #expect(try TestBench.failures(ScriptsTests.triage, tests) == [told])
  }

  @Test func `an open case says where its tokens are and since when nothing happens`() throws {
    let tests = ScriptsTests.test("verdicts: {judge: {fallback: refusal}}", "expect: {end: paid}")

    #expect(
      try TestBench.failures(ScriptsTests.triage, tests) == [
        "expected the case to end in: paid, "
          + "found open, 1 token in person, nothing enabled since 00:00:00"
      ])
  }

  @Test func `a start that must be refused is`() throws {
    let tests = """
      test: triage
      cases:
        - case: it
          start: {message: 5}
          expect: {error: {path: start, code: T203}}
      """

    #expect(try TestBench.failures(ScriptsTests.triage, tests) == [])
  }

  @Test func `a start that fits no place is a mistake of the file`() throws {
    let tests = """
      test: triage
      cases:
        - case: it
          start: {text: hi}
          expect: {end: paid}
      """

    let failures = try TestBench.failures(ScriptsTests.triage, tests)

    #expect(failures.allSatisfy { $0.hasPrefix("F504:") } && !failures.isEmpty)
  }

  @Test func `coverage below what the file asks for is told`() throws {
    let tests =
      ScriptsTests.test(Self.paid, "expect: {end: paid}")
      + "coverage: {transitions: 100, outcomes: 50}\n"

    let report = try TestBench.report(ScriptsTests.triage, tests)

    #expect(
      report.shortfalls == [
        "coverage of transitions is 66 %, wanted 100 %",
        "coverage of outcomes is 25 %, wanted 50 %",
      ])
    #expect(
      report.coverage.notCovered.map(\.text) == [
        "judge.no_it_is_not", "judge.fallback", "pay.failed", "pay.unknown", "decide.again",
        "decide.reject",
      ])
    #expect(!report.isPassed)
  }

  @Test func `an invariant that does not hold fails the case`() throws {
    let workflow =
      ScriptsTests.triage + "\ninvariants:\n  never_wanted: wanted == 0\n"
    let tests = ScriptsTests.test(Self.paid, "expect: {end: paid}")

    let failures = try TestBench.failures(workflow, tests)

    #expect(
      failures == [
        "expected the invariant 'never_wanted' to hold, found it does not after row 6"
      ])
  }

  @Test(arguments: [
    (1, "[{i: 1}]"), (2, "[{i: 1}, {i: 2}]"),
  ])
  func `the result of an end place with many tokens is a list, of one token too`(
    count: Int, result: String
  ) throws {
    let workflow = """
      workflow: w
      places:
        asked: {start: {n: int}}
        lots: {end: {i: int}, many: true}
      transitions:
        deal: {in: {x: asked}, out: {lots: {each: "[1, 2].filter(i, i <= x.n)", as: i, put: {i: i}}}}

      """
    let tests = """
      test: w
      cases:
        - case: dealt
          start: {n: \(count)}
          expect: {end: lots, result: \(result)}

      """

    #expect(try TestBench.failures(workflow, tests) == [])
  }

  /// Places and what firings hold are counted for each name on its own.
  @Test(arguments: [
    ("[{name: a}, {name: b}]", "one: {by: name, always: idle + work.w <= 1}", []),
    (
      "[{name: a}, {name: a}]", "one: {by: name, always: idle + work.w <= 1}",
      ["expected the invariant 'one' to hold, found it does not after row 5"]
    ),
    (
      "[{name: a}, {name: b}]", "resting: {by: name, always: work.w == 0}",
      ["expected the invariant 'resting' to hold, found it does not after row 7"]
    ),
  ])
  func `an invariant by a field is evaluated for each of its values`(
    idle: String, invariant: String, expected: [String]
  ) throws {
    let workflow = """
      workflow: w
      actions: {work: {takes: string, returns: unit, effect: none}}
      places:
        asked: {start: unit}
        idle: {shared: {name: string}}
        done: {end: unit}
      transitions:
        work:
          in: {a: asked, w: idle}
          action: work
          with: w.name
          then: {ok: {idle: w, done: unit}, failed: {idle: w, done: unit}}
      invariants: {\(invariant)}

      """
    let tests = """
      test: w
      shared: {idle: \(idle)}
      cases:
        - case: one works
          start: null
          actions: {work: {ok: null, after: 1m}}
          expect: {end: done}

      """

    #expect(try TestBench.failures(workflow, tests) == expected)
  }
}
