import Engine
import LLMJudge
import LoopbackServer
import PetriNet
import Testing
import Transfer

/// What the doctor finds out about servers that keep to their constraint, and about those that do
/// not.
@Suite struct ProbeTests {
  /// A server and what is found out about it.
  struct Server: Sendable, CustomTestStringConvertible {
    var manner: ModelManner
    var constraint: EndpointFindings.Constraint
    var confidence: EndpointFindings.Confidence
    var limit: EndpointFindings.Limit

    var testDescription: String { manner.rawValue }

    init(
      _ manner: ModelManner, _ constraint: EndpointFindings.Constraint,
      _ confidence: EndpointFindings.Confidence, _ limit: EndpointFindings.Limit
    ) {
      self.manner = manner
      self.constraint = constraint
      self.confidence = confidence
      self.limit = limit
    }
  }

  static let servers: [Server] = [
    Server(.enforces, .enforced(answers: 3), .given(.rawRenormalised, offSchema: 0), .told),
    Server(
      .ignoresSchema, .ignored(.notStrictJSONProse), .untold, .hidden(.notStrictJSONProse)),
    Server(.ignoresSchemaForBooleans, .ignored(.notStrictJSONProse), .missing, .told),
    Server(.ignoresSchemaUntilCut, .ignored(.notStrictJSONProse), .untold, .told),
    Server(
      .ignoresSchemaAsAnother, .ignored(.notStrictJSONProse), .untold, .untold(.modelMismatch)),
    Server(.onlyThinks, .untold(.truncated), .untold, .told),
    Server(.padsUntilCut, .untold(.truncated), .untold, .told),
    Server(.callsTool, .ignored(.unexpectedTool), .untold, .hidden(.unexpectedTool)),
    Server(.anyJSON, .ignored(.schemaMissingKey), .untold, .told),
    Server(
      .failsOnSchema, .untold(.providerUnavailable), .untold, .untold(.providerUnavailable)),
    Server(.otherName, .untold(.requestRejected), .untold, .untold(.requestRejected)),
    Server(.noProbabilities, .enforced(answers: 3), .missing, .told),
    Server(
      .probabilitiesBefore, .enforced(answers: 3), .given(.rawRenormalised, offSchema: 0.5), .told),
    Server(.noLimit, .enforced(answers: 3), .given(.rawRenormalised, offSchema: 0), .ignored),
  ]

  @Test(arguments: servers)
  func `a server is told for what it is`(_ server: Server) async throws {
    let scripted = ScriptedServer(server.manner)
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
