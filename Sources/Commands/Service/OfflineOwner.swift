internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore
internal import Web
internal import Workflows

/// Owns a log for one command: nothing is performed, what is outstanding waits for a service.
enum OfflineOwner {
  /// Takes the lock of `path`, and folds the log under the versions that it holds.
  static func access(_ path: String, _ options: DestinationOptions) throws -> ServiceAccess {
    let (configuration, kek) = try key(of: path)
    let orchestrator = try orchestrator(path, configuration, kek)
    let reading: LogReader
    do {
      reading = try LogReader(
        path: path, keys: LogReader.Keys(file: configuration.keys.file, kek: kek))
    } catch {
      throw Failure(error)
    }
    let api = LocalAPI(
      orchestrator: orchestrator, reading: reading, logger: LogFile.logger,
      storedNet: { try StoredVersion.net(of: $0, among: $1) },
      findPerson: { try ErasurePlan($0, in: reading).personalCases })
    return ServiceAccess(
      isOwner: true, person: options.person, end: { await orchestrator.stop() },
      perform: { method, path, body, headers in
        ServiceAccess.Reply(
          await api.send(method, path, body: body, headers: headers), covers: false)
      })
  }

  /// Takes the lock of `path`; nothing is performed.
  static func orchestrator(_ path: String) throws -> Orchestrator {
    let (configuration, kek) = try key(of: path)
    return try orchestrator(path, configuration, kek)
  }

  /// Of a log that is there: one that is not gets no key.
  private static func key(of path: String) throws -> (Configuration, KeyEncryptionKey) {
    try LogFile.requireLog(path)
    let configuration = try LogFile.configuration(of: path)
    return (configuration, try Service.keyEncryptionKey(configuration, log: path))
  }

  private static func orchestrator(
    _ path: String, _ configuration: Configuration, _ kek: KeyEncryptionKey
  ) throws -> Orchestrator {
    let reader = try LogFile.reader(path)
    do {
      let opening = opening(
        path, configuration, kek, guards: try guards(try reader.definitions()))
      return try Orchestrator(
        opening: opening, judge: SilentJudge(configuration), actions: [],
        settings: LoopSettings(judgesMax: 0, actionsMax: 0, drainMicroseconds: 0))
    } catch let error as StoreError {
      throw Failure(error)
    }
  }

  private static func opening(
    _ path: String, _ configuration: Configuration, _ kek: KeyEncryptionKey,
    guards: [LoopOpening.GuardBinding]
  ) -> LoopOpening {
    LoopOpening(
      openStore: { () throws(StoreError) in
        try SQLiteStore.open(SQLiteStore.Options(configuration, database: path, kek: kek))
      },
      compile: { try StoredVersion.net(of: $0, among: $1) }, definitions: [], guards: guards,
      binary: "petrel \(PetrelCommand.version)",
      incarnation: { (0..<8).map { _ in UInt8.random(in: .min ... .max) } },
      limits: Engine.Limits(configuration.limits), group: GroupLimits(configuration.limits))
  }

  /// The guards that the registered versions name, with the aliases that stand in their names.
  private static func guards(
    _ stored: [StoredDefinition]
  ) throws -> [LoopOpening.GuardBinding] {
    var bindings: [LoopOpening.GuardBinding] = []
    for workflow in stored where workflow.kind == .workflow {
      for pair in try JSONText.parse(workflow.text).list("prompts") {
        guard case .list(let parts) = pair, parts.count == 2, case .string(let prompt) = parts[0],
          case .string(let hash) = parts[1],
          let found = stored.first(where: {
            $0.kind == .judgeGuard && hexadecimal($0.hash) == hash
          })
        else { continue }
        let aliases = found.name.split(separator: "@", maxSplits: 1).dropFirst().first ?? ""
        bindings.append(
          LoopOpening.GuardBinding(
            workflowHash: workflow.hash, prompt: prompt,
            models: aliases.split(separator: "+").map(String.init), guardHash: found.hash))
      }
    }
    return bindings
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// Asks nobody, and knows which endpoints the configuration names.
private struct SilentJudge: Judge {
  let endpoints: [EndpointStanding]

  init(_ configuration: Configuration) {
    endpoints = configuration.endpoints.map {
      EndpointStanding(name: $0.name.value, dialect: $0.dialect.value, model: $0.model)
    }
  }

  func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {}
  func abandon(_ firing: FiringID) {}
  func progress(of firing: FiringID) -> JudgeProgress { .idle }
}
