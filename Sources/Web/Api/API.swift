import Engine
import Logging
import Orchestration
import Synchronization

/// What every route works with.
final class API: Sendable {
  let engine: any WebEngine
  let reading: any LogReading
  let configuration: WebConfiguration
  let streams: StreamSlots
  let requests: RequestCounts
  let logger: Logger
  /// The port that is listened on; what `Host` must name.
  private let boundPort: Mutex<Int>

  init(
    engine: any WebEngine, reading: any LogReading, configuration: WebConfiguration,
    logger: Logger
  ) {
    self.engine = engine
    self.reading = reading
    self.configuration = configuration
    self.logger = logger
    streams = StreamSlots(limit: configuration.limits.streams)
    requests = RequestCounts()
    boundPort = Mutex(configuration.port)
  }

  var port: Int {
    get { boundPort.withLock { $0 } }
    set { boundPort.withLock { $0 = newValue } }
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
}
