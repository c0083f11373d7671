import PetriNet

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One keep-alive connection to 127.0.0.1 over a bare socket, so that every way in which it can
/// end is seen. Calls block, and read for `patience` at most; with a patience of 0 they take what
/// is there.
final class LoopbackClient {
  struct Response: Equatable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    var json: JSONText.Node? { try? JSONText.parse(text: body) }
  }

  enum Outcome: Equatable {
    case response(Response)
    /// All bytes up to an end that came before the response was whole.
    case closed(String)
    case reset
    /// What had come when patience ran out.
    case silence(String)
  }

  private let descriptor: CInt
  private let receiveFlags: CInt
  private var buffer: [UInt8] = []

  init(port: Int, patienceMilliseconds: Int = 10_000) {
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = CInt(SOCK_STREAM.rawValue)
    #endif
    descriptor = socket(AF_INET, kind, 0)
    receiveFlags = patienceMilliseconds == 0 ? CInt(MSG_DONTWAIT) : 0
    var patience = timeval(
      tv_sec: patienceMilliseconds / 1000, tv_usec: patienceMilliseconds % 1000 * 1000)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    precondition(result == 0, "no connection to port \(port): errno \(errno)")
  }

  deinit {
    close(descriptor)
  }

  func exchange(
    _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil
  ) -> Outcome {
    post(method, path, headers: headers, body: body)
    return receive()
  }

  /// Sends a request and does not wait for its answer.
  func post(
    _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil
  ) {
    var text = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if let body { text += "content-length: \(body.utf8.count)\r\n" }
    text += "\r\n" + (body ?? "")
    let bytes = Array(text.utf8)
    let sent = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
    precondition(sent == bytes.count, "the request was not sent: errno \(errno)")
  }

  func receive() -> Outcome {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let response = takeResponse() { return .response(response) }
      let count = chunk.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress, $0.count, receiveFlags)
      }
      if count > 0 {
        buffer += chunk[..<count]
      } else if count == 0 {
        return .closed(String(decoding: buffer, as: UTF8.self))
      } else if errno == ECONNRESET {
        return .reset
      } else {
        return .silence(String(decoding: buffer, as: UTF8.self))
      }
    }
  }

  /// Nil while the response is not whole, or has no Content-Length that is a number.
  private func takeResponse() -> Response? {
    let text = String(decoding: buffer, as: UTF8.self)
    let parts = text.utf8.split(separator: 13, omittingEmptySubsequences: false)
      .map { String(decoding: $0.first == 10 ? $0.dropFirst() : $0, as: UTF8.self) }
    guard let end = parts.dropFirst().firstIndex(of: ""), end + 1 < parts.count else { return nil }
    var headers: [String: String] = [:]
    for line in parts[1..<end] {
      let pair = line.split(separator: ":", maxSplits: 1)
      guard pair.count == 2 else { return nil }
      headers[pair[0].lowercased()] = String(pair[1].drop { $0 == " " })
    }
    let headBytes = parts[...end].reduce(0) { $0 + $1.utf8.count + 2 }
    guard let length = headers["content-length"].flatMap({ Int($0) }),
      buffer.count >= headBytes + length, let status = Int(parts[0].split(separator: " ")[1])
    else { return nil }
    let body = String(decoding: buffer[headBytes..<headBytes + length], as: UTF8.self)
    buffer.removeFirst(headBytes + length)
    return Response(status: status, headers: headers, body: body)
  }
}

extension LoopbackClient.Outcome {
  var response: LoopbackClient.Response? {
    guard case .response(let response) = self else { return nil }
    return response
  }
}
