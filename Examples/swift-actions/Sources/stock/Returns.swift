import Petrel

/// What a customer sends back.
struct Returned: Record, Codable {
  var no: String
  var item: String
  var cents: Int

  static let fields = [
    Field("no", \Returned.no), Field("item", \Returned.item, max: 80),
    Field("cents", \Returned.cents, within: 0...1_000_000),
  ]
}

struct Receipt: Record, Codable {
  var id: String

  static let fields = [Field("id", \Receipt.id)]
}

struct Reason: Record {
  var why: String

  static let fields = [Field("why", \Reason.why)]
  static let isInline = true
}

enum Inspection: String, Outcome { case sound, broken }

/// A workflow written in Swift: a case without a file. An arc of the wrong type, a forgotten outcome
/// or a guard over a field that is not there does not compile.
struct Returns {
  let shelve = FinalAction<Returned, Receipt>("stock.shelve")
  let small = Parameter("small_cents", 5_000)

  let sentBack = StartPlace<Returned>("sent_back")
  let toInspect = Place<Returned>("to_inspect")
  let accepted = Place<Returned>("accepted")
  let shelved = EndPlace<Receipt>("shelved")
  let refused = EndPlace<Reason>("refused")

  var workflow: Workflow {
    Workflow(
      "returns", parameters: [small], actions: [shelve],
      case: CaseRules(key: sentBack.input.no),
      places: [sentBack, toInspect, accepted, shelved, refused],
      transitions: [byValue, inspect, late, putBack])
  }

  private var byValue: Transition {
    let r = sentBack.token("r")
    return .choose(
      "by_value", in: [r], .when("small", r.cents < small.value, accepted.put(r)),
      otherwise: [toInspect.put(r)])
  }

  private var inspect: Transition {
    let r = toInspect.token("r")
    return .task(
      "inspect", in: r, title: "{{r.no}}: is it sound?", shows: [.show("item", r.item)],
      for: .named("shop"),
      then: { (found: Inspection) in
        switch found {
        case .sound: .puts(accepted.put(r))
        case .broken: .puts(refused.put(.set(\.why, "broken")))
        }
      })
  }

  private var late: Transition {
    let r = toInspect.token("r")
    return .plain("late", in: [r.after(.days(2))], puts: accepted.put(r))
  }

  private var putBack: Transition {
    let r = accepted.token("r")
    return .action(
      "put_back", in: [r], performs: shelve, with: .token(r),
      ok: { [shelved.put($0)] }, failed: { [refused.put(.set(\.why, $0.code))] },
      unknown: { _ in [refused.put(.set(\.why, "nobody knows"))] })
  }
}

extension Warehouse {
  /// The function that `Returns` declares; one of another type does not compile.
  nonisolated func shelving(for returns: Returns) -> Action {
    returns.shelve.performed { returned, context in
      Receipt(id: await self.shelve(returned.item, key: context.idempotencyKey))
    }
  }
}
