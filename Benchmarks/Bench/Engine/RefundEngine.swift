internal import CEL
internal import Engine
internal import Foundation
internal import PetriNet
internal import Workflows

/// `refund-triage` in the engine alone: a question, two actions, one decision, nine events a case.
enum RefundEngine {
  static func measure() throws {
    let disk = FileSource { (path) throws(FileSource.Problem) in
      guard let data = FileManager.default.contents(atPath: path) else { throw .missing }
      return [UInt8](data)
    }
    let loader = NetLoader(files: disk)
    let (prompt, findings) = PromptReader.read(
      try disk.read("prompts/refund-intent.md"), path: "prompts/refund-intent.md")
    guard let source = loader.source(at: "workflows/refund-triage.yaml"), let prompt else {
      throw LoadedMachine.Unusable(description: "\(loader.findings) \(findings)")
    }
    var loaded = try LoadedMachine(try NetCompiler.compile(source, prompts: [prompt]).net)
    guard case .record(let colour)? = loaded.net.caseRules.input else { return }
    let cases = 20_000
    var best = Double.infinity
    for round in 0..<3 {
      let inputs = (0..<cases).map { number in
        Value.record(
          Record(
            type: colour.type,
            fields: [
              .string("order-\(round)-\(number)"), .string("Kim Minjun"),
              .string("I was charged twice for this order last week, please give it back."),
            ]))
      }
      let seconds = EngineSpeed.seconds {
        for input in inputs {
          precondition(run(&loaded, input) == 9, "a refund is nine events")
        }
      }
      best = min(best, seconds)
    }
    EngineSpeed.tell("refund-triage in the engine, cases of nine events", best, cases)
  }

  /// A case from its start to its end; so many rows it took.
  private static func run(_ loaded: inout LoadedMachine, _ input: Value) -> Int {
    var handled = loaded.start(input)
    var rows = handled.events.count
    while let effect = handled.effects.first {
      loaded.now = loaded.now.advanced(by: 10)
      switch effect {
      case .judge(let inquiry):
        handled = loaded.take(
          .recordVerdict(
            RecordVerdict(
              firing: inquiry.firing, caseID: inquiry.caseID, verdict: .label("true"))))
      case .act(let attempt):
        handled = loaded.take(
          .endAttempt(
            EndAttempt(
              firing: attempt.firing, caseID: attempt.caseID, attempt: attempt.attempt,
              outcome: .ok(payment(of: attempt)))))
      default: return rows
      }
      rows += handled.events.count
    }
    return rows
  }

  private static func payment(of attempt: Attempt) -> Value {
    guard case .record(let colour) = attempt.action.returns else { return .null }
    let isRefund = attempt.action.name == ActionName("payments.refund")
    return .record(
      Record(
        type: colour.type,
        fields: [.string("payment-1"), .bool(true), .bool(isRefund), .int(20_000)]))
  }
}
