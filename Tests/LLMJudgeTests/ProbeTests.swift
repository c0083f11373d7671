import Engine
import LLMJudge
import LoopbackServer
import PetriNet
import Testing
import Transfer

/// What the doctor finds out about servers that keep to their constraint, and about those that do
/// not.
@Suite struct ProbeTests {
  /// What a server answers to a request's body.
  struct Server: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var constraint: EndpointFindings.Constraint
    var confidence: EndpointFindings.Confidence
    var limit: EndpointFindings.Limit
    var answer: @Sendable (String) -> ScriptedServer.Action

    init(
      _ name: String, _ constraint: EndpointFindings.Constraint,
      _ confidence: EndpointFindings.Confidence, _ limit: EndpointFindings.Limit,
      _ answer: @escaping @Sendable (String) -> ScriptedServer.Action
    ) {
      testDescription = name
      self.constraint = constraint
      self.confidence = confidence
      self.limit = limit
      self.answer = answer
    }
  }

  /// The first label that a body offers, as it is to be answered.
  private static func label(_ body: String) -> String {
    if body.contains("boolean") { return "true" }
    return body.contains("zeta-17") ? #"\"zeta-17\""# : #"\"가나-1\""#
  }

  private static func isCut(_ body: String) -> Bool { body.contains(#""max_tokens":1}"#) }

  /// A chat reply whose content is this, with one token a piece.
  private static func reply(
    _ pieces: [(text: String, logprob: String)], finish: String = "stop", hasTokens: Bool = true
  ) -> ScriptedServer.Action {
    let content = pieces.map(\.text).joined()
    let tokens = pieces.map { piece in
      let alternatives =
        piece.logprob == "0" ? "" : #"{"token":"The","logprob":-0.7},"#
      let own = #"{"token":"\#(piece.text)","logprob":\#(piece.logprob)}"#
      return #"{"token":"\#(piece.text)","logprob":\#(piece.logprob),"top_logprobs":"#
        + "[\(alternatives)\(own)]}"
    }
    let logprobs =
      hasTokens ? #","logprobs":{"content":[\#(tokens.joined(separator: ","))]}"# : ""
    return .reply(
      #"{"model":"stub-1","choices":[{"message":{"content":"\#(content)"},"#
        + #""finish_reason":"\#(finish)"\#(logprobs)}]}"#)
  }

  private static func verdict(
    _ body: String, logprob: String = "0"
  ) -> [(text: String, logprob: String)] {
    [(#"{\"verdict\":"#, "0"), (label(body), logprob), ("}", "0")]
  }

  private static func whole(
    _ body: String, logprob: String = "0", hasTokens: Bool = true
  ) -> ScriptedServer.Action {
    isCut(body)
      ? reply([(#"{\"verdict"#, "0")], finish: "length")
      : reply(verdict(body, logprob: logprob), hasTokens: hasTokens)
  }

  static let servers: [Server] = [
    Server("enforces", .enforced(answers: 3), .given(.rawRenormalised, offSchema: 0), .told) {
      whole($0)
    },
    Server(
      "ignores the schema", .ignored(.notStrictJSONProse), .untold, .hidden(.notStrictJSONProse)
    ) { _ in reply([("The sea is wide.", "0")]) },
    Server("ignores it for booleans", .ignored(.notStrictJSONProse), .missing, .told) { body in
      body.contains("boolean") && !isCut(body)
        ? reply([("The sea is wide.", "0")]) : whole(body, hasTokens: false)
    },
    Server("any JSON will do", .ignored(.schemaMissingKey), .untold, .told) { body in
      isCut(body)
        ? reply([(#"{\"col"#, "0")], finish: "length")
        : reply([(#"{\"colour\":\"blue\"}"#, "0")])
    },
    Server(
      "500 for the schema", .untold(.providerUnavailable), .untold, .untold(.providerUnavailable)
    ) { _ in .reply("no grammar", status: 500) },
    Server("no such model", .untold(.requestRejected), .untold, .untold(.requestRejected)) { _ in
      .reply(#"{"error":{"code":"model_not_found"}}"#, status: 404)
    },
    Server("no probabilities", .enforced(answers: 3), .missing, .told) {
      whole($0, hasTokens: false)
    },
    Server(
      "probabilities before the constraint", .enforced(answers: 3),
      .given(.rawRenormalised, offSchema: 0.5), .told
    ) { whole($0, logprob: "-0.6931471805599453") },
    Server(
      "knows no limit", .enforced(answers: 3), .given(.rawRenormalised, offSchema: 0), .ignored
    ) { reply(verdict($0)) },
  ]

  @Test(arguments: servers)
  func `a server is told for what it is`(_ server: Server) async throws {
    let scripted = ScriptedServer { [server.answer($0.bodyText)] }
    let loop = CurlLoop()
    defer {
      loop.stop()
      scripted.stop()
    }
    var endpoint = EndpointConfiguration(
      name: "e", url: scripted.url, dialect: "compatible", model: "stub-1")
    endpoint.confidence = .logprobs
    let deadline = LLMJudge.Surroundings.system.now().advanced(by: 10_000_000)

    var findings = try await EndpointProbe(endpoint, transfer: loop, deadline: deadline).findings()
    if case .given(let source, let offSchema) = findings.confidence {
      findings.confidence = .given(source, offSchema: (offSchema * 1_000).rounded() / 1_000)
    }

    #expect(findings.constraint == server.constraint)
    #expect(findings.confidence == server.confidence)
    #expect(findings.limit == server.limit)
    #expect(scripted.requests.count == 4)
  }
}
