import CEL
import Engine
import Orchestration
import PetriNet
import Synchronization

/// Answers every question with `true`.
struct AgreeableJudge: Judge {
  func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {
    report(.verdict(.label("true"), nil))
  }

  func abandon(_ firing: FiringID) {}

  func progress(of firing: FiringID) -> JudgeProgress { .idle }
}

/// A payment service in this process: a key has one effect, and each is on its list.
final class ListedPayments: ActionPerformer {
  private let refunds = Mutex<[String: [String]]>([:])

  let names: Set<ActionName> = [ActionName("payments.find"), ActionName("payments.refund")]

  /// Keys by payment.
  var effects: [String: [String]] { refunds.withLock { $0 } }

  func perform(_ attempt: ActionAttempt) async -> PerformedAttempt {
    var payment = ""
    if case .record(let record) = attempt.argument, case .string(let text)? = record.fields.first {
      payment = text
    }
    let isRefund = attempt.action.name == ActionName("payments.refund")
    if isRefund {
      refunds.withLock { refunds in
        if refunds[payment]?.contains(attempt.idempotencyKey) != true {
          refunds[payment, default: []].append(attempt.idempotencyKey)
        }
      }
    }
    // Every third is a larger one, which a person approves.
    let isLarge = payment.utf8.last.map { $0 % 3 == 0 } ?? false
    let reply: JSONText.Node = .object([
      .init("id", .string(isRefund ? payment : "p-\(payment)")), .init("settled", .bool(true)),
      .init("refunded", .bool(isRefund)),
      .init("amount_won", .number(JSONNumber(isLarge ? 90_000 : 9_000))),
    ])
    guard let value = ValueReading.value(of: reply, in: attempt.action.returns).value else {
      return .failed(
        code: "test", retry: false, happened: .no, error: nil,
        retryAfterMicroseconds: nil)
    }
    return .ok(value)
  }
}
