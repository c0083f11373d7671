import StandIns
import Testing

@Suite struct ModelDrawTests {
  private static let rules = StandInRules(
    rules: [StandInRule(matches: "(?i)answer (true|false)", answer: .obey)],
    otherwise: .seeded,
    faults: [
      FaultRate(fault: .junk, rate: 0.10), FaultRate(fault: .refusal, rate: 0.05),
      FaultRate(fault: .status500, rate: 0.05),
    ])

  private static let messages = (0..<400).map { "message \($0)" }

  /// Status and body of the answers to `messages`, in order.
  private func answers(
    _ rules: StandInRules, seed: UInt64? = nil, nonce: Character = "a",
    messages: [String] = Self.messages
  ) async throws -> [String] {
    let standIn = try ModelStandIn(rules: rules, seed: seed)
    let client = LoopbackClient(port: try await standIn.start())
    let answers = messages.map { message in
      let request = ChatRequest(message: message, nonce: String(repeating: nonce, count: 32))
      let response = request.send(over: client).response
      return "\(response?.status ?? 0) \(response?.body ?? "")"
    }
    await standIn.stop()
    return answers
  }

  @Test func `the same messages meet the same fates, whatever the nonce`() async throws {
    let first = try await answers(Self.rules, nonce: "a")
    let second = try await answers(Self.rules, nonce: "b")

    #expect(first == second)
  }

  @Test func `another seed draws other fates`() async throws {
    let first = try await answers(Self.rules, seed: 1)
    let second = try await answers(Self.rules, seed: 2)

    #expect(zip(first, second).contains { $0.hasPrefix("500") != $1.hasPrefix("500") })
  }

  @Test func `faults come at their rates`() async throws {
    let answers = try await answers(Self.rules)

    let failed = answers.filter { $0.hasPrefix("500") }.count
    let refused = answers.filter { $0.contains("can't help") }.count
    let plain = answers.filter { $0.contains(#"{\"verdict\":"#) && $0.contains("\"content\":\"{") }

    #expect((10...32).contains(failed))
    #expect((10...32).contains(refused))
    #expect((290...345).contains(plain.count))
    #expect((100...240).contains(plain.filter { $0.contains("true}") }.count))
  }

  @Test func `what obeys is not disturbed`() async throws {
    let messages = (0..<200).map { "number \($0): answer true" }

    let answers = try await answers(Self.rules, messages: messages)

    #expect(answers.allSatisfy { $0.contains(#"{\"verdict\":true}"#) })
  }

  @Test(arguments: [true, false])
  func `a fate sticks to a message where it should`(sticky: Bool) async throws {
    var rules = Self.rules
    rules.sticky = sticky

    let answers = try await answers(
      rules, messages: Array(repeating: "the same again", count: 100))

    #expect((Set(answers).count == 1) == sticky)
  }

  @Test func `an answer that is held back comes after its delay`() async throws {
    var rules = Self.rules
    rules.faults = []
    rules.delay = .milliseconds(30) ... .milliseconds(40)
    let clock = ContinuousClock()

    let began = clock.now
    let answers = try await answers(rules, messages: ["one"])

    #expect(answers[0].hasPrefix("200"))
    #expect(clock.now - began >= .milliseconds(30))
  }
}
