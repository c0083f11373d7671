import PetriNet
import Testing
import Workflows

@Suite struct ExampleTests {
  @Test(arguments: ["workflows/refund-triage.yaml", "workflows/환불-분류.yaml"])
  func `the workflows of the house are read without a finding`(path: String) {
    let loader = NetLoader(files: TestFiles.disk(under: TestFiles.root))

    let source = loader.source(at: path)

    #expect(loader.findings.map(\.message) == [])
    #expect(source?.transitions.isEmpty == false)
  }

  @Test(.enabled(if: TestFiles.sharedExamples != nil, "the shared examples are not here"))
  func `the examples of the specification are read without a finding`() {
    let folder = TestFiles.sharedExamples ?? ""
    let names = TestFiles.names(in: folder).filter { $0.hasSuffix(".yaml") }
    let loader = NetLoader(files: TestFiles.disk(under: folder))

    let sources = names.compactMap { loader.source(at: $0) }

    #expect(loader.findings.map { "\($0.mark) \($0.message)" } == [])
    #expect(sources.count == names.count)
    #expect(names.count >= 8)
  }
}
