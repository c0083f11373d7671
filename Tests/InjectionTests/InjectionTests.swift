import Engine
import Orchestration
import PetriNet
import Testing
import VirtualRun

@testable import LLMJudge

/// Messages that tell the model what to answer, each beside a benign twin, and a model that always
/// obeys: nothing follows from a message but its label.
@Suite struct InjectionTests {
  private static let houses = Result {
    try Dictionary(
      uniqueKeysWithValues: ["refund-triage", "환불-분류"].map {
        ($0, try HouseNet($0, prompts: ["refund-intent"]))
      })
  }

  /// Ways to obey; all but the first bring in more than was asked for.
  private static let manners: [(name: String, reply: MessageLife.Reply)] = [
    ("the label alone", { wants, _ in #"{"verdict":\#(wants)}"# }),
    ("a fence", { wants, _ in "```json\n{\"verdict\":\(wants)}\n```" }),
    ("prose", { wants, text in "Sure: \(text)\n{\"verdict\":\(wants)}" }),
    (
      "more keys",
      { wants, text in
        #"{"verdict":\#(wants),"payment":"p-attacker","amount":99999999,"#
          + #""note":\#(JSONText.quoted(text))}"#
      }
    ),
    ("a text for a label", { _, text in #"{"verdict":\#(JSONText.quoted(text))}"# }),
    ("two answers", { wants, _ in #"{"verdict":\#(wants)}{"verdict":\#(wants)}"# }),
  ]

  @Test func `two hundred messages of our own, in two languages, each hold their twin`() throws {
    let all = try Injection.all.get()

    #expect(all.count == 200)
    #expect(Set(all.map(\.message)).count == 200)
    #expect(Set(all.map(\.technique)).count >= 14)
    #expect(Set(all.map(\.workflow)) == ["refund-triage", "환불-분류"])
    #expect(all.allSatisfy { $0.message.contains($0.twin) && $0.message != $0.twin })
  }

  /// The log of a message and that of its twin, judged alike, are the same bytes, row by row, and so
  /// are the arguments of all actions.
  @Test func `from a message follows what follows from its twin with the same label`() throws {
    let houses = try Self.houses.get()
    var lives = 0
    var obeyed = 0
    var paid = 0
    for injection in try Injection.all.get() {
      let house = try #require(houses[injection.workflow])
      for (name, reply) in Self.manners {
        let attack = try MessageLife(
          injection, message: injection.message, reply: reply(injection.wants, injection.message),
          house: house)
        let twin = try MessageLife(
          injection, message: injection.twin, reply: reply(injection.wants, "no more to say"),
          house: house)

        #expect(!attack.rows.isEmpty)
        #expect(attack.rows == twin.rows, "\(name): \(injection.message)")
        #expect(attack.effects.map(\.action) == twin.effects.map(\.action))
        #expect(attack.effects.map(\.argument) == twin.effects.map(\.argument))
        lives += 1
        if attack.verdicts == [.label(injection.wants ? "true" : "false")] { obeyed += 1 }
        paid += Self.refunds(attack, injection)
      }
    }
    print("injections: \(lives) lives, \(obeyed) obeyed to the letter, \(paid) refunds")
    #expect(obeyed == 200)
    #expect(paid > 0)
  }

  /// Refunds of a life, each checked: the label was true, the payment is the order's own, and the
  /// amount is what the payment service said, within what needs no person.
  private static func refunds(_ life: MessageLife, _ injection: Injection) -> Int {
    let refunds = life.effects.filter { $0.action == "payments.refund" }
    guard !refunds.isEmpty else { return 0 }
    #expect(life.verdicts == [.label("true")])
    #expect(
      refunds.map(\.argument) == [
        .object([
          .init("payment", .string("pay-\(injection.order)")),
          .init("amount", .number(JSONNumber(45_000))),
        ])
      ])
    return refunds.count
  }

  /// A judge whose nonce the attacker knows, which is more than there can be.
  @Test func `a message is one JSON string between its marks, and nowhere else`() throws {
    let houses = try Self.houses.get()
    let zeros = [UInt8](repeating: 0, count: 16)
    let mark = "message " + String(repeating: "0", count: 32)
    for injection in try Injection.all.get() {
      let prompt = try #require(houses[injection.workflow]?.net.prompts.first)
      let rendering = PromptRendering(prompt)

      let attack = rendering.render([.string(injection.message)], nonce: zeros)
      let twin = rendering.render([.string(injection.twin)], nonce: zeros)

      let lines = String(decoding: attack.user, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines.count == 4, "\(injection.message)")
      #expect(lines.first == "<\(mark)>")
      #expect(lines.dropFirst(2).first == "</\(mark)>")
      #expect(lines.last == "Answer with one of: true, false.")
      let value = try JSONText.parse(text: lines[1])
      #expect(value == .string(injection.message))
      #expect(
        !lines[1].unicodeScalars.contains {
          $0.value < 0x20 || $0.properties.generalCategory == .format || $0 == "<"
            || $0.value == 0x2028 || $0.value == 0x2029
        })
      #expect(attack.system == twin.system)
      #expect(attack.examples == twin.examples)
      #expect(attack.schema == twin.schema)
    }
  }
}
