internal import ArgumentParser
internal import PetriNet
internal import Simulation
internal import Workflows

/// `petrel test`: the cases of test files on a virtual clock.
struct TestCases: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run cases with scripted models, actions and people on a virtual clock.",
    discussion: """
      Nothing waits, nothing leaves this machine, equal seeds give equal runs.
      Exit 1 if a case fails or the coverage is below what its file asks for.
      Examples:
        petrel test
        petrel test tests/refund-triage.yaml --trail 3
      """)

  @Argument(help: "Test files; without any, those that petrel.yaml names.")
  var files: [String] = []

  @Option(help: "Show what happened in case N of each file, row by row.")
  var trail: Int?

  @Flag(help: "List every transition and outcome that no case reaches.")
  var coverage = false

  @Option(help: "In place of the seeds that the files give.")
  var seed: UInt64?

  @OptionGroup var output: OutputOptions
  @OptionGroup var talk: TalkOptions

  func run() throws {
    let project = try Project.load()
    try project.requireNoErrors()
    let prepared = try prepare(project)
    var reports: [TestReport] = []
    for (index, runner) in prepared.enumerated() {
      let place = "test file \(index + 1) of \(prepared.count)"
      if !talk.quiet { Console.progress(place) }
      let report = try runner.run { number, firings in
        if !talk.quiet { Console.progress("\(place), case \(number): \(firings) firings") }
      }
      Console.endProgress()
      reports.append(report)
      if output.format == .table {
        TestReportText(
          report: report, isQuiet: talk.quiet, isVerbose: talk.verbose, listsCoverage: coverage,
          trail: trail, command: command
        ).print()
      }
    }
    if output.format != .table {
      TestReportText.document(reports).print(as: output.format)
    } else if reports.count > 1 {
      let passed = reports.reduce(0) { $0 + $1.passed }
      let failed = reports.reduce(0) { $0 + $1.failed }
      Console.print("\(passed) passed, \(failed) failed in \(reports.count) files.")
    }
    guard reports.allSatisfy(\.isPassed) else { throw Failure(.no) }
  }

  private var command: String {
    (["petrel test"] + files).joined(separator: " ")
  }

  /// Reads all files before anything runs, and tells every mistake of theirs.
  private func prepare(_ project: Project) throws -> [TestRunner] {
    let paths =
      files.isEmpty ? project.configuration.tests.flatMap { Glob.paths($0.value) } : files
    guard !paths.isEmpty else {
      throw Failure(
        .noSuchFile, "F131", "there are no test files", help: "tests: [tests/*.yaml] in petrel.yaml"
      )
    }
    var texts = project.workspace.texts
    var findings: [Finding] = []
    var runners: [TestRunner] = []
    for path in paths {
      let bytes = try FileReadings.bytes(of: path)
      texts.add(bytes, as: path)
      let (file, problems) = TestFileReader.read(bytes, path: path)
      findings += problems
      guard let file else { continue }
      let (workspace, workflow) = try project.workflow(of: file)
      guard let workflow else {
        findings += workspace?.findings ?? []
        if workspace == nil { findings.append(unknown(file.workflow, project)) }
        continue
      }
      let called = Definitions.called(by: workflow, among: workspace?.workflows ?? [])
      let runner = TestRunner(file, net: workflow.net, called: called, seed: seed)
      findings += runner.findings
      runners.append(runner)
    }
    guard !findings.contains(where: { $0.severity == .error }) else {
      Console.note(Console.diagnostics(texts).text(of: findings))
      throw Failure(.badFile)
    }
    return runners
  }

  private func unknown(_ name: Located<String>, _ project: Project) -> Finding {
    let names = project.workspace.workflows.map(\.name.text)
    return Finding(
      "F503", "there is no workflow '\(name.value)'", at: name.mark, node: "test",
      found: name.value, expected: "one of \(names.joined(separator: ", "))",
      nearest: Nearest.name(to: name.value, among: names))
  }
}

extension Project {
  /// The workflow that a test file is for, compiled with the file's parameters.
  ///
  /// - Returns: No workspace if there is no such workflow; no workflow if it does not compile so.
  func workflow(
    of file: TestFile
  ) throws -> (workspace: Workspace?, workflow: Workspace.Workflow?) {
    guard let workflow = workspace.workflow(named: file.workflow.value) else { return (nil, nil) }
    guard !file.parameters.isEmpty else { return (workspace, workflow) }
    var other = configuration
    let index = other.parameters.firstIndex {
      $0.workflow.value.utf8.elementsEqual(file.workflow.value.utf8)
    }
    if let index {
      let kept = other.parameters[index].values.filter { old in
        !file.parameters.contains { $0.name.value.utf8.elementsEqual(old.name.value.utf8) }
      }
      other.parameters[index].values = kept + file.parameters
    } else {
      other.parameters.append(
        Configuration.WorkflowParameters(workflow: file.workflow, values: file.parameters))
    }
    let loaded = load(other)
    return (loaded, loaded.hasErrors ? nil : loaded.workflow(named: file.workflow.value))
  }
}

/// Files that a command line names.
enum FileReadings {
  /// The bytes of a file; `-` is standard input.
  static func bytes(of path: String) throws -> [UInt8] {
    do {
      return try FileSource.disk.read(path)
    } catch FileSource.Problem.missing {
      throw Failure(.noSuchFile, "F131", "there is no file \(path)")
    } catch FileSource.Problem.unreadable(let why) {
      throw Failure(.noSuchFile, "F131", "\(path) cannot be read: \(why)")
    }
  }
}
