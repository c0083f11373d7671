import CEL
import Engine
import LoopbackServer
import PetriNet
import Testing

@Suite struct OpenRequestTests {
  private static let takes = RecordColour(
    name: nil,
    fields: [
      .init(name: "service", colour: .string(max: nil)),
      .init(name: "method", colour: .string(max: nil)),
      .init(name: "path", colour: .string(max: nil)),
      .init(name: "query", colour: .map(.string(max: nil))),
      .init(name: "headers", colour: .map(.string(max: nil))),
      .init(name: "body", colour: .optional(.string(max: nil))),
    ])
  private static let returns = RecordColour(
    name: nil,
    fields: [
      .init(name: "status", colour: .int(nil)), .init(name: "body", colour: .string(max: nil)),
    ])

  private static func argument(
    service: String = "payments", path: String = "/a", header: String = "X-A"
  ) -> Value {
    let map = { (name: String, text: String) in
      Value.map(MapValue([.init(.string(name), .string(text))]) ?? MapValue())
    }
    return .record(
      Record(
        type: takes.type,
        fields: [
          .string(service), .string("PUT"), .string(path), map("q", "1 2"), map(header, "b"),
          .string("hello"),
        ]))
  }

  private func perform(
    _ argument: Value, isOpen: Bool = true, _ action: ScriptedServer.Action = .reply("ok")
  ) async throws -> (Outcome, ScriptedServer.Request?) {
    let bench = try ServiceBench(ScriptedServer(always: [action]), isOpen: isOpen)
    defer { bench.stop() }
    let outcome = await bench.perform(
      argument, returns: .record(Self.returns), name: "http.request")
    return (outcome, bench.server.requests.first)
  }

  @Test func `any status that is an answer is the result`() async throws {
    let (outcome, request) = try await perform(Self.argument(), .reply("gone", status: 404))

    let record = Record(type: Self.returns.type, fields: [.int(404), .string("gone")])
    #expect(outcome == .ok(.record(record)))
    #expect(request?.line == "PUT /a?q=1%202 HTTP/1.1")
    #expect(request?.header("x-a") == "b")
    #expect(request?.header("authorization") == "Bearer s3cret")
    #expect(request?.header("idempotency-key") == "s0-7-0")
    #expect(request?.bodyText == "hello")
  }

  @Test func `a status that may pass is no answer`() async throws {
    let (outcome, _) = try await perform(Self.argument(), .reply("", status: 502))

    #expect(outcome == .failed("unavailable", retry: true, happened: .maybe))
  }

  @Test(arguments: [
    argument(service: "other"), argument(path: "a"), argument(path: "//evil.example/"),
    argument(path: "/a/../b"), argument(path: "/a/%2E%2e/b"), argument(path: "/a?b"),
    argument(path: "/a\r\n"), argument(header: "Host"), argument(header: "authorization"),
    argument(header: "X\r\nY"), argument(header: "Transfer-Encoding"),
  ])
  func `a token cannot choose another host, path or the service's own headers`(
    _ argument: Value
  ) async throws {
    let (outcome, request) = try await perform(argument)

    #expect(outcome == .failed("bad_request", retry: false, happened: .no))
    #expect(request == nil)
  }

  @Test func `a service that is not open takes no open request`() async throws {
    let (outcome, request) = try await perform(Self.argument(), isOpen: false)

    #expect(outcome == .failed("bad_request", retry: false, happened: .no))
    #expect(request == nil)
  }
}
