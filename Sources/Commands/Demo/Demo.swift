internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import SQLiteStore
internal import Synchronization
internal import Transfer
internal import Workflows

/// `petrel demo`: what `make demo` runs once the binary is built. 200 refund messages through two
/// workflows, with stand-ins, two people, and every claim checked against the log.
struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "200 refund messages through two workflows, checked afterwards.",
    discussion: """
      Examples:
        petrel demo
        MODEL_URL=… MODEL_KEY=… MODEL_NAME=… petrel demo
      """)

  @Option(help: "The folder that is made anew.")
  var folder = "demo"

  @Option(help: "How many of the messages are sent.")
  var messages = 200

  @Option(help: "How many tasks are left for you.")
  var leave = 3

  func run() async throws {
    let model = try DemoModel.named(in: ProcessInfo.processInfo.environment)
    let project = try Project.load()
    try project.requireNoErrors()
    let all = try DemoMessage.read("Examples/messages.jsonl")
    let chosen = Self.spread(all, messages)
    let stage = try DemoStage(folder: folder)
    let workflows = Self.workflows(of: all, in: project)
    Console.print(
      "[3/6] check      \(workflows.map(\.path).joined(separator: ", "))  ok   "
        + "\(workflows.count) of \(project.workspace.workflows.count) workflows, 0 errors")
    do {
      try await stage.begin(model: model)
      let elapsed = try await send(chosen, to: stage)
      try await report(chosen, project, stage, model, elapsed)
    } catch {
      stage.end()
      throw error
    }
    stage.end()
  }

  /// The workflows that the messages are for.
  private static func workflows(
    of messages: [DemoMessage], in project: Project
  ) -> [Workspace.Workflow] {
    let names = Set(messages.map(\.workflow))
    return project.workspace.workflows.filter { names.contains($0.name.text) }
  }

  /// As many as are wanted, evenly out of the whole list.
  private static func spread(_ all: [DemoMessage], _ count: Int) -> [DemoMessage] {
    guard count < all.count, count > 0 else { return all }
    return (0..<count).map { all[$0 * all.count / count] }
  }

  /// Starts every case and lets people answer until nothing but what is left for you is open.
  private func send(_ messages: [DemoMessage], to stage: DemoStage) async throws -> Double {
    let began = MonotonicClock.monotonicNanoseconds()
    let client = ServiceClient(url: stage.serviceURL, transfer: stage.transfer)
    let people = DemoPeople(
      clients: ["ada", "보라"].map {
        ServiceClient(url: stage.serviceURL, transfer: stage.transfer, person: $0)
      }, leave: leave)
    let sent = SentCount()
    let starting = Task { try await Self.start(messages, client) { sent.add() } }
    while true {
      let waiting = try await people.look()
      let open = try await openCases(client)
      let done = sent.count
      Console.progress("[6/6] run        \(done) of \(messages.count) sent, \(open.count) open")
      if done == messages.count, waiting == 0, open.isSubset(of: people.left) { break }
      if Double(MonotonicClock.monotonicNanoseconds() - began) > 120e9 {
        throw Failure(.tryAgain, "C103", "\(open.count) cases are still open after two minutes")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    try await starting.value
    Console.endProgress()
    return Double(MonotonicClock.monotonicNanoseconds() - began) / 1e9
  }

  /// 32 at a time.
  private static func start(
    _ messages: [DemoMessage], _ client: ServiceClient, done: @escaping @Sendable () -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, message) in messages.enumerated() {
        if index >= 32 { try await group.next() }
        group.addTask {
          try await start(message, client)
          done()
        }
      }
      try await group.waitForAll()
    }
  }

  private static func start(_ message: DemoMessage, _ client: ServiceClient) async throws {
    _ = try await client.json(
      "POST", "/v1/workflows/\(ServiceClient.encoded(message.workflow))/cases",
      body: message.value, headers: [("Idempotency-Key", message.order)])
  }

  /// Their ids: of those that still move, and of those whose task is left.
  private func openCases(_ client: ServiceClient) async throws -> Set<String> {
    let items = try await client.json("GET", "/v1/cases?status=open&limit=500").list("items")
    return Set(items.compactMap { $0.text("id") })
  }

  private func report(
    _ messages: [DemoMessage], _ project: Project, _ stage: DemoStage, _ model: DemoModel?,
    _ elapsed: Double
  ) async throws {
    let payments = ServiceClient(url: stage.paymentsURL, transfer: stage.transfer)
    let reply = try await payments.json("GET", "/effects")
    let reader = try LogReader(path: stage.database, keys: nil)
    let log = try DemoLog(reader)
    let fallbacks = log.verdicts.filter { $0.label.hasPrefix("fallback") }.count
    Console.print(
      "[6/6] run        \(log.cases.count) of \(messages.count) cases  in flight 0  verdicts "
        + "\(log.verdicts.count - fallbacks)  fallbacks \(fallbacks)  "
        + String(format: "%.1f s", elapsed))
    let nets = Dictionary(
      uniqueKeysWithValues: project.workspace.workflows.map { ($0.name.text, $0.net) })
    let report = DemoReport(log: log, nets: nets)
    report.printEnds()
    report.printVerdicts()
    if let row = report.exemplary { try tellTrail(of: row, reader, nets) }
    let effects = if case .list(let items) = reply { items } else { reply.list("items") }
    let limit = Self.limit(of: Self.workflows(of: messages, in: project))
    let checks = DemoChecks(
      log: log, messages: messages, effects: effects, limit: limit,
      texts: try ModelTexts(
        log,
        LogReader(
          path: stage.database, keys: try LogFile.keys(of: stage.database, isTold: false))),
      model: model?.url)
    Console.print("\nWhat was checked afterwards")
    for check in checks.all {
      Console.print("\(check.isRight ? "ok" : "no")   \(check.sentence)")
      if !check.isRight { Console.print("     \(check.advice)") }
    }
    tellWhereToLook(log, stage, report.exemplary)
    if checks.all.contains(where: { !$0.isRight }) { throw Failure(.no) }
  }

  private func tellTrail(of row: CaseRow, _ reader: LogReader, _ nets: [String: Net]) throws {
    guard let net = nets[row.workflow.text] else { return }
    Console.print(
      "\nOne case, line by line: c\(row.id.seq.number) (\(row.workflow.text), key "
        + "\(row.businessKey ?? "-"))")
    for line in try CaseTrail(of: row, net: net, reading: reader).lines() { Console.print(line) }
  }

  /// `auto_limit_won`, or what another workflow calls it: the smallest integer parameter.
  private static func limit(of workflows: [Workspace.Workflow]) -> Int64 {
    let limits = workflows.flatMap(\.net.parameters).compactMap { parameter in
      if case .int(let value) = parameter.value { value } else { nil }
    }
    return limits.min() ?? 0
  }

  private func tellWhereToLook(_ log: DemoLog, _ stage: DemoStage, _ row: CaseRow?) {
    let open = log.cases.filter { $0.status == .open }.count
    Console.print("\n\(open) cases wait for you. Look around:")
    let binary = CommandLine.arguments[0]
    Console.print(
      "  PETREL_CONFIG=petrel.yaml:\(stage.configuration) \(binary) serve   then curl "
        + "http://127.0.0.1:7875/v1/tasks")
    if let row {
      Console.print("  \(binary) case trail c\(row.id.seq.number) --database \(stage.database)")
    }
    Console.print(
      "  MODEL_URL=… MODEL_KEY=… MODEL_NAME=… make demo      the same messages with a real model")
  }
}

/// How many messages were sent.
private final class SentCount: Sendable {
  private let value = Mutex(0)

  var count: Int { value.withLock { $0 } }

  func add() { value.withLock { $0 += 1 } }
}
