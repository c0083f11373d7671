import Petrel

struct Refund: Record {
  var order: String
  var customer: String
  var message: String

  static let fields = [
    Field("order", \Refund.order), Field("customer", \Refund.customer, .personal),
    Field("message", \Refund.message, .personal, max: 4000),
  ]
}

struct Payment: Record, Codable {
  var id: String
  var settled: Bool
  var refunded: Bool
  var amount: Int

  static let fields = [
    Field("id", \Payment.id), Field("settled", \Payment.settled),
    Field("refunded", \Payment.refunded, standard: false),
    Field("amount_won", \Payment.amount, within: 0...100_000_000),
  ]
}

struct OrderNumber: Record, Codable {
  var order: String

  static let fields = [Field("order", \OrderNumber.order)]
  static let isInline = true
}

struct RefundOrder: Record, Codable {
  var payment: String
  var amount: Int

  static let fields = [
    Field("payment", \RefundOrder.payment), Field("amount", \RefundOrder.amount),
  ]
  static let isInline = true
}

struct Reason: Record {
  var why: String

  static let fields = [Field("why", \Reason.why)]
  static let isInline = true
}

struct Rejection: Record {
  var by: String
  var why: String

  static let fields = [Field("by", \Rejection.by), Field("why", \Rejection.why)]
  static let isInline = true
}

struct HalfApproved: Record {
  var payment: Payment
  var first: String

  static let fields = [
    Field("payment", \HalfApproved.payment), Field("first", \HalfApproved.first),
  ]
  static let isInline = true
}

/// The fields of `prompts/refund-intent.md`.
struct RefundIntent: Record {
  var message: String

  static let fields = [Field("message", \RefundIntent.message, .personal, max: 4000)]
}

enum Decision: String, Outcome { case approve, reject }

/// `workflows/refund-triage.yaml` in Swift.
struct RefundTriage {
  let findPayment = RepeatableAction<OrderNumber, Payment>("payments.find", effect: .none)
  let refundPayment = FinalAction<RefundOrder, Payment>("payments.refund")
  let autoLimit = Parameter("auto_limit_won", 50_000)
  let fourEyesLimit = Parameter("four_eyes_limit_won", 500_000)
  let approvalDue = Parameter("approval_due", Duration.seconds(8 * 3600))

  let requested = StartPlace<Refund>("requested")
  let paymentWanted = Place<Unit>("payment_wanted")
  let paymentKnown = Place<Payment>("payment_known")
  let approved = Place<Payment>("approved")
  let approvalWanted = Place<Payment>("approval_wanted")
  let firstApprovalWanted = Place<Payment>("first_approval_wanted")
  let secondApprovalWanted = Place<HalfApproved>("second_approval_wanted")
  let humanReview = Place<Reason>("human_review")
  let leadReview = Place<Reason>("lead_review")
  let refunded = EndPlace<Payment>("refunded")
  let rejected = EndPlace<Rejection>("rejected")
  let notARefund = EndPlace<Unit>("not_a_refund")

  var workflow: Workflow {
    let payments = Library(
      "payments", file: "lib-payments.yaml", types: [Payment.self],
      actions: [findPayment, refundPayment])
    return Workflow(
      "refund-triage", imports: [payments], parameters: [autoLimit, fourEyesLimit, approvalDue],
      case: CaseRules(
        key: requested.input.order, again: .join, subject: requested.input.customer),
      places: [
        requested, paymentWanted, paymentKnown, approved, approvalWanted, firstApprovalWanted,
        secondApprovalWanted, humanReview, leadReview, refunded, rejected, notARefund,
      ],
      transitions: triage + approvals + [pay] + reviews,
      invariants: [.always("paid_or_rejected", !(refunded.count > 0 && rejected.count > 0))])
  }

  private var triage: [Transition] {
    let r = requested.token("r")
    let wanted = paymentWanted.token("r")
    let p = paymentKnown.token("p")
    return [
      .judge(
        "understand_intent", in: [r],
        asks: Question<RefundIntent, Bool>("refund-intent"),
        with: [.set(\.message, r.message)], timeout: .seconds(5),
        then: { isRefund in
          switch isRefund {
          case true: [paymentWanted.put()]
          case false: [notARefund.put()]
          }
        },
        fallback: { [humanReview.put(.set(\.why, $0))] }),
      .action(
        "find_payment", in: [wanted], performs: findPayment,
        with: .fields(.set(\.order, requested.input.order)), retry: .attempts(4),
        ok: { [paymentKnown.put($0)] }, failed: { [humanReview.put(.set(\.why, $0.code))] }),
      .choose(
        "by_amount", in: [p],
        .when("refunded", p.refunded, refunded.put(p)),
        .when("not_settled", !p.settled, humanReview.put(.set(\.why, "not settled"))),
        .when("small", p.amount <= autoLimit.value, approved.put(p)),
        .when("medium", p.amount <= fourEyesLimit.value, approvalWanted.put(p)),
        otherwise: [firstApprovalWanted.put(p)]),
    ]
  }

  private var approvals: [Transition] {
    let a = approvalWanted.token("p")
    let f = firstApprovalWanted.token("p")
    let s = secondApprovalWanted.token("s")
    let message = Shown.show("message", requested.input.message)
    return [
      .task(
        "approval", in: a, title: "{{input.order}}: approval",
        shows: [message, .show("amount", a.amount)], for: .named("refunds"),
        due: .after(approvalDue.value), then: { decided($0) { _ in approved.put(a) } }),
      .task(
        "first_approval", in: f, title: "{{input.order}}: first approval",
        shows: [message, .show("amount", f.amount)], for: .named("refunds"),
        due: .after(approvalDue.value),
        then: {
          decided($0) { secondApprovalWanted.put(.set(\.payment, f), .set(\.first, $0.by)) }
        }),
      .task(
        "second_approval", in: s, title: "{{input.order}}: second approval",
        shows: [message, .show("amount", s.payment.amount), .show("first", s.first)],
        for: .named("refunds"), not: .list(s.first), due: .after(approvalDue.value),
        then: { decided($0) { _ in approved.put(s.payment) } }),
      late("approval_late", a, "approval is late"),
      late("first_approval_late", f, "first approval is late"),
      late("second_approval_late", s, "second approval is late"),
    ]
  }

  private func decided(
    _ decision: Decision, _ approve: (Answered<Unit>) -> Put
  ) -> TaskRoute {
    switch decision {
    case .approve: .answered { [approve($0)] }
    case .reject:
      .form(Reason.self) { [rejected.put(.set(\.by, $0.by), .set(\.why, $0.why))] }
    }
  }

  private func late<Token: TokenType>(
    _ name: String, _ token: Arc<Token>, _ why: String
  ) -> Transition {
    .plain(
      name, in: [token.after(approvalDue.value)],
      puts: leadReview.put(.set(\.why, .value(why))))
  }

  private var pay: Transition {
    let p = approved.token("p")
    return .action(
      "pay", in: [p], performs: refundPayment,
      with: .fields(.set(\.payment, p.id), .set(\.amount, p.amount)),
      retry: .attempts(6, upTo: .seconds(60)),
      ok: { [refunded.put($0)] }, failed: { [leadReview.put(.set(\.why, $0.code))] },
      unknown: { _ in
        [
          leadReview.put(
            .set(\.why, "the payment service gave no answer: look there first"))
        ]
      })
  }

  private var reviews: [Transition] {
    let h = humanReview.token("v")
    let l = leadReview.token("v")
    let message = Shown.show("message", requested.input.message)
    return [
      .task(
        "agent_decides", in: h, title: "{{input.order}}: {{v.why}}", shows: [message],
        for: .named("agents"), then: { decided($0) { _ in paymentWanted.put() } }),
      .plain("agent_late", in: [h.after(.hours(4))], puts: leadReview.put(h)),
      .task(
        "lead_decides", in: l, title: "{{input.order}}: {{v.why}}", shows: [message],
        for: .named("leads"), then: { decided($0) { _ in paymentWanted.put() } }),
    ]
  }
}
