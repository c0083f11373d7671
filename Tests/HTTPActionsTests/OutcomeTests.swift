import Engine
import LoopbackServer
import Testing

@testable import HTTPActions

struct Case: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var actions: [ScriptedServer.Action]
  var outcome: Outcome

  init(_ name: String, _ outcome: Outcome, _ actions: ScriptedServer.Action...) {
    testDescription = name
    self.outcome = outcome
    self.actions = actions
  }
}

let payment = #"{"id":"p1","amount":4500}"#
let head = "HTTP/1.1 200 OK\r\n"

let outcomes: [Case] = [
  Case("a payment", .payment("p1", 4_500), .reply(payment)),
  Case("created", .payment("p1", 4_500), .reply(payment, status: 201)),
  Case("an unknown key is left out", .payment("p1", 1), .reply(#"{"id":"p1","amount":1,"x":[]}"#)),
  Case("an int as a string", .payment("p1", 1), .reply(#"{"id":"p1","amount":"1"}"#)),
  Case(
    "a missing key", .failed("bad_reply", retry: false, happened: .maybe), .reply(#"{"id":"p1"}"#)),
  Case(
    "a key twice", .failed("bad_reply", retry: false, happened: .maybe),
    .reply(#"{"id":"p1","id":"p2","amount":1}"#)),
  Case("no JSON", .failed("bad_reply", retry: false, happened: .maybe), .reply("<html>")),
  Case(
    "nothing", .failed("bad_reply", retry: false, happened: .maybe), .text("HTTP/1.1 204 X\r\n\r\n")
  ),
  Case(
    "a success that is not listed", .failed("bad_reply", retry: false, happened: .maybe),
    .reply(payment, status: 206)),
  Case(
    "an error of the binding", .failed("no_such_order", retry: false, happened: .no),
    .reply("{}", status: 404)),
  Case(
    "an error with its condition", .failed("already_refunded", retry: false, happened: .no),
    .reply(#"{"error":"refunded"}"#, status: 409)),
  Case(
    "an error without its condition", .failed("rejected", retry: false, happened: .no),
    .reply(#"{"error":"other"}"#, status: 409)),
  Case(
    "an error inside a success", .failed("odd", retry: true, happened: .maybe),
    .reply(#"{"error":{"code":5}}"#)),
  Case("400", .failed("rejected", retry: false, happened: .no), .reply("{}", status: 400)),
  Case("401", .failed("unauthorised", retry: false, happened: .no), .reply("{}", status: 401)),
  Case("403", .failed("unauthorised", retry: false, happened: .no), .reply("{}", status: 403)),
  Case(
    "302", .failed("redirect_refused", retry: false, happened: .no),
    .reply("", status: 302, headers: ["Location: http://127.0.0.1/"])),
  Case("429", .failed("rate_limited", retry: true, happened: .no), .reply("{}", status: 429)),
  Case(
    "429 with a wait", .failed("rate_limited", retry: true, happened: .no, after: 2_000_000),
    .reply("{}", status: 429, headers: ["Retry-After: 2"])),
  Case(
    "503 with a wait", .failed("unavailable", retry: true, happened: .no, after: 1_000_000),
    .reply("", status: 503, headers: ["Retry-After: 1"])),
  Case("503", .failed("unavailable", retry: true, happened: .maybe), .reply("", status: 503)),
  Case("500", .failed("unavailable", retry: true, happened: .maybe), .reply("", status: 500)),
  Case("425", .failed("unavailable", retry: true, happened: .maybe), .reply("", status: 425)),
  Case("408", .failed("timeout", retry: true, happened: .maybe), .reply("", status: 408)),
  Case("closed", .failed("unavailable", retry: true, happened: .maybe), .close),
  Case("reset", .failed("unavailable", retry: true, happened: .maybe), .reset),
  Case(
    "cut", .failed("unavailable", retry: true, happened: .maybe),
    .text(head + "Content-Length: 99\r\n\r\n{"), .close),
  Case(
    "no framing", .failed("unavailable", retry: true, happened: .maybe),
    .text(head + "\r\n" + payment), .close),
  Case(
    "too large", .failed("too_large", retry: false, happened: .maybe),
    .reply(String(repeating: " ", count: 70_000))),
]

@Suite struct OutcomeTests {
  @Test(arguments: outcomes)
  func `every reply is an outcome that says whether to retry and what may have happened`(
    _ entry: Case
  ) async throws {
    let bench = try ServiceBench(ScriptedServer(always: entry.actions)) { binding in
      binding.errors = [
        .init(status: 404, code: "no_such_order", retry: false, mayHaveHappened: false),
        .init(
          status: 409, conditions: [.init("/error", #""refunded""#)], code: "already_refunded",
          retry: false, mayHaveHappened: false),
        .init(
          status: 200, conditions: [.init("/error/code", "5")], code: "odd", retry: true,
          mayHaveHappened: true),
      ]
    }
    defer { bench.stop() }

    let outcome = await bench.perform()

    #expect(outcome == entry.outcome)
  }

  @Test func `a connection that was never made has done nothing`() async throws {
    let bench = try ServiceBench(ScriptedServer(always: []), url: refusingURL())
    defer { bench.stop() }

    let outcome = await bench.perform()

    #expect(outcome == .failed("unavailable", retry: true, happened: .no))
  }

  @Test func `an attempt that is not answered in time may have done it`() async throws {
    let bench = try ServiceBench(ScriptedServer(always: [.hang]))
    defer { bench.stop() }

    let outcome = await bench.perform(milliseconds: 500)

    #expect(outcome == .failed("timeout", retry: true, happened: .maybe))
  }

  @Test func `an attempt whose turn does not come is not sent`() async throws {
    let server = ScriptedServer(always: [.hang])
    let bench = try ServiceBench(server, concurrency: 1)
    defer { bench.stop() }
    let first = Task { await bench.perform(milliseconds: 60_000) }
    while server.requests.isEmpty { await Task.yield() }

    let late = await bench.perform(milliseconds: 50)
    let cancelled = Task { await bench.perform(milliseconds: 60_000) }
    cancelled.cancel()

    #expect(late == .failed("timeout", retry: true, happened: .no))
    #expect(await cancelled.value == .failed("interrupted", retry: true, happened: .no))
    bench.loop.stop()
    #expect(await first.value == .failed("interrupted", retry: true, happened: .maybe))
    #expect(server.requests.count == 1)
  }

  @Test func `all have their turn, one at a time`() async throws {
    let server = ScriptedServer(always: [.reply(payment)])
    let bench = try ServiceBench(server, concurrency: 1)
    defer { bench.stop() }

    let outcomes = await withTaskGroup(of: Outcome.self) { group in
      for _ in 0..<50 { group.addTask { await bench.perform() } }
      return await group.reduce(into: []) { $0.append($1) }
    }

    #expect(outcomes == Array(repeating: .payment("p1", 4_500), count: 50))
    #expect(Set(server.requests.map(\.connection)) == [0])
  }

  @Test func `results are taken as the binding says`() async throws {
    let server = ScriptedServer(
      always: [.reply(#"{"data":{"id":"p1","sum":{"won":7}},"m":"hi"}"#)])
    let forms: [(ActionBinding.ResultForm, Outcome)] = [
      (
        .pointers([.init("id", "/data/id"), .init("amount", "/data/sum/won"), .init("memo", "/m")]),
        .payment("p1", 7, memo: .string("hi"))
      ),
      (.status, .ok(.null)),
      (.text, .ok(.string(#"{"data":{"id":"p1","sum":{"won":7}},"m":"hi"}"#))),
      (.body, .failed("bad_reply", retry: false, happened: .maybe)),
    ]

    for (form, expected) in forms {
      let bench = try ServiceBench(server) { $0.result = form }
      let outcome = await bench.perform()
      bench.loop.stop()

      #expect(outcome == expected)
    }
    server.stop()
  }

  @Test func `a body of bytes is the result as it is`() async throws {
    let bench = try ServiceBench(ScriptedServer(always: [.reply([0, 255, 10])])) {
      $0.result = .bytes
    }
    defer { bench.stop() }

    let outcome = await bench.perform(returns: .bytes(max: nil))

    #expect(outcome == .ok(.bytes([0, 255, 10])))
  }

  @Test func `unknown keys are refused where the binding says so`() async throws {
    let bench = try ServiceBench(ScriptedServer(always: [.reply(#"{"id":"a","amount":1,"x":1}"#)]))
    {
      $0.refusesExtra = true
    }
    defer { bench.stop() }

    let outcome = await bench.perform()

    #expect(outcome == .failed("bad_reply", retry: false, happened: .maybe))
  }
}
