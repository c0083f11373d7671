import PetriNet
import Testing

@Suite struct FlowOfMarksTests {
  @Test(arguments: cases)
  func `marks are followed along every flow`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  @Test(
    arguments: [
      ("q", "out: {told: {put: {a: 1}, at: r.born}}", "'at'"),
      ("q", "out: {told: {put: {a: 1}, after: \"duration(string(r.n) + 's')\"}}", "'after'"),
      ("{from: q, at: r.born}", "out: {told: {a: 1}}", "'at'"),
      ("{from: q, after: \"duration(string(r.n) + 's')\"}", "out: {told: {a: 1}}", "'after'"),
      ("q, u: {from: room, count: \"input.n > 1 ? 1 : 0\"}", "out: {told: {a: 1}}", "'count'"),
    ])
  func `a time or a count of personal values would stand in the log as it is`(
    _ arc: String, _ work: String, _ noun: String
  ) {
    let net = BrokenNet(
      "",
      """
      workflow: w
      types: {R: {born: personal timestamp, n: personal int}}
      places:
        asked: {start: R}
        q: R
        room: {shared: unit}
        told: {a: int}
        done: {end: unit}
      transitions:
        take: {in: {r: asked}, out: {q: r}}
        wait: {in: {r: \(arc)}, \(work)}
        tell: {in: {t: told}, out: {done: unit}}
      """, [])

    #expect(
      net.compiled.filter { $0.code == "P117" }.map(\.message)
        == ["a personal value flows into \(noun)"])
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "personal values in fields, titles, shared places, keys and labels",
      """
      workflow: w
      types: {R: {order: string, who: personal string, kind: personal string}}
      case: {key: input.who, labels: {who: "input.who + 'x'"}, subject: input.who}
      places:
        asked: {start: R}
        log: {shared: {who: string}}
        secret: {shared: {who: personal string}}
        mail: {message: {who: personal string}, key: who, keep: 1d}
        told: {text: string, kept: personal string}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {log: {who: r.who}, told: {text: "r.order + r.who", kept: \
      r.who}}}
        b: {in: {t: told, l: log, s: secret, m: mail}, task: "{{input.who}}", for: \
      input.kind, then: {yes: {done: unit}}}
      """,
      [
        Finding(
          "P117", "a personal value flows into 'case.key'", at: .at(3, 13, 9),
          node: "case.key", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)"),
        Finding(
          "P117", "a personal value flows into 'case.labels.who'", at: .at(3, 38, 17),
          node: "case.labels.who", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)"),
        Finding(
          "P117", "the shared place 'secret' holds a personal field", at: .at(7, 20, 22),
          node: "places.secret", found: "{who: personal string}",
          expected: "a type without personal fields",
          help: "shared tokens belong to no case, so no key could ever seal them"),
        Finding(
          "P117", "the key 'who' is personal", at: .at(8, 48, 3), node: "places.mail.key",
          found: "who", expected: "a field that is not personal",
          help: "keys are compared and kept in clear text for as long as the place keeps"),
        Finding(
          "P117", "a personal value flows into the field 'who' of 'log'", at: .at(12, 40, 5),
          node: "transitions.a.out.log.who", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)"),
        Finding(
          "P117", "a personal value flows into the field 'text' of 'told'",
          at: .at(12, 61, 17), node: "transitions.a.out.told.text", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)"),
        Finding(
          "P102", "the task 'b' needs exactly one arc of `in`, for one token",
          at: .at(13, 3, 1), node: "transitions.b.in", found: "4 arcs",
          expected: "one arc without count"),
        Finding(
          "P117", "a personal value flows into the title of 'b'", at: .at(13, 59, 9),
          node: "transitions.b.task", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)"),
        Finding(
          "P117", "a personal value flows into 'for'", at: .at(13, 78, 10),
          node: "transitions.b.for", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)"),
      ]),
    BrokenNet(
      "what reads a personal field is personal, but in conditions and after declassify",
      """
      workflow: w
      types: {R: {who: personal string, items: list<I>}, I: {text: personal string}}
      places:
        asked: {start: R}
        told: {n: int, short: bool, safe: string}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, guard: r.who == 'x', out: {told: {n: size(r.items), short: \
      "r.items.exists(i, i.text == '')", safe: declassify(r.who)}}}
        b: {in: {t: told}, out: {done: unit}}
      """,
      [
        Finding(
          "P117", "a personal value flows into the field 'short' of 'told'",
          at: .at(8, 82, 33), node: "transitions.a.out.told.short", found: "a personal value",
          expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)")
      ]),
    BrokenNet(
      "personal values through bindings, pairs and optionals",
      """
      workflow: w
      types: {R: {who: personal string, items: list<I>}, I: {text: personal string, n: int}}
      places:
        asked: {start: R}
        told: {a: string, b: list<int>, c: list<string>, d: string, e: bool}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {told: {a: "cel.bind(w, r.who, w)", \
      b: "r.items.transformList(i, v, i + v.n)", c: "r.items.transformList(i, v, v.text)", \
      d: "r.?who.orValue('')", e: "cel.bind(w, r.who, true)"}}}
        b: {in: {t: told}, out: {done: unit}}
      """,
      ["a", "c", "d"].map { field in
        let (column, length) = ["a": (39, 23), "c": (110, 37), "d": (152, 20)][field] ?? (0, 0)
        return Finding(
          "P117", "a personal value flows into the field '\(field)' of 'told'",
          at: .at(8, column, length), node: "transitions.a.out.told.\(field)",
          found: "a personal value", expected: "a value that is not personal",
          help: "mark the field `personal`, leave the value out, or write declassify(…)")
      }),
    BrokenNet(
      "untrusted values in trusted fields, also by way of other places",
      """
      workflow: w
      types: {T: {url: string, ok: trusted string}}
      actions: {get: {takes: {url: trusted string}, returns: untrusted string, effect: none}}
      places:
        asked: {start: {url: string, host: trusted string}}
        middle: {url: string}
        ready: T
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {middle: {url: r.url}}}
        b: {in: {m: middle}, out: {ready: {url: m.url, ok: m.url}}}
        c: {in: {r: ready}, action: get, with: {url: r.url}, then: {ok: {ready: {url: "'x'", \
      ok: result}}, failed: {done: unit}}}
        d: {in: {r: asked}, out: {ready: {url: r.url, ok: r.host}}}
        e: {in: {r: ready}, out: {done: unit}}
      """,
      [
        Finding(
          "P118", "an untrusted value flows into the field 'ok' of 'ready'",
          at: .at(11, 54, 5), node: "transitions.b.out.ready.ok", found: "an untrusted value",
          expected: "a trusted value",
          help: "unmark the field, or let a task or an action stand between"),
        Finding(
          "P118", "an untrusted value flows into the field 'url' of the input of 'get'",
          at: .at(12, 48, 5), node: "transitions.c.with.url", found: "an untrusted value",
          expected: "a trusted value",
          help: "unmark the field, or let a task or an action stand between"),
        Finding(
          "P118", "an untrusted value flows into the field 'ok' of 'ready'",
          at: .at(12, 92, 6), node: "transitions.c.then.ok.ready.ok",
          found: "an untrusted value", expected: "a trusted value",
          help: "unmark the field, or let a task or an action stand between"),
      ]),
  ]
}
