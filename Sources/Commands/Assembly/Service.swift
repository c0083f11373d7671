internal import CEL
internal import Engine
internal import Foundation
internal import HTTPActions
internal import LLMJudge
internal import Orchestration
internal import Petrel
internal import PetriNet
internal import Record
internal import SQLiteStore
internal import Transfer
internal import Workflows

/// Everything that runs behind `serve` and `run`: the orchestrator over the log, the judge, the
/// actions.
struct Service: Sendable {
  let orchestrator: Orchestrator
  let reading: LogReader
  let configuration: Configuration
  let workflows: [Workspace.Workflow]
  let transfer: CurlLoop

  /// Opens the log and begins; the effects that were outstanding are performed again.
  ///
  /// - Throws: `Failure` with the sentence, code and help for whatever is missing.
  /// - Parameters:
  ///   - judges: The project's, its secrets read.
  ///   - announce: Takes the line of each checkpoint.
  static func start(
    _ project: Project, _ judges: JudgeConfiguration, database: String,
    announce: (@Sendable (String) -> Void)? = nil
  ) throws -> Service {
    let configuration = project.configuration
    let transfer = CurlLoop()
    let judge = try makeJudge(judges, transfer)
    let actions = try performers(project, transfer)
    let kek = try keyEncryptionKey(configuration, log: database)
    let opening = opening(project, judges, database: database, kek: kek, announce: announce)
    let orchestrator: Orchestrator
    do {
      orchestrator = try Orchestrator(
        opening: opening, judge: judge, actions: actions, settings: LoopSettings(configuration))
    } catch let error as StoreError {
      throw Failure(error)
    }
    do {
      // Read again: opening may have ended a rotation.
      let keys = LogReader.Keys(
        file: configuration.keys.file, kek: try keyEncryptionKey(configuration, log: database))
      let reading = try LogReader(path: database, keys: keys)
      return Service(
        orchestrator: orchestrator, reading: reading, configuration: configuration,
        workflows: project.workspace.workflows, transfer: transfer)
    } catch let error as StoreError {
      throw Failure(error)
    }
  }

  /// How the log of a project is opened.
  static func opening(
    _ project: Project, _ judges: JudgeConfiguration, database: String, kek: KeyEncryptionKey,
    announce: (@Sendable (String) -> Void)? = nil
  ) -> LoopOpening {
    let configuration = project.configuration
    let definitions = Definitions(project.workspace, judges: judges)
    var opening = LoopOpening(
      openStore: { () throws(StoreError) in
        var options = try SQLiteStore.Options(configuration, database: database, kek: kek)
        options.announceCheckpoint = announce
        return try SQLiteStore.open(options)
      },
      compile: { try StoredVersion.net(of: $0, among: $1) },
      definitions: definitions.definitions, guards: definitions.guards,
      binary: "petrel \(PetrelCommand.version)",
      incarnation: { (0..<8).map { _ in UInt8.random(in: .min ... .max) } },
      limits: Engine.Limits(configuration.limits), group: GroupLimits(configuration.limits))
    opening.retention = Retention(configuration.retention)
    return opening
  }

  /// The operator's key: out of the environment, or a file that is made at the first start.
  /// It is made for a new log only: what is sealed under another key is not read with a new one.
  static func keyEncryptionKey(
    _ configuration: Configuration, log: String
  ) throws -> KeyEncryptionKey {
    switch configuration.keys.kek.source {
    case .environment(let name):
      let text = try SecretReading.value(configuration.keys.kek)
      guard let key = KeyEncryptionKey(hex: text) else {
        throw Failure(
          .configuration, "C408", "\(name) does not hold 64 hexadecimal digits",
          at: configuration.keys.kek.mark)
      }
      return key
    case .file(let path):
      guard FileManager.default.fileExists(atPath: path) || !LogFile.hasContent(log) else {
        throw Failure(
          .configuration, "S116",
          "the key-encryption key \(path) is missing, and the log \(log) has keys under it",
          help: "put it back; it was made with the log and is in no backup of the database")
      }
      do {
        let (key, isNew) = try KeyEncryptionKey.file(path)
        if isNew {
          Console.note(
            "made \(path), mode 600: without it the personal fields of this log cannot be read. "
              + "Keep it apart from the database; {env: NAME} is better.")
        }
        return key
      } catch {
        throw Failure(error)
      }
    }
  }

  private static func makeJudge(
    _ judges: JudgeConfiguration, _ transfer: CurlLoop
  ) throws -> LLMJudge {
    do {
      return try LLMJudge(configuration: judges, transfer: transfer)
    } catch {
      throw Failure(.configuration, "C402", "\(error)")
    }
  }

  /// Swift actions of this binary and bound services; every declared action must have one.
  private static func performers(
    _ project: Project, _ transfer: CurlLoop
  ) throws -> [any ActionPerformer] {
    let declared = project.workspace.workflows.flatMap(\.net.actions)
    let swift: SwiftActions
    let http: HTTPActionPerformer
    do {
      swift = try SwiftActions(Application.actions)
      try swift.check(against: declared)
    } catch {
      throw Failure(.configuration, "C407", error.problems.joined(separator: "\n"))
    }
    do {
      http = try HTTPActionPerformer(
        configuration: try HTTPActionsConfiguration(project.configuration), transfer: transfer)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.configuration, "C402", "\(error)")
    }
    let twice = swift.names.intersection(http.names).sorted().map(\.text)
    guard twice.isEmpty else {
      throw Failure(
        .configuration, "C402",
        "bound in petrel.yaml and given in Swift: \(twice.joined(separator: ", "))")
    }
    let log = LogWriteAction()
    try requireBound(project.workspace, by: swift.names.union(http.names).union(log.names))
    return [swift, http, log]
  }

  /// An action that nobody performs stops the start, named with both ways to bind it.
  private static func requireBound(
    _ workspace: Workspace, by names: Set<ActionName>
  ) throws {
    var missing: [String] = []
    for workflow in workspace.workflows {
      for transition in workflow.net.transitions {
        guard case .action(let work) = transition.work else { continue }
        let action = workflow.net.actions[work.action].name
        let sentence =
          "the action '\(action.text)' of '\(transition.name.text)' in \(workflow.path) is bound "
          + "nowhere"
        if !names.contains(action), !missing.contains(sentence) { missing.append(sentence) }
      }
    }
    guard missing.isEmpty else {
      throw Failure(
        .configuration, "C406", missing.joined(separator: "\n"),
        help: "bind it to a service under actions: in petrel.yaml, or give a Swift function: "
          + "Application.main(actions: [Action(\"NAME\") { … }])")
    }
  }
}

extension Service {
  /// Ends the loop; what is under way is taken up by the next start.
  func stop() async { await orchestrator.stop() }
}

extension Failure {
  /// What the log says when it cannot be opened or written.
  init(_ error: StoreError) {
    let code: ExitStatus =
      switch error.kind {
      case .held: .tryAgain
      case .keyMissing: .configuration
      case .unreadable: .badFile
      case .failed, .unknown, .fenced, .full: .disk
      }
    let help =
      switch error.code {
      case "S111": "free space, then start again: nothing is lost"
      case "S115":
        "put back the keys file that belongs to this log; without it personal fields stay sealed"
      case "S116": "keys.kek in petrel.yaml says where the key is found"
      default: ""
      }
    self.init(code, error.code, error.message, help: help)
  }
}

extension Engine.Limits {
  init(_ limits: Configuration.Limits) {
    self.init()
    incidentsMax = limits.incidents
    stepsAtOneInstantMax = limits.runaway
    casesMax = limits.cases
  }
}

extension LoopSettings {
  init(_ configuration: Configuration) {
    self.init(
      inboxMax: configuration.limits.inbox, group: GroupLimits(configuration.limits),
      judgesMax: configuration.limits.judges, actionsMax: configuration.limits.actions,
      drainMicroseconds: configuration.drainMicroseconds, shares: configuration.sharesByName)
  }
}

extension Retention {
  /// Nil where everything is kept for ever.
  init?(_ retention: Configuration.Retention) {
    self.init(
      casesMicroseconds: retention.casesMicroseconds,
      requestsMicroseconds: retention.requestsMicroseconds,
      repliesMicroseconds: retention.repliesMicroseconds)
    if self == Retention() { return nil }
  }
}

extension GroupLimits {
  init(_ limits: Configuration.Limits) {
    self.init(
      commandsMax: limits.groupCommands, eventsMax: limits.groupEvents,
      bytesMax: limits.groupBytes)
  }
}
