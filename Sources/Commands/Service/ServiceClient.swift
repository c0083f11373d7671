internal import Foundation
internal import PetriNet
internal import Transfer

/// Talks to a running service, or to a stand-in, in JSON.
struct ServiceClient: Sendable {
  struct Reply: Sendable {
    var status: Int
    var headers: [TransferResult.Header]
    var body: [UInt8]
    /// Nil for an empty body or one that is no JSON.
    var json: JSONText.Node?

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
  }

  let url: String
  private let transfer: CurlLoop
  private let person: String?
  private let seconds: Int64

  /// - Parameters:
  ///   - url: without a slash at the end.
  ///   - person: who is at the keyboard (`--as`), on record as unproved.
  init(url: String, transfer: CurlLoop, person: String? = nil, seconds: Int64 = 30) {
    self.url = url
    self.transfer = transfer
    self.person = person
    self.seconds = seconds
  }

  /// One request; a reply of whatever status.
  ///
  /// - Throws: `Failure` when no whole reply came.
  func send(
    _ method: String, _ path: String, body: JSONText.Node? = nil,
    headers: [(name: String, value: String)] = []
  ) async throws -> Reply {
    var request = TransferRequest(
      method: method, url: url + path, body: body.map { Array($0.text.utf8) },
      deadline: MonotonicInstant.now().advanced(byMilliseconds: seconds * 1_000))
    request.headers = headers.map { TransferRequest.Header($0.name, $0.value) }
    if body != nil { request.headers.append(.init("Content-Type", "application/json")) }
    if let person { request.headers.append(.init("Petrel-Person", Self.encoded(person))) }
    request.addresses = AddressPolicy.of(url: url, allowsPrivate: true)
    request.bodyMax = 256 << 20
    let result = await withCheckedContinuation { continuation in
      _ = transfer.start(request) { continuation.resume(returning: $0) }
    }
    if let failure = result.failure {
      throw Failure(
        .notReachable, "C104", "\(method) \(url)\(path): \(failure.rawValue)",
        help: "is the service running? petrel serve")
    }
    return Reply(
      status: result.status, headers: result.headers, body: result.body,
      json: try? JSONText.parse(result.body))
  }

  /// The JSON of a reply of status 2xx.
  ///
  /// - Throws: `Failure` with the problem's title, detail and code otherwise.
  func json(
    _ method: String, _ path: String, body: JSONText.Node? = nil,
    headers: [(name: String, value: String)] = []
  ) async throws -> JSONText.Node {
    let reply = try await send(method, path, body: body, headers: headers)
    guard (200..<300).contains(reply.status) else { throw Failure(reply) }
    return reply.json ?? .null
  }

  /// Percent-encoded as one segment of a path.
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += String(format: "%%%02X", byte)
      }
    }
    return result
  }
}

extension Failure {
  /// What a problem document says.
  init(_ reply: ServiceClient.Reply) {
    func text(_ name: String) -> String {
      if case .string(let text)? = reply.json?[name] { text } else { "" }
    }
    let code: ExitStatus =
      switch reply.status {
      case 404: .noSuchFile
      case 422 where text("code") == "T203": .badFile
      case 400, 409, 412, 422, 428: .no
      case 401, 403: .notAllowed
      case 413: .badFile
      case 429, 503: .tryAgain
      default: .notReachable
      }
    let detail = text("detail").isEmpty ? text("title") : text("detail")
    self.init(code, text("code"), detail.isEmpty ? "HTTP \(reply.status)" : detail)
  }
}

extension JSONText.Node {
  /// A member that is a string.
  func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  /// A member that is a whole number.
  func integer(_ name: String) -> Int64? {
    if case .number(let number)? = self[name] { number.integer } else { nil }
  }

  /// A member that is a list; empty if it is not there.
  func list(_ name: String) -> [JSONText.Node] {
    if case .list(let items)? = self[name] { items } else { [] }
  }
}
