import CEL
import Engine
import Orchestration
import PetriNet
import Record
import VirtualRun

@testable import LLMJudge

/// The life of one message in a workflow of the repository: its case, what a model said of it, and
/// what followed, on a virtual clock and a log in memory, until nothing is left to come.
final class MessageLife {
  /// What a model writes who was told to answer `wants`, out of a text that may be an attacker's.
  typealias Reply = @Sendable (_ wants: Bool, _ text: String) -> String

  /// Kinds and bodies of the log's rows, in order; what is personal is sealed and not in them.
  private(set) var rows: [String] = []
  /// Actions with their arguments, in order.
  private(set) var effects: [(action: String, argument: JSONText.Node)] = []
  private(set) var verdicts: [Verdict] = []
  private let house: HouseNet
  private let reply: String

  /// - Parameters:
  ///   - message: What the customer wrote; of the injection or of its twin.
  ///   - reply: The content of the model's reply.
  init(
    _ injection: Injection, message: String, reply: String, house: HouseNet
  ) throws {
    self.house = house
    self.reply = reply
    let log = MemoryLog(keys: MemoryKeys(.seeded([1, 2, 3, 4, 5, 6, 7, 8])))
    let opening = house.opening(seed: 1) { () throws(StoreError) in MemoryStore(log) }
    let run = try VirtualRun(opening, from: Instant(microseconds: 1_767_603_600_000_000)) { _ in
      .init(.failed(code: "none", retry: false, happened: .no))
    }
    run.perform = { [unowned self] in perform($0) }
    run.judge = { [unowned self] in judge($0) }
    let field = injection.workflow == "refund-triage" ? "message" : "고객메시지"
    let json = JSONText.Node.object([
      .init("order", .string(injection.order)), .init("customer", .string(injection.customer)),
      .init(field, .string(message)),
    ])
    guard let place = house.net.caseRules.input else { return }
    let (value, _) = ValueReading.value(of: json, in: place)
    guard let value else { return }
    run.take(.start(StartCase(workflow: house.net.name, value: value, by: .local)))
    try run.commit()
    while try run.advance() {}
    rows = log.records.map { "\($0.kind.rawValue) \(String(decoding: $0.body, as: UTF8.self))" }
  }

  private func judge(_ inquiry: Engine.Inquiry) -> [Command] {
    let script = RehearsedReply(inquiry.prompt)
    let body = """
      {"model":"stub-1","choices":[{"message":{"content":\(JSONText.quoted(reply))},\
      "finish_reason":"stop"}]}
      """
    let endpoint = EndpointConfiguration(
      name: "gullible", url: "http://127.0.0.1", dialect: "openai-chat", model: "stub-1")
    let result = script.result(of: .reply(body))
    let ending = CallReader(
      dialect: .openAIChat, endpoint: endpoint, parser: VerdictParser(inquiry.prompt),
      canary: inquiry.prompt.canary
    ).ending(of: result, unixSeconds: 0)
    var call = CallRecord(
      attempt: 1, endpoint: endpoint, question: Array(reply.utf8), result: result, ending: ending,
      started: inquiry.deadline)
    call.ended = inquiry.deadline
    verdicts.append(ending.verdict)
    return [
      .recordVerdict(
        RecordVerdict(
          firing: inquiry.firing, caseID: inquiry.caseID, verdict: ending.verdict, call: call))
    ]
  }

  /// The payment service: what it says depends on the order alone.
  private func perform(_ attempt: Attempt) -> VirtualRun.Performed {
    let argument = ValueWriting.node(of: attempt.argument)
    effects.append((attempt.action.name.text, argument))
    let amounts = [45_000, 300_000, 900_000]
    var order = argument["order"].map(Self.text) ?? ""
    if let payment = argument["payment"] { order = String(Self.text(payment).dropFirst(4)) }
    let number = order.utf8.reduce(0) { $0 + Int($1) }
    let isPaid = attempt.action.name.text == "payments.refund"
    let json = """
      {"id": "pay-\(order)", "settled": \(number % 7 != 0), "refunded": \(isPaid), \
      "amount_won": \(amounts[number % 3])}
      """
    guard let value = try? house.value(json, of: attempt.action.returns) else {
      return .init(.failed(code: "none", retry: false, happened: .no))
    }
    return .init(after: 1_000, .ok(value))
  }

  static func text(_ node: JSONText.Node) -> String {
    if case .string(let text) = node { text } else { "" }
  }
}
