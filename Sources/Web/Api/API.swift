import Engine
import Logging
package import Orchestration
package import PetriNet

/// Makes the net of a version that stands only in the log, among the log's definitions; throws where
/// its text cannot be compiled any more.
package typealias StoredNet =
  @Sendable (_ version: StoredDefinition, _ among: [StoredDefinition]) throws -> Net

/// What every route works with.
final class API: Sendable {
  let engine: any WebEngine
  let reading: any LogReading
  let configuration: WebConfiguration
  let streams: StreamSlots
  let requests: RequestCounts
  let logger: Logger
  /// For what depends on the time of a look: leases that have run out.
  let clock: any Clock
  /// What `Host` must name.
  let port: ListeningPort
  /// Nil where no service runs.
  let probe: EndpointProbing?
  /// For versions that no open case has any more.
  let storedNet: StoredNet
  let findPerson: PersonFinding

  init(
    engine: any WebEngine, reading: any LogReading, configuration: WebConfiguration,
    clock: any Clock, logger: Logger, storedNet: @escaping StoredNet,
    findPerson: @escaping PersonFinding, probe: EndpointProbing? = nil
  ) {
    self.engine = engine
    self.reading = reading
    self.configuration = configuration
    self.logger = logger
    self.clock = clock
    self.probe = probe
    self.storedNet = storedNet
    self.findPerson = findPerson
    streams = StreamSlots(limit: configuration.limits.streams)
    requests = RequestCounts()
    port = ListeningPort(configured: configuration.port)
  }

  /// A look into the log.
  ///
  /// - Throws: `store-unavailable`; what the store said goes to the service's own log.
  func log<T>(_ read: (any LogReading) throws(StoreError) -> T) throws(Problem) -> T {
    do {
      return try read(reading)
    } catch {
      logger.error(
        "the log could not be read", metadata: ["code": "\(error.code)"])
      throw Problem(.storeUnavailable, "The log could not be read; try again.")
    }
  }

  /// Tells of a row that is not there whether it left the log by its age.
  func requireKept(_ row: Seq) throws(Problem) {
    let event = try log { reading throws(StoreError) in try reading.pruning(of: row) }
    guard let event else { return }
    throw Problem(.pruned, "It was pruned by event \(event.number).")
  }
}
