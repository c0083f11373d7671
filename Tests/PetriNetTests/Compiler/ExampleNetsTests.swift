import PetriNet
import Testing

@Suite struct ExampleNetsTests {
  @Test(
    .enabled(if: SharedExamples.folder != nil, "the shared examples are not here"),
    arguments: SharedExamples.names)
  func `an example of the specification compiles without an error`(name: String) throws {
    let source = try #require(SharedExamples.source(name))

    let findings: [Finding]
    do throws(Findings) {
      findings = try NetCompiler.compile(source, prompts: NetText.prompts).findings
    } catch {
      findings = error.items
    }

    let expected =
      name == "g-sla" ? ["P111 g-sla.yaml:14 no transition looks at 'unmatched'"] : []
    #expect(findings.map(\.line) == expected)
  }

  @Test(
    arguments: [
      "databuild", "moderation", "pool", "refund-triage", "scrape", "trip", "환불-분류",
    ].map {
      "workflows/\($0).yaml"
    })
  func `a workflow of the house compiles without a finding`(path: String) throws {
    let source = try #require(SharedExamples.houseSource(path))

    let compiled = try NetCompiler.compile(source, prompts: NetText.prompts)

    #expect(compiled.findings == [])
  }
}

extension Finding {
  /// Code, place and sentence on a line.
  var line: String { "\(code) \(mark.file):\(mark.line) \(message)" }
}
