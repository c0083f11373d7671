/// A service on 127.0.0.1 that stands in for another side: how one is started and stopped.
package protocol StandIn: Sendable {
  var server: LoopbackServer { get }
}

extension StandIn {
  /// Binds and begins to serve; returns the port. A second call returns the same port.
  @discardableResult
  package func start() async throws -> Int {
    try await server.start()
  }

  /// Starts if need be and returns once stopped, by `stop()` or because the task was cancelled.
  package func run() async throws {
    try await server.run()
  }

  /// Takes no more connections, and returns when every effect that was answered is on disk and all
  /// connections are gone.
  package func stop() async {
    await server.stop()
  }

  /// The port served on; nil before `start()`.
  package var boundPort: Int? { server.boundPort }
}
