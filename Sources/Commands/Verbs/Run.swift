internal import ArgumentParser
internal import CEL
internal import Engine
internal import Foundation
internal import LLMJudge
internal import Orchestration
internal import PetriNet
internal import Web
internal import Workflows

/// `petrel run`: cases out of a file, in this process, until all is quiet.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run cases of a workflow from JSON lines, without a service.",
    discussion: """
      Nobody answers tasks here: a case that waits for a person stays open in the log.
      Examples:
        petrel run refund-triage --input messages.jsonl
        petrel run refund-triage --input - -o jsonl --until 30s < messages.jsonl
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String

  @Option(help: "JSON lines, one case each; - for standard input.")
  var input: String

  @Option(help: "The endpoint or alias of petrel.yaml that answers, in place of the default.")
  var model: String?

  @Option(name: .customLong("key-field"), help: "The field whose value is the idempotency key.")
  var keyField: String?

  @Option(help: "quiet, or a duration (30s) after which the run ends in any case.")
  var until = "quiet"

  @Option(help: "The log; default: `database` of petrel.yaml.")
  var database: String?

  @OptionGroup var output: OutputOptions

  func run() async throws {
    var project = try Project.load()
    try project.requireNoErrors()
    let workflow = try project.workflow(named: workflow)
    let lines = try InputLines(path: input, workflow: workflow, keyField: keyField)
    try useModel(&project.configuration)
    let limit = try duration()
    let began = MonotonicClock.monotonicNanoseconds()
    let signals = StopSignals()
    let path = database ?? project.configuration.database
    let judges = try JudgeConfiguration(project.configuration)
    _ = try await GuardAdmission.admit(project, judges, database: path)
    let service = try Service.start(project, judges, database: path)
    let runner = CaseRun(service: service, workflow: workflow)
    let isWhole = await beforeSignal(signals) {
      await runner.start(lines.starts)
      await runner.untilQuiet(limit: limit)
    }
    let results = try await runner.results()
    await service.stop()
    if let failure = service.orchestrator.failure { throw Failure(failure) }
    let seconds = Double(MonotonicClock.monotonicNanoseconds() - began) / 1e9
    tell(results, seconds)
    guard isWhole else {
      Console.note("stopped; what was started is in the log and goes on with petrel serve")
      throw Failure(.interrupted)
    }
    guard lines.findings.isEmpty, !results.contains(where: { $0.refusal?.code == "C212" })
    else { throw Failure(.badFile) }
  }

  /// Whether `work` ended by itself; at a signal it is left alone.
  private func beforeSignal(
    _ signals: StopSignals, _ work: @escaping @Sendable () async -> Void
  ) async -> Bool {
    let (ends, continuation) = AsyncStream<Bool>.makeStream()
    Task {
      await work()
      continuation.yield(true)
    }
    Task {
      _ = await signals.wait()
      continuation.yield(false)
    }
    for await end in ends { return end }
    return true
  }

  private func tell(_ results: [CaseRun.Result], _ seconds: Double) {
    switch output.format {
    case .jsonl: for result in results { Console.print(result.node.text) }
    case .json:
      Console.print(
        JSONText.Node.object([
          .init("schema", .string("petrel.run/1")), .init("items", .list(results.map(\.node))),
          .init("next", .null),
        ]).text)
    case .table: break
    }
    for result in results {
      guard let refusal = result.refusal else { continue }
      Console.note("line \(result.line) was refused: \(refusal.code) \(refusal.sentence)")
    }
    let ended = results.filter { $0.state == "completed" }.count
    let waiting = results.filter { $0.state == "open" }.count
    let refused = results.filter { $0.state == "refused" }.count
    let time = String(format: "%.1f", seconds)
    let line =
      "\(results.count) \(results.count == 1 ? "case" : "cases"): \(ended) ended, \(waiting) wait, \(refused) refused, "
      + "\(results.reduce(0) { $0 + $1.incidents }) incidents in \(time) s."
    if output.format == .table { Console.print(line) } else { Console.note(line) }
  }

  private func duration() throws -> Int64? {
    if until == "quiet" { return nil }
    guard let microseconds = QuantityText.microseconds(until) else {
      throw Failure(.wrongCall, "C101", "--until '\(until)': expected quiet or a duration as 30s")
    }
    return microseconds
  }

  /// Makes an alias or a single endpoint the one that answers.
  private func useModel(_ configuration: inout Configuration) throws {
    guard let model else { return }
    if !configuration.models.contains(where: { $0.name.value == model }) {
      guard configuration.endpoints.contains(where: { $0.name.value == model }) else {
        let known =
          configuration.models.map(\.name.value) + configuration.endpoints.map(\.name.value)
        throw Failure(
          .wrongCall, "C101", "--model '\(model)': expected one of \(known.joined(separator: ", "))"
        )
      }
      configuration.models.append(
        Configuration.ModelAlias(name: Located(model), endpoints: [Located(model)]))
    }
    configuration.model = Located(model)
  }
}

/// The lines of an input as starts, and what is wrong with the others.
struct InputLines {
  struct Start: Sendable {
    var line: Int
    var start: StartCase
    var key: String
    /// What must not differ under one key, as canonical JSON.
    var identity: String
    var atMicroseconds: Int64
    var meta: JSONText.Node?
  }

  private(set) var starts: [Start] = []
  private(set) var findings: [Finding] = []

  /// Tells every bad line on stderr; the others run.
  init(path: String, workflow: Workspace.Workflow, keyField: String?) throws {
    let bytes = try Self.read(path)
    let (lines, problems) = InputLine.readAll(bytes, file: path == "-" ? "standard input" : path)
    findings = problems
    guard let colour = workflow.net.caseRules.input else {
      throw Failure(.wrongCall, "C101", "'\(workflow.name.text)' has no cases to start")
    }
    let places = workflow.net.starts.map { workflow.net.places[$0].title }
    for line in lines {
      let (value, problems) = line.value(in: colour)
      let (place, unplaced) = line.place(among: places)
      findings += problems + unplaced
      guard let value, let place else { continue }
      let identity = JSONText.Node.object([
        .init("start", .string(place)), .init("value", ValueWriting.node(of: value, in: colour)),
        .init("workflow", .string(workflow.name.text)),
      ])
      starts.append(
        Start(
          line: line.number,
          start: StartCase(workflow: workflow.name, place: place, value: value, by: .local),
          key: line.key ?? Self.key(of: line, keyField), identity: identity.text,
          atMicroseconds: line.atMicroseconds ?? 0, meta: line.meta))
    }
    guard !findings.isEmpty else { return }
    var texts = SourceTexts()
    texts.add(bytes, as: path == "-" ? "standard input" : path)
    Console.note(Console.diagnostics(texts).text(of: findings))
  }

  private static func read(_ path: String) throws -> [UInt8] {
    if path == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
    return try FileReadings.bytes(of: path)
  }

  private static func key(of line: InputLine, _ field: String?) -> String {
    if let field, let node = line.json[field] {
      if case .string(let text) = node { return text }
      return node.text
    }
    let digest = Definitions.sha256(line.bytes)
    return digest.map { String(format: "%02x", $0) }.joined()
  }
}
