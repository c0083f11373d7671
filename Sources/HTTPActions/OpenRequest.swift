internal import CEL
internal import Orchestration
internal import PetriNet
internal import Transfer

/// `http.request`, the built-in action: a request to a listed service that is `open`.
///
/// Path, query, headers and body come from a token; host, scheme and the service's own headers do
/// not. A reply of any status is its result, but those that say that trying again may help.
struct OpenRequest {
  static let name = ActionName("http.request")
  private static let keyHeader = "Idempotency-Key"
  /// Headers that are libcurl's to set, or would change where the request goes.
  private static let refusedHeaders: Set<String> = [
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
    "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "idempotency-key",
  ]

  let service: String
  private let method: String
  private let path: String
  private let query: MapValue
  private let headers: MapValue
  private let body: String?

  init(_ argument: Value) throws(PreparedAction.Unsendable) {
    guard case .record(let record) = argument,
      case .string(let service)? = record["service"],
      case .string(let method)? = record["method"], case .string(let path)? = record["path"]
    else { throw .init(why: "service, method and path are needed") }
    self.service = service
    self.method = method
    self.path = path
    query = Self.map(record["query"])
    headers = Self.map(record["headers"])
    if case .string(let body)? = record["body"] { self.body = body } else { body = nil }
  }

  private static func map(_ value: Value?) -> MapValue {
    if case .map(let map)? = value { map } else { MapValue() }
  }

  func request(
    _ attempt: ActionAttempt, service: ServiceConfiguration, deadline: MonotonicInstant
  ) throws(PreparedAction.Unsendable) -> TransferRequest {
    guard ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(method) else {
      throw .init(why: "the method is none of GET, HEAD, POST, PUT, PATCH, DELETE")
    }
    var parts: [String] = []
    for (name, text) in Self.texts(query) {
      parts.append("\(PercentEncoding.encoded(name))=\(PercentEncoding.encoded(text))")
    }
    let tail = parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    var request = service.request(
      method: method, url: service.baseURL + (try checkedPath()) + tail, deadline: deadline)
    for (name, text) in Self.texts(headers) {
      let header = TransferRequest.Header(name, text)
      let lower = name.lowercased()
      let isOurs = service.headers.contains { $0.name.lowercased() == lower }
      guard header.isSendable, !isOurs, !Self.refusedHeaders.contains(lower) else {
        throw .init(why: "a header may not be set")
      }
      request.headers.append(header)
    }
    request.headers.append(.init(Self.keyHeader, attempt.idempotencyKey))
    request.body = body.map { Array($0.utf8) }
    return request
  }

  /// A path that stays where it says: from the root, no dots, no second query.
  private func checkedPath() throws(PreparedAction.Unsendable) -> String {
    let bytes = Array(path.utf8)
    guard bytes.first == UInt8(ascii: "/"), !bytes.starts(with: "//".utf8),
      !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F || "?#\\".utf8.contains($0) })
    else { throw .init(why: "the path is none") }
    for segment in path.lowercased().utf8.split(separator: UInt8(ascii: "/")) {
      let plain = String(decoding: segment, as: UTF8.self)
      if [".", "..", "%2e", "%2e%2e", ".%2e", "%2e."].contains(plain) {
        throw .init(why: "a segment of the path is . or ..")
      }
    }
    return PercentEncoding.encoded(path, keeping: "/%!$&'()*+,;=:@")
  }

  private static func texts(_ map: MapValue) -> [(String, String)] {
    map.entries.compactMap { entry in
      guard case .string(let name) = entry.key, case .string(let text) = entry.value else {
        return nil
      }
      return (name, text)
    }
  }

  static func outcome(of reply: ActionReply, returns: ColourSet) -> PerformedAttempt {
    let result = reply.result
    if let failure = result.failure { return reply.outcome(of: failure) }
    switch result.status {
    case 408, 425, 429, 500...599: return reply.outcomeOfStatus()
    default: break
    }
    let text = String(validating: result.body, as: UTF8.self)
    guard let text, !text.utf8.contains(0), case .record(let record) = returns else {
      return .failed(
        code: "bad_reply", retry: false, happened: .maybe,
        error: "the body is no text", retryAfterMicroseconds: nil)
    }
    let values = record.fields.map { field -> Value in
      field.name.utf8.elementsEqual("status".utf8) ? .int(Int64(result.status)) : .string(text)
    }
    return .ok(.record(Record(type: record.type, fields: values)))
  }
}
