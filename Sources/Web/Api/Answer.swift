import HTTPTypes
import Hummingbird
import PetriNet

/// What a route answers, before it is bytes.
struct Answer: Sendable {
  enum Body: Sendable {
    case none
    case json(JSONText.Node)
    case problem(JSONText.Node)
    /// Bytes of a media type.
    case bytes([UInt8], type: String)
    /// Written piece by piece; the response has no length.
    case stream(type: String, @Sendable (inout any ResponseBodyWriter) async throws -> Void)
  }

  var status: Int
  var headers: [(HTTPField.Name, String)]
  var body: Body

  init(status: Int = 200, headers: [(HTTPField.Name, String)] = [], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  static func json(
    _ node: JSONText.Node, status: Int = 200, headers: [(HTTPField.Name, String)] = []
  ) -> Answer {
    Answer(status: status, headers: headers, body: .json(node))
  }

  /// With the headers that every answer carries.
  ///
  /// Nothing is cached unless the answer says so itself: contents are for the reader alone.
  var response: Response {
    var fields = HTTPFields()
    for (name, value) in headers { fields.append(HTTPField(name: name, value: value)) }
    fields[.xContentTypeOptions] = "nosniff"
    fields[.referrerPolicy] = "no-referrer"
    fields[.crossOriginResourcePolicy] = "same-origin"
    if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
    let body: ResponseBody
    switch self.body {
    case .none: body = ResponseBody()
    case .json(let node):
      fields[.contentType] = "application/json"
      body = ResponseBody(byteBuffer: ByteBuffer(string: node.text))
    case .problem(let node):
      fields[.contentType] = "application/problem+json"
      body = ResponseBody(byteBuffer: ByteBuffer(string: node.text))
    case .bytes(let bytes, let type):
      fields[.contentType] = type
      body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    case .stream(let type, let write):
      fields[.contentType] = type
      body = ResponseBody(write)
    }
    return Response(status: .init(code: status), headers: fields, body: body)
  }
}

extension HTTPField.Name {
  static let referrerPolicy = known("Referrer-Policy")
  static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
  static let idempotencyKey = known("Idempotency-Key")
  static let idempotencyReplayed = known("Idempotency-Replayed")
  static let petrelPerson = known("Petrel-Person")
  static let lastEventID = known("Last-Event-ID")
  static let link = known("Link")
  static let secFetchSite = known("Sec-Fetch-Site")
  static let contentSecurityPolicy = known("Content-Security-Policy")

  private static func known(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else {
      preconditionFailure("\(text) is not a name of a header")
    }
    return name
  }
}
