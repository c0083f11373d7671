import CEL
import Engine
import HTTPTypes
import Orchestration
import PetriNet

@testable import Web

extension RouteTable {
  private static let any: [(HTTPField.Name, String)] = [(.ifMatch, "*")]
  private static let stale: [(HTTPField.Name, String)] = [(.ifMatch, "\"t7-old\"")]
  private static let key: [(HTTPField.Name, String)] = [(.idempotencyKey, "k1")]
  private static let reason = #"{"reason":"because"}"#

  private static func done(_ reply: Reply, replay: Bool = false) -> SubmissionResult {
    .success(Submitted(reply, isReplay: replay))
  }

  static let tasks: [RouteRow] = {
    let one = "GET /v1/tasks/{t}"
    let claim = "POST /v1/tasks/{t}:claim"
    let release = "POST /v1/tasks/{t}:release"
    let until = Fixture.now.advanced(by: 900_000_000)
    return [
      .init("GET /v1/tasks", "/v1/tasks?group=refunds&claimed=false", 200),
      .init("GET /v1/tasks", "/v1/tasks?due_before=soon", 400, .malformed),
      .init("GET /v1/tasks", "/v1/tasks?claimed=maybe", 400, .malformed),
      .init("GET /v1/tasks", "/v1/tasks?case=7", 400, .malformed),
      .init(one, "/v1/tasks/t7", 200),
      .init(one, "/v1/tasks/t8", 200),
      .init(one, "/v1/tasks/t7", 304, headers: [(.ifNoneMatch, "\"t7\"")]),
      .init(one, "/v1/tasks/t99", 404, .noSuchTask),
      .init(
        claim, "/v1/tasks/t7:claim", 200,
        answer: done(.claimed(TaskID(Seq(7)), until: until, event: Seq(60)))),
      .init(claim, "/v1/tasks/t99:claim", 404, .noSuchTask),
      .init(claim, "/v1/tasks/t8:claim", 409, .taskWithdrawn),
      .init(
        claim, "/v1/tasks/t9:claim", 409, .taskHeld, answer: refused(.claim, .taskHeld, of: 9)),
      .init(claim, "/v1/tasks/t7:claim", 412, .versionChanged, headers: stale),
      .init(
        claim, "/v1/tasks/t7:claim", 403, .fourEyes, headers: [(.petrelPerson, "eve")],
        answer: refused(.claim, .fourEyes, of: 7)),
      .init(
        release, "/v1/tasks/t9:release", 200, body: "{}", answer: done(.done(event: Seq(60)))),
      .init(release, "/v1/tasks/t99:release", 404, .noSuchTask),
      .init(
        release, "/v1/tasks/t9:release", 409, .taskHeld,
        answer: refused(.release, .taskHeld, of: 9)),
      .init(release, "/v1/tasks/t7:release", 412, .versionChanged, headers: stale),
    ] + answers
  }()

  private static let answers: [RouteRow] = {
    let route = "POST /v1/tasks/{t}:answer"
    let uri = "/v1/tasks/t7:answer"
    let approve = #"{"outcome":"approve"}"#
    let answered = Reply.answered(FiringID(Seq(60)), event: Seq(60))
    return [
      .init(
        route, uri, 200, headers: [(.ifMatch, "\"t7\"")],
        body: #"{"outcome":"reject","form":{"why":"no"},"note":"late"}"#,
        answer: done(answered)),
      .init(
        route, "/v1/tasks/t8:answer", 200, headers: key, body: approve,
        seen: ["k1": done(answered, replay: true)]),
      .init(route, uri, 400, .malformed, headers: any, body: "{}"),
      .init(route, uri, 400, .unknownField, headers: any, body: #"{"outcom":"approve"}"#),
      .init(
        route, uri, 400, .malformed, headers: any, body: #"{"outcome":"approve","form":{"x":1}}"#),
      .init(
        route, uri, 403, .fourEyes, headers: any + [(.petrelPerson, "eve")], body: approve,
        answer: refused(.answer, .fourEyes, of: 7)),
      .init(route, "/v1/tasks/t99:answer", 404, .noSuchTask, headers: any, body: approve),
      .init(route, "/v1/tasks/t8:answer", 409, .taskWithdrawn, headers: any, body: approve),
      .init(
        route, uri, 409, .taskWithdrawn, headers: any, body: approve,
        answer: refused(.answer, .taskWithdrawn, of: 7)),
      .init(route, uri, 412, .versionChanged, headers: stale, body: approve),
      .init(route, uri, 422, .noSuchOutcome, headers: any, body: #"{"outcome":"aprove"}"#),
      .init(
        route, uri, 422, .valueNotInColourSet, headers: any,
        body: #"{"outcome":"reject","form":{"why":"much too long a reason"}}"#),
      .init(route, uri, 428, .ifMatchMissing, body: approve),
    ]
  }()

  static let incidents: [RouteRow] = {
    var rows: [RouteRow] = [
      .init("GET /v1/incidents", "/v1/incidents?case=c3&code=T403", 200),
      .init("GET /v1/incidents/{i}", "/v1/incidents/i10", 200),
      .init(
        "GET /v1/incidents/{i}", "/v1/incidents/i10", 304, headers: [(.ifNoneMatch, "\"i10\"")]),
      .init("GET /v1/incidents/{i}", "/v1/incidents/i99", 404, .noSuchIncident),
      .init("GET /v1/incidents/{i}", "/v1/incidents/i11", 409, .incidentResolved),
    ]
    let bodies = [
      ("retry", reason), ("choose", #"{"outcome":"ok","reason":"because"}"#),
      ("terminate", reason),
    ]
    for (verb, body) in bodies {
      let route = "POST /v1/incidents/{i}:\(verb)"
      let uri = "/v1/incidents/i21:\(verb)"
      rows += [
        .init(route, uri, 200, body: body, answer: done(.done(event: Seq(60)))),
        .init(
          route, "/v1/incidents/i98:\(verb)", 200, headers: key, body: body,
          seen: ["k1": done(.done(event: Seq(60)), replay: true)]),
        .init(route, uri, 400, .unknownField, body: #"{"reasons":"r"}"#),
        .init(route, "/v1/incidents/i99:\(verb)", 404, .noSuchIncident, body: body),
        .init(
          route, uri, 409, .incidentResolved, body: body,
          answer: refused(.settle, .incidentResolved, of: 21)),
        .init(
          route, uri, 412, .versionChanged, headers: [(.ifMatch, "\"i1\"")], body: body),
        .init(
          route, uri, 422, .idempotencyKeyReused, headers: key, body: body,
          seen: ["k1": .failure(.keyReused)]),
      ]
    }
    return rows + [
      .init(
        "POST /v1/incidents/{i}:retry", "/v1/incidents/i10:retry", 404, .noSuchVersion,
        body: #"{"version":"ab"}"#),
      .init(
        "POST /v1/incidents/{i}:retry", "/v1/incidents/i21:retry", 200,
        body: #"{"version":"current","reason":"repaired"}"#, answer: done(.done(event: Seq(60)))),
      .init(
        "POST /v1/incidents/{i}:choose", "/v1/incidents/i10:choose", 422, .noSuchOutcome,
        body: #"{"outcome":"ok","reason":"because"}"#),
    ]
  }()

  static let pauses: [RouteRow] = ["pause", "resume"].flatMap { verb -> [RouteRow] in
    let workflow = "POST /v1/workflows/{w}:\(verb)"
    let transition = "POST /v1/workflows/{w}/transitions/{t}:\(verb)"
    let endpoint = "POST /v1/endpoints/{e}:\(verb)"
    return [
      .init(
        endpoint, "/v1/endpoints/fast:\(verb)", 200, body: reason,
        answer: done(.done(event: Seq(60)))),
      .init(endpoint, "/v1/endpoints/fast:\(verb)", 400, .malformed, body: "{}"),
      .init(endpoint, "/v1/endpoints/none:\(verb)", 404, .noSuchEndpoint, body: reason),
      .init(
        workflow, "/v1/workflows/refund:\(verb)", 200, body: reason,
        answer: done(.done(event: Seq(60)))),
      .init(workflow, "/v1/workflows/refund:\(verb)", 400, .malformed, body: "{}"),
      .init(workflow, "/v1/workflows/none:\(verb)", 404, .noSuchWorkflow, body: reason),
      .init(
        transition, "/v1/workflows/refund/transitions/approve:\(verb)", 200, body: reason,
        answer: done(.done(event: nil))),
      .init(
        transition, "/v1/workflows/refund/transitions/none:\(verb)", 404, .noSuchTransition,
        body: reason),
    ]
  }

  static let reads: [RouteRow] = [
    .init("GET /v1/verdicts", "/v1/verdicts?case=c3&transition=ask&outcome=true", 200),
    .init("GET /v1/verdicts", "/v1/verdicts?case=x", 400, .malformed),
    .init("GET /v1/verdicts/{f}", "/v1/verdicts/f4", 200),
    .init("GET /v1/verdicts/{f}", "/v1/verdicts/f4?contents=true", 200),
    .init("GET /v1/verdicts/{f}", "/v1/verdicts/f3", 404, .noSuchVerdict),
    .init("GET /v1/endpoints", "/v1/endpoints", 200),
    .init("POST /v1/endpoints/{e}:probe", "/v1/endpoints/fast:probe", 200),
    .init("POST /v1/endpoints/{e}:probe", "/v1/endpoints/none:probe", 404, .noSuchEndpoint),
    .init(
      "POST /v1/endpoints/{e}:probe", "/v1/endpoints/fast:probe", 400, .unknownField,
      body: #"{"reason":"because"}"#),
    .init("GET /v1/events", "/v1/events?after=3&kind=fired,caseClosed&workflow=refund", 200),
    .init("GET /v1/events", "/v1/events?after=x", 400, .malformed),
    .init("GET /v1/openapi.json", "/v1/openapi.json", 200),
    .init("GET /health/live", "/health/live", 200),
    .init("GET /health/ready", "/health/ready", 200),
    .init("GET /metrics", "/metrics", 200),
    .init("GET /problems/{type}", "/problems/four-eyes", 200),
    .init("GET /problems/{type}", "/problems/none", 404, .noSuchProblem),
  ]
}
