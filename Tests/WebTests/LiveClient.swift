import Foundation
import PetriNet

@testable import Web

#if canImport(Glibc)
  import Glibc
#endif

/// Requests over a socket of loopback, byte for byte; each on a connection of its own.
struct LiveClient: Sendable {
  struct Failure: Error { let call: String }

  struct Answer: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    var json: JSONText.Node { (try? JSONText.parse(text: body)) ?? .null }
  }

  let port: Int
  let server: WebServer

  func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await send("GET", path, headers)
  }

  func post(
    _ path: String, _ headers: [String: String] = [:], _ body: String = ""
  ) async throws -> Answer {
    try await send("POST", path, headers, body)
  }

  func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: String = ""
  ) async throws -> Answer {
    let connection = try await open(method, path, headers, body)
    let text = try await connection.read { _ in false }
    connection.close()
    return try Self.answer(text)
  }

  /// Sends a request and leaves the connection open.
  func open(
    _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: String = ""
  ) async throws -> Connection {
    var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    all.merge(headers) { _, given in given }
    if !body.isEmpty {
      all["Content-Length"] = "\(body.utf8.count)"
      if all["Content-Type"] == nil { all["Content-Type"] = "application/json" }
    }
    let lines = all.map { "\($0.key): \($0.value)\r\n" }.joined()
    let connection = try Connection(port: port)
    try connection.write("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n\(body)")
    return connection
  }

  static func answer(_ text: String) throws -> Answer {
    guard let end = text.range(of: "\r\n\r\n") else { throw Failure(call: "head: \(text)") }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    let parts = lines[0].split(separator: " ")
    guard parts.count > 1, let status = Int(parts[1]) else { throw Failure(call: lines[0]) }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    var body = String(text[end.upperBound...])
    if headers["transfer-encoding"] == "chunked" { body = unchunked(body) }
    return Answer(status: status, headers: headers, body: body)
  }

  static func unchunked(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    var output: [UInt8] = []
    while let end = bytes.firstIndex(of: 13),
      let size = Int(String(decoding: bytes[..<end], as: UTF8.self), radix: 16), size > 0
    {
      let start = end + 2
      output += bytes[start..<min(start + size, bytes.endIndex)]
      bytes = bytes[min(start + size + 2, bytes.endIndex)...]
    }
    return String(decoding: output, as: UTF8.self)
  }
}

/// A connected socket. Reads happen on a queue of its own, so that no test holds up another.
final class Connection: Sendable {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "petrel.test.connection")

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw LiveClient.Failure(call: "connect") }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  func write(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let sent = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0x4000) }
      // A server that refuses a body may close while it is sent; what it answered is read all the same.
      guard sent > 0 else { return }
      bytes = bytes.dropFirst(sent)
    }
  }

  /// Everything that comes, until `isEnough` or the end.
  func read(until isEnough: @escaping @Sendable (String) -> Bool) async throws -> String {
    let descriptor = descriptor
    return await withCheckedContinuation { continuation in
      queue.async {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
          let count = recv(descriptor, &buffer, buffer.count, 0)
          guard count > 0 else { break }
          bytes += buffer[..<count]
          if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
        }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  func close() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }
}
