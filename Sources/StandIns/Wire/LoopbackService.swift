import NIOCore
import NIOHTTP1

/// What a `LoopbackServer` serves.
protocol LoopbackService: Sendable {
  /// Called on the connection's event loop, which it must not block.
  func answer(_ request: LoopbackRequest, on loop: any EventLoop) -> LoopbackAnswer

  /// Called once when the server stops, after the last answer was asked for.
  func close() async
}

struct LoopbackRequest: Sendable {
  /// More bytes of a body are answered with 413.
  static let bodyBytesMax = 1 << 20

  var method: HTTPMethod
  /// As on the request line, percent-encoded, without the query.
  var path: String
  var headers: HTTPHeaders
  var body: [UInt8]
}

/// A reply at once, or when something else is done; a failed future is a 500.
enum LoopbackAnswer {
  case now(LoopbackReply)
  case later(EventLoopFuture<LoopbackReply>)
}

/// What goes back over a connection, true to HTTP or not.
struct LoopbackReply: Sendable {
  enum Wire: Sendable {
    case whole(LoopbackResponse)
    /// The first bytes of the response's text, then the end of the connection.
    case partial(LoopbackResponse, bytes: Int)
    /// These bytes as they are, then the end of the connection.
    case raw([UInt8])
    /// The head at once, the body a byte an interval.
    case drip(LoopbackResponse, every: Duration)
    /// Nothing, until the other side goes.
    case silence
    /// A TCP reset.
    case reset
  }

  /// Waited before the first byte, and before a reset.
  var wait: Duration = .zero
  var wire: Wire
}

/// An HTTP response with a framed body.
struct LoopbackResponse: Sendable {
  var status: Int
  var headers: [(name: String, value: String)] = []
  var contentType = "application/json"
  var body: String

  /// The status line and all header lines, Content-Length included.
  func head(closing: Bool) -> String {
    var text = "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n"
    text += "content-type: \(contentType)\r\ncontent-length: \(body.utf8.count)\r\n"
    for header in headers {
      text += "\(header.name): \(header.value)\r\n"
    }
    return text + (closing ? "connection: close\r\n\r\n" : "\r\n")
  }
}
