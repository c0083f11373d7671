import Hummingbird
package import Logging
package import Orchestration
import ServiceLifecycle

/// The HTTP API of `petrel serve`.
///
/// Only a loopback listener is offered: without a login, anybody who reaches the port may do
/// everything.
package final class WebServer: Sendable {
  let api: API
  private let group: ServiceGroup

  /// - Parameters:
  ///   - reading: the same log, beside its owner.
  ///   - storedNet: for cases of versions that are not loaded any more.
  ///   - findPerson: what `POST /v1/erasures` goes by.
  ///   - probe: what `POST /v1/endpoints/{e}:probe` asks.
  /// - Throws: `ListenerError` for an address beyond loopback; `StoreError`.
  package convenience init(
    orchestrator: Orchestrator, reading: any LogReading, configuration: WebConfiguration,
    logger: Logger, storedNet: @escaping StoredNet, findPerson: @escaping PersonFinding,
    probe: EndpointProbing? = nil
  ) throws {
    let starts = RowQuery(kinds: ["ownerStarted"], isNewestFirst: true)
    let epoch = try reading.rows(starts, limit: 1).first?.epoch ?? 0
    try self.init(
      engine: OrchestratorEngine(orchestrator: orchestrator, epoch: epoch), reading: reading,
      configuration: configuration, logger: logger, storedNet: storedNet, findPerson: findPerson,
      probe: probe)
  }

  init(
    engine: any WebEngine, reading: any LogReading, configuration: WebConfiguration,
    logger: Logger, clock: any Orchestration.Clock = MonotonicClock(),
    storedNet: @escaping StoredNet, findPerson: @escaping PersonFinding,
    probe: EndpointProbing? = nil
  ) throws(ListenerError) {
    guard configuration.isLoopback else { throw ListenerError(host: configuration.host) }
    let api = API(
      engine: engine, reading: reading, configuration: configuration, clock: clock,
      logger: logger, storedNet: storedNet, findPerson: findPerson, probe: probe)
    self.api = api
    group = ServiceGroup(
      configuration: .init(
        services: [.init(service: Self.application(api))], logger: logger))
  }

  /// What answers requests: served by `run`, and by tests without a listener.
  static func application(_ api: API) -> Application<Responder> {
    Application(
      responder: Responder(api: api),
      configuration: .init(
        address: .hostname(api.configuration.host, port: api.configuration.port)),
      onServerRunning: { channel in
        api.port.isBound(to: channel.localAddress?.port ?? api.configuration.port)
      },
      logger: api.logger)
  }

  /// Serves until `stop`. Requests under way are answered, streams are ended.
  ///
  /// - Throws: When the address cannot be listened on.
  package func run() async throws {
    defer { api.port.isGone() }
    try await group.run()
  }

  /// Takes no new connection, ends the streams, and lets `run` return.
  package func stop() async {
    api.streams.close()
    await group.triggerGracefulShutdown()
  }

  /// The port that is listened on, once it is; nil if that failed.
  package var boundPort: Int? {
    get async { await api.port.bound }
  }
}

/// A listener beyond loopback, which needs TLS and a login that this version does not have.
package struct ListenerError: Error, Equatable, CustomStringConvertible {
  package let host: String

  /// The sentence; its code is A301.
  package var description: String {
    "'\(host)' is not a loopback address; without TLS and a login only 127.0.0.0/8, ::1 and "
      + "localhost are listened on"
  }
}
