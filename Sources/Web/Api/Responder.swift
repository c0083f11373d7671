import Engine
import HTTPTypes
import Hummingbird
import PetriNet

/// The context of a request: what the router stores, and a name for it in answers and in the log.
struct WebContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let requestID: String

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    requestID = RequestID().description
  }
}

/// Answers every request: first whether it may come here at all, then the route.
struct Responder: HTTPResponder {
  let api: API
  private let router: RouterResponder<WebContext>
  private let hosts: HostGuard

  init(api: API, routes: [Route] = Routes.all) {
    self.api = api
    hosts = HostGuard(names: api.configuration.hosts)
    router = Self.router(api: api, routes: routes).buildResponder()
  }

  func respond(to request: Request, context: WebContext) async throws -> Response {
    let authority = request.head.authority
    let answer: Answer
    if !hosts.admits(authority, port: api.port.number) {
      answer = Problem(
        .foreignHost, "Host must be a loopback name with the port, or one of listen.hosts."
      ).answer(requestID: context.requestID)
    } else if CrossSite.isForeign(
      method: request.method, headers: request.headers, authority: authority)
    {
      answer = Problem(.crossSite, "A page of another site may not send this request.")
        .answer(requestID: context.requestID)
    } else {
      return try await routed(request, context)
    }
    api.requests.count(route: "refused", method: request.method.rawValue, status: answer.status)
    return answer.response
  }

  private func routed(_ request: Request, _ context: WebContext) async throws -> Response {
    let response = try await router.respond(to: request, context: context)
    // Only the router itself answers without saying what its answer is.
    guard response.status == .notFound, response.headers[.contentType] == nil else {
      return response
    }
    api.requests.count(route: "unknown", method: request.method.rawValue, status: 404)
    let problem = Problem(.noSuchRoute, "There is nothing under this path; see /v1/openapi.json.")
      .answer(requestID: context.requestID).response
    return request.method == .head ? problem.createHeadResponse() : problem
  }

  /// A router of exactly these routes; every other method of their paths answers 405.
  private static func router(api: API, routes: [Route]) -> Router<WebContext> {
    let router = Router(context: WebContext.self)
    for route in routes {
      let handle: @Sendable (Request, WebContext) async throws -> Response = {
        await respond(to: $0, $1, by: route, api: api)
      }
      router.on(RouterPath(route.template), method: route.method, use: handle)
      if route.method == .get {
        router.on(RouterPath(route.template), method: .head) { request, context in
          try await handle(request, context).createHeadResponse()
        }
      }
    }
    let methods: [HTTPRequest.Method] = [
      .get, .head, .post, .put, .patch, .delete, .options,
    ]
    for template in Set(routes.map(\.template)) {
      var known = routes.filter { $0.template == template }.map(\.method)
      if known.contains(.get) { known.append(.head) }
      let allow = known.map(\.rawValue).joined(separator: ", ")
      for method in methods where !known.contains(method) {
        router.on(RouterPath(template), method: method) { request, context in
          api.requests.count(route: template, method: method.rawValue, status: 405)
          return Problem(
            .methodNotAllowed, "This path knows \(allow).", headers: [(.allow, allow)]
          ).answer(requestID: context.requestID).response
        }
      }
    }
    return router
  }

  private static func respond(
    to request: Request, _ context: WebContext, by route: Route, api: API
  ) async -> Response {
    let answer: Answer
    do {
      answer = try await route.handle(
        await call(request, context, by: route, api: api))
    } catch {
      if error.type == .internalError {
        api.logger.error("\(error.detail)", metadata: ["request": "\(context.requestID)"])
      }
      answer = error.answer(requestID: context.requestID)
    }
    api.requests.count(
      route: route.template, method: request.method.rawValue, status: answer.status)
    return answer.response
  }

  private static func call(
    _ request: Request, _ context: WebContext, by route: Route, api: API
  ) async throws(Problem) -> Call {
    let by = try Identity.subject(of: request.headers)
    let query = try Query(request.uri.query, allowed: route.parameters)
    var names: [String: String] = [:]
    for placeholder in route.placeholders {
      guard let raw = context.parameters.get(placeholder), let name = APIName.decoded(raw) else {
        throw Problem(.noSuchRoute, "A name in the path is not percent-encoded UTF-8.")
      }
      names[placeholder] = name
    }
    return Call(
      api: api, route: route, request: request, names: names, query: query, by: by,
      body: try await body(of: request, rule: route.body, limits: api.configuration.limits))
  }

  /// - Throws: `media-type` for a body that does not say it is JSON, `body-too-large`.
  private static func body(
    of request: Request, rule: Route.BodyRule, limits: WebConfiguration.Limits
  ) async throws(Problem) -> [UInt8] {
    guard case .json(let limit) = rule else { return [] }
    let max = limit == .body ? limits.bodyBytes : limits.messageBytes
    let tooLarge = Problem(.bodyTooLarge, "The body is larger than \(max) bytes.")
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > max {
      throw tooLarge
    }
    var bytes: [UInt8] = []
    do {
      for try await buffer in request.body {
        guard bytes.count + buffer.readableBytes <= max else { throw tooLarge }
        bytes += buffer.readableBytesView
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.malformed, "The body ended before its length.")
    }
    guard bytes.isEmpty || isJSON(request.headers[.contentType]) else {
      throw Problem(.mediaType, "Content-Type must be application/json.")
    }
    return bytes
  }

  private static func isJSON(_ type: String?) -> Bool {
    guard let type = type?.utf8.split(separator: UInt8(ascii: ";")).first else { return false }
    let name = type.filter { $0 != 0x20 && $0 != 0x09 }.map {
      (65...90).contains($0) ? $0 + 32 : $0
    }
    return name.elementsEqual("application/json".utf8)
  }
}
