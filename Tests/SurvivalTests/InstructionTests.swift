import Engine
import Foundation
import Orchestration
import PetriNet
import SQLiteStore
import Testing

/// The messages that try to instruct the model, against a model that obeys them all.
@Suite(.serialized) struct InstructionTests {
  private static let limit: Int64 = 50_000
  private static let secondLimit: Int64 = 500_000

  @Test func `a model that obeys the messages can do nothing but answer`() async throws {
    let messages = try Self.messages()
    #expect(messages.count == 40)
    let stage = try await Stage(rules: try Self.rules())
    let service = try await stage.serve()
    let caller = Caller(transfer: stage.transfer)
    for message in messages {
      let reply = await caller.send(
        "POST", "\(service.url)/v1/workflows/\(Caller.segment(message.workflow))/cases",
        body: message.value, headers: [("Idempotency-Key", message.order)])
      #expect(reply.status == 201)
    }
    // Some approve, some reject; until nobody has anything to do and no case is under way.
    let isOver = await Looking.until(seconds: 60) {
      _ = await People(caller: caller, url: service.url).look()
      let open = await caller.send("GET", service.url + "/v1/cases?status=open&limit=500")
      return open.isGood && open.json.list("items").isEmpty
    }
    #expect(isOver)
    await service.stop()

    let log = try WrittenLog(path: stage.database)
    let effects = await stage.effects()
    try expectObeyed(log, messages)
    expectGuarded(log, effects)
    try expectSilent(log, try stage.reader())
    print("instructs: \(messages.count) messages, \(effects.count) refunds")
    await stage.end()
  }

  /// The model did answer what it was told to: the rest would prove nothing otherwise.
  private func expectObeyed(_ log: WrittenLog, _ messages: [Message]) throws {
    let wanted = Dictionary(uniqueKeysWithValues: messages.map { ($0.order, $0.wants) })
    var obeyed = 0
    for (order, found) in log.cases {
      let verdict = log.rows("verdictRecorded").first { $0.caseNumber == found[0].number }
      if let outcome = verdict?.body.text("outcome"), outcome == wanted[order] { obeyed += 1 }
    }
    #expect(obeyed == messages.count)
  }

  /// Every effect has the label `true` or a person before it, the amount of its payment, and as
  /// many different people as the amount asks for.
  private func expectGuarded(_ log: WrittenLog, _ effects: [Stage.Effect]) {
    let intents = log.intents
    var beyond: [String] = []
    for effect in effects {
      let rows = log.rows.filter { $0.caseNumber != nil && $0.caseNumber == intents[effect.key] }
      let outcome = rows.first { $0.kind == "verdictRecorded" }?.body.text("outcome")
      let approvals = rows.filter {
        $0.kind == "taskAnswered" && $0.body.text("outcome") == "approve"
      }
      let people = Set(approvals.compactMap { $0.body.text("by") })
      let found = rows.flatMap { $0.body.list("tokens") }.compactMap { $0["value"] }
        .first { $0.text("id") == effect.payment }
      let needed = effect.amount <= Self.limit ? 0 : effect.amount <= Self.secondLimit ? 1 : 2
      let isAllowed = outcome == "true" || !approvals.isEmpty
      if !isAllowed || people.count < needed || found?.integer("amount_won") != effect.amount {
        beyond.append("\(effect): \(outcome ?? "no verdict"), \(people.count) people")
      }
    }
    #expect(beyond == [])
    #expect(!effects.isEmpty)
    #expect(Set(effects.map(\.payment)).count == effects.count)
  }

  /// No text of a reply stands in a token: neither as it is in the row, nor in what is sealed.
  private func expectSilent(_ log: WrittenLog, _ reader: LogReader) throws {
    var said: Set<String> = []
    for row in log.rows("verdictRecorded") + log.rows("callRecorded") {
      guard let reference = row.body["call"]?.text("reply") else { continue }
      let parts = reference.split(separator: ".")
      guard parts.count == 2, let seq = Int64(parts[0]), let index = Int32(parts[1]),
        let bytes = try reader.payload(seq: Seq(seq), index: index),
        let reply = try? JSONText.parse(bytes)
      else { continue }
      // Words of the protocol stand anywhere; what has some length besides is the model's own.
      said.formUnion(Self.own(reply).filter { $0.utf8.count >= 8 })
    }
    #expect(said.count >= 40)
    var found: [String] = []
    for row in log.rows {
      for token in row.body.list("tokens") {
        var texts = token["value"]?.strings ?? []
        for reference in Self.sealed(in: token["value"] ?? .null) {
          let parts = reference.split(separator: ".")
          guard parts.count == 2, let seq = Int64(parts[0]), let index = Int32(parts[1]) else {
            continue
          }
          let bytes = try reader.payload(seq: Seq(seq), index: index) ?? []
          texts.append(String(decoding: bytes, as: UTF8.self))
        }
        for text in texts where said.contains(where: { text.contains($0) }) {
          found.append("row \(row.seq): \(text)")
        }
      }
    }
    #expect(found == [])
  }

  /// Every string of a reply but the words of the protocol; with those inside the content.
  private static func own(_ node: JSONText.Node) -> [String] {
    switch node {
    case .string(let text):
      guard let inner = try? JSONText.parse(text: text) else { return [text] }
      return [text] + inner.strings
    case .list(let items): return items.flatMap(own)
    case .object(let members):
      let words: Set = ["role", "object", "finish_reason", "type"]
      return members.filter { !words.contains($0.name) }.flatMap { own($0.value) }
    case .null, .bool, .number: return []
    }
  }

  private static func sealed(in node: JSONText.Node) -> [String] {
    switch node {
    case .object(let members):
      members.flatMap { member -> [String] in
        if member.name == "~", case .string(let text) = member.value { return [text] }
        return sealed(in: member.value)
      }
    case .list(let items): items.flatMap(sealed)
    case .null, .bool, .number, .string: []
    }
  }

  struct Message {
    var order: String
    var workflow: String
    /// What the message tells the model to answer.
    var wants: String
    var value: JSONText.Node
  }

  private static func messages() throws -> [Message] {
    let path = ServiceProcess.repository + "/Examples/messages.jsonl"
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
      let node = try JSONText.parse(text: String($0))
      guard let meta = node["$meta"], meta.text("kind") == "instructs" else { return nil }
      let wants = meta["wants"] == .bool(true) ? "true" : "false"
      return Message(
        order: node.text("order") ?? "", workflow: meta.text("workflow") ?? "", wants: wants,
        value: .object(node.members.filter { $0.name != "$meta" }))
    }
  }

  /// The rules of the example, without its faults.
  private static func rules() throws -> String {
    try String(
      contentsOfFile: ServiceProcess.repository + "/Examples/stand-in.yaml", encoding: .utf8
    )
    .split(separator: "\n", omittingEmptySubsequences: false)
    .filter { !$0.hasPrefix("faults:") && !$0.hasPrefix("delay:") }
    .joined(separator: "\n")
  }
}
