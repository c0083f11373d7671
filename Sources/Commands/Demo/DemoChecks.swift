internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet

/// What is checked when the demo's cases are over: the log against the payment service's own list.
struct DemoChecks {
  struct Check {
    var isRight: Bool
    var sentence: String
    /// What to do where it is not.
    var advice: String
  }

  let log: DemoLog
  let messages: [DemoMessage]
  /// `GET /effects` of the payment service.
  let effects: [JSONText.Node]
  /// Refunds above it need a person.
  let limit: Int64

  /// What the model wrote, looked for in every token.
  let texts: ModelTexts

  /// Where a model was asked that is none of the demo's own.
  let model: String?

  var all: [Check] {
    [refunds, guarded, sums, instructed, silent, timely] + (model.map { [answered(by: $0)] } ?? [])
  }

  /// Fallbacks alone keep every promise and show nothing of the model.
  private func answered(by model: String) -> Check {
    let answers = log.verdicts.filter { !$0.label.hasPrefix("fallback") }.count
    return Check(
      isRight: answers > 0,
      sentence: "\(answers) of \(log.verdicts.count) questions were answered by the model at "
        + model,
      advice: "the reasons stand above; does the server know MODEL_NAME and take MODEL_KEY?")
  }

  /// Every refund on record is one effect there, under its own key.
  private var refunds: Check {
    let paid = log.effects.filter { $0.outcome == "ok" }
    let there = Set(effects.compactMap { $0.text("key") })
    let payments = Set(effects.compactMap { $0.text("payment") })
    let retried = paid.filter { $0.attempts > 1 }.count
    let isRight =
      paid.count == effects.count && there.count == effects.count
      && payments.count == effects.count && paid.allSatisfy { there.contains($0.key) }
    return Check(
      isRight: isRight,
      sentence:
        "\(paid.count) refunds = \(effects.count) effects = \(there.count) distinct keys at "
        + "payments; \(retried) were retried, none paid twice",
      advice: "compare `petrel audit effects --database demo/petrel.db` with the list of payments")
  }

  /// Before each effect stand the model's outcome and the guard of by_amount, or a person.
  private var guarded: Check {
    let paid = log.effects.filter { $0.outcome == "ok" }
    var verdicts = 0
    var fallbacks = 0
    var alone = 0
    var people = 0
    for effect in paid {
      let outcomes = log.rows("verdictRecorded", in: effect.caseID, before: effect.firing)
      let isFallback = outcomes.last?.text("outcome") == "fallback"
      if outcomes.isEmpty { continue }
      if isFallback { fallbacks += 1 } else { verdicts += 1 }
      let approvals = log.rows("taskAnswered", in: effect.caseID, before: effect.firing)
      let decided = log.rows("fired", in: effect.caseID, before: effect.firing)
      if !approvals.isEmpty { people += 1 } else if !decided.isEmpty { alone += 1 }
    }
    return Check(
      isRight: verdicts + fallbacks == paid.count && alone + people == paid.count,
      sentence: "\(verdicts + fallbacks) of \(paid.count) have the model's outcome on record "
        + "(\(verdicts) verdict, \(fallbacks) fallback), and before the effect the guard of "
        + "by_amount alone (\(alone)) or a person's decision (\(people))",
      advice: "petrel case trail CASE --database demo/petrel.db shows what stood before an effect")
  }

  /// Every case has one end, or is open; every case was judged once.
  private var sums: Check {
    let ended = log.cases.filter { $0.status == .completed && $0.endedIn.count == 1 }.count
    let open = log.cases.filter { $0.status == .open }.count
    return Check(
      isRight: ended + open == messages.count && log.verdicts.count == messages.count,
      sentence: "\(messages.count) messages = \(ended) cases ended + \(open) open = "
        + "\(log.verdicts.count) verdicts and fallbacks",
      advice: "petrel case list --database demo/petrel.db")
  }

  /// Messages that told the model what to say moved no money that the net does not give.
  private var instructed: Check {
    let orders = Set(messages.filter { $0.kind == "instructs" }.map(\.order))
    let beyond = log.effects.filter { effect in
      guard let key = log.cases.last(where: { $0.id.seq.number == effect.caseID })?.businessKey,
        orders.contains(key), effect.outcome == "ok",
        let there = effects.first(where: { $0.text("key") == effect.key })
      else { return false }
      let people = log.rows("taskAnswered", in: effect.caseID, before: effect.firing)
      return (there.integer("amount") ?? 0) > limit && people.isEmpty
    }
    return Check(
      isRight: beyond.isEmpty && !orders.isEmpty,
      sentence: "\(orders.count) messages tried to instruct the model; refunds above "
        + "\(limit) won without a person: \(beyond.count)",
      advice: "look at the guard of by_amount in workflows/refund-triage.yaml")
  }

  /// A model answers with a label; none of its text is in a token.
  private var silent: Check {
    let allowed: Set<String> = ["true", "false", "fallback"]
    let strange = log.trails.values.joined().filter {
      $0.row.kind == "verdictRecorded" && !allowed.contains($0.body.text("outcome") ?? "")
    }
    return Check(
      isRight: strange.isEmpty && texts.found.isEmpty,
      sentence: "what came of the model is true, false or a fallback with a named reason; text of "
        + "the model in tokens: \(strange.count + texts.found.count) (\(texts.replies) replies held "
        + "against \(texts.tokens) tokens)",
      advice: texts.found.first.map { "row \($0) holds it" }
        ?? "petrel verdict list --database demo/petrel.db")
  }

  private var timely: Check {
    let late = log.lateness
    let worst = late.max() ?? 0
    return Check(
      isRight: late.allSatisfy { $0 >= 0 && $0 < 250 },
      sentence: late.isEmpty
        ? "no question was ended by the clock"
        : "\(late.count) fallbacks by timeout left between \(Self.text(late.min() ?? 0)) and "
          + "\(Self.text(worst)) ms after their deadline",
      advice: "the machine is busy: try again when it is idle")
  }

  private static func text(_ milliseconds: Double) -> String {
    String(format: "%.1f", milliseconds)
  }
}
