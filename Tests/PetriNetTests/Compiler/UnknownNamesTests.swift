import PetriNet
import Testing

@Suite struct UnknownNamesTests {
  @Test(arguments: cases)
  func `an unknown name is told with the nearest known one`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "a place, a type, an action and a prompt that are not there",
      """
      workflow: w
      places:
        asked: {start: Refnd}
        done: {end: unit}
      types: {Refund: {order: string}}
      transitions:
        a: {in: {r: askd}, out: {done: unit}}
        b: {in: {r: asked}, action: log.wrte, with: r, then: {else: {done: unit}}}
        c: {in: {r: asked}, judge: opn, with: {}, timeout: 5s, then: {else: {done: unit}, \
      fallback: {dome: unit}}}
      """,
      [
        Finding(
          "P103", "unknown type 'Refnd' in 'places.asked'", at: .at(3, 18, 5),
          node: "places.asked", found: "Refnd", expected: "one of 10 names", nearest: "Refund"),
        Finding(
          "P103", "unknown place 'askd' in 'in' of 'a'", at: .at(7, 15, 4),
          node: "transitions.a.in.r", found: "askd", expected: "one of asked, done",
          nearest: "asked"),
        Finding(
          "P103", "unknown action 'log.wrte' in 'b'", at: .at(8, 31, 8),
          node: "transitions.b.action", found: "log.wrte",
          expected: "one of http.request, log.write, case.start", nearest: "log.write"),
        Finding(
          "P103", "unknown prompt 'opn' in 'c'", at: .at(9, 30, 3),
          node: "transitions.c.judge", found: "opn",
          expected: "one of refund-intent, moderate, open", nearest: "open"),
        Finding(
          "P103", "unknown place 'dome' in the outputs of 'c'", at: .at(9, 96, 4),
          node: "transitions.c.then.fallback.dome", found: "dome", expected: "one of asked, done",
          nearest: "done"),
      ]),
    BrokenNet(
      "a field, a variable and a function that are not there",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, guard: r.ordr == 'x', out: {done: unit}}
        b: {in: {r: asked}, guard: q.order == 'x', out: {done: unit}}
        c: {in: {r: asked}, guard: siz(r.order) == 3, out: {done: unit}}
        d: {in: {r: asked}, guard: params.max == 3, out: {done: unit}}
      """,
      [
        Finding(
          "P103", "{order: string} has no field 'ordr'", at: .at(6, 32, 4),
          node: "transitions.a.guard", found: "ordr", expected: "a field of {order: string}",
          nearest: "order"),
        Finding(
          "P103", "there is no variable 'q'", at: .at(7, 30, 1), node: "transitions.b.guard",
          found: "q", expected: "one of input, case, r, params, unit"),
        Finding(
          "P103", "there is no function 'siz'", at: .at(8, 30, 3), node: "transitions.c.guard",
          found: "siz", expected: "a function", nearest: "size"),
        Finding(
          "P103", "params has no field 'max'", at: .at(9, 37, 3), node: "transitions.d.guard",
          found: "max", expected: "a field of params"),
      ]),
    BrokenNet(
      "fields of outputs, prompts and literals that are not there",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        lots: {shared: {id: string}, initial: [{id: a, size: 3}]}
        done: {end: {why: string}}
      transitions:
        a: {in: {r: asked, l: lots}, out: {done: {why: r.order, wy: r.order}}}
        b:
          in: {r: asked}
          judge: open
          with: {txt: r.order}
          timeout: 5s
          then: {else: {done: {why: verdict}}, fallback: {done: {why: fallback.reason}}}
      """,
      [
        Finding(
          "P103", "unknown field 'size' in {id: string}", at: .at(4, 50, 4),
          node: "places.lots.initial.0", found: "size", expected: "one of id"),
        Finding(
          "P103", "unknown field 'wy' in 'done'", at: .at(7, 59, 2),
          node: "transitions.a.out.done.wy", found: "wy", expected: "one of why",
          nearest: "why"),
        Finding(
          "P102", "the field 'text' of the prompt 'open' is not given", at: .at(8, 3, 1),
          node: "transitions.b.with", found: "nothing", expected: "text: string max 5"),
        Finding(
          "P103", "unknown field 'txt' in the prompt 'open'", at: .at(11, 12, 3),
          node: "transitions.b.with.txt", found: "txt", expected: "one of text",
          nearest: "text"),
      ]),
    BrokenNet(
      "a parameter that is given but not declared",
      parameters: ["limit_wom": "4"],
      """
      workflow: w
      params: {limit_won: int = 3}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "P103", "unknown parameter 'limit_wom' in the values given for 'w'",
          at: .at(0, 0, 1, in: ""), node: "params.limit_wom", found: "limit_wom",
          expected: "one of limit_won", nearest: "limit_won")
      ]),
    BrokenNet(
      "a field of an order, of a key and of an invariant",
      """
      workflow: w
      places:
        asked: {start: {order: string}, order: [-prio]}
        lots: {shared: {id: string}, key: ident}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked, l: lots}, out: {done: unit}}
      invariants:
        one: {by: name, always: lots + finish.l <= 1}
        none: askd == 0
      """,
      [
        Finding(
          "P103", "unknown field 'prio' in {order: string}", at: .at(3, 43, 5),
          node: "places.asked.order", found: "prio", expected: "one of order"),
        Finding(
          "P103", "unknown field 'ident' in {id: string}", at: .at(4, 37, 5),
          node: "places.lots.key", found: "ident", expected: "one of id"),
        Finding(
          "P103", "unknown field 'name' in 'lots'", at: .at(9, 13, 4),
          node: "invariants.one.by", found: "name", expected: "one of id"),
        Finding(
          "P103", "there is no variable 'askd'", at: .at(10, 9, 4),
          node: "invariants.none.always", found: "askd",
          expected: "one of asked, lots, done, finish, finish.r, finish.l, params, unit",
          nearest: "asked"),
      ]),
    BrokenNet(
      "an acceptance that can never be",
      """
      workflow: w
      accept: {P001: because}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "P001 cannot be accepted", at: .at(2, 10, 4), node: "accept.P001",
          found: "P001", expected: "another code",
          help: "the check contradicts itself: report it")
      ]),
    BrokenNet(
      "what depends on a mistake is not told again",
      """
      workflow: w
      params: {max: int = lots}
      types: {R: {amount: itn}}
      actions: {pay: {takes: R, returns: R, effect: none}}
      case: {key: input.amount}
      places:
        asked: {start: R}
        work: R
        done: {end: {sum: int}}
      transitions:
        a: {in: {r: asked}, guard: r.amount < params.max, out: {work: {copy: r, amount: "3"}}}
        b:
          in: {w: work}
          action: pay
          with: {amount: w.amount}
          then: {ok: {done: {sum: result.amount}}, failed: {work: w}}
      """,
      [
        Finding(
          "P102", "the literal does not fit its type", at: .at(2, 21, 4), node: "params.max",
          found: "'lots'", expected: "int"),
        Finding(
          "P103", "unknown type 'itn' in 'types.R.amount'", at: .at(3, 21, 3),
          node: "types.R.amount", found: "itn", expected: "one of 10 names", nearest: "int"),
      ]),
  ]
}
