import PetriNet
import Testing

@Suite struct BrokenRoutesTests {
  @Test(arguments: cases)
  func `an outcome without a route is told, and a route without an outcome`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "a judge without its fallback and with a label too few",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        ask:
          in: {r: asked}
          judge: open
          with: {text: "'hi'"}
          timeout: 5s
          then: {a: {done: unit}}
      """,
      [
        Finding(
          "P101", "the judge 'ask' has no route for 'b'", at: .at(6, 3, 3),
          node: "transitions.ask.then", found: "a", expected: "a, b and fallback under then:"),
        Finding(
          "P101", "the judge 'ask' has no route for 'fallback'", at: .at(6, 3, 3),
          node: "transitions.ask.then", found: "a", expected: "a, b and fallback under then:",
          help: "a model may be silent, late or unreachable; where shall the case go then?"),
      ]),
    BrokenNet(
      "a final action without unknown",
      """
      workflow: w
      actions: {pay: {takes: unit, returns: unit}}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        pay_it: {in: {r: asked}, action: pay, then: {ok: {done: unit}, failed: {done: unit}}}
      """,
      [
        Finding(
          "P101", "the action 'pay_it' has no route for 'unknown'", at: .at(7, 3, 6),
          node: "transitions.pay_it.then", found: "ok, failed",
          expected: "ok, failed and unknown under then:",
          help: "its effect is final: after a crash nobody knows whether it happened; where "
            + "shall the case go then?")
      ]),
    BrokenNet(
      "a task whose form has no route, and one without outcomes",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        answer: {in: {r: asked}, task: Answer, ask: {no: {why: string}}, then: {yes: {done: \
      unit}}}
        look: {in: {r: asked}, task: Look, then: {}}
      """,
      [
        Finding(
          "P101", "the task 'answer' has no route for 'no'", at: .at(6, 3, 6),
          node: "transitions.answer.then", found: "yes", expected: "yes and no under then:"),
        Finding(
          "P101", "the task 'look' has no outcome", at: .at(7, 3, 4),
          node: "transitions.look.then", found: "nothing",
          expected: "an outcome that a person can choose"),
      ]),
    BrokenNet(
      "a choice with branches of the wrong type",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        pick: {in: {r: asked}, choose: {a: {when: r.order == 'x', out: {done: unit}}, b: \
      {when: "r.order", out: {done: 3}}, else: {out: {}}}}
      """,
      [
        Finding(
          "P102", "expected bool, found string", at: .at(6, 92, 7),
          node: "transitions.pick.choose.b.when", found: "string", expected: "bool"),
        Finding(
          "P102", "the value does not fit into 'done'", at: .at(6, 114, 1),
          node: "transitions.pick.choose.b.out.done", found: "an int", expected: "unit"),
      ]),
    BrokenNet(
      "a routed label that the prompt does not have",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        ask:
          in: {r: asked}
          judge: moderate
          with: {text: r.order}
          timeout: 5s
          then: {ok: {done: unit}, span: {done: unit}, else: {done: unit}, fallback: {done: \
      unit}}
      """,
      [
        Finding(
          "P108", "the judge 'ask' has no outcome 'span'", at: .at(11, 30, 4),
          node: "transitions.ask.then.span", severity: .warning, found: "span",
          expected: "one of ok, spam, abuse, illegal, fallback", nearest: "spam")
      ]),
    BrokenNet(
      "an outcome that an action does not have",
      """
      workflow: w
      actions: {pay: {takes: unit, returns: unit, effect: none}}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        pay_it: {in: {r: asked}, action: pay, then: {ok: {done: unit}, faild: {done: \
      error.code}, else: {done: unit}}}
      """,
      [
        Finding(
          "P103", "the action 'pay_it' has no outcome 'faild'", at: .at(7, 66, 5),
          node: "transitions.pay_it.then.faild", found: "faild",
          expected: "one of ok, failed, unknown", nearest: "failed"),
        Finding(
          "P102", "the value does not fit into 'done'", at: .at(7, 80, 10),
          node: "transitions.pay_it.then.faild.done", found: "string", expected: "unit"),
      ]),
    BrokenNet(
      "a call that does not say what happens when it is cancelled",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        sub: {in: {r: asked}, call: child, with: {n: "1"}, then: {finished: {done: unit}}}
      """,
      [
        Finding(
          "P101", "the call 'sub' has no route for 'cancelled'", at: .at(6, 3, 3),
          node: "transitions.sub.then", found: "finished",
          expected: "finished and cancelled under then:",
          help: "a called case may be cancelled, or its start refused")
      ]),
  ]
}
