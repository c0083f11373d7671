internal import CEL
internal import Crypto
internal import Engine
internal import Foundation
internal import HTTPActions
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore
internal import Workflows

/// `refund-triage` as it stands in the repository, with the model and payments of a benchmark.
struct RefundWorkflow {
  static let message = "I was charged twice for this order last week, please give my money back."

  let workflow: Workspace.Workflow
  let workspace: Workspace
  let judges: JudgeConfiguration
  let actions: HTTPActionsConfiguration
  private let input: ColourSet

  struct Unusable: Error, CustomStringConvertible {
    var description: String
  }

  /// Reads the files below the working folder, which is the repository's.
  ///
  /// - Parameter calls: so many questions are under way at a time.
  init(modelPort: Int = 9, paymentsPort: Int = 9, calls: Int = 1_024) throws {
    let disk = FileSource { (path) throws(FileSource.Problem) in
      guard let data = FileManager.default.contents(atPath: path) else { throw .missing }
      return [UInt8](data)
    }
    let bytes = try disk.read("petrel.yaml")
    let configuration = ConfigurationReader.read([
      ConfigurationFile(path: "petrel.yaml", bytes: bytes)
    ]).configuration
    workspace = Workspace.load(
      configuration, workflowPaths: ["workflows/refund-triage.yaml"],
      promptPaths: ["prompts/refund-intent.md"], files: disk)
    guard !workspace.hasErrors, let workflow = workspace.workflows.first,
      let input = workflow.net.caseRules.input
    else {
      throw Unusable(
        description: DiagnosticText(texts: workspace.texts).text(of: workspace.findings))
    }
    self.workflow = workflow
    self.input = input
    var endpoint = EndpointConfiguration(
      name: "stand-in", url: "http://127.0.0.1:\(modelPort)/v1", dialect: "openai-chat",
      model: "stub-1")
    endpoint.concurrency = calls
    judges = JudgeConfiguration(
      endpoints: [endpoint], models: [ModelConfiguration(alias: "fast", endpoints: ["stand-in"])],
      standard: "fast")
    var service = ServiceConfiguration(
      name: "payments", url: "http://127.0.0.1:\(paymentsPort)")
    service.concurrency = 1_024
    var find = ActionBinding(
      action: ActionName("payments.find"), service: "payments", path: "/orders/{order}")
    find.method = "GET"
    find.body = .none
    find.idempotency = .none
    let refund = ActionBinding(
      action: ActionName("payments.refund"), service: "payments", path: "/refunds")
    actions = HTTPActionsConfiguration(services: [service], actions: [find, refund])
  }

  func start(_ order: String) throws -> StartCase {
    let node = JSONText.Node.object([
      .init("order", .string(order)), .init("customer", .string("Kim Minjun")),
      .init("message", .string(Self.message)),
    ])
    guard let value = ValueReading.value(of: node, in: input).value else {
      throw Unusable(description: "the input of refund-triage is not as expected")
    }
    return StartCase(workflow: workflow.name, place: "requested", value: value, by: .local)
  }

  /// What is sent to the model for the message of the benchmark.
  func question() throws -> String {
    guard let prompt = workspace.prompts.first, let endpoint = judges.endpoints.first else {
      throw Unusable(description: "there is no prompt")
    }
    let preview = try PromptPreview(
      of: prompt, values: [.string(Self.message)], at: endpoint,
      nonce: [UInt8](repeating: 7, count: 16))
    return String(decoding: preview.body, as: UTF8.self)
  }

  /// A new log in `folder`, with the durability of a service.
  func opening(folder: String) throws -> LoopOpening {
    guard let kek = KeyEncryptionKey([UInt8](repeating: 1, count: 32)) else {
      throw Unusable(description: "no key")
    }
    return opening { () throws(StoreError) in
      try SQLiteStore.open(
        SQLiteStore.Options(
          database: "\(folder)/petrel.db", keysFile: "\(folder)/petrel.keys", kek: kek,
          now: MonotonicClock().now(), pid: ProcessInfo.processInfo.processIdentifier))
    }
  }

  func opening(store: @escaping @Sendable () throws(StoreError) -> any EventStore) -> LoopOpening {
    var definitions: [LoopOpening.Definition] = []
    func add(_ kind: DefinitionKind, _ name: String, _ hash: [UInt8], _ text: [UInt8], _ net: Net?)
    {
      let text = DefinitionText(kind: kind, name: name, hash: hash, text: text)
      definitions.append(LoopOpening.Definition(text: text, net: net))
    }
    for prompt in workspace.prompts {
      add(.prompt, prompt.name, Self.sha256(prompt.text), prompt.text, nil)
    }
    for library in workspace.libraries {
      add(.library, library.name.value, Self.sha256(library.text), library.text, nil)
    }
    let guards = workflow.net.prompts.map { prompt in
      (prompt: prompt.name, identity: GuardIdentity(prompt: prompt, endpoints: judges.endpoints))
    }
    for item in guards {
      add(.judgeGuard, item.prompt, item.identity.hash, item.identity.text, nil)
    }
    let version = WorkflowVersion(
      of: workflow, guards: guards.map { ($0.prompt, $0.identity.hash) }, sha256: Self.sha256)
    add(
      .workflow, workflow.name.text, version.hash, Array(version.definition.utf8), workflow.net)
    return LoopOpening(
      openStore: store,
      compile: { stored, _ in throw Unusable(description: "\(stored.name) is not of this run") },
      definitions: definitions,
      guards: guards.map {
        LoopOpening.GuardBinding(
          workflowHash: version.hash, prompt: $0.prompt, models: [], guardHash: $0.identity.hash)
      },
      binary: "benchmark", incarnation: { (0..<8).map { _ in UInt8.random(in: .min ... .max) } })
  }

  private static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
