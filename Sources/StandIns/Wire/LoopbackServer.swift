/// An HTTP/1.1 server on 127.0.0.1.
final class LoopbackServer: Sendable {
  init(port: Int) {
    self.port = port
  }

  private let port: Int

  func start() async throws -> Int { port }

  func run() async throws {}

  func stop() async {}

  var boundPort: Int? { port }
}
