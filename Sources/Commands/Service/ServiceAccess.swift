internal import Engine
internal import Foundation
internal import Logging
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore
internal import Transfer
internal import Web
internal import Workflows

/// The API behind a verb: of a running service, or of the log's file in this process.
struct ServiceAccess: Sendable {
  typealias Header = (name: String, value: String)

  struct Reply: Sendable {
    var status: Int
    var json: JSONText.Node
    var tag: String?
  }

  private let perform: @Sendable (String, String, JSONText.Node?, [Header]) async throws -> Reply
  private let end: @Sendable () async -> Void
  /// Whether commands are committed by this process: nobody goes on with them now.
  let isOwner: Bool
  private let person: String?

  /// One request.
  ///
  /// - Throws: `Failure` with what a problem document says.
  func send(
    _ method: String, _ path: String, body: JSONText.Node? = nil, headers: [Header] = []
  ) async throws -> Reply {
    var headers = headers
    if let person { headers.append(("Petrel-Person", ServiceClient.encoded(person))) }
    let reply = try await perform(method, path, body, headers)
    guard (200..<300).contains(reply.status) else {
      var failure = Failure(
        ServiceClient.Reply(status: reply.status, headers: [], body: [], json: reply.json))
      failure.help = Self.places(of: reply.json)
      throw failure
    }
    return reply
  }

  /// What a problem says of single fields, one sentence.
  private static func places(of problem: JSONText.Node) -> String {
    problem.list("errors").map { error in
      "\(error.cell("pointer")): found \(error.cell("found")), expected \(error.cell("expected"))"
    }.joined(separator: "; ")
  }

  func get(_ path: String) async throws -> JSONText.Node { try await send("GET", path).json }

  /// Gives the log up, if this process took it.
  func close() async { await end() }

  /// For looks: the file is read beside its owner; only `--url` asks a service.
  static func reading(_ options: DestinationOptions) throws -> ServiceAccess {
    switch try options.destination() {
    case .service(let url): return remote(url, options)
    case .file(let path): return try folded(path, options)
    }
  }

  /// For commands: the service that holds the file, else this process for one commit.
  static func writing(_ options: DestinationOptions) throws -> ServiceAccess {
    try held(options) { try OfflineOwner.access($0, options) }
  }

  /// For what depends on values and writes nothing: the service that holds the file, else the file
  /// with its keys.
  static func looking(_ options: DestinationOptions) throws -> ServiceAccess {
    try held(options) { path in
      var options = options
      options.contents = true
      return try folded(path, options)
    }
  }

  /// For the plan of an erasure: as `looking`, and nobody is told that contents were read, since none
  /// are shown.
  static func planning(_ options: DestinationOptions) throws -> ServiceAccess {
    try held(options) { path in
      var options = options
      options.contents = true
      return try folded(path, options, isTold: false)
    }
  }

  private static func held(
    _ options: DestinationOptions, otherwise: (String) throws -> ServiceAccess
  ) throws -> ServiceAccess {
    switch try options.destination() {
    case .service(let url): return remote(url, options)
    case .file(let path):
      guard let holder = OwnerLock.holder(ofDatabase: path) else { return try otherwise(path) }
      let since = TimeText.absolute(holder.started)
      let silent = Failure(
        .tryAgain, "S101", "pid \(holder.pid) holds \(path) since \(since) and does not answer",
        help: "petrel doctor --database \(path)")
      guard !holder.url.isEmpty else { throw silent }
      Console.note("via \(holder.url) (pid \(holder.pid) holds \(path))")
      return remote(holder.url, options, silent: silent)
    }
  }

  init(
    isOwner: Bool, person: String?, end: @escaping @Sendable () async -> Void = {},
    perform: @escaping @Sendable (String, String, JSONText.Node?, [Header]) async throws -> Reply
  ) {
    self.isOwner = isOwner
    self.person = person
    self.perform = perform
    self.end = end
  }

  private static func remote(
    _ url: String, _ options: DestinationOptions, silent: Failure? = nil
  ) -> ServiceAccess {
    let client = ServiceClient(url: url, transfer: CurlLoop())
    return ServiceAccess(isOwner: false, person: options.person) { method, path, body, headers in
      do {
        let reply = try await client.send(method, path, body: body, headers: headers)
        let tag = reply.headers.first { $0.name.lowercased() == "etag" }?.value
        return Reply(status: reply.status, json: reply.json ?? .null, tag: tag)
      } catch let failure as Failure where failure.code == .notReachable {
        throw silent ?? failure
      }
    }
  }

  private static func folded(
    _ path: String, _ options: DestinationOptions, isTold: Bool = true
  ) throws -> Self {
    let reader = try LogFile.reader(path, withKeys: options.contents, isTold: isTold)
    let log = FoldedLog { try LogFile.fold(reader) }
    let api = LocalAPI(
      folded: log, reading: reader, logger: LogFile.logger,
      storedNet: { try StoredVersion.net(of: $0, among: $1) },
      findPerson: { try ErasurePlan($0, in: reader).personalCases })
    let covers = !options.contents
    return ServiceAccess(isOwner: false, person: options.person) { method, path, body, headers in
      let reply = Reply(
        await api.send(method, path, body: body, headers: headers), covers: covers)
      if let failure = log.failure { throw (failure as? StoreError).map { Failure($0) } ?? failure }
      return reply
    }
  }
}

extension ServiceAccess.Reply {
  /// - Parameter covers: whether what could not be opened is called sealed.
  init(_ reply: LocalAPI.Reply, covers: Bool) {
    self.init(
      status: reply.status, json: covers ? reply.json.covered : reply.json,
      tag: reply.headers.first { $0.name.lowercased() == "etag" }?.value)
  }
}

extension JSONText.Node {
  /// Without keys nobody knows what is erased: what stays closed is sealed.
  fileprivate var covered: JSONText.Node {
    switch self {
    case .string(ValueWriting.erasedText): .string(ValueWriting.sealedText)
    case .list(let items): .list(items.map(\.covered))
    case .object(let members):
      .object(members.map { .init($0.name, $0.value.covered) })
    default: self
    }
  }
}

/// A log's file, read beside its owner.
enum LogFile {
  static var logger: Logger {
    var logger = Logger(label: "petrel") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .critical
    return logger
  }

  /// - Throws: 66 for a file that is not there; 77 where `withKeys` and the keys cannot be read.
  static func reader(
    _ path: String, withKeys: Bool = false, isTold: Bool = true
  ) throws -> LogReader {
    try requireLog(path)
    do {
      guard withKeys else { return try LogReader(path: path) }
      return try LogReader(path: path, keys: try keys(of: path, isTold: isTold))
    } catch let error as StoreError {
      throw Failure(error)
    }
  }

  /// - Throws: 66 for a file that is not there.
  static func requireLog(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        .noSuchFile, "S109", "there is no log at \(path)", help: "petrel serve makes one")
    }
  }

  /// The keys of a log, as the configuration or the file's folder has them.
  ///
  /// - Throws: 77 where they cannot be read.
  static func keys(of path: String, isTold: Bool = true) throws -> LogReader.Keys {
    let configuration = try configuration(of: path)
    guard FileManager.default.isReadableFile(atPath: configuration.keys.file) else {
      throw Failure(
        .notAllowed, "S301", "contents need \(configuration.keys.file), which is not here")
    }
    let kek = try Service.keyEncryptionKey(configuration, log: path)
    if isTold {
      Console.note("contents are read from the file, without a record of who read them")
    }
    return LogReader.Keys(file: configuration.keys.file, kek: kek)
  }

  /// Whether anything was written there.
  static func hasContent(_ path: String) -> Bool {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber
    return (size?.int64Value ?? 0) > 0
  }

  /// The configuration, with the keys that lie beside `database` where some do: a copy or another
  /// project's log is not opened with the keys of the working folder.
  static func configuration(of database: String) throws -> Configuration {
    var configuration = try Project.readConfiguration().0.configuration
    let folder = URL(fileURLWithPath: database).deletingLastPathComponent()
    func beside(_ path: String) -> String {
      let name = URL(fileURLWithPath: path).lastPathComponent
      let candidate = folder.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: candidate) ? candidate : path
    }
    configuration.keys.file = beside(configuration.keys.file)
    if case .file(let path) = configuration.keys.kek.source {
      configuration.keys.kek.source = .file(beside(path))
    }
    if case .file(let path) = configuration.keys.signer.source {
      configuration.keys.signer.source = .file(beside(path))
    }
    return configuration
  }

  /// The state, under the versions that the log itself holds.
  static func fold(_ reader: LogReader) throws -> Machine {
    var machine = try reader.machine()
    let stored = try reader.definitions()
    var nets: [DefinitionID: Net] = [:]
    var wanted = machine.versionsInUse
    while !wanted.isEmpty {
      var isFound = false
      for id in wanted {
        guard let definition = stored.first(where: { $0.id == id }) else { continue }
        nets[id] = try StoredVersion.net(of: definition, among: stored)
        isFound = true
      }
      wanted = isFound ? machine.versionsCalled(by: nets) : []
    }
    try machine.open(nets: nets) { colour, text, _ in try reader.value(of: text, in: colour) }
    return machine
  }

  /// The net that a case runs under, or ran under in the end.
  static func net(of row: CaseRow, in reader: LogReader) throws -> Net {
    let stored = try reader.definitions()
    let version = try reader.version(of: row)
    guard let definition = stored.first(where: { $0.id == version }) else {
      throw Failure(.badFile, "S105", "the log has no version \(version.seq.number)")
    }
    return try StoredVersion.net(of: definition, among: stored)
  }
}
