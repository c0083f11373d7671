import CEL
import Engine
import HTTPActions
import LoopbackServer
import Orchestration
import PetriNet
import Transfer

/// A performer with one service at a scripted server.
final class ServiceBench: Sendable {
  static let takes = RecordColour(
    name: "Refund",
    fields: [
      .init(name: "order", colour: .string(max: nil)),
      .init(name: "amount", colour: .int(nil)),
      .init(name: "note", colour: .optional(.string(max: nil))),
      .init(name: "tags", colour: .list(.string(max: nil), max: nil), standard: .list([])),
    ])
  static let returns = RecordColour(
    name: "Payment",
    fields: [
      .init(name: "id", colour: .string(max: nil)), .init(name: "amount", colour: .int(nil)),
      .init(name: "memo", colour: .optional(.string(max: nil))),
    ])

  let server: ScriptedServer
  let loop = CurlLoop()
  let performer: HTTPActionPerformer

  init(
    _ server: ScriptedServer, url: String? = nil, concurrency: Int = 64, replyMax: Int = 1 << 16,
    isOpen: Bool = false, _ change: (inout ActionBinding) -> Void = { _ in }
  ) throws {
    self.server = server
    var service = ServiceConfiguration(name: "payments", url: url ?? server.url)
    service.headers = [.init("Authorization", "Bearer s3cret")]
    service.concurrency = concurrency
    service.replyMax = replyMax
    service.isOpen = isOpen
    var binding = ActionBinding(
      action: ActionName("payments.refund"), service: "payments", path: "/orders/{order}/refunds")
    change(&binding)
    performer = try HTTPActionPerformer(
      configuration: HTTPActionsConfiguration(services: [service], actions: [binding]),
      transfer: loop)
  }

  func stop() {
    loop.stop()
    server.stop()
  }

  static func argument(
    order: String = "o1", amount: Int64 = 4_500, note: Value = .null, tags: [Value] = []
  ) -> Value {
    .record(
      Record(
        type: takes.type, fields: [.string(order), .int(amount), note, .list(tags)]))
  }

  func perform(
    _ argument: Value = argument(), returns: ColourSet = .record(returns),
    milliseconds: Int64 = 20_000, name: String = "payments.refund"
  ) async -> Outcome {
    let attempt = ActionAttempt(
      firing: FiringID(Seq(7)),
      action: ActionDeclaration(
        name: ActionName(name), takes: .record(Self.takes), returns: returns, effect: .final),
      argument: argument, attempt: 1, idempotencyKey: "s0-7-0", workflow: WorkflowName("w"),
      caseID: nil,
      deadline: Instant(microseconds: WallClock.microseconds() + milliseconds * 1_000))
    return Outcome(await performer.perform(attempt))
  }
}

/// What an attempt came to, without the audit's text.
enum Outcome: Equatable {
  case ok(Value)
  case failed(String, retry: Bool, happened: ActionOutcome.Happened, after: Int64? = nil)

  init(_ attempt: PerformedAttempt) {
    switch attempt {
    case .ok(let value): self = .ok(value)
    case .failed(let code, let retry, let happened, _, let after):
      self = .failed(code, retry: retry, happened: happened, after: after)
    }
  }

  static func payment(_ id: String, _ amount: Int64, memo: Value = .null) -> Outcome {
    .ok(
      .record(
        Record(type: ServiceBench.returns.type, fields: [.string(id), .int(amount), memo])))
  }
}
