import Testing

/// Several models, and how sure one has to be.
@Suite struct VotesTests {
  private static func workflow(_ line: String) -> String {
    """
    workflow: votes
    types: {Ask: {message: string}}
    places:
      asked: {start: Ask}
      yes: {end: unit}
      no: {end: unit}
      person: {end: {why: string}}
    transitions:
      judge:
        in: {a: asked}
        judge: intent
        with: {message: a.message}
        timeout: 5s
        \(line)
        then:
          yes_it_is: {yes: unit}
          no_it_is_not: {no: unit}
          fallback: {person: {why: fallback.reason}}
    """
  }

  private static func test(_ verdicts: String, _ expect: String) -> String {
    """
    test: votes
    cases:
      - case: it
        start: {message: hi}
        verdicts: {judge: \(verdicts)}
        expect: \(expect)
    """
  }

  @Test(arguments: [
    ("[yes_it_is, no_it_is_not, yes_it_is]", "{end: yes}"),
    ("[yes_it_is, no_it_is_not, timeout]", "{end: person, result: {why: timeout.first_byte}}"),
    (
      "[yes_it_is, {fallback: refusal}, {fallback: auth}]",
      "{end: person, result: {why: disagreement}}"
    ),
  ])
  func `two of three models have to agree`(_ verdicts: String, _ expect: String) throws {
    let workflow = Self.workflow("model: [first, second, third]\n    agree: 2")

    #expect(try TestBench.failures(workflow, Self.test(verdicts, expect)) == [])
  }

  @Test(arguments: [
    ("{label: yes_it_is, confidence: 0.9}", "{end: yes}"),
    ("{label: yes_it_is, confidence: 0.5}", "{end: person, result: {why: low_confidence}}"),
    ("yes_it_is", "{end: person, result: {why: low_confidence}}"),
  ])
  func `a label that is not sure enough is none`(_ verdict: String, _ expect: String) throws {
    let workflow = Self.workflow("at_least: 0.8")

    #expect(try TestBench.failures(workflow, Self.test(verdict, expect)) == [])
  }
}
