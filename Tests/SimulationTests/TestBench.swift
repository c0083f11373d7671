import Engine
import Foundation
import PetriNet
import Simulation
import Testing
import Workflows

/// A workflow and a test file in memory, run.
enum TestBench {
  static let prompt = """
    ---
    prompt: intent
    question: Is it a refund?
    labels: [yes_it_is, no_it_is_not]
    fields: {message: string}
    ---
    Answer about {{message}}.
    """

  /// The net of a workflow in YAML; every mistake fails the test.
  static func net(_ workflow: String) throws -> Net {
    let files = FileSource(["workflow.yaml": workflow, "prompts/intent.md": prompt])
    let workspace = Workspace.load(
      configuration, workflowPaths: ["workflow.yaml"], promptPaths: ["prompts/intent.md"],
      files: files)
    #expect(DiagnosticText(texts: workspace.texts).text(of: workspace.findings) == "")
    return try #require(workspace.workflows.first).net
  }

  /// What the cases of a test file come to.
  static func report(_ workflow: String, _ tests: String, seed: UInt64? = nil) throws -> TestReport
  {
    let (file, findings) = TestFileReader.read(Array(tests.utf8), path: "tests.yaml")
    #expect(findings == [])
    let runner = TestRunner(try #require(file), net: try net(workflow), seed: seed)
    #expect(runner.findings == [])
    return try runner.run()
  }

  /// What is wrong with each case, a line for each mismatch; nothing for those that pass.
  static func failures(_ workflow: String, _ tests: String) throws -> [String] {
    try report(workflow, tests).cases.flatMap { test in
      test.problems.map { "\($0.code): \($0.message)" }
        + test.mismatches.map { "expected \($0.expected), found \($0.found)" }
    }
  }

  private static let configuration: Configuration = {
    let text = """
      petrel: 1
      endpoints:
        stand-in: {url: "http://127.0.0.1:1/v1", dialect: openai-chat, model: stub-1, confidence: logprobs}
      models: {first: stand-in, second: stand-in, third: stand-in}
      model: first
      """
    return ConfigurationReader.read([
      ConfigurationFile(path: "petrel.yaml", bytes: Array(text.utf8))
    ]).configuration
  }()
}

/// The repository.
enum House {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let files = FileSource { path throws(FileSource.Problem) in
    guard let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path)
    else { throw .missing }
    return [UInt8](data)
  }

  /// The workflows of the house.
  static let names = [
    "await-payment", "databuild", "moderation", "pool", "refund-triage", "scrape", "trip",
    "환불-분류",
  ]

  static let workspace = load(configuration)

  private static let configuration: Configuration = {
    let text = (try? files.read("petrel.yaml")) ?? []
    return ConfigurationReader.read([ConfigurationFile(path: "petrel.yaml", bytes: text)])
      .configuration
  }()

  private static func load(_ configuration: Configuration) -> Workspace {
    Workspace.load(
      configuration, workflowPaths: names.map { "workflows/\($0).yaml" },
      promptPaths: ["prompts/moderate.md", "prompts/refund-intent.md"], files: files)
  }

  static func runner(_ name: String, seed: UInt64? = nil) throws -> TestRunner {
    let path = "workflows/tests/\(name).yaml"
    let (read, findings) = TestFileReader.read(try files.read(path), path: path)
    #expect(findings == [])
    let file = try #require(read)
    var configuration = configuration
    configuration.parameters.append(.init(workflow: file.workflow, values: file.parameters))
    let net = try #require(load(configuration).workflow(named: name)).net
    return TestRunner(file, net: net, seed: seed)
  }
}
