import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 for one service, on event loops of its own.
package final class LoopbackServer: Sendable {
  private enum State {
    case new
    case serving(any Channel, MultiThreadedEventLoopGroup)
    case stopped
  }

  private let service: any LoopbackService
  private let port: Int
  private let threads: Int
  private let state = Mutex(State.new)

  /// - Parameter port: 0 takes any free one.
  init(service: any LoopbackService, port: Int, threads: Int = 1) {
    self.service = service
    self.port = port
    self.threads = threads
  }

  var boundPort: Int? {
    state.withLock { state in
      guard case .serving(let channel, _) = state else { return nil }
      return channel.localAddress?.port
    }
  }

  func start() async throws -> Int {
    if let boundPort { return boundPort }
    raiseFileLimit()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let channel: any Channel
    do {
      channel = try await bind(on: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
    let isKept = state.withLock { state in
      guard case .new = state else { return false }
      state = .serving(channel, group)
      return true
    }
    guard isKept, let port = channel.localAddress?.port else {
      try? await group.shutdownGracefully()
      throw CancellationError()
    }
    return port
  }

  private func bind(on group: MultiThreadedEventLoopGroup) async throws -> any Channel {
    let service = service
    return try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            ByteToMessageHandler(HTTPRequestDecoder()), LoopbackConnection(service: service))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
  }

  func run() async throws {
    _ = try await start()
    let serving = state.withLock { state -> (any Channel)? in
      guard case .serving(let channel, _) = state else { return nil }
      return channel
    }
    await withTaskCancellationHandler {
      try? await serving?.closeFuture.get()
    } onCancel: {
      serving?.close(promise: nil)
    }
    await stop()
  }

  /// The service closes before the connections do, so that answers under way go out.
  func stop() async {
    let before = state.withLock { state in
      defer { state = .stopped }
      return state
    }
    guard case .serving(let channel, let group) = before else { return }
    try? await channel.close().get()
    await service.close()
    try? await group.shutdownGracefully()
  }
}
