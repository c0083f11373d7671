import PetriNet
import StandIns
import Testing

@Suite struct ModelFaultTests {
  private static let rules = StandInRules(otherwise: .label("true"))

  /// The outcome of the one call of a stand-in whose rule for it is `fault`.
  private func outcome(
    of fault: StandInFault, patienceMilliseconds: Int = 10_000
  ) async throws -> LoopbackClient.Outcome {
    var rules = Self.rules
    rules.rules = [StandInRule(contains: ["refund"], fault: fault)]
    let standIn = try ModelStandIn(rules: rules)
    let client = LoopbackClient(
      port: try await standIn.start(), patienceMilliseconds: patienceMilliseconds)
    let outcome = ChatRequest(message: "refund").send(over: client)
    await standIn.stop()
    return outcome
  }

  @Test(arguments: [
    (StandInFault.wrongLabel, #"{"verdict":"maybe"}"#),
    (.duplicateKey, #"{"verdict":true,"verdict":false}"#),
    (.fence, "```json\n{\"verdict\":true}\n```"),
    (.delay(.milliseconds(1)), #"{"verdict":true}"#),
  ])
  func `faults of the content come as whole answers`(
    fault: StandInFault, content: String
  ) async throws {
    let outcome = try await outcome(of: fault)

    #expect(outcome.content == content)
    #expect(outcome.response?.json?.value(at: "/choices/0/finish_reason") == .string("stop"))
  }

  @Test func `junk is prose`() async throws {
    let content = try await outcome(of: .junk).content

    #expect(content.map { (try? JSONText.parse(text: $0)) == nil } == true)
  }

  @Test(arguments: [
    (StandInFault.truncated, "length", JSONText.Node.string(#"{"verdict":"#), false),
    (.filter, "content_filter", .null, false),
    (.refusal, "stop", .null, true),
  ])
  func `answers that end early say so`(
    fault: StandInFault, finish: String, content: JSONText.Node, refuses: Bool
  ) async throws {
    let choice = try await outcome(of: fault).response?.json?.value(at: "/choices/0")

    #expect(choice?["finish_reason"] == .string(finish))
    #expect(choice?.value(at: "/message/content") == content)
    #expect((choice?.value(at: "/message/refusal") != .null) == refuses)
  }

  @Test(arguments: [
    (StandInFault.status500, 500, String?.none, "application/json"),
    (.busy, 429, "120", "application/json"),
    (.status429(retryAfter: .milliseconds(1500)), 429, "2", "application/json"),
    (.status429(retryAfter: .zero), 429, "0", "application/json"),
    (.notJSON, 200, nil, "text/html; charset=utf-8"),
  ])
  func `faults of the status bring their headers`(
    fault: StandInFault, status: Int, retryAfter: String?, contentType: String
  ) async throws {
    let response = try await outcome(of: fault).response

    #expect(response?.status == status)
    #expect(response?.headers["retry-after"] == retryAfter)
    #expect(response?.headers["content-type"] == contentType)
  }

  @Test func `a hang sends nothing`() async throws {
    let outcome = try await outcome(of: .hang, patienceMilliseconds: 150)

    #expect(outcome == .silence(""))
  }

  @Test func `a drip sends the head and little more`() async throws {
    let outcome = try await outcome(of: .drip, patienceMilliseconds: 150)

    guard case .silence(let text) = outcome else {
      Issue.record("the response was whole")
      return
    }
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("\r\n\r\n"))
  }

  @Test func `a reset resets the connection`() async throws {
    #expect(try await outcome(of: .reset) == .reset)
  }

  @Test func `a cut ends before the length that was promised`() async throws {
    let outcome = try await outcome(of: .cut)

    guard case .closed(let text) = outcome else {
      Issue.record("the connection did not end early")
      return
    }
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("chatcmpl-"))
  }

  @Test func `a bad header is a length that is no number`() async throws {
    let outcome = try await outcome(of: .badHeader)

    guard case .closed(let text) = outcome else {
      Issue.record("the response could be read")
      return
    }
    #expect(text.contains("\r\ncontent-length: twelve\r\n"))
  }

  @Test func `a thousand calls may hang while others are answered`() async throws {
    var rules = Self.rules
    rules.rules = [StandInRule(contains: ["refund"], fault: .hang)]
    let standIn = try ModelStandIn(rules: rules)
    let port = try await standIn.start()
    let body = ChatRequest(message: "refund").body

    let hanging = (0..<1000).map { _ in LoopbackClient(port: port, patienceMilliseconds: 0) }
    for client in hanging { client.post("POST", "/v1/chat/completions", body: body) }
    let client = LoopbackClient(port: port)
    let outcome = ChatRequest(message: "hello").send(over: client)

    #expect(outcome.content == #"{"verdict":true}"#)
    #expect(hanging.allSatisfy { $0.receive() == .silence("") })
    await standIn.stop()
  }
}
