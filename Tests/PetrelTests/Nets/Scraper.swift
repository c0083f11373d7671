import Petrel

struct Target: Record {
  var url: String
  var domain: String
  var priority: Int
  var tries: Int

  static let fields = [
    Field("url", \Target.url), Field("domain", \Target.domain),
    Field("priority", \Target.priority, standard: 0),
    Field("tries", \Target.tries, within: 0...100, standard: 0),
  ]
}

struct Domain: Record {
  var name: String
  var delay: Duration

  static let fields = [
    Field("name", \Domain.name),
    Field("delay", \Domain.delay, within: .zero ... .seconds(86_400)),
  ]
}

struct Proxy: Record {
  var id: String
  var rest: Duration
  var fails: Int

  static let fields = [
    Field("id", \Proxy.id), Field("rest", \Proxy.rest, within: .zero ... .seconds(86_400)),
    Field("fails", \Proxy.fails, within: 0...1000, standard: 0),
  ]
}

struct Fetch: Record {
  var url: String
  var proxy: String

  static let fields = [Field("url", \Fetch.url), Field("proxy", \Fetch.proxy)]
  static let isInline = true
}

struct Page: Record {
  var url: String
  var html: Blob

  static let fields = [Field("url", \Page.url), Field("html", \Page.html)]
  static let isInline = true
}

struct Facts: Record {
  var url: String
  var values: [String: String]

  static let fields = [Field("url", \Facts.url), Field("fields", \Facts.values)]
  static let isInline = true
}

struct Failure: Record {
  var target: Target
  var why: String

  static let fields = [Field("target", \Failure.target), Field("why", \Failure.why)]
  static let isInline = true
}

/// The scraper of the specification in Swift: `Files/scrape.yaml`.
struct Scraper {
  let triesMax = Parameter("tries_max", 4)
  let failsMax = Parameter("proxy_fails_max", 5)
  let ban = Parameter("ban", Duration.seconds(86_400))

  let fetch = RepeatableAction<Fetch, Blob>("web.fetch", effect: .none)
  let parse = RepeatableAction<Blob, [String: String]>("page.parse", effect: .none)
  let validate = RepeatableAction<[String: String], [String: String]>(
    "page.validate", effect: .none)
  let store = RepeatableAction<Facts, String>("page.store", effect: .repeatable)

  let targets = StartPlace<Target>("targets", order: [.descending(\.priority)])
  let domains = SharedPlace<Domain>("domains", key: \.name, order: [.available])
  let proxies = SharedPlace<Proxy>("proxies", key: \.id, order: [.available])
  let returned = SharedPlace<Proxy>("returned")
  let banned = SharedPlace<Proxy>("banned")
  let failures = Place<Failure>("failures")
  let failLog = Place<Failure>("fail_log")
  let html = Place<Page>("raw_html", capacity: 200)
  let parsed = Place<Facts>("parsed", capacity: 200)
  let validated = Place<Facts>("validated", capacity: 200)
  let stored = EndPlace<String>("stored")
  let dead = EndPlace<Reason>("dead")

  var workflow: Workflow {
    Workflow(
      "scrape", parameters: [triesMax, failsMax, ban], actions: [fetch, parse, validate, store],
      case: CaseRules(
        key: targets.input.url, again: .join,
        labels: [(name: "domain", value: targets.input.domain)]),
      places: [
        targets, domains, proxies, returned, banned, failures, failLog, html, parsed, validated,
        stored, dead,
      ],
      transitions: [scrape, restOrBan, parole, retryOrGiveUp, writeLog] + pages,
      invariants: [
        .always(
          "one_in_flight_a_domain", domains.count + Formula(cel: "scrape.d") <= 1, by: "name"),
        .always(
          "leases",
          proxies.count + returned.count + banned.count + Formula(cel: "scrape.p") <= 1, by: "id"),
      ])
  }

  private var scrape: Transition {
    let d = domains.token("d")
    let p = proxies.token("p")
    let t = targets.token("t")
    return .action(
      "scrape", in: [d, p, t.where(t.domain == d.name)], performs: fetch,
      with: .fields(.set(\.url, t.url), .set(\.proxy, p.id)), timeout: .seconds(60),
      limit: .max(500),
      ok: {
        [
          html.put(.set(\.url, t.url), .set(\.html, $0)),
          domains.put(d).after(d.delay), proxies.put(copying: p, .set(\.fails, 0)).after(p.rest),
        ]
      },
      failed: {
        [
          failures.put(.set(\.target, t), .set(\.why, $0.code)),
          domains.put(d).after(d.delay + d.delay),
          returned.put(copying: p, .set(\.fails, p.fails + 1)),
        ]
      })
  }

  private var restOrBan: Transition {
    let p = returned.token("p")
    return .choose(
      "rest_or_ban", in: [p],
      .when("rest", p.fails < failsMax.value, proxies.put(p).after(p.rest + p.rest)),
      otherwise: [banned.put(p)])
  }

  private var parole: Transition {
    let p = banned.token("p")
    return .plain(
      "parole", in: [p.after(ban.value)], puts: proxies.put(copying: p, .set(\.fails, 0)))
  }

  private var retryOrGiveUp: Transition {
    let f = failures.token("f")
    let again = targets.put(copying: f.target, .set(\.tries, f.target.tries + 1))
    return .choose(
      "retry_or_give_up", in: [f],
      .when(
        "retry", f.target.tries + 1 < triesMax.value, failLog.put(f),
        again.after(.backoff(f.target.tries, from: .seconds(1), upTo: .hours(1)))),
      otherwise: [failLog.put(f), dead.put(.set(\.why, f.why))])
  }

  private var writeLog: Transition {
    let f = failLog.token("f")
    return .action(
      "write_fail_log", in: [f], performs: RepeatableAction("log.write", effect: .none),
      with: .token(f), ok: { (_: Formula<Unit>) in [] }, failed: { _ in [] })
  }

  private var pages: [Transition] {
    let h = html.token("h")
    let raw = parsed.token("x")
    let good = validated.token("x")
    let lost = { (error: Failed) in [dead.put(.set(\.why, error.code))] }
    return [
      .action(
        "parse", in: [h], performs: parse, with: .value(h.html), limit: .max(16),
        ok: { [parsed.put(.set(\.url, h.url), .set(\.values, $0))] }, failed: lost),
      .action(
        "validate", in: [raw], performs: validate, with: .value(raw.values), limit: .max(16),
        ok: { [validated.put(.set(\.url, raw.url), .set(\.values, $0))] }, failed: lost),
      .action(
        "store", in: [good], performs: store,
        with: .fields(.set(\.url, good.url), .set(\.values, good.values)),
        retry: .attempts(5, upTo: .seconds(60)), limit: .max(8),
        ok: { _ in [stored.put(good.url)] }, failed: lost),
    ]
  }
}
