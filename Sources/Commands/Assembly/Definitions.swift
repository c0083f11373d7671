internal import CEL
internal import Crypto
internal import Engine
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Workflows

/// The definitions of a project as the log registers them (CONFIG §1, "Version").
struct Definitions {
  var definitions: [LoopOpening.Definition] = []
  var guards: [LoopOpening.GuardBinding] = []

  /// Prompts, guards and libraries first, then the workflows that stand on them, those that are
  /// called before their callers: a call is bound to the version registered before its caller.
  init(_ workspace: Workspace, judges: JudgeConfiguration) {
    for prompt in workspace.prompts {
      add(.prompt, prompt.name, hash: Self.sha256(prompt.text), text: prompt.text)
    }
    for library in workspace.libraries {
      add(.library, library.name.value, hash: Self.sha256(library.text), text: library.text)
    }
    for workflow in Self.calledFirst(workspace.workflows) { add(workflow, judges) }
  }

  /// Workflows in their order, each behind those that it calls.
  static func calledFirst(_ workflows: [Workspace.Workflow]) -> [Workspace.Workflow] {
    var sorted: [Workspace.Workflow] = []
    var seen: [WorkflowName] = []
    func visit(_ workflow: Workspace.Workflow) {
      guard !seen.contains(workflow.name) else { return }
      seen.append(workflow.name)
      for name in workflow.net.calledWorkflows {
        if let called = workflows.first(where: { $0.name == name }) { visit(called) }
      }
      sorted.append(workflow)
    }
    for workflow in workflows { visit(workflow) }
    return sorted
  }

  /// The nets that a workflow calls, and that they call in turn, each before its callers.
  static func called(
    by workflow: Workspace.Workflow, among workflows: [Workspace.Workflow]
  ) -> [Net] {
    var names = workflow.net.calledWorkflows
    var reached: [WorkflowName] = []
    while let name = names.popLast() {
      guard name != workflow.name, !reached.contains(name) else { continue }
      reached.append(name)
      names += workflows.first { $0.name == name }?.net.calledWorkflows ?? []
    }
    return calledFirst(workflows.filter { reached.contains($0.name) }).map(\.net)
  }

  private mutating func add(_ workflow: Workspace.Workflow, _ judges: JudgeConfiguration) {
    let identities = Self.identities(of: workflow.net, judges)
    for item in identities {
      let alias = item.models.isEmpty ? "" : "@\(item.models.joined(separator: "+"))"
      add(
        .judgeGuard, "\(item.prompt.name)\(alias)", hash: item.identity.hash,
        text: item.identity.text)
    }
    let version = WorkflowVersion(
      of: workflow, guards: identities.map { ($0.prompt.name, $0.identity.hash) },
      sha256: Self.sha256)
    add(
      .workflow, workflow.name.text, hash: version.hash, text: Array(version.definition.utf8),
      net: workflow.net)
    guards += identities.map { item in
      LoopOpening.GuardBinding(
        workflowHash: version.hash, prompt: item.prompt.name, models: item.models,
        guardHash: item.identity.hash)
    }
  }

  private mutating func add(
    _ kind: DefinitionKind, _ name: String, hash: [UInt8], text: [UInt8], net: Net? = nil
  ) {
    let text = DefinitionText(kind: kind, name: name, hash: hash, text: text)
    guard !definitions.contains(where: { $0.text.kind == kind && $0.text.hash == hash }) else {
      return
    }
    definitions.append(LoopOpening.Definition(text: text, net: net))
  }

  /// One guard for each prompt and list of aliases that a judge of the net names.
  private static func identities(
    of net: Net, _ judges: JudgeConfiguration
  ) -> [(prompt: Prompt, models: [String], identity: GuardIdentity)] {
    var found: [(prompt: Prompt, models: [String], identity: GuardIdentity)] = []
    for transition in net.transitions {
      guard case .judge(let work) = transition.work else { continue }
      let prompt = net.prompts[work.prompt]
      for models in aliases(work.model, judges) {
        if found.contains(where: { $0.prompt.name == prompt.name && $0.models == models }) {
          continue
        }
        let asked =
          models.isEmpty
          ? endpoints(nil, judges)
          : models.flatMap {
            endpoints($0, judges)
          }
        found.append((prompt, models, GuardIdentity(prompt: prompt, endpoints: asked)))
      }
    }
    return found
  }

  /// The lists of aliases that a judge may ask; an empty one asks the default.
  static func aliases(
    _ model: JudgeWork.Model, _ judges: JudgeConfiguration
  ) -> [[String]] {
    switch model {
    case .standard: [[]]
    case .alias(let alias): [[alias]]
    case .several(let aliases): [aliases]
    case .computed(let program):
      if case .enumeration(let type) = program.type { type.members.map { [$0] } } else { [[]] }
    }
  }

  private static func endpoints(
    _ alias: String?, _ judges: JudgeConfiguration
  ) -> [EndpointConfiguration] {
    judges.model(alias)?.endpoints.compactMap(judges.endpoint) ?? []
  }

  static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}

/// Makes the net of a version that stands only in the log: its YAML, libraries, prompts and
/// parameters are all there (LOG §10.9).
enum StoredVersion {
  static func net(of definition: StoredDefinition, among stored: [StoredDefinition]) throws -> Net {
    let node = try JSONText.parse(definition.text)
    guard case .string(let text)? = node["text"] else { throw unreadable(definition) }
    let libraries = pairs(node["imports"]).compactMap { item in
      stored.first { $0.kind == .library && hex($0.hash) == item.hash }?.text
    }
    let prompts = pairs(node["prompts"]).compactMap { item in
      prompt(named: item.name, guardHash: item.hash, stored)
    }
    let path = "\(definition.name).yaml"
    let loader = NetLoader(files: files(path, Array(text.utf8), libraries))
    guard let source = loader.source(at: path), loader.findings.isEmpty else {
      throw unreadable(definition)
    }
    let compiled = try NetCompiler.compile(
      source, prompts: prompts, parameters: parameters(node["params"]),
      context: CompilationContext(timeZones: ZoneFiles.zones))
    return compiled.net
  }

  /// Imports come in the order in which the loader first asks for them.
  private static func files(
    _ path: String, _ text: [UInt8], _ libraries: [[UInt8]]
  ) -> FileSource {
    let asked = AskedFiles(first: path, text: text, libraries: libraries)
    return FileSource { (path) throws(FileSource.Problem) in try asked.read(path) }
  }

  private static func prompt(
    named name: String, guardHash: String, _ stored: [StoredDefinition]
  ) -> Prompt? {
    guard
      let judgeGuard = stored.first(where: {
        $0.kind == .judgeGuard && hex($0.hash) == guardHash
      }),
      let node = try? JSONText.parse(judgeGuard.text), case .string(let text)? = node["prompt"]
    else { return nil }
    return PromptReader.read(Array(text.utf8), path: "\(name).md").prompt
  }

  private static func parameters(_ node: JSONText.Node?) -> [String: LiteralSource] {
    guard case .object(let members)? = node else { return [:] }
    return Dictionary(members.map { ($0.name, literal($0.value)) }) { first, _ in first }
  }

  private static func literal(_ node: JSONText.Node) -> LiteralSource {
    switch node {
    case .string(let text): .text(SourceText(text.isEmpty ? "''" : text))
    case .list(let items): .list(items.map(literal), .none)
    case .object(let members):
      .map(members.map { (name: Located($0.name), value: literal($0.value)) }, .none)
    default: .text(SourceText(node.text))
    }
  }

  private static func pairs(_ node: JSONText.Node?) -> [(name: String, hash: String)] {
    guard case .list(let items)? = node else { return [] }
    return items.compactMap { item in
      guard case .list(let pair) = item, pair.count == 2, case .string(let name) = pair[0],
        case .string(let hash) = pair[1]
      else { return nil }
      return (name, hash)
    }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  private static func unreadable(_ definition: StoredDefinition) -> StoreError {
    StoreError(
      .unreadable, code: "S502",
      "version \(definition.id.seq.number) of '\(definition.name)' in the log cannot be compiled")
  }
}

/// Answers the first path with a workflow's text and every new path with the next library.
///
/// `@unchecked Sendable`: used by the one thread that compiles.
private final class AskedFiles: @unchecked Sendable {
  private var texts: [String: [UInt8]]
  private var libraries: ArraySlice<[UInt8]>

  init(first path: String, text: [UInt8], libraries: [[UInt8]]) {
    texts = [path: text]
    self.libraries = libraries[...]
  }

  func read(_ path: String) throws(FileSource.Problem) -> [UInt8] {
    if let text = texts[path] { return text }
    guard let next = libraries.popFirst() else { throw .missing }
    texts[path] = next
    return next
  }
}
