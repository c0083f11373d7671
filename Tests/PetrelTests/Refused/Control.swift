// Compiles: what the other files of this folder get wrong, done right.
import Petrel

struct Order: Record, Codable {
  var no: String
  var cents: Int
  static let fields = [Field("no", \Order.no), Field("cents", \Order.cents)]
}

struct Receipt: Record, Codable {
  var id: String
  static let fields = [Field("id", \Receipt.id)]
}

enum Tone: String, Verdict, CaseIterable { case kind, angry, unclear }
enum Answer: String, Outcome { case approve, reject }
enum Ends: String, Outcome { case paid, unpaid }

let asked = StartPlace<Order>("asked")
let orders = Place<Order>("orders")
let receipts = Place<Receipt>("receipts")
let letters = MessagePlace<Receipt>("letters", keep: .days(1))
let done = EndPlace<Receipt>("done")
let lost = EndPlace<Unit>("lost")
let charge = FinalAction<Order, Receipt>("bank.charge")
let tone = Question<Order, Tone>("tone")
let o = orders.token("o")
let r = receipts.token("r")

func control() -> [Transition] {
  [
    .plain(
      "move", in: [asked.token("a")], guard: asked.input.cents > 0, puts: orders.put(asked.input)),
    .judge(
      "ask", in: [o], asks: tone, with: [.set(\.no, o.no)], timeout: .seconds(5),
      then: { label in
        switch label {
        case .kind: [orders.put(o)]
        case .angry, .unclear: [lost.put()]
        }
      }, fallback: { _ in [lost.put()] }),
    .action(
      "charge", in: [o], performs: charge, with: .token(o), ok: { [receipts.put($0)] },
      failed: { _ in [lost.put()] }, unknown: { _ in [lost.put()] }),
    .task(
      "look", in: r, title: "look",
      then: { (answer: Answer) in
        switch answer {
        case .approve: .puts(done.put(r))
        case .reject: .puts(lost.put())
        }
      }),
    .call(
      "deep", in: [o], calls: Callee<Order, Ends>("pay"), with: .token(o),
      then: { end in
        switch end {
        case .paid: .result(Receipt.self) { [done.put($0)] }
        case .unpaid: .puts(lost.put())
        }
      }, cancelled: [lost.put()]),
  ]
}

func performed() -> Action { charge.performed { order, _ in Receipt(id: order.no) } }
