import PetriNet
import Testing

@Suite struct IllTypedNetsTests {
  @Test(arguments: cases)
  func `what does not fit its type is told at its place`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "an arc, an inscription and a guard of the wrong type",
      """
      workflow: w
      places:
        asked: {start: {order: string, amount: int}}
        paid: {amount: int}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, guard: r.amount, out: {paid: r}}
        b: {in: {r: asked}, out: {paid: {amount: r.order}}}
        c: {in: {r: asked}, out: {paid: {}}}
        d: {in: {p: paid}, out: {done: "p.amount + 1"}}
      """,
      [
        Finding(
          "P102", "expected bool, found int", at: .at(7, 30, 8), node: "transitions.a.guard",
          found: "int", expected: "bool"),
        Finding(
          "P102", "the value does not fit into 'paid' (field order)", at: .at(7, 52, 1),
          node: "transitions.a.out.paid", found: "string",
          expected: "no such field in {amount: int}"),
        Finding(
          "P102", "the value does not fit into the field 'amount' of 'paid'",
          at: .at(8, 44, 7), node: "transitions.b.out.paid.amount", found: "string",
          expected: "int"),
        Finding(
          "P102", "the field 'amount' of 'paid' is not given", at: .at(9, 35, 2),
          node: "transitions.c.out.paid", found: "nothing", expected: "int"),
        Finding(
          "P102", "the value does not fit into 'done'", at: .at(10, 35, 12),
          node: "transitions.d.out.done", found: "int", expected: "unit"),
      ]),
    BrokenNet(
      "now in a guard and in a where",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, guard: now > timestamp('2026-01-01T00:00:00Z'), out: {done: unit}}
        b: {in: {r: {from: asked, where: case.started < now}}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "'now' may not be used here: it is known only when the transition fires",
          at: .at(6, 30, 3), node: "transitions.a.guard", found: "now"),
        Finding(
          "P102", "'now' may not be used here: it is known only when the transition fires",
          at: .at(7, 51, 3), node: "transitions.b.in.r.where", found: "now"),
      ]),
    BrokenNet(
      "a literal outside its range, and one that is no member",
      """
      workflow: w
      types: {State: [live, dead]}
      places:
        asked: {start: {n: int 0..10}}
        work: {n: int 0..10, state: State}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {work: {n: "11", state: "'lively'"}}}
        b: {in: {r: asked}, out: {work: {n: r.n, state: "r.n > 3 ? 'live' : 'ded'"}}}
        c: {in: {w: work}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "the value does not fit into the field 'n' of 'work'", at: .at(8, 40, 2),
          node: "transitions.a.out.work.n", found: "11", expected: "int 0..10"),
        Finding(
          "P102", "the value does not fit into the field 'state' of 'work'",
          at: .at(8, 53, 8), node: "transitions.a.out.work.state", found: "'lively'",
          expected: "one of live, dead"),
        Finding(
          "P102", "the value does not fit into the field 'state' of 'work'", at: .at(9, 71, 5),
          node: "transitions.b.out.work.state", found: "'ded'", expected: "one of live, dead"),
      ]),
    BrokenNet(
      "copy that lacks a field or brings one too many",
      """
      workflow: w
      places:
        asked: {start: {a: string, b: int}}
        work: {a: string, c: int}
        done: {end: unit}
      transitions:
        go: {in: {r: asked}, out: {work: {copy: r, a: "'x'"}}}
        finish: {in: {w: work}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "the field 'c' of 'work' is not given", at: .at(7, 36, 19),
          node: "transitions.go.out.work", found: "nothing", expected: "int"),
        Finding(
          "P102", "'work' has no field 'b', which 'copy' brings", at: .at(7, 43, 1),
          node: "transitions.go.out.work.copy", found: "{a: string, b: int}",
          expected: "{a: string, c: int}",
          help: "build the record field by field, or give the place that field"),
      ]),
    BrokenNet(
      "a label that the place does not know",
      """
      workflow: w
      types: {Label: [ok, spam]}
      places:
        asked: {start: {text: string}}
        voted: {label: Label}
        done: {end: unit}
      transitions:
        ask:
          in: {r: asked}
          judge: moderate
          with: {text: r.text}
          timeout: 5s
          then: {ok: {voted: {label: verdict}}, else: {voted: {label: verdict}}, fallback: \
      {done: unit}}
        finish: {in: {v: voted}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "the value does not fit into the field 'label' of 'voted'",
          at: .at(13, 65, 7), node: "transitions.ask.then.else.voted.label", found: "'abuse'",
          expected: "one of ok, spam")
      ]),
    BrokenNet(
      "params whose literals do not fit",
      """
      workflow: w
      params: {a: int = x, b: duration = 5 s, c: string max 3 = abcd, d: bool = yes, e: \
      timestamp = today}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "the literal does not fit its type", at: .at(2, 19, 1), node: "params.a",
          found: "'x'", expected: "int"),
        Finding(
          "P102", "the literal does not fit its type", at: .at(2, 36, 3), node: "params.b",
          found: "'5 s'", expected: "duration"),
        Finding(
          "P102", "the literal does not fit its type", at: .at(2, 59, 4), node: "params.c",
          found: "'abcd'", expected: "string max 3"),
        Finding(
          "P102", "the literal does not fit its type", at: .at(2, 75, 3), node: "params.d",
          found: "'yes'", expected: "bool"),
        Finding(
          "P102", "the literal does not fit its type", at: .at(2, 95, 5), node: "params.e",
          found: "'today'", expected: "timestamp"),
      ]),
    BrokenNet(
      "types that contain themselves, ranges and bounds that are none",
      """
      workflow: w
      types:
        A: {b: B}
        B: {a: list<A>}
        C: {n: int 5..1, s: duration 5s..1s}
        D: {l: "list<personal string>"}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "the type 'A' contains itself", at: .at(4, 15, 1), node: "types.A",
          found: "A", expected: "a type that ends"),
        Finding(
          "P102", "the range is empty", at: .at(5, 10, 8), node: "types.C.n",
          found: "an end below its start", expected: "a lower end that is not above the upper"),
        Finding(
          "P102", "the range is empty", at: .at(5, 23, 15), node: "types.C.s",
          found: "an end below its start", expected: "a lower end that is not above the upper"),
        Finding(
          "P102", "'personal' stands only on a field of a record", at: .at(6, 16, 15),
          node: "types.D.l", found: "personal", expected: "{FIELD: personal TYPE}"),
      ]),
    BrokenNet(
      "variables where they are not known yet",
      """
      workflow: w
      places:
        asked: {start: {order: string, until: timestamp}}
        lots: {shared: {id: string, at: timestamp}}
        done: {end: string}
      transitions:
        a:
          in: {r: {from: asked, at: l.at}, l: lots, xs: {from: lots, count: all}}
          unless: {u: {from: lots, where: size(xs) > 0}}
          guard: u.id == 'x'
          out: {done: firing.id}
        b: {in: {l: {from: lots, at: input.until}}, out: {lots: {copy: l, id: case.id}}}
        c: {in: {r: asked}, task: "{{firing.id}} {{now}}", then: {yes: {done: answer.by}}}
      """,
      [
        Finding(
          "P102",
          "'l' may not be used here: a wait sees its own token and `params`, of a case also "
            + "`input` and `case`",
          at: .at(8, 31, 1), node: "transitions.a.in.r.at", found: "l"),
        Finding(
          "P102", "'xs' may not be used here: its list is bound after all single arcs",
          at: .at(9, 42, 2), node: "transitions.a.unless.u.where", found: "xs"),
        Finding(
          "P102", "'u' may not be used here: it stands for a token that is not there",
          at: .at(10, 12, 1), node: "transitions.a.guard", found: "u"),
        Finding(
          "P102", "'input' may not be used here: tokens of this place belong to no case",
          at: .at(12, 32, 5), node: "transitions.b.in.l.at", found: "input"),
        Finding(
          "P102", "'case' may not be used here: the transition binds no token of a case",
          at: .at(12, 73, 4), node: "transitions.b.out.lots.id", found: "case"),
        Finding(
          "P102", "'firing' may not be used here: it is known only when the transition fires",
          at: .at(13, 32, 6), node: "transitions.c.task", found: "firing"),
        Finding(
          "P102", "'now' may not be used here: it is known only when the transition fires",
          at: .at(13, 46, 3), node: "transitions.c.task", found: "now"),
      ]),
    BrokenNet(
      "maps that stand for records, one in a list",
      """
      workflow: w
      types: {I: {id: string, n: int 0..9 = 1}}
      places:
        asked: {start: unit}
        work: I
        many: {items: list<I>}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {work: "{'id': 'x', 'm': 3}"}}
        b: {in: {r: asked}, out: {many: {items: "[{'id': 'x'}, {'n': 10}]"}}}
        c: {in: {w: work, m: many}, out: {done: unit}}
      """,
      [
        Finding(
          "P103", "unknown field 'm' in 'work'", at: .at(9, 48, 3), node: "transitions.a.out.work",
          found: "m", expected: "one of id, n", nearest: "n"),
        Finding(
          "P102", "the field 'id' of the field 'items' of 'many' is not given",
          at: .at(10, 58, 9), node: "transitions.b.out.many.items", found: "nothing",
          expected: "string"),
        Finding(
          "P102",
          "the value does not fit into the field 'n' of the field 'items' of 'many'",
          at: .at(10, 64, 2), node: "transitions.b.out.many.items", found: "10",
          expected: "int 0..9"),
      ]),
  ]
}
