extension Slip {
  static let workflow: [Slip] = [
    Slip("import", "[lib-payments.yaml]", "[lib-paymentz.yaml]", hidesArcs: true),
    Slip("params.auto_limit_won", "int = 50000", "int = many"),
    Slip("params.four_eyes_limit_won", "four_eyes_limit_won: int", "four_eyes_limit_won: itn"),
    Slip("params.approval_due", "approval_due: duration", "approval_due: duration 9..1"),
    Slip("types.Refund.order", "order: string,", "order: strng,"),
    Slip("types.Refund.customer", "customer: personal string", "customer: personal string min 3"),
    Slip("types.Refund.message", "string max 4000", "string max -1"),
    Slip("case.key", "key: input.order  ", "key: input.ordr   "),
    Slip("case.again", "again: join", "again: jion"),
    Slip("case.subject", "subject: input.customer", "subject: input.custmer"),
    Slip("places.requested", "{start: Refund}", "{start: Refund, capacity: -1}"),
    Slip("places.payment_wanted", "payment_wanted:         unit", "payment_wanted:         unti"),
    Slip("places.payment_known", "payment_known:          Payment", "payment_known:          []"),
    Slip("places.limbo", "  refunded:               {end", "  limbo: unit\n  refunded:     {end"),
    Slip("places.rejected", "{end: {by: string, why: string}}", "{end: {by: string, why: txt}}"),
    Slip(
      "places.lead_review", "lead_review:            {why: string}",
      "lead_review: {why: string, why: int}"),
    Slip("places.not_a_refund", "{end: unit}", "{end: unit, key: x}"),
    Slip("transitions.understand_intent.judge", "judge: refund-intent  ", "judge: refund-intnet  "),
    Slip(
      "transitions.understand_intent.with.message", "{message: r.message}", "{message: r.mesage}"),
    Slip("transitions.understand_intent.timeout", "timeout: 5s", "timeout: !!str 5s"),
    Slip(
      "transitions.understand_intent.then.true", "true:     {payment_wanted",
      "true:     {payment_wnated"),
    Slip(
      "transitions.understand_intent.then.false", "{not_a_refund: unit}", "{not_a_refund: unitt}"),
    Slip("transitions.understand_intent.then.fallback", "fallback.reason", "fallback.raison"),
    Slip("transitions.find_payment.in", "{r: payment_wanted}", "{r: payment_wantd}"),
    Slip("transitions.find_payment.action", needsLibrary: true, "payments.find", "payments.fnid"),
    Slip(
      "transitions.find_payment.with", needsLibrary: true, "{order: input.order}",
      "{order: input.order, ordre: 1}"),
    Slip("transitions.find_payment.retry.backoff", "1s..30s", "30s..1s"),
    Slip("transitions.find_payment.retry.attempts", "attempts: 4", "attempts: four"),
    Slip(
      "transitions.find_payment.then.failed", "failed: {human_review: {why: error.code}}",
      "failed: {human_review: {why: 7}}"),
    Slip(
      "transitions.by_amount.choose.refunded", needsLibrary: true, "when: p.refunded,",
      "when: p.refundd,"),
    Slip("transitions.by_amount.choose.not_settled", "!p.settled\"", "!p.settled)\""),
    Slip(
      "transitions.by_amount.choose.small", needsLibrary: true,
      "p.amount_won <= params.auto_limit_won",
      "p.amount_won <= 'x'"),
    Slip(
      "transitions.by_amount.choose.medium", "params.four_eyes_limit_won, out",
      "params.four_eyes_limit_wno, out"),
    Slip(
      "transitions.by_amount.choose.else", "{out: {first_approval_wanted: p}}",
      "{out: {first_approval_wanted: q}}"),
    Slip("transitions.approval.task", "{{input.order}}: approval", "{{input.ordr}}: approval"),
    Slip("transitions.approval.due", "due: params.approval_due\n", "due: -5s\n"),
    Slip("transitions.approval.dup", "    ask: {reject", "    for: leads\n    ask: {reject"),
    Slip("transitions.second_approval.not", "\"[s.first]\"", "s.first"),
    Slip("transitions.second_approval.with", "first: s.first", "first: s.frist"),
    Slip(
      "transitions.second_approval.then", needsLibrary: true, "approve: {approved: s.payment}",
      "approve: {approved: s.first}"),
    Slip(
      "transitions.approval_late.in", "{from: approval_wanted, after",
      "{form: approval_wanted, after"),
    Slip("transitions.approval_late.out", "'approval is late'", "approval is late"),
    Slip(
      "transitions.pay.with.amount", needsLibrary: true, "amount: p.amount_won}       #",
      "amount: p.id}       #"),
    Slip("transitions.pay.with.payment", needsLibrary: true, "payment: p.id", "payment: p.settled"),
    Slip(
      "transitions.pay.then.unknown", needsLibrary: true, "unknown: {lead_review",
      "unknwon: {lead_review"),
    Slip("transitions.pay.then.ok", "{refunded: result}", "{refunded: resutl}"),
    Slip("transitions.pay.retry", "60s}", "60x}"),
    Slip("transitions.agent_decides.for", "for: agents", "for: agent"),
    Slip(
      "transitions.agent_decides.ask",
      "ask: {reject: {why: string}}\n    then:\n      approve: {payment_wanted: unit}\n",
      "ask: {reject: {why: strign}}\n    then:\n      approve: {payment_wanted: unit}\n"),
    Slip("transitions.agent_late", "after: 4h}", "after: 4 hours}"),
    Slip("transitions.lead_decides.guard", "for: leads", "guard: v.why > 3\n    for: leads"),
    Slip(
      "transitions.twice", "invariants:",
      "  pay: {in: {v: lead_review}, out: {lead_review: v.wy}}\ninvariants:"),
    Slip("invariants.paid_or_rejected", "rejected > 0)", "rejcted > 0)"),
    Slip(
      "invariants.other", "  paid_or_rejected:",
      "  other: {always: 'true', by: amount_won, watch: ja}\n  paid_or_rejected:"),
    Slip("accept", "invariants:", "accept: {P999: why not}\ninvariants:"),
    Slip("stray", "invariants:", "invariant: {}\ninvariants:"),
  ].map { $0.of("workflows/refund-triage.yaml") }

  static let prompt: [Slip] = [
    Slip("prompt", "prompt: refund-intent", "prompt: refund_intent"),
    Slip("question", "question: Does", "question: \"Does\\nnot\" #"),
    Slip("fields.message", "string max 4000}\ncut", "strng max 4000}\ncut"),
    Slip("fields.label", "fields: {", "fields: {label: bool, "),
    Slip("cut.message", "cut: {message: 4000}", "cut: {message: lots}"),
    Slip("cut.other", "cut: {", "cut: {mesage: 3, "),
    Slip("canary", "examples:", "canary: maybe\nexamples:"),
    Slip("examples.0.label", "안 왔어요.\", label: true}", "안 왔어요.\", label: treu}"),
    Slip("examples.1.message", "{message: \"When does my parcel arrive?\"", "{message: [\"When\"]"),
    Slip("examples.2.label", "my card.\", label: true}", "my card.\"}"),
    Slip("examples.3.message", "{message: \"환불 규정이", "{massage: \"환불 규정이"),
    Slip("rationale", "examples:", "rationale: yes\nexamples:"),
    Slip("lenient_fence", "examples:", "lenient_fence: 1\nexamples:"),
    Slip("unknown", "examples:", "temperature: 0\nexamples:"),
    Slip("twice", "examples:", "question: Again?\nexamples:"),
    Slip("body.field", "the field {{message}}", "the field {{mesage}}"),
    Slip("body.form", "Answer `false` if they", "Answer `{{#if}}` if they"),
  ].map { $0.of("prompts/refund-intent.md") }

  static let configuration: [Slip] = [
    Slip("petrel", "petrel: 1", "petrel: 2"),
    Slip("listen", "127.0.0.1:7875", "127.0.0.1:78750"),
    Slip("groups.agents", "title: {en: Agents", "titel: {en: Agents"),
    Slip("groups.refunds", "refunds: {title", "refunds: {blind: maybe, title"),
    Slip("groups.leads", "en: Leads, ko: 팀장", "en: Leads, en: Heads"),
    Slip("endpoints.stand-in.url", "http://127.0.0.1:41801/v1", "http//127.0.0.1:41801/v1"),
    Slip("endpoints.stand-in.dialect", "dialect: openai-chat", "dialect: openai-chta"),
    Slip("endpoints.stand-in.model", "model: stub-1", "model: [stub-1]"),
    Slip("endpoints.stand-in.parameters", "{temperature: 0, seed: 7}", "7"),
    Slip("endpoints.stand-in.concurrency", "concurrency: 256", "concurency: 256"),
    Slip(
      "endpoints.stand-in.budget", "    concurrency: 256",
      "    budget: {a_day: 3}\n    concurrency: 256"),
    Slip(
      "endpoints.stand-in.attempts", "    concurrency: 256", "    attempts: 0\n    concurrency: 256"
    ),
    Slip("endpoints.stand-in.key", "    concurrency: 256", "    key: sk-1\n    concurrency: 256"),
    Slip("models.fast", "fast: stand-in", "fast: stand-inn"),
    Slip("model", "\nmodel: fast", "\nmodel: fats"),
    Slip("services.payments.url", "http://127.0.0.1:41802", "http://user@127.0.0.1"),
    Slip("services.payments.concurrency", "concurrency: 64", "concurrency: many"),
    Slip(
      "actions.payments.find.service", "service: payments\n    method: GET",
      "service: payment\n    method: GET"),
    Slip("actions.payments.find.method", "method: GET", "method: GTE"),
    Slip("actions.payments.find.path", "/orders/{order}", "/orders/{order"),
    Slip(
      "actions.payments.find.errors", "status: 404, code: no_such_order",
      "status: 4040, code: no_such_order"),
    Slip("actions.payments.refund.idempotency", "idempotency: header", "idempotency: none"),
    Slip("actions.payments.refund.body", "body: json", "body: jsn"),
    Slip("actions.payments.refund.path", "path: /refunds", "path: refunds"),
    Slip(
      "actions.payments.refund.errors.0", "code: no_such_payment, retry: false",
      "code: no_such_payment, retry: nope"),
    Slip("actions.payments.refund.errors.4", "status: 422, code", "status: !!int 422, code"),
    Slip(
      "actions.other", "  payments.refund:\n",
      "  payments.refnud: {service: payments, path: /x}\n  payments.refund:\n"),
    Slip("fields", "{ko: 금액", "{kr: 금액"),
    Slip("params.unknown", "fields:", "params: {refund-triaeg: {x: 1}}\nfields:"),
    Slip("cache", "fields:", "cache: soon\nfields:"),
    Slip("limits", "fields:", "limits: {judges: 0, inbx: 3}\nfields:"),
    Slip("retention", "fields:", "retention: {cases: 1d}\nfields:"),
    Slip("breaker", "fields:", "breaker: {open: 3}\nfields:"),
  ].map { $0.of("petrel.yaml") }
}
