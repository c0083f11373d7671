import HTTPTypes
import Hummingbird
package import Logging
package import Orchestration
package import PetriNet

/// The API answered in this process, without a listener: the same routes, shapes and problems.
///
/// For a command line that works on a log which no service holds.
package struct LocalAPI: Sendable {
  package struct Reply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    /// Null for an empty body or one that is no JSON.
    package var json: JSONText.Node
  }

  private let api: API

  /// Over the owner of the log: everything the API does.
  package init(
    orchestrator: Orchestrator, reading: any LogReading, logger: Logger,
    storedNet: @escaping StoredNet, findPerson: @escaping PersonFinding
  ) {
    self.init(
      OrchestratorEngine(orchestrator: orchestrator, epoch: 0), reading, logger, storedNet,
      findPerson)
  }

  /// Over what the log folds to: reads only.
  package init(
    folded: FoldedLog, reading: any LogReading, logger: Logger,
    storedNet: @escaping StoredNet, findPerson: @escaping PersonFinding
  ) {
    self.init(FoldedEngine(log: folded), reading, logger, storedNet, findPerson)
  }

  private init(
    _ engine: any WebEngine, _ reading: any LogReading, _ logger: Logger,
    _ storedNet: @escaping StoredNet, _ findPerson: @escaping PersonFinding
  ) {
    api = API(
      engine: engine, reading: reading, configuration: WebConfiguration(),
      clock: MonotonicClock(), logger: logger, storedNet: storedNet, findPerson: findPerson)
  }

  /// One request.
  ///
  /// - Parameters:
  ///   - target: path and query, percent-encoded as in a URL.
  ///   - headers: names that HTTP does not allow are left out.
  package func send(
    _ method: String, _ target: String, body: JSONText.Node? = nil,
    headers: [(name: String, value: String)] = []
  ) async -> Reply {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    let request = Request(
      head: HTTPRequest(
        method: HTTPRequest.Method(method) ?? .get, scheme: nil, authority: nil, path: target,
        headerFields: fields), body: RequestBody(buffer: ByteBuffer()))
    let answer: Answer
    do {
      answer = try await answered(request, body.map { Array($0.text.utf8) } ?? [])
    } catch {
      answer = error.answer(requestID: "local")
    }
    let json: JSONText.Node =
      switch answer.body {
      case .json(let node), .problem(let node): node
      case .none, .bytes, .stream: .null
      }
    return Reply(
      status: answer.status, headers: answer.headers.map { ($0.0.rawName, $0.1) }, json: json)
  }

  private func answered(_ request: Request, _ body: [UInt8]) async throws(Problem) -> Answer {
    for route in Routes.all where route.method == request.method {
      guard let raw = PathTemplate(route.template).match(request.uri.path) else { continue }
      var names: [String: String] = [:]
      for (placeholder, value) in raw {
        guard let name = APIName.decoded(value) else {
          throw Problem(.noSuchRoute, "A name in the path is not percent-encoded UTF-8.")
        }
        names[placeholder] = name
      }
      let call = Call(
        api: api, route: route, request: request, names: names,
        query: try Query(request.uri.query, allowed: route.parameters),
        by: try Identity.subject(of: request.headers), body: body)
      return try await route.handle(call)
    }
    throw Problem(.noSuchRoute, "There is nothing under this path; see /v1/openapi.json.")
  }
}

/// The path of a route, matched without a router.
struct PathTemplate {
  private let segments: [Substring]

  init(_ template: String) { segments = template.split(separator: "/") }

  /// What stands at each placeholder, as it stands in the path; nil where the path is another.
  func match(_ path: String) -> [(placeholder: String, value: Substring)]? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard parts.count == segments.count else { return nil }
    var found: [(placeholder: String, value: Substring)] = []
    for (segment, part) in zip(segments, parts) {
      guard segment.first == "{", let close = segment.firstIndex(of: "}") else {
        if segment == part { continue }
        return nil
      }
      let suffix = segment[segment.index(after: close)...]
      guard part.hasSuffix(suffix), part.count > suffix.count else { return nil }
      let value = part.dropLast(suffix.count)
      guard !value.contains(":") else { return nil }
      found.append((String(segment[segment.index(after: segment.startIndex)..<close]), value))
    }
    return found
  }
}
