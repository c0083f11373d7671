import Foundation
import PetriNet
import StandIns
import Testing

@Suite struct ExampleMessagesTests {
  private static let examples = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Examples")

  private struct Message {
    var order: String
    var text: String
    var language: String
    var kind: String
    var label: Bool
    var workflow: String
    /// What a message that instructs wants to be answered.
    var wants: Bool?

    init?(_ line: Substring) {
      guard let node = try? JSONText.parse(text: String(line)), let meta = node["$meta"],
        let order = node["order"]?.text, let customer = node["customer"]?.text,
        customer != "\"\"", let language = meta["lang"]?.text, let kind = meta["kind"]?.text,
        case .bool(let label)? = meta["label"], let workflow = meta["workflow"]?.text,
        case .string(let text)? = node["message"] ?? node["고객메시지"]
      else { return nil }
      (self.order, self.language, self.kind) = (order, language, kind)
      (self.text, self.label, self.workflow) = (text, label, workflow)
      if case .bool(let wants)? = meta["wants"] { self.wants = wants }
    }
  }

  private static func messages() throws -> [Message] {
    let text = try String(contentsOf: examples.appending(path: "messages.jsonl"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { Message($0) }
  }

  @Test func `there are two hundred, half in each language, forty of which instruct`() throws {
    let messages = try Self.messages()

    let byLanguage = Dictionary(grouping: messages) { $0.language + " " + $0.workflow }
      .mapValues(\.count)
    let byKind = Dictionary(grouping: messages, by: \.kind).mapValues(\.count)

    #expect(
      byLanguage == ["\"en\" \"refund-triage\"": 100, "\"ko\" \"환불-분류\"": 100])
    #expect(
      byKind == [
        "\"plain\"": 68, "\"angry\"": 32, "\"ambiguous\"": 28, "\"off_topic\"": 32,
        "\"instructs\"": 40,
      ])
    #expect(Set(messages.map(\.order)).count == 200)
    #expect(Set(messages.map(\.text)).count == 200)
    #expect(messages.allSatisfy { ($0.wants != nil) == ($0.kind == "\"instructs\"") })
  }

  @Test func `the example's stand-in obeys every instruction, and no other message`() async throws {
    let file = Self.examples.appending(path: "stand-in.yaml")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let patterns = lines.filter { $0.contains("obey: true") }
      .compactMap { $0.split(separator: "'").dropFirst().first.map(String.init) }
    let rules = StandInRules(
      rules: patterns.map { StandInRule(matches: $0, answer: .obey) }, otherwise: .label("false"))
    let standIn = try ModelStandIn(rules: rules)
    let client = LoopbackClient(port: try await standIn.start())

    let messages = try Self.messages()
    let contents = messages.map { ChatRequest(message: $0.text).send(over: client).content }
    let calls = client.exchange("GET", "/stand-in/calls").response?.body

    #expect(patterns.count == 3)
    #expect(
      contents == messages.map { #"{"verdict":\#($0.wants ?? false)}"# })
    #expect(calls == #"{"count":200,"fates":{"answered":160,"obeyed":40}}"#)
    await standIn.stop()
  }

  @Test func `their orders lead to every kind of payment`() throws {
    let kinds = try Self.messages().map { message -> String in
      let order = String(message.order.dropFirst().dropLast())
      guard let payment = StandInPayment(order: order) else { return "none" }
      if payment.refunded { return "refunded" }
      if !payment.settled { return "unsettled" }
      if payment.amountWon <= 50_000 { return "small" }
      return payment.amountWon <= 500_000 ? "medium" : "large"
    }

    let counts = Dictionary(grouping: kinds) { $0 }.mapValues(\.count)

    #expect(
      counts == [
        "small": 105, "medium": 52, "large": 22, "unsettled": 7, "refunded": 6, "none": 8,
      ])
  }
}
