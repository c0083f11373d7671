import CEL
import Engine
import HTTPTypes
import Orchestration
import PetriNet

@testable import Web

/// A request of the table, and the status and type of problem that it is answered with.
struct RouteRow: Sendable, CustomStringConvertible {
  var route: String
  var uri: String
  var headers: [(HTTPField.Name, String)] = []
  var body: String?
  var answers: [SubmissionResult] = []
  var seen: [String: SubmissionResult] = [:]
  var status: Int
  var problem: ProblemType?

  var method: HTTPRequest.Method { route.hasPrefix("POST") ? .post : .get }
  var description: String { "\(route) \(uri) -> \(status) \(problem?.rawValue ?? "")" }

  init(
    _ route: String, _ uri: String, _ status: Int, _ problem: ProblemType? = nil,
    headers: [(HTTPField.Name, String)] = [], body: String? = nil,
    answer: SubmissionResult? = nil, seen: [String: SubmissionResult] = [:]
  ) {
    self.route = route
    self.uri = uri
    self.status = status
    self.problem = problem
    self.headers = headers
    self.body = body
    answers = answer.map { [$0] } ?? []
    self.seen = seen
  }
}

/// What each route answers. A route without rows, or a documented status without one, fails.
enum RouteTable {
  static let all =
    workflows + cases + starts + tokens + tasks + incidents + reads + pauses + erasures

  static func refused(
    _ command: CommandKind, _ reason: RefusalReason, of: Int64? = nil
  ) -> SubmissionResult {
    let refusal = Refusal(command, reason, of: of.map { Seq($0) })
    return .success(Submitted(.refused(refusal, event: Seq(50))))
  }

  private static func done(_ reply: Reply, replay: Bool = false) -> SubmissionResult {
    .success(Submitted(reply, isReplay: replay))
  }

  private static let key: [(HTTPField.Name, String)] = [(.idempotencyKey, "k1")]
  private static let any: [(HTTPField.Name, String)] = [(.ifMatch, "*")]
  private static let reason = #"{"reason":"because"}"#
  private static let value = #"{"order":"ord-1","customer":"Ada","amount":5}"#
  private static let started = Reply.started(CaseID(Seq(60)), event: Seq(60), joined: false)
  private static let deposited = Reply.deposited(
    TokenID(Seq(60), 0), event: Seq(60), repeated: false)

  private static let workflows: [RouteRow] = [
    .init("GET /v1/workflows", "/v1/workflows", 200),
    .init("GET /v1/workflows", "/v1/workflows?limit=0", 400, .malformed),
    .init("GET /v1/workflows", "/v1/workflows?after=zzz", 400, .cursorInvalid),
    .init("GET /v1/workflows/{w}", "/v1/workflows/refund", 200),
    .init(
      "GET /v1/workflows/{w}", "/v1/workflows/refund", 304,
      headers: [(.ifNoneMatch, "\"\(Fixture.version)-0\"")]),
    .init("GET /v1/workflows/{w}", "/v1/workflows/none", 404, .noSuchWorkflow),
    .init("GET /v1/workflows/{w}", "/v1/workflows/%FF", 404, .noSuchRoute),
    .init(
      "GET /v1/workflows/{w}/versions/{v}",
      "/v1/workflows/refund/versions/\(Fixture.version)", 200),
    .init(
      "GET /v1/workflows/{w}/versions/{v}",
      "/v1/workflows/refund/versions/\(Fixture.version)", 304, headers: [(.ifNoneMatch, "*")]),
    .init(
      "GET /v1/workflows/{w}/versions/{v}", "/v1/workflows/refund/versions/ab", 404,
      .noSuchVersion),
    .init("GET /v1/workflows/{w}/marking", "/v1/workflows/refund/marking", 200),
    .init(
      "GET /v1/workflows/{w}/marking", "/v1/workflows/refund/marking", 304,
      headers: [(.ifNoneMatch, "\"1\", W/\"40\"")]),
    .init("GET /v1/workflows/{w}/marking", "/v1/workflows/none/marking", 404, .noSuchWorkflow),
  ]

  private static let starts: [RouteRow] = {
    let route = "POST /v1/workflows/{w}/cases"
    let uri = "/v1/workflows/refund/cases"
    let batch = "POST /v1/workflows/{w}/cases:batch"
    return [
      .init(route, uri, 201, headers: key, body: value, answer: done(started)),
      .init(
        route, uri, 201, headers: key, body: value, seen: ["k1": done(started, replay: true)]),
      .init(
        route, uri, 200, headers: key, body: value,
        answer: done(.started(CaseID(Seq(3)), event: Seq(60), joined: true))),
      .init(route, uri, 400, .missingIdempotencyKey, body: value),
      .init(route, uri, 400, .malformed, headers: key, body: "{"),
      .init(route, uri, 400, .malformed, headers: key, body: #"{"order":"a","order":"b"}"#),
      .init(
        route, uri, 400, .malformed,
        headers: [(.idempotencyKey, String(repeating: "k", count: 256))], body: value),
      .init(route, "/v1/workflows/none/cases", 404, .noSuchWorkflow, headers: key, body: value),
      .init(route, uri + "?start=done", 404, .noSuchPlace, headers: key, body: value),
      .init(
        route, uri, 409, .caseExists, headers: key, body: value,
        answer: refused(.start, .caseExists, of: 3)),
      .init(
        route, uri, 422, .valueNotInColourSet, headers: key,
        body: #"{"order":"ord-1","customer":"Ada","amount":-1}"#),
      .init(
        route, uri, 422, .valueNotInColourSet, headers: key,
        body: #"{"order":"ord-1","customer":"Ada","extra":1}"#),
      .init(
        route, uri, 422, .idempotencyKeyReused, headers: key, body: value,
        seen: ["k1": .failure(.keyReused)]),
      .init(
        route, uri, 429, .placeFull, headers: key, body: value,
        answer: done(.placeFull(PlaceName("requested")))),
      .init(
        route, uri, 413, .bodyTooLarge, headers: key, body: value,
        answer: refused(.start, .tooLarge)),
      .init(route, uri, 503, .inboxFull, headers: key, body: value, answer: .failure(.inboxFull)),
      .init(route, uri, 503, .draining, headers: key, body: value, answer: .failure(.draining)),
      .init(
        route, uri, 503, .storeUnavailable, headers: key, body: value,
        answer: .failure(.storeUnavailable)),
      .init(
        batch, uri + ":batch", 200, body: #"{"items":[{"key":"a","value":\#(value)}]}"#,
        answer: done(started)),
      .init(batch, uri + ":batch", 400, .malformed, body: "{}"),
      .init(batch, uri + ":batch", 400, .unknownField, body: #"{"items":[],"extra":1}"#),
      .init(
        batch, "/v1/workflows/none/cases:batch", 404, .noSuchWorkflow, body: #"{"items":[]}"#),
      .init(
        batch, uri + ":batch", 413, .bodyTooLarge,
        body: #"{"items":[\#(Array(repeating: "1", count: 1_001).joined(separator: ","))]}"#),
    ]
  }()

  private static let cases: [RouteRow] = {
    var rows: [RouteRow] = [
      .init("GET /v1/cases", "/v1/cases?workflow=refund&status=open&key=ord-1", 200),
      .init("GET /v1/cases", "/v1/cases?status=lost", 400, .malformed),
      .init("GET /v1/cases", "/v1/cases?sort=age", 400, .malformed),
      .init("GET /v1/cases/{c}", "/v1/cases/c3", 200),
      .init("GET /v1/cases/{c}", "/v1/cases/c12", 200),
      .init("GET /v1/cases/{c}", "/v1/cases/c3", 304, headers: [(.ifNoneMatch, "\"11\"")]),
      .init("GET /v1/cases/{c}", "/v1/cases/c99", 404, .noSuchCase),
      .init("GET /v1/cases/{c}", "/v1/cases/c03", 404, .noSuchCase),
      .init("GET /v1/cases/{c}/events", "/v1/cases/c3/events", 200),
      .init("GET /v1/cases/{c}/events", "/v1/cases/c99/events", 404, .noSuchCase),
      .init("GET /v1/cases/{c}/tokens", "/v1/cases/c3/tokens", 200),
      .init("GET /v1/cases/{c}/tokens", "/v1/cases/c99/tokens", 404, .noSuchCase),
    ]
    for verb in ["cancel", "terminate"] {
      let route = "POST /v1/cases/{c}:\(verb)"
      let uri = "/v1/cases/c3:\(verb)"
      let kind: CommandKind = verb == "cancel" ? .cancel : .terminate
      let ending = done(.ending(CaseID(Seq(3)), event: Seq(60)))
      rows += [
        .init(route, uri, 202, headers: any, body: reason, answer: ending),
        .init(
          route, "/v1/cases/c12:\(verb)", 200, headers: any, body: reason,
          answer: done(.ending(CaseID(Seq(12)), event: Seq(60)))),
        .init(
          route, uri, 202, headers: key, body: reason,
          seen: ["k1": done(.ending(CaseID(Seq(3)), event: Seq(60)), replay: true)]),
        .init(route, uri + "?dry_run=true", 200),
        .init(route, "/v1/cases/c12:\(verb)?dry_run=true", 409, .caseClosed),
        .init(route, uri, 400, .malformed, headers: any, body: "{}"),
        .init(route, uri, 400, .unknownField, headers: any, body: #"{"reason":"r","x":1}"#),
        .init(route, "/v1/cases/c99:\(verb)", 404, .noSuchCase, headers: any, body: reason),
        .init(
          route, uri, 409, .caseClosed, headers: any, body: reason,
          answer: refused(kind, .caseClosed, of: 3)),
        .init(
          route, uri, 412, .versionChanged, headers: [(.ifMatch, "\"5\"")], body: reason),
        .init(route, uri, 428, .ifMatchMissing, body: reason),
        .init(
          route, uri, 422, .idempotencyKeyReused, headers: key, body: reason,
          seen: ["k1": .failure(.keyReused)]),
      ]
    }
    return rows + migrations
  }()

  private static let migrations: [RouteRow] = {
    let route = "POST /v1/cases/{c}:migrate"
    let uri = "/v1/cases/c3:migrate"
    return [
      .init(
        route, uri, 200, headers: any, body: #"{"version":"abababab","reason":"repaired"}"#,
        answer: done(.done(event: Seq(60)))),
      .init(
        route, uri, 200, headers: any, body: #"{"places":{"old":"new"},"reason":"repaired"}"#,
        answer: done(.done(event: nil))),
      .init(
        route, uri, 200, headers: key, body: reason,
        seen: ["k1": done(.done(event: Seq(60)), replay: true)]),
      .init(route, uri + "?dry_run=true", 200),
      .init(route, uri, 400, .malformed, headers: any, body: "{}"),
      .init(route, uri, 400, .malformed, headers: any, body: #"{"places":["a"],"reason":"r"}"#),
      .init(route, uri, 404, .noSuchVersion, headers: any, body: #"{"version":"ab","reason":"r"}"#),
      .init(route, "/v1/cases/c99:migrate", 404, .noSuchCase, headers: any, body: reason),
      .init(
        route, uri, 404, .noSuchPlace, headers: any, body: reason,
        answer: refused(.migrate, .noSuchPlace)),
      .init(
        route, uri, 404, .noSuchTransition, headers: any, body: reason,
        answer: refused(.migrate, .noSuchFiring)),
      .init(
        route, uri, 409, .caseClosed, headers: any, body: reason,
        answer: refused(.migrate, .caseClosed, of: 3)),
      .init(route, uri, 412, .versionChanged, headers: [(.ifMatch, "\"5\"")], body: reason),
      .init(
        route, uri, 422, .valueNotInColourSet, headers: any, body: reason,
        answer: refused(.migrate, .valueNotInColourSet)),
      .init(route, uri, 428, .ifMatchMissing, body: reason),
    ]
  }()

  private static let tokens: [RouteRow] = {
    let message = "POST /v1/workflows/{w}/messages/{place}"
    let paid = "/v1/workflows/refund/messages/paid"
    let batch = "POST /v1/workflows/{w}/messages/{place}:batch"
    let list = "GET /v1/workflows/{w}/places/{p}/tokens"
    return [
      .init(message, paid, 201, body: value, answer: done(deposited)),
      .init(
        message, paid, 200, body: value,
        answer: done(.deposited(TokenID(Seq(12), 0), event: Seq(60), repeated: true))),
      .init(
        message, "/v1/workflows/refund/messages/hints", 201, headers: key,
        answer: done(deposited)),
      .init(message, "/v1/workflows/refund/messages/hints", 400, .missingIdempotencyKey),
      .init(message, "/v1/workflows/refund/messages/none", 404, .noSuchPlace, body: value),
      .init(message, "/v1/workflows/refund/messages/proxies", 404, .noSuchPlace, body: value),
      .init(message, "/v1/workflows/refund/messages/requested", 409, .casePlace, body: value),
      .init(message, paid, 422, .valueNotInColourSet, body: "{}"),
      .init(
        message, paid, 422, .keyReused, body: value,
        answer: refused(.deposit, .keyReused)),
      .init(
        message, paid, 429, .placeFull, body: value,
        answer: done(.placeFull(PlaceName(owner: "refund", place: "paid")))),
      .init(
        message, paid, 413, .bodyTooLarge,
        body: "\"" + String(repeating: "a", count: 65_536) + "\""),
      .init(
        batch, paid + ":batch", 200, body: #"{"items":[{"value":\#(value)}]}"#,
        answer: done(deposited)),
      .init(batch, paid + ":batch", 400, .malformed, body: "[]"),
      .init(
        batch, "/v1/workflows/refund/messages/none:batch", 404, .noSuchPlace,
        body: #"{"items":[]}"#),
      .init(
        batch, "/v1/workflows/refund/messages/requested:batch", 409, .casePlace,
        body: #"{"items":[]}"#),
      .init(list, "/v1/workflows/refund/places/proxies/tokens", 200),
      .init(list, "/v1/workflows/refund/places/none/tokens", 404, .noSuchPlace),
    ] + operators
  }()

  private static let operators: [RouteRow] = {
    let deposit = "POST /v1/workflows/{w}/places/{p}:deposit"
    let withdraw = "POST /v1/workflows/{w}/places/{p}:withdraw"
    let place = "/v1/workflows/refund/places/"
    let token = #"{"value":"p3","reason":"because"}"#
    let out = #"{"token":"20.0","reason":"because"}"#
    return [
      .init(deposit, place + "proxies:deposit", 201, body: token, answer: done(deposited)),
      .init(
        deposit, place + "paid:deposit", 200,
        body: #"{"value":\#(value),"reason":"because"}"#,
        answer: done(.deposited(TokenID(Seq(12), 0), event: Seq(60), repeated: true))),
      .init(deposit, place + "none:deposit", 404, .noSuchPlace, body: token),
      .init(deposit, place + "requested:deposit", 409, .casePlace, body: token),
      .init(
        deposit, place + "proxies:deposit", 409, .duplicateKey, body: token,
        answer: refused(.deposit, .duplicateKey)),
      .init(
        deposit, place + "proxies:deposit", 412, .versionChanged, headers: [(.ifMatch, "\"1\"")],
        body: token),
      .init(
        deposit, place + "proxies:deposit", 422, .valueNotInColourSet,
        body: #"{"value":5,"reason":"because"}"#),
      .init(
        deposit, place + "proxies:deposit", 429, .placeFull, body: token,
        answer: done(.placeFull(PlaceName(owner: "refund", place: "proxies")))),
      .init(
        withdraw, place + "proxies:withdraw", 200, body: out,
        answer: done(.done(event: Seq(60)))),
      .init(withdraw, place + "none:withdraw", 404, .noSuchPlace, body: out),
      .init(
        withdraw, place + "paid:withdraw", 404, .noSuchToken, body: out),
      .init(
        withdraw, place + "proxies:withdraw", 404, .noSuchToken,
        body: #"{"token":"99.0","reason":"because"}"#,
        answer: refused(.withdraw, .noSuchToken)),
      .init(
        withdraw, place + "proxies:withdraw", 400, .malformed,
        body: #"{"token":"x","reason":"because"}"#),
      .init(
        withdraw, place + "proxies:withdraw", 409, .tokenHeld,
        body: #"{"token":"20.1","reason":"because"}"#,
        answer: refused(.withdraw, .tokenHeld, of: 30)),
      .init(
        withdraw, place + "proxies:withdraw", 412, .versionChanged,
        headers: [(.ifMatch, "\"1\"")], body: out),
      .init(
        withdraw, place + "proxies:withdraw", 422, .idempotencyKeyReused, headers: key,
        body: out, seen: ["k1": .failure(.keyReused)]),
    ]
  }()
}
