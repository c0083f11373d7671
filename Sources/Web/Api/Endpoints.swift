import Engine
import Orchestration
import PetriNet

/// `/v1/endpoints`: how the judge's endpoints do, and `:pause` and `:resume` of one.
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

  /// Already so: 200 without an event.
  private static func set(
    _ call: Call, _ command: (String, String) -> Command
  ) async throws(Problem) -> Answer {
    let body = try call.fields(["reason"])
    let name = call.name("e")
    let known = try await all(call).first { $0.name.inFormC.utf8.elementsEqual(name.utf8) }
    guard let known else {
      throw Problem(.noSuchEndpoint, "There is no endpoint '\(VisibleText.visible(name))'.")
    }
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
    ])
  }

  private static func counts(_ counts: [String: Int]) -> JSONText.Node {
    .object(
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { .init($0.key, .integer($0.value)) })
  }
}
