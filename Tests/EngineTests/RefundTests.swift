import CEL
import PetriNet
import Testing

@testable import Engine

struct RefundTests {
  static let yaml = """
    workflow: refunds
    params: {limit: int = 50000}
    types:
      Refund:  {order: string, customer: personal string, message: personal string max 4000}
      Payment: {id: string, settled: bool, refunded: bool = false, amount_won: int 0..100000000}
    actions:
      payments.find:   {takes: {order: string}, returns: Payment, effect: none}
      payments.refund: {takes: {payment: string, amount: int}, returns: Payment, effect: final}
    case: {key: input.order, again: join, subject: input.customer}
    places:
      requested: {start: Refund}
      wanted:    unit
      known:     Payment
      approved:  Payment
      human:     {why: string}
      refunded:  {end: Payment}
      rejected:  {end: {by: string, why: string}}
      other:     {end: unit}
    transitions:
      understand:
        in: {r: requested}
        judge: refund-intent
        with: {message: r.message}
        timeout: 5s
        then:
          true:     {wanted: unit}
          false:    {other: unit}
          fallback: {human: {why: fallback.reason}}
      find:
        in: {r: wanted}
        action: payments.find
        with: {order: input.order}
        retry: {attempts: 3, backoff: 1s..30s}
        then: {ok: {known: result}, failed: {human: {why: error.code}}}
      by_amount:
        in: {p: known}
        choose:
          done:  {when: p.refunded, out: {refunded: p}}
          small: {when: p.settled && p.amount_won <= params.limit, out: {approved: p}}
          else:  {out: {human: {why: "'over the limit or not settled'"}}}
      pay:
        in: {p: approved}
        action: payments.refund
        with: {payment: p.id, amount: p.amount_won}
        retry: {attempts: 2, backoff: 1s..60s}
        then:
          ok:      {refunded: result}
          failed:  {human: {why: error.code}}
          unknown: {human: {why: "'no answer'"}}
      review:
        in: {v: human}
        task: "{{input.order}}: {{v.why}}"
        with: {message: input.message}
        for: agents
        due: 1h
        ask: {reject: {why: string}}
        then:
          approve: {wanted: unit}
          reject:  {rejected: {by: answer.by, why: answer.why}}
    """
  static let prompt = """
    ---
    prompt: refund-intent
    question: Does the customer ask for money back?
    labels: [true, false]
    fields: {message: personal string max 4000}
    ---
    Read {{message}} and answer.
    """

  static func world() throws -> World {
    let world = World()
    try world.load(yaml, prompts: ["refund-intent": prompt])
    world.forget()
    return world
  }

  static let refund: Value = ["order": "o1", "customer": "kim", "message": "money back!"]
  static func payment(_ amount: Int64, refunded: Bool = false) -> Value {
    ["id": "p1", "settled": true, "refunded": .bool(refunded), "amount_won": .int(amount)]
  }

  @Test func `a small refund is judged, found, chosen and paid`() throws {
    let world = try Self.world()

    world.start(Self.refund)
    world.verdict("understand", .label("true"))
    world.end("find", .ok(Self.payment(100)))
    world.end("pay", .ok(Self.payment(100, refunded: true)))

    world.logged(
      """
      4 c4 opened o1 → requested=~4.0{order: 'o1', customer: 'kim', message: 'money back!'}
      5 c4 understand asks 4.0 until 5s
      6 c4 5 verdict true → wanted
      7 c4 find starts payments.find{order: 'o1'} 6.0 until 30s
      8 c4 7 completed ok → known={id: 'p1', settled: true, refunded: false, amount_won: 100}
      9 c4 by_amount.small 8.0 → approved=same 8.0
      10 c4 pay starts payments.refund{payment: 'p1', amount: 100} 9.0 until 30s
      11 c4 10 completed ok → refunded={id: 'p1', settled: true, refunded: true, amount_won: 100}
      12 c4 closed completed refunded:1
      """)
    try world.restart()
  }
}
