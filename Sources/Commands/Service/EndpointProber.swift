internal import LLMJudge
internal import Orchestration
internal import Transfer
internal import Web
internal import Workflows

/// `POST /v1/endpoints/{e}:probe` of a running service: what the doctor asks, and what follows from
/// it.
struct EndpointProber: Sendable {
  let configuration: Configuration
  let admission: GuardAdmission
  let orchestrator: Orchestrator
  /// The log, beside which proofs are kept.
  let database: String

  /// Nil if there is no such endpoint.
  func probe(_ name: String) async -> [EndpointCheck]? {
    let found = configuration.endpoints.first { $0.name.value.utf8.elementsEqual(name.utf8) }
    guard let endpoint = found else { return nil }
    let transfer = CurlLoop()
    defer { transfer.stop() }
    let (findings, checks) = await EndpointExamination(endpoint, transfer).examine()
    if let findings, let asked = try? EndpointConfiguration(endpoint) {
      await admission.take(
        findings.constraint, of: asked, isAccepted: endpoint.unenforced != nil, orchestrator,
        database: database)
    }
    return checks.map { EndpointCheck(name: $0.name, result: .init($0.result), detail: $0.detail) }
  }
}

extension EndpointCheck.Result {
  fileprivate init(_ result: Doctor.Check.Result) {
    switch result {
    case .good: self = .good
    case .bad: self = .bad
    case .unknown: self = .unknown
    }
  }
}
