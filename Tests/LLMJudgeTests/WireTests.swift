import Engine
import LoopbackServer
import Orchestration
import PetriNet
import Testing
import Transfer

@testable import LLMJudge

@Suite struct WireTests {
  @Test func `the request of OpenAI's chat is this one, byte for byte`() async throws {
    let bench = try Bench(ScriptedServer(always: [Chat.reply(deny)])) { endpoint in
      endpoint.key = "s3cret"
      endpoint.parameters = #"{ "temperature": 0, "seed": 7 }"#
      endpoint.headers = [.init("X-Team", "payments")]
    }
    defer { bench.stop() }
    var prompt = Prompts.labels
    prompt.examples = [.init(values: [.string("refund!")], label: "approve")]

    _ = await bench.ask(Bench.question(prompt))

    let request = try #require(bench.server.requests.first)
    let fence = "000102030405060708090a0b0c0d0e0f"
    let user = { (value: String) in
      #"<message \#(fence)>\n\"\#(value)\"\n</message \#(fence)>\n"#
        + #"Answer with one of: \"approve\", \"deny\"."#
    }
    #expect(
      request.bodyText
        == #"{"model":"stub-1","messages":[{"role":"system","content":"#
        + #""The customer wrote \"message\". Judge.\n"},"#
        + #"{"role":"user","content":"\#(user("refund!"))"},"#
        + #"{"role":"assistant","content":"{\"verdict\":\"approve\"}"},"#
        + #"{"role":"user","content":"\#(user("give it back"))"}],"#
        + #""response_format":{"type":"json_schema","json_schema":{"name":"verdict","#
        + #""strict":true,"schema":{"type":"object","properties":{"verdict":{"type":"string","#
        + #""enum":["approve","deny"]}},"required":["verdict"],"additionalProperties":false}}},"#
        + #""max_completion_tokens":64, "temperature": 0, "seed": 7 }"#)
    #expect(
      request.head == """
        POST /v1/chat/completions HTTP/1.1\r
        Host: 127.0.0.1:\(bench.server.port)\r
        Content-Type: application/json\r
        Accept: application/json\r
        Authorization: Bearer s3cret\r
        X-Team: payments\r
        Content-Length: \(request.body.count)
        """)
  }

  @Test func `a call's record holds all that is known of it, and no key`() async throws {
    let reply = Chat.body(message: "\"content\":\(JSONText.quoted(deny))", "stop", "stub-1", "")
    let server = ScriptedServer(always: [.reply(reply, headers: ["X-Request-ID: r1"])])
    let bench = try Bench(server) { endpoint in
      endpoint.key = "s3cret"
      endpoint.prices = .init(
        currency: "USD", input: 150_000_000, output: 600_000_000, cached: 75_000_000)
    }
    defer { bench.stop() }
    let before = SystemClock.now()

    let reports = await bench.ask(Bench.question(Prompts.labels))

    let record = try #require(reports.records.first)
    var expected = CallRecord(
      attempt: 1, endpoint: "stand-in", requested: "stub-1", started: record.started,
      ended: record.ended)
    expected.cost = 60 * 150 + 40 * 75 + 7 * 600
    expected.finish = "stop"
    expected.fingerprint = "fp1"
    expected.firstByte = record.firstByte
    expected.label = "deny"
    expected.model = "stub-1"
    expected.question = SealedBytes(server.requests[0].body)
    expected.reply = SealedBytes(Array(reply.utf8))
    expected.requestID = "r1"
    expected.status = 200
    expected.tier = "default"
    expected.tokensIn = 100
    expected.tokensOut = 7
    #expect(record == expected)
    let firstByte = try #require(record.firstByte)
    #expect(before <= record.started && record.started <= firstByte && firstByte <= record.ended)
    #expect(!String(reflecting: reports).contains("s3cret"))
  }

  @Test func `what is not to be kept is on record as a hash`() async throws {
    let bench = try Bench(ScriptedServer(always: [.reply("abc", status: 400)])) { endpoint in
      endpoint.keepsQuestion = false
      endpoint.keepsReply = false
    }
    defer { bench.stop() }

    let record = await bench.ask(Bench.question(Prompts.labels)).records.first

    #expect(
      record?.reply?.bytes
        == Array(
          "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".utf8))
    #expect(record?.question?.bytes.count == 71)
  }

  @Test func `the canary is offered, and choosing it tells of manipulation`() async throws {
    let bench = try Bench(ScriptedServer(always: [Chat.reply(#"{"verdict":"none_of_these"}"#)]))
    defer { bench.stop() }

    let reports = await bench.ask(Bench.question(Prompts.watched))

    #expect(reports.verdict == .fallback(.manipulated))
    #expect(bench.server.requests.count == 1)
    #expect(bench.server.requests[0].bodyText.contains(#""none_of_these""#))
  }

  @Test func `a model may answer under the names that are listed, or any`() async throws {
    for (returns, verdict) in [
      (.only([]), .fallback(.modelMismatch)), (.only(["stub-2"]), .label("deny")),
      (.any, .label("deny")),
    ] as [(EndpointConfiguration.Returns, Verdict)] {
      let bench = try Bench(ScriptedServer(always: [Chat.reply(deny, model: "stub-2")])) {
        $0.returns = returns
      }
      let reports = await bench.ask(Bench.question(Prompts.labels))
      bench.stop()

      #expect(reports.verdict == verdict)
    }
  }

  @Test func `TLS that is none is told and not tried again`() async throws {
    let server = ScriptedServer(always: [.reply("{}")])
    let bench = try Bench(server, url: "https://127.0.0.1:\(server.port)")
    defer { bench.stop() }

    let reports = await bench.ask(Bench.question(Prompts.labels, milliseconds: 3_000))

    #expect(reports.records.count <= 1)
    #expect([.fallback(.tls), .fallback(.timeoutFirstByte)].contains(reports.verdict))
  }
}
