import PetriNet

/// The state of one `Workspace.load`.
struct WorkspaceLoader {
  let configuration: Configuration
  private let files: FileSource
  private var context: CompilationContext
  private(set) var workspace = Workspace()
  /// Of workflows and libraries, before compilation.
  private(set) var sources: [(path: String, source: NetSource)] = []
  /// Workflows whose name another file has: what else is wrong with them is told too.
  private var namesakes: [(path: String, source: NetSource)] = []
  private var told = ToldFindings()
  /// Those that judges may name, with those that have mistakes.
  private var prompts: [Prompt] = []
  /// Names of prompts whose files could not be read whole.
  private var brokenPrompts: Set<String> = []
  /// Whether some file could not be read at all, so that nothing of what it declares is known.
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
            // One that is not there is told with the configuration.
            !configuration.endpoints.contains {
              $0.name.value.utf8.elementsEqual(name.value.utf8) && $0.confidence != .logprobs
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
        let (prompt, findings) = PromptReader.readInPart(bytes, path: path)
        workspace.findings += findings
        if let prompt {
          prompts.append(prompt)
          if !findings.contains(where: { $0.severity == .error }) {
            workspace.prompts.append(prompt)
          }
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
        !source.name.isUnreadable && $0.source.name.value.utf8.elementsEqual(source.name.value.utf8)
      }) {
        report(
          Finding(
            "C402", "two workflows are called '\(source.name.value)'", at: source.name.mark,
            node: "workflow", found: source.name.value, expected: "another name",
            related: [(first.source.name.mark, "the first")]))
        namesakes.append((path, source))
      } else {
        sources.append((path, source))
      }
    }
    for (path, bytes) in loader.texts { workspace.texts.add(bytes, as: path) }
    for finding in loader.findings { told.add(finding) }
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

  /// Each with what the others declare, whatever else is wrong with them.
  mutating func compileAll() {
    let declared = sources.map(\.source).filter { source in
      !source.name.isUnreadable && !source.places.contains { $0.name.isUnreadable }
    }
    context.workflows = declared.map { NetCompiler.interface(of: $0, context: context) }
    context.lacksWorkflows = isIncomplete || declared.count < sources.count
    for (path, source) in sources + namesakes {
      do {
        let compiled = try compiled(source)
        tell(compiled.findings, of: source)
        if !source.isBroken, !source.lacksImports, !isNamesake(path) {
          workspace.workflows.append(.init(path: path, source: source, net: compiled.net))
        }
      } catch {
        tell(error.items, of: source)
      }
    }
    checkLibraries()
    removeDuplicates()
  }

  private func isNamesake(_ path: String) -> Bool {
    namesakes.contains { $0.path.utf8.elementsEqual(path.utf8) }
  }

  /// What reading told already is not told again; what a value of `petrel.yaml` gets wrong is a
  /// mistake of that file.
  private mutating func tell(_ findings: [Finding], of source: NetSource) {
    let givenIn = Set(given(for: source)?.values.map { Array($0.name.mark.file.utf8) } ?? [])
    for var finding in findings {
      if told.holds(finding) { continue }
      if !givenIn.isEmpty, givenIn.contains(Array(finding.mark.file.utf8)) {
        finding.code = "C402"
        finding.node = join("params", "\(source.name.value).\(finding.node.dropFirst(7))")
      }
      report(finding)
    }
  }

  private func given(for source: NetSource) -> Configuration.WorkflowParameters? {
    configuration.parameters.first {
      $0.workflow.value.utf8.elementsEqual(source.name.value.utf8)
    }
  }

  private func compiled(_ source: NetSource) throws(Findings) -> NetCompiler.Compiled {
    let given = given(for: source)
    // Those that are not declared are told with the configuration.
    let declared = Self.parameters(of: source)
    let parameters = (given?.byName ?? [:]).filter { item in
      declared.contains { $0.utf8.elementsEqual(item.key.utf8) }
    }
    return try NetCompiler.compile(
      source, prompts: prompts, parameters: parameters, context: context)
  }

  private mutating func checkLibraries() {
    for library in workspace.libraries {
      do {
        tell(try NetCompiler.checkLibrary(library, context: context), of: library)
      } catch {
        tell(error.items, of: library)
      }
    }
  }

  /// A library that several workflows import is compiled with each of them. A prompt that could not
  /// be read is there all the same.
  private mutating func removeDuplicates() {
    var seen: Set<Mistake> = []
    // What a library gets wrong is one mistake, whatever each of its importers would allow there.
    workspace.findings = workspace.findings.filter { finding in
      let kind = "prompt"
      let isOfPrompt = finding.code == "P103" && finding.message.hasPrefix("unknown \(kind) ")
      if isOfPrompt, brokenPrompts.contains(finding.found) { return false }
      return seen.insert(Mistake(finding)).inserted
    }
  }
}

/// What makes two findings one mistake.
private struct Mistake: Hashable {
  private let mark: SourceMark
  private let words: [UInt8]

  init(_ finding: Finding) {
    mark = finding.mark
    words = Array("\(finding.code)\u{0}\(finding.message)\u{0}\(finding.found)".utf8)
  }
}
