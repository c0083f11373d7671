import CEL
import PetriNet
import Testing
import Workflows

@Suite struct HouseFilesTests {
  private static let disk = TestFiles.disk(under: TestFiles.root)

  private static let names = [
    "await-payment", "databuild", "moderation", "pool", "refund-triage", "scrape", "trip",
    "환불-분류",
  ]

  /// Everything that petrel.yaml at the top names, read and compiled.
  private static func workspace() throws -> (LoadedConfiguration, Workspace) {
    let file = ConfigurationFile(path: "petrel.yaml", bytes: try disk.read("petrel.yaml"))
    let loaded = ConfigurationReader.read([file])
    let workspace = Workspace.load(
      loaded.configuration,
      workflowPaths: names.map { "workflows/\($0).yaml" },
      promptPaths: ["prompts/moderate.md", "prompts/refund-intent.md"], files: disk)
    return (loaded, workspace)
  }

  @Test func `the configuration of the house fits its workflows`() throws {
    let (loaded, workspace) = try Self.workspace()

    #expect(loaded.findings.map { "\($0.mark) \($0.message)" } == [])
    // What its file accepts in writing.
    #expect(workspace.findings.map(\.message) == ["no transition looks at 'unmatched'"])
    #expect(workspace.workflows.map(\.name.text) == Self.names)
  }

  @Test func `each example message fits the start place of the workflow it is for`() throws {
    let workspace = try Self.workspace().1
    let path = "Examples/messages.jsonl"

    let (lines, findings) = InputLine.readAll(try Self.disk.read(path), file: path)
    let problems = lines.flatMap { line -> [Finding] in
      guard case .string(let name)? = line.meta?["workflow"],
        let net = workspace.workflow(named: name)?.net, let start = net.starts.first
      else { return [Finding("F501", "the line names no workflow", at: .none)] }
      return line.value(in: net.places[start].colour).findings
    }

    #expect(findings.map(\.message) == [])
    #expect(problems.map { "\($0.mark) \($0.message)" } == [])
    #expect(lines.count == 200)
  }

  @Test(arguments: Self.names)
  func `the values that tests expect fit their places`(name: String) throws {
    let net = try #require(try Self.workspace().1.workflow(named: name)?.net)
    let path = "workflows/tests/\(name).yaml"
    let file = try #require(TestFileReader.read(try Self.disk.read(path), path: path).file)
    let place = { (title: String) in
      net.places.first { $0.title.utf8.elementsEqual(title.utf8) }?.colour
    }

    var problems: [Finding] = []
    for test in file.cases {
      let start = try #require(net.starts.first.map { net.places[$0].colour })
      for item in test.starts { problems += item.value.value(in: start).findings }
      let expectation = test.expectation
      if let end = expectation.end, let colour = place(end.value), let value = expectation.result {
        problems += value.value(in: colour).findings
      }
      for item in expectation.places {
        guard case .values(let values) = item.content, let colour = place(item.place.value) else {
          continue
        }
        problems += values.flatMap { $0.value(in: colour).findings }
      }
    }

    #expect(problems.map { "\($0.mark) \($0.message)" } == [])
    #expect(file.cases.count >= 9)
  }
}
