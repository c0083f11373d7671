internal import ArgumentParser
internal import Foundation
internal import LLMJudge
internal import Logging
internal import Orchestration
internal import PetriNet
internal import Web
internal import Workflows

/// `petrel serve`: the workflows of the configuration, over HTTP, until it is told to stop.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the workflows and serve their HTTP API.",
    discussion: """
      Examples:
        petrel serve
        petrel serve --listen 127.0.0.1:0 --database /var/lib/petrel/petrel.db
      """)

  @Option(help: "HOST:PORT to listen on; port 0 takes any free one and prints it.")
  var listen: String?

  @Option(help: "The log; default: `database` of petrel.yaml.")
  var database: String?

  @Flag(name: .shortAndLong, help: "Print the address only.")
  var quiet = false

  func run() async throws {
    let started = Date()
    let project = try Project.load()
    let address = try ListenAddress(listen, project.configuration)
    let path = database ?? project.configuration.database
    try project.requireNoErrors()
    let judges = try JudgeConfiguration(project.configuration)
    let admission = try await GuardAdmission.admit(project, judges, database: path)
    let service = try Service.start(project, judges, database: path, announce: announce)
    let signals = StopSignals()
    let prober = EndpointProber(
      configuration: project.configuration, admission: admission,
      orchestrator: service.orchestrator, database: path)
    let server = try makeServer(service, address, prober)
    let serving = Task { try await server.run() }
    guard let port = await server.boundPort else {
      await service.stop()
      var reason = ""
      // "bind(descriptor:…): Address already in use (errno: 98)": the call says nothing to a user.
      do { try await serving.value } catch {
        reason = ": \("\(error)".components(separatedBy: "): ").last ?? "\(error)")"
      }
      throw Failure(
        .notReachable, "A304",
        "\(address.shownHost):\(address.port) cannot be listened on\(reason)",
        help: "petrel serve --listen \(address.shownHost):0")
    }
    let url = "http://\(address.shownHost):\(port)"
    service.orchestrator.announce(url: url)
    await tell(service, admission, url: url, database: path, since: started)
    Task { await Self.watchSpace(service, database: path) }
    Task { await admission.watch(service.orchestrator, database: path) }
    let failure = await waitForEnd(service, signals)
    await server.stop()
    await service.stop()
    _ = try? await serving.value
    if let failure { throw Failure(failure) }
    if !quiet { Console.note("stopped; what was under way goes on at the next start") }
  }

  /// Whatever ships the service's log keeps its checkpoints too; on a terminal nobody does.
  private var announce: (@Sendable (String) -> Void)? {
    guard !Console.isErrorTerminal else { return nil }
    return { line in
      Console.note("\(TimeText.absolute(MonotonicClock().now())) info petrel \(line)")
    }
  }

  private func makeServer(
    _ service: Service, _ address: ListenAddress, _ prober: EndpointProber
  ) throws -> WebServer {
    var logger = Logger(label: "petrel") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .warning
    do {
      return try WebServer(
        orchestrator: service.orchestrator, reading: service.reading,
        configuration: WebConfiguration(service.configuration, address), logger: logger,
        storedNet: { try StoredVersion.net(of: $0, among: $1) },
        findPerson: { [reader = service.reading] in
          try ErasurePlan($0, in: reader).personalCases
        }, probe: prober.probe)
    } catch {
      throw Failure(
        .configuration, "A301", "\(error)", help: "listen: 127.0.0.1:7875",
        at: listen == nil ? service.configuration.listen.mark : .none)
    }
  }

  /// Warns of a WAL beyond `limits.log_warn`, until the service ends.
  private static func watchSpace(_ service: Service, database: String) async {
    let limit = Int64(service.configuration.limits.logWarnBytes)
    var watch = SpaceWatch(limit: limit)
    for await _ in service.orchestrator.changes() {
      let bytes = service.orchestrator.snapshot.bytesAhead
      guard watch.take(bytes) else { continue }
      Console.note(
        "\(database)-wal holds \(bytes >> 20) MiB (limits.log_warn is \(limit >> 20) MiB): it cannot "
          + "be emptied while somebody reads; look for a reader that has been open for long")
    }
  }

  /// Returns at a signal, or with the failure that ended the loop by itself.
  private func waitForEnd(_ service: Service, _ signals: StopSignals) async -> StoreError? {
    let (ends, continuation) = AsyncStream<StoreError?>.makeStream()
    Task {
      _ = await signals.wait()
      continuation.yield(nil)
    }
    Task {
      await service.orchestrator.finished()
      continuation.yield(
        service.orchestrator.failure
          ?? StoreError(.failed, code: "S201", "the log cannot be written any more"))
    }
    for await end in ends { return end }
    return nil
  }

  private func tell(
    _ service: Service, _ admission: GuardAdmission, url: String, database: String,
    since started: Date
  ) async {
    guard !quiet else { return Console.print("listening \(url)") }
    let counters = service.orchestrator.snapshot
    let milliseconds = Int(Date().timeIntervalSince(started) * 1_000)
    let state = try? await service.orchestrator.read { machine in
      (
        cases: machine.state.cases.count, firings: machine.state.firings.count,
        offers: machine.state.offers.count
      )
    }
    Console.print(
      "petrel \(PetrelCommand.version)  \(url)  API and metrics; no login: loopback only, foreign "
        + "Host and Origin refused")
    let snapshot = counters.restored.map { "snapshot #\($0.number) and " } ?? ""
    Console.print(
      "database    \(database)  synchronous=FULL, \(snapshot)\(counters.folded) events folded in "
        + "\(milliseconds) ms (\(state?.cases ?? 0) cases open, \(state?.firings ?? 0) firings "
        + "under way, \(state?.offers ?? 0) tasks offered)")
    let names = service.workflows.map(\.name.text).joined(separator: ", ")
    Console.print("workflows   \(names)")
    for endpoint in service.configuration.endpoints {
      Console.print(
        "endpoint    \(endpoint.name.value)  \(endpoint.dialect.value)  \(endpoint.url.value)  "
          + "model \(endpoint.model)"
          + (admission.text(of: endpoint.name.value).map { "  \($0)" } ?? ""))
    }
    Console.print("listening \(url)")
    Console.note(
      "stop with ctrl-c: new work is refused, verdicts under way get "
        + "\(service.configuration.drainMicroseconds / 1_000_000) s, nothing is lost")
  }
}

/// Where `serve` listens.
struct ListenAddress {
  var host: String
  var port: Int

  /// Out of the flag, else the configuration.
  init(_ text: String?, _ configuration: Configuration) throws {
    guard let text else {
      switch configuration.listen.address {
      case .internet(let host, let port): (self.host, self.port) = (host, port)
      case .unix:
        throw Failure(.configuration, "C405", "a Unix socket is not in this version")
      }
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else {
      throw Failure(.wrongCall, "C101", "--listen '\(text)': expected HOST:PORT")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    (self.host, self.port) = (host, port)
  }

  var shownHost: String { host.contains(":") ? "[\(host)]" : host }
}

extension WebConfiguration {
  init(_ configuration: Configuration, _ address: ListenAddress) {
    var limits = Limits()
    limits.bodyBytes = configuration.limits.bodyBytes
    limits.messageBytes = configuration.limits.messageBytes
    limits.batchItems = configuration.limits.batch
    limits.streams = configuration.limits.streams
    self.init(
      host: address.host, port: address.port, hosts: configuration.listen.hosts, limits: limits,
      version: PetrelCommand.version)
  }
}
