internal import Engine
internal import Foundation
internal import LLMJudge
internal import Orchestration
internal import Transfer
internal import Workflows

/// One endpoint: its key at hand, reachable, the model that answers, and whether it is made to keep
/// to the labels, by questions whose free answer is none of them.
struct EndpointExamination {
  private let endpoint: Configuration.Endpoint
  private let transfer: CurlLoop
  private static let waitMilliseconds: Int64 = 10_000
  /// Clocks that are farther apart make wrong waits and times that nobody can compare.
  private static let skewMicroseconds: Int64 = 5_000_000

  init(_ endpoint: Configuration.Endpoint, _ transfer: CurlLoop) {
    self.endpoint = endpoint
    self.transfer = transfer
  }

  /// - Returns: Nothing found where it cannot be asked at all.
  func examine() async -> (findings: EndpointFindings?, checks: [Doctor.Check]) {
    let findings: EndpointFindings
    let asked: EndpointConfiguration
    do {
      let deadline = Instant(microseconds: MonotonicClock().now().microseconds)
        .advanced(by: Self.waitMilliseconds * 1_000)
      asked = try EndpointConfiguration(endpoint)
      findings = try await EndpointProbe(asked, transfer: transfer, deadline: deadline).findings()
    } catch {
      let why = (error as? Failure)?.message ?? "\(error)"
      return (nil, [check("key", .bad, why)])
    }
    guard let call = findings.call else {
      return (findings, [check("reachable", .bad, Self.reason(findings), away: true)])
    }
    guard let status = call.status else {
      let why = "\(endpoint.url.value): \(Self.reason(findings))"
      return (findings, [check("reachable", .bad, why, away: true)])
    }
    let checks =
      [check("reachable", .good, endpoint.url.value)] + answered(findings, call, status, asked)
    return (findings, checks + [clock(findings)])
  }

  private func answered(
    _ findings: EndpointFindings, _ call: CallRecord, _ status: Int,
    _ asked: EndpointConfiguration
  ) -> [Doctor.Check] {
    let why = Self.reason(findings)
    if status == 401 || status == 403 || why == FallbackReason.auth.rawValue {
      return [check("key", .bad, "refused with HTTP \(status)")]
    }
    let key = check("key", .good, endpoint.key == nil ? "none is sent" : "accepted")
    if case .untold(let reason) = findings.constraint {
      return [key, check("answers", .bad, Self.told(reason, status, call, endpoint))]
    }
    let milliseconds = (call.ended.microseconds - call.started.microseconds) / 1_000
    let answers =
      asked.accepts(model: call.model)
      ? check("answers", .good, "\(call.model ?? endpoint.model) in \(milliseconds) ms")
      : check("answers", .bad, Self.told(.modelMismatch, status, call, endpoint))
    return [key, answers, constraint(findings)] + confidence(findings) + [limit(findings)]
  }

  private static func told(
    _ reason: FallbackReason, _ status: Int, _ call: CallRecord,
    _ endpoint: Configuration.Endpoint
  ) -> String {
    if reason == .modelMismatch, let model = call.model {
      return "as \(model), not \(endpoint.model): returns: [\(model)] accepts it"
    }
    let code = call.vendorCode.map { " (\($0))" } ?? ""
    if status == 404 {
      return "HTTP 404: is there a model \(endpoint.model), and is this the route?\(code)"
    }
    return "\(reason.rawValue) with HTTP \(status)\(code)"
  }

  private func constraint(_ findings: EndpointFindings) -> Doctor.Check {
    switch findings.constraint {
    case .enforced(let answers):
      return check(
        "constraint", .good, "enforced: \(answers) of \(answers) answers were labels")
    case .ignored(let reason), .untold(let reason):
      let found = "NOT ENFORCED: an answer was none of the labels (\(reason.rawValue))"
      guard let accepted = endpoint.unenforced else { return check("constraint", .bad, found) }
      return check("constraint", .good, "\(found); accepted: \(accepted)")
    }
  }

  private func confidence(_ findings: EndpointFindings) -> [Doctor.Check] {
    switch findings.confidence {
    case .notAsked: return []
    case .untold: return [check("confidence", .unknown, "no answer to look at")]
    case .missing: return [check("confidence", .bad, "no probabilities came with the answers")]
    case .given(let source, let offSchema):
      let share = Int((offSchema * 100).rounded())
      let distribution =
        share == 0 ? "the distribution after the constraint" : "up to \(share) % lead to no label"
      return [check("confidence", .good, "\(source.rawValue), \(distribution)")]
    }
  }

  private func limit(_ findings: EndpointFindings) -> Doctor.Check {
    switch findings.limit {
    case .told: check("limit", .good, "an answer cut after 1 token is told as cut")
    case .hidden(let reason):
      check("limit", .bad, "an answer cut after 1 token is told as whole (\(reason.rawValue))")
    case .ignored: check("limit", .unknown, "more was answered than the 1 token that was allowed")
    case .untold(let reason):
      check("limit", .unknown, "a limit of 1 token is not taken (\(reason.rawValue))")
    }
  }

  private func clock(_ findings: EndpointFindings) -> Doctor.Check {
    guard let skew = findings.skewMicroseconds else {
      return check("clock", .unknown, "its replies have no Date to compare ours with")
    }
    guard skew != 0 else { return check("clock", .good, "agrees with ours") }
    let side = skew > 0 ? "ahead of" : "behind"
    let detail = "\(TimeText.length(abs(skew))) \(side) ours, by its Date"
    let isNear = abs(skew) <= Self.skewMicroseconds
    return check(
      "clock", isNear ? .good : .bad, isNear ? detail : "\(detail); 5 s are allowed")
  }

  private static func reason(_ findings: EndpointFindings) -> String {
    guard case .untold(let reason) = findings.constraint else { return "" }
    return reason.rawValue
  }

  private func check(
    _ name: String, _ result: Doctor.Check.Result, _ detail: String, away: Bool = false
  ) -> Doctor.Check {
    var check = Doctor.Check(endpoint.name.value, name, result, detail)
    check.isAway = away
    return check
  }
}

/// A service that performs actions: whether anything answers there, whatever it says.
struct ServiceExamination {
  private let service: Configuration.Service

  init(_ service: Configuration.Service) { self.service = service }

  func check() async -> Doctor.Check {
    let url = service.url.value
    let client = ServiceClient(url: url, transfer: CurlLoop(), seconds: 10)
    do {
      let reply = try await client.send("GET", "/")
      return Doctor.Check(
        service.name.value, "reachable", .good, "\(url) answers HTTP \(reply.status)")
    } catch {
      let why = (error as? Failure)?.message ?? "no whole reply"
      var check = Doctor.Check(service.name.value, "reachable", .bad, why)
      check.isAway = true
      return check
    }
  }
}
