package import PetriNet

/// All the files of a configuration, read and compiled: what `check`, `run` and `serve` begin with.
package struct Workspace: Sendable {
  package struct Workflow: Sendable {
    package var path: String
    package var source: NetSource
    package var net: Net

    package var name: WorkflowName { net.name }
  }

  /// Those without an error, in the order of their paths.
  package var workflows: [Workflow] = []
  /// Read through imports or named by the globs, each once.
  package var libraries: [NetSource] = []
  package var prompts: [Prompt] = []
  /// Of all files, by place.
  package var findings: [Finding] = []
  /// What findings show lines of.
  package var texts = SourceTexts()

  package init() {}

  package var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// Adds what was found outside the files.
  package mutating func add(_ found: [Finding]) {
    findings = DiagnosticText.sorted(findings + found)
  }

  /// The workflow of this name, compared by bytes.
  package func workflow(named name: String) -> Workflow? {
    let wanted = name.inFormC
    return workflows.first { $0.name.text.utf8.elementsEqual(wanted.utf8) }
  }

  /// Reads and compiles; tells every mistake of every file.
  ///
  /// - Parameters:
  ///   - workflowPaths: What the globs of `workflows:` lead to, or the files named by the user.
  ///   - promptPaths: The files `*.md` of the prompts' folder.
  ///   - written: Nets written in Swift, as the files that they stand for; read after the files.
  ///   - context: Time zones; workflows and models are filled in here.
  package static func load(
    _ configuration: Configuration, workflowPaths: [String], promptPaths: [String],
    files: FileSource, written: [WrittenNet] = [],
    context: CompilationContext = CompilationContext()
  ) -> Workspace {
    var loader = WorkspaceLoader(configuration: configuration, files: files, context: context)
    loader.readPrompts(promptPaths)
    loader.readWorkflows(workflowPaths)
    for net in written { loader.read(net) }
    loader.compileAll()
    loader.checkConfiguration()
    var workspace = loader.workspace
    workspace.findings = DiagnosticText.sorted(workspace.findings)
    return workspace
  }
}
