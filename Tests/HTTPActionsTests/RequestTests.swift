import CEL
import Engine
import HTTPActions
import LoopbackServer
import PetriNet
import Testing

@Suite struct RequestTests {
  private func request(
    _ argument: Value = ServiceBench.argument(),
    _ change: @Sendable (inout ActionBinding) -> Void = { _ in }
  ) async throws -> (outcome: Outcome, request: ScriptedServer.Request?) {
    let bench = try ServiceBench(ScriptedServer(always: [.reply(payment)]), change)
    defer { bench.stop() }
    let outcome = await bench.perform(argument)
    return (outcome, bench.server.requests.first)
  }

  @Test func `a request carries the argument, the service's headers and the firing as key`()
    async throws
  {
    let request = try #require(try await request().request)

    #expect(request.line == "POST /orders/o1/refunds HTTP/1.1")
    #expect(request.header("authorization") == "Bearer s3cret")
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("idempotency-key") == "s0-7-0")
    #expect(request.bodyText == #"{"order":"o1","amount":4500,"tags":[]}"#)
  }

  @Test(arguments: [
    ("a/b?c#d", "/orders/a%2Fb%3Fc%23d/refunds"), ("한 국", "/orders/%ED%95%9C%20%EA%B5%AD/refunds"),
    ("..%2f..", "/orders/..%252f../refunds"), ("x\r\ny", "/orders/x%0D%0Ay/refunds"),
  ])
  func `a field of the path stays one segment`(_ order: String, _ path: String) async throws {
    let request = try await request(ServiceBench.argument(order: order)).request

    #expect(request?.line == "POST \(path) HTTP/1.1")
  }

  @Test(arguments: ["", ".", ".."])
  func `a field that would name another path is refused and nothing is sent`(_ order: String)
    async throws
  {
    let (outcome, request) = try await request(ServiceBench.argument(order: order))

    #expect(outcome == .failed("bad_request", retry: false, happened: .no))
    #expect(request == nil)
  }

  @Test func `query and headers are rendered, absent fields left out`() async throws {
    let request = try await request(ServiceBench.argument(order: "a&b=c")) { binding in
      binding.method = "GET"
      binding.body = .none
      binding.path = "/find"
      binding.query = [
        .init("order", "{order}"), .init("note", "{note}"), .init("q", "won {amount}"),
      ]
      binding.headers = [.init("X-Order", "{order}"), .init("X-Note", "{note}")]
    }.request

    #expect(request?.line == "GET /find?order=a%26b%3Dc&q=won%204500 HTTP/1.1")
    #expect(request?.header("x-order") == "a&b=c")
    #expect(request?.header("x-note") == nil)
    #expect(request?.header("content-type") == nil)
  }

  @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
  func `a header's value cannot begin another header`(_ order: String) async throws {
    let (outcome, request) = try await request(ServiceBench.argument(order: order)) {
      $0.path = "/x"
      $0.headers = [.init("X-Order", "{order}")]
    }

    #expect(outcome == .failed("bad_request", retry: false, happened: .no))
    #expect(request == nil)
  }

  @Test func `bodies come in four forms, the key as a field where it is one`() async throws {
    let note = Value.string("{order} \"x\"")
    let argument = ServiceBench.argument(note: note, tags: [.string("a")])
    let template =
      #"{"o":"{order}","n":"{note}","sum":{"v":"{amount}","t":"{amount} won"},"l":"{tags}"}"#
    let forms: [(ActionBinding.Body, ActionBinding.Idempotency, Value, String)] = [
      (.none, .header("X-Key"), argument, ""),
      (
        .json, .field("key"), argument,
        #"{"order":"o1","amount":4500,"note":"{order} \"x\"","tags":["a"],"key":"s0-7-0"}"#
      ),
      (
        .template(template), .none, argument,
        #"{"o":"o1","n":"{order} \"x\"","sum":{"v":4500,"t":"4500 won"},"l":["a"]}"#
      ),
    ]

    for (body, idempotency, argument, expected) in forms {
      let request = try await request(argument) {
        $0.body = body
        $0.idempotency = idempotency
      }.request
      #expect(request?.bodyText == expected)
    }
  }

  @Test func `a form holds scalars only`() async throws {
    let flat = RecordColour(name: nil, fields: [.init(name: "a b", colour: .string(max: nil))])
    let scalar = Value.record(Record(type: flat.type, fields: [.string("x y&z")]))
    let change: @Sendable (inout ActionBinding) -> Void = {
      $0.path = "/f"
      $0.body = .form
      $0.idempotency = .field("key")
    }

    let nested = try await request(ServiceBench.argument(), change)
    let plain = try await request(scalar, change)

    #expect(nested.outcome == .failed("bad_request", retry: false, happened: .no))
    #expect(plain.request?.bodyText == "a%20b=x%20y%26z&key=s0-7-0")
    #expect(plain.request?.header("content-type") == "application/x-www-form-urlencoded")
  }

  @Test(arguments: ["/a/{", "/a/}", "a", "/a?b={order}", "/{}", "/{a b}", "/{a..b}"])
  func `a path that is no template is refused when bindings are read`(_ path: String) {
    #expect(throws: HTTPActionsProblem.templateRefused(action: "payments.refund", text: path)) {
      let bench = try ServiceBench(ScriptedServer(always: [])) { $0.path = path }
      bench.stop()
    }
  }

  @Test(arguments: [
    ("http://example.com", false), ("https://example.com", true), ("http://127.0.0.1:1", true),
    ("ftp://127.0.0.1", false), ("https://user@example.com", false), ("https://x/?q", false),
  ])
  func `a service is reached in the clear on loopback only`(_ url: String, _ isAccepted: Bool) {
    let bench = try? ServiceBench(ScriptedServer(always: []), url: url)
    defer { bench?.stop() }

    #expect((bench != nil) == isAccepted)
  }
}
