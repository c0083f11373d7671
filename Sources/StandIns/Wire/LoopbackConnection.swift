import NIOCore
import NIOHTTP1

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One connection: requests are answered one after the other, in the order they came.
final class LoopbackConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  /// Requests sent ahead of their answers; with more the connection ends.
  static let waitingMax = 64

  private let service: any LoopbackService
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var waiting: [(request: LoopbackRequest, closes: Bool)] = []
  private var isAnswering = false
  private var isClosed = false
  private var timer: Scheduled<Void>?

  init(service: any LoopbackService) {
    self.service = service
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body.removeAll(keepingCapacity: true)
    case .body(let part):
      guard body.count <= LoopbackRequest.bodyBytesMax else { return }
      body.append(contentsOf: part.readableBytesView)
    case .end:
      requestEnded(context: context)
    }
  }

  private func requestEnded(context: ChannelHandlerContext) {
    guard let head else { return }
    self.head = nil
    let path = head.uri.utf8.prefix { $0 != UInt8(ascii: "?") }
    let request = LoopbackRequest(
      method: head.method, path: String(decoding: path, as: UTF8.self), headers: head.headers,
      body: body)
    guard waiting.count < Self.waitingMax else { return context.close(promise: nil) }
    waiting.append((request, !head.isKeepAlive))
    answerNext(context: context)
  }

  private func answerNext(context: ChannelHandlerContext) {
    guard !isAnswering, !isClosed, !waiting.isEmpty else { return }
    isAnswering = true
    let (request, closes) = waiting.removeFirst()
    guard request.body.count <= LoopbackRequest.bodyBytesMax else {
      let response = LoopbackResponse(status: 413, body: #"{"error":"body_too_large"}"#)
      return perform(LoopbackReply(wire: .whole(response)), closes: true, context: context)
    }
    switch service.answer(request, on: context.eventLoop) {
    case .now(let reply):
      perform(reply, closes: closes, context: context)
    case .later(let future):
      future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
        switch result {
        case .success(let reply):
          self.perform(reply, closes: closes, context: context)
        case .failure:
          let response = LoopbackResponse(status: 500, body: #"{"error":"internal"}"#)
          self.perform(
            LoopbackReply(wire: .whole(response)), closes: closes, context: context)
        }
      }
    }
  }

  private func perform(_ reply: LoopbackReply, closes: Bool, context: ChannelHandlerContext) {
    guard !isClosed else { return }
    guard reply.wait > .zero else {
      return send(reply.wire, closes: closes, context: context)
    }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(reply.wait)) {
      self.send(reply.wire, closes: closes, context: context)
    }
  }

  private func send(
    _ wire: LoopbackReply.Wire, closes: Bool, context: ChannelHandlerContext
  ) {
    switch wire {
    case .whole(let response):
      write(response.head(closing: closes) + response.body, context: context)
      if closes { return end(context: context) }
      isAnswering = false
      answerNext(context: context)
    case .partial(let response, let bytes):
      let text = response.head(closing: closes) + response.body
      let buffer = ByteBuffer(bytes: text.utf8.prefix(bytes))
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
      end(context: context)
    case .raw(let bytes):
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      end(context: context)
    case .drip(let response, let interval):
      write(response.head(closing: true), context: context)
      drip(Array(response.body.utf8), from: 0, every: interval, context: context)
    case .silence:
      break
    case .reset:
      reset(context: context)
    }
  }

  private func write(_ text: String, context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }

  /// Ends the connection once all that was written is sent.
  private func end(context: ChannelHandlerContext) {
    isClosed = true
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  private func drip(
    _ bytes: [UInt8], from index: Int, every interval: Duration, context: ChannelHandlerContext
  ) {
    guard index < bytes.count else { return end(context: context) }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(interval)) {
      guard !self.isClosed else { return }
      let buffer = ByteBuffer(bytes: CollectionOfOne(bytes[index]))
      context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
      self.drip(bytes, from: index + 1, every: interval, context: context)
    }
  }

  /// Closing with a linger of zero seconds makes the kernel send a reset.
  private func reset(context: ChannelHandlerContext) {
    isClosed = true
    guard let socket = context.channel as? any SocketOptionProvider else {
      return context.close(promise: nil)
    }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    isClosed = true
    timer?.cancel()
    waiting.removeAll()
    context.fireChannelInactive()
  }

  /// Bytes that are no HTTP, or a connection that broke.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    isClosed = true
    context.close(promise: nil)
  }
}
