import Engine
import Orchestration
import PetriNet

/// What `petrel doctor` finds out about an endpoint, one line.
package struct EndpointCheck: Sendable, Equatable {
  package enum Result: String, Sendable {
    case good = "ok"
    case bad = "no"
    /// Could not be tried.
    case unknown = "-"
  }

  package var name: String
  package var result: Result
  package var detail: String

  package init(name: String, result: Result, detail: String) {
    self.name = name
    self.result = result
    self.detail = detail
  }
}

/// Asks an endpoint of this name questions that only a constraint answers with labels; nil if there
/// is none of the name.
package typealias EndpointProbing = @Sendable (String) async -> [EndpointCheck]?

/// `/v1/endpoints`: how the judge's endpoints do, and `:probe`, `:pause` and `:resume` of one.
enum Endpoints {
  /// All of them; there are as many as the configuration names.
  static func list(_ call: Call) async throws(Problem) -> Answer {
    let endpoints = try await all(call)
    return .json(.object([.init("items", .list(endpoints.map(node))), .init("next", .null)]))
  }

  static func pause(_ call: Call) async throws(Problem) -> Answer {
    try await set(call) { .pause(SetPause(target: .endpoint($0), by: call.by, why: $1)) }
  }

  static func resume(_ call: Call) async throws(Problem) -> Answer {
    try await set(call) { .resume(SetPause(target: .endpoint($0), by: call.by, why: $1)) }
  }

  /// Asks it as the doctor does, now: four questions that hold nobody's data.
  static func probe(_ call: Call) async throws(Problem) -> Answer {
    _ = try call.fields([])
    let known = try await named(call)
    guard let checks = await call.api.probe?(known.name) else {
      throw Problem(.noSuchEndpoint, "The endpoint '\(known.name)' is asked by a service alone.")
    }
    return .json(
      .object([
        .init("name", .string(known.name)),
        .init("ok", .bool(!checks.contains { $0.result == .bad })),
        .init(
          "checks",
          .list(
            checks.map {
              .object([
                .init("check", .string($0.name)), .init("result", .string($0.result.rawValue)),
                .init("detail", .string($0.detail)),
              ])
            })),
      ]))
  }

  /// The endpoint that the path names.
  private static func named(_ call: Call) async throws(Problem) -> EndpointStanding {
    let name = call.name("e")
    let known = try await all(call).first { $0.name.inFormC.utf8.elementsEqual(name.utf8) }
    guard let known else {
      throw Problem(.noSuchEndpoint, "There is no endpoint '\(VisibleText.visible(name))'.")
    }
    return known
  }

  /// Already so: 200 without an event.
  private static func set(
    _ call: Call, _ command: (String, String) -> Command
  ) async throws(Problem) -> Answer {
    let body = try call.fields(["reason"])
    let known = try await named(call)
    let reason = try body.requiredText("reason")
    let reply = try await call.api.submit(command(known.name, reason))
    guard case .done(let event) = reply.reply else { throw reply.unexpected("a pause") }
    return .json(.fields([("event", event.map { .seq($0) })]))
  }

  private static func all(_ call: Call) async throws(Problem) -> [EndpointStanding] {
    try await call.api.look { engine async throws(SubmissionError) in try await engine.endpoints() }
  }

  private static func node(_ standing: EndpointStanding) -> JSONText.Node {
    .object([
      .init("name", .string(standing.name)), .init("dialect", .string(standing.dialect)),
      .init("model", .string(standing.model)), .init("paused", .bool(standing.isPaused)),
      .init("breaker", .string(standing.breaker.rawValue)),
      .init("waiting", .integer(standing.waiting)), .init("running", .integer(standing.running)),
      .init("calls", counts(standing.endings)), .init("refused", counts(standing.refusals)),
      .init("tokens_in", .integer(standing.tokensIn)),
      .init("tokens_out", .integer(standing.tokensOut)), .init("cost", .integer(standing.cost)),
      .init("clock_skew_ms", standing.skewMicroseconds.map { .integer($0 / 1_000) } ?? .null),
    ])
  }

  private static func counts(_ counts: [String: Int]) -> JSONText.Node {
    .object(
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { .init($0.key, .integer($0.value)) })
  }
}
