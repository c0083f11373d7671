import Engine
import HTTPTypes
import Orchestration

@testable import Web

extension RouteTable {
  static let erasures: [RouteRow] = {
    let route = "POST /v1/erasures"
    let uri = "/v1/erasures"
    let kim = #"{"subject":"Kim"}"#
    let erased = SubmissionResult.success(Submitted(.done(event: Seq(60))))
    let repeated = SubmissionResult.success(Submitted(.done(event: Seq(60)), isReplay: true))
    let key: [(HTTPField.Name, String)] = [(.idempotencyKey, "k1")]
    return [
      .init(route, uri, 200, body: kim, answer: erased),
      .init(route, "\(uri)?dry_run=true", 200, body: #"{"subject":"Ada"}"#),
      .init(route, "\(uri)?dry_run=maybe", 400, .malformed, body: kim),
      .init(
        route, uri, 200, body: #"{"subject":"Ada","cancel_open":true,"reason":"art. 17"}"#,
        answer: erased),
      .init(route, uri, 200, body: #"{"subject":"nobody"}"#),
      .init(
        route, uri, 200, headers: key, body: #"{"subject":"nobody"}"#, seen: ["k1": repeated]),
      .init(
        route, uri, 422, .idempotencyKeyReused, headers: key, body: kim,
        answer: .failure(.keyReused)),
      .init(route, uri, 400, .malformed, body: "{}"),
      .init(route, uri, 400, .malformed, body: #"{"subject":"Ada","cancel_open":"yes"}"#),
      .init(route, uri, 400, .unknownField, body: #"{"subject":"Ada","person":1}"#),
      .init(route, uri, 409, .casesOpen, body: #"{"subject":"Ada"}"#),
      .init(route, uri, 503, .storeUnavailable, body: #"{"subject":"Eve"}"#),
    ]
  }()
}
