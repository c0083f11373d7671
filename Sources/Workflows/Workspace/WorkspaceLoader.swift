import PetriNet

/// The state of one `Workspace.load`.
struct WorkspaceLoader {
  let configuration: Configuration
  private let files: FileSource
  private var context: CompilationContext
  private(set) var workspace = Workspace()
  /// Of workflows and libraries, before compilation.
  private(set) var sources: [(path: String, source: NetSource)] = []
  private var readerFindings: [Finding] = []
  private var withBrokenImports: Set<String> = []
  /// Names of prompts whose files could not be read whole.
  private var brokenPrompts: Set<String> = []
  /// Whether some workflow did not compile, so that its declarations are not known.
  private(set) var isIncomplete = false

  init(configuration: Configuration, files: FileSource, context: CompilationContext) {
    self.configuration = configuration
    self.files = files
    self.context = context
    if !configuration.models.isEmpty {
      self.context.models = configuration.models.map { alias in
        ModelAlias(
          name: alias.name.value,
          hasConfidence: alias.endpoints.allSatisfy { name in
            configuration.endpoints.contains {
              $0.name.value.utf8.elementsEqual(name.value.utf8) && $0.confidence == .logprobs
            }
          },
          isDefault: configuration.model?.value.utf8.elementsEqual(alias.name.value.utf8) ?? false)
      }
    }
  }

  mutating func report(_ finding: Finding) { workspace.findings.append(finding) }

  mutating func readPrompts(_ paths: [String]) {
    for path in paths {
      do {
        let bytes = try files.read(path)
        workspace.texts.add(bytes, as: path)
        let (prompt, findings) = PromptReader.read(bytes, path: path)
        workspace.findings += findings
        if let prompt {
          workspace.prompts.append(prompt)
        } else {
          brokenPrompts.insert(FilePath.stem(of: path))
        }
      } catch {
        brokenPrompts.insert(FilePath.stem(of: path))
        report(NetLoader.finding(error, path, SourceMark(file: path, line: 1, column: 1)))
      }
    }
  }

  mutating func readWorkflows(_ paths: [String]) {
    read(paths, with: NetLoader(files: files))
  }

  /// Reads a net written in Swift as the file that it stands for. Where a file of its name is the
  /// same net, that is the one; where it is another one: C402.
  mutating func read(_ written: WrittenNet) {
    let path = written.path
    var texts = [path: Array(written.yaml.utf8)]
    for library in written.libraries {
      texts[FilePath.join(FilePath.folder(of: path), library.file)] = Array(library.yaml.utf8)
    }
    let known = texts
    let files = FileSource { (path) throws(FileSource.Problem) in
      guard let text = known[path] else { throw .missing }
      return text
    }
    let first = sources.first { $0.source.name.value.utf8.elementsEqual(written.name.utf8) }
    if let first, isSame(first.source, path, files) { return }
    read([path], with: NetLoader(files: files))
  }

  private func isSame(_ file: NetSource, _ path: String, _ files: FileSource) -> Bool {
    let loader = NetLoader(files: files)
    guard let written = loader.source(at: path), loader.findings.isEmpty,
      let one = try? compiled(file).net, let other = try? compiled(written).net
    else { return false }
    return NetIdentity.text(of: one).utf8.elementsEqual(NetIdentity.text(of: other).utf8)
  }

  private mutating func read(_ paths: [String], with loader: NetLoader) {
    for path in paths {
      guard let source = loader.source(at: path) else {
        isIncomplete = true
        continue
      }
      addText(of: source)
      if case .library = source.kind {
        addLibrary(source)
        continue
      }
      if let first = sources.first(where: {
        $0.source.name.value.utf8.elementsEqual(source.name.value.utf8)
      }) {
        report(
          Finding(
            "C402", "two workflows are called '\(source.name.value)'", at: source.name.mark,
            node: "workflow", found: source.name.value, expected: "another name",
            related: [(first.source.name.mark, "the first")]))
      } else {
        sources.append((path, source))
      }
    }
    for (path, bytes) in loader.texts { workspace.texts.add(bytes, as: path) }
    readerFindings += loader.findings
    withBrokenImports.formUnion(loader.withBrokenImports)
    workspace.findings += loader.findings
  }

  private mutating func addText(of source: NetSource) {
    workspace.texts.add(source.text, as: source.file)
    for item in source.imports {
      addText(of: item)
      addLibrary(item)
    }
  }

  private mutating func addLibrary(_ source: NetSource) {
    guard !workspace.libraries.contains(where: { $0.file.utf8.elementsEqual(source.file.utf8) })
    else { return }
    workspace.libraries.append(source)
  }

  /// Each by itself first; those that call others once more, with what they call known.
  mutating func compileAll() {
    var nets: [Int: NetCompiler.Compiled] = [:]
    var mistakes: [Int: [Finding]] = [:]
    for index in sources.indices {
      do { nets[index] = try compile(index) } catch { mistakes[index] = error.items }
    }
    context.workflows =
      isIncomplete ? nil : nets.sorted { $0.key < $1.key }.map(\.value.net.interface)
    for index in sources.indices {
      if nets[index] != nil, !isIncomplete, mistakes.isEmpty, calls(sources[index].source) {
        do {
          nets[index] = try compile(index)
        } catch {
          nets[index] = nil
          mistakes[index] = error.items
        }
      }
      if let items = mistakes[index] {
        isIncomplete = true
        workspace.findings += cascade(sources[index].source).kept(items)
      } else if let compiled = nets[index] {
        workspace.findings += cascade(sources[index].source).kept(compiled.findings)
        let (path, source) = sources[index]
        workspace.workflows.append(.init(path: path, source: source, net: compiled.net))
      }
    }
    checkLibraries()
    removeDuplicates()
  }

  private func compile(_ index: Int) throws(Findings) -> NetCompiler.Compiled {
    try compiled(sources[index].source)
  }

  private func compiled(_ source: NetSource) throws(Findings) -> NetCompiler.Compiled {
    let given = configuration.parameters.first {
      $0.workflow.value.utf8.elementsEqual(source.name.value.utf8)
    }
    // Those that are not declared are told with the configuration.
    let declared = Self.parameters(of: source)
    let parameters = (given?.byName ?? [:]).filter { item in
      declared.contains { $0.utf8.elementsEqual(item.key.utf8) }
    }
    return try NetCompiler.compile(
      source, prompts: workspace.prompts, parameters: parameters, context: context)
  }

  private func cascade(_ source: NetSource) -> CascadeFilter {
    CascadeFilter(
      readerFindings.filter { $0.mark.file.utf8.elementsEqual(source.file.utf8) },
      lacksImports: withBrokenImports.contains(source.file))
  }

  private func calls(_ source: NetSource) -> Bool {
    source.transitions.contains { transition in
      if case .call = transition.work { true } else { false }
    }
  }

  private mutating func checkLibraries() {
    for library in workspace.libraries {
      do {
        workspace.findings += try NetCompiler.checkLibrary(library, context: context)
      } catch {
        workspace.findings += cascade(library).kept(error.items)
      }
    }
  }

  /// A library that several workflows import is compiled with each of them. A prompt that could not
  /// be read is there all the same.
  private mutating func removeDuplicates() {
    var seen: [Finding] = []
    for finding in workspace.findings where !seen.contains(finding) {
      let kind = "prompt"
      let isOfPrompt = finding.code == "P103" && finding.message.hasPrefix("unknown \(kind) ")
      if !isOfPrompt || !brokenPrompts.contains(finding.found) { seen.append(finding) }
    }
    workspace.findings = seen
  }
}
