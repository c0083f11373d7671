import Simulation
import Testing

/// What models, actions and people say in a script.
@Suite struct ScriptsTests {
  static let triage = """
    workflow: triage
    types: {Ask: {message: string}}
    actions:
      pay: {takes: {amount: int}, returns: {receipt: string}, effect: final}
    places:
      asked: {start: Ask}
      wanted: unit
      person: {why: string}
      paid: {end: {receipt: string}}
      refused: {end: {why: string}}
      nothing: {end: unit}
    transitions:
      judge:
        in: {a: asked}
        judge: intent
        with: {message: a.message}
        timeout: 5s
        then:
          yes_it_is: {wanted: unit}
          no_it_is_not: {nothing: unit}
          fallback: {person: {why: fallback.reason}}
      pay:
        in: {w: wanted}
        action: pay
        with: {amount: 5}
        retry: {attempts: 2, backoff: 1s..1s}
        then:
          ok: {paid: result}
          failed: {person: {why: error.code}}
          unknown: {person: {why: "'unknown'"}}
      decide:
        in: {p: person}
        task: decide
        ask: {reject: {why: string}}
        then:
          again: {wanted: unit}
          reject: {refused: {why: answer.why}}
    """

  /// One case of the workflow `triage`.
  static func test(_ lines: String...) -> String {
    let head = ["test: triage", "cases:", "  - case: it", "    start: {message: hi}"]
    return (head + lines.map { "    \($0)" }).joined(separator: "\n") + "\n"
  }

  @Test func `what the parser refuses is asked again, and the next answer decides`() throws {
    let tests = Self.test(
      "verdicts: {judge: [junk, yes_it_is]}", "actions: {pay: {ok: {receipt: r1}}}",
      "expect: {end: paid, fired: [judge.yes_it_is, pay.ok]}")

    let report = try TestBench.report(Self.triage, tests)

    #expect(report.isPassed)
    #expect(
      report.cases[0].lines.map(\.what) == [
        "opened", "asked", "call", "verdict", "started", "completed", "ended",
      ])
  }

  @Test(arguments: [
    (1, "yes_it_is"), (2, "yes_it_is"), (3, "yes_it_is"), (38, "yes_it_is"),
  ])
  func `an ending that is a verdict moves on`(_ number: Int, _ label: String) throws {
    let tests = Self.test(
      "verdicts: {judge: {ending: \(number)}}", "actions: {pay: {ok: {receipt: r}}}",
      "expect: {fired: [judge.\(label), pay.ok]}")

    #expect(try TestBench.failures(Self.triage, tests) == [])
  }

  @Test(arguments: [
    (4, "not_strict_json.fence"), (5, "not_strict_json.prose"), (6, "not_strict_json.bare"),
    (7, "schema.type"), (8, "schema.type"), (9, "schema.extra_key"), (10, "schema.missing_key"),
    (11, "schema.duplicate_key"), (12, "schema.duplicate_key"), (13, "not_strict_json.trailing"),
    (14, "not_strict_json.syntax"), (15, "schema.unknown_label"), (16, "schema.unknown_label"),
    (17, "schema.unknown_label"), (18, "schema.type"), (19, "schema.type"), (20, "bad_encoding"),
    (21, "bad_encoding"), (22, "not_strict_json.syntax"), (23, "too_deep"), (24, "empty"),
    (25, "truncated"), (26, "truncated"), (27, "refusal"), (28, "safety_block.output"),
    (29, "safety_block.input"), (30, "unfiltered"), (31, "unexpected_tool"),
    (32, "not_final"), (33, "unknown_end_state"), (34, "empty"), (35, "model_mismatch"),
    (36, "provider_error"),
    (37, "not_json"), (39, "not_json"), (40, "unexpected_status"), (41, "redirect_refused"),
    (42, "request_rejected"), (43, "auth"), (44, "quota"), (45, "request_rejected"),
    (46, "provider_unavailable"), (47, "input_too_large"), (48, "rate_limited"),
    (49, "rate_limited"), (50, "provider_unavailable"), (51, "connect"), (52, "tls"),
    (53, "timeout.first_byte"), (54, "timeout.total"), (55, "timeout.slow"),
    (56, "connection_lost"), (57, "connection_lost"), (58, "unframed"), (59, "body_too_large"),
    (60, "headers_too_large"), (61, "protocol"), (62, "protocol"), (63, "interrupted"),
    (64, "timeout.first_byte"),
  ])
  func `an ending that is none becomes its reason`(_ number: Int, _ reason: String) throws {
    let tests = Self.test(
      "verdicts: {judge: {ending: \(number)}}", "until: 1h",
      "expect: {end: open, places: {person: [{why: \(reason)}]}, never: [pay]}")

    #expect(try TestBench.failures(Self.triage, tests) == [])
  }

  @Test func `a silent model is a timeout, to the microsecond`() throws {
    let tests = Self.test("expect: {fired: [judge.fallback], places: {person: 1}}")

    let report = try TestBench.report(Self.triage, tests)

    #expect(report.isPassed)
    #expect(report.cases[0].virtualMicroseconds == 5_000_000)
  }

  @Test func `an answer at the deadline is late`() throws {
    let tests = Self.test(
      "verdicts: {judge: {label: yes_it_is, after: 5s}}",
      "expect: {places: {person: [{why: timeout.first_byte}]}, never: [pay]}")

    #expect(try TestBench.failures(Self.triage, tests) == [])
  }

  @Test func `an action that the script is silent of is told, with its transition`() throws {
    let tests = Self.test("verdicts: {judge: yes_it_is}", "expect: {end: paid}")

    #expect(
      try TestBench.failures(Self.triage, tests) == [
        "F502: nothing says how the action of 'pay' ends"
      ])
  }

  @Test func `attempts are used in order, under one key`() throws {
    let tests = Self.test(
      "verdicts: {judge: yes_it_is}",
      "actions: {pay: [{failed: busy, retry: true}, {ok: {receipt: r2}}]}",
      "expect: {result: {receipt: r2}, effects: [{action: pay, with: {amount: 5}, keys: 1}]}")

    #expect(try TestBench.failures(Self.triage, tests) == [])
  }

  @Test func `an attempt that takes longer than its time has an unknown outcome`() throws {
    let tests = Self.test(
      "verdicts: {judge: yes_it_is}", "actions: {pay: {ok: {receipt: r}, after: 31s}}",
      "expect: {fired: [judge.yes_it_is, pay.unknown], places: {person: [{why: unknown}]}}")

    #expect(try TestBench.failures(Self.triage, tests) == [])
  }

  @Test func `people answer after their time, with their form`() throws {
    let tests = Self.test(
      "verdicts: {judge: {fallback: refusal}}",
      "answers: {decide: [{outcome: reject, by: ada, form: {why: no}, after: 10m}]}",
      "expect: {end: refused, result: {why: no}, at: 10m}")

    #expect(try TestBench.failures(Self.triage, tests) == [])
  }
}
