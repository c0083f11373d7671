import PetriNet
import Testing

@Suite struct BrokenStructureTests {
  @Test(arguments: cases)
  func `what the graph alone refutes is told`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "a place that nothing reaches, and one behind it",
      """
      workflow: w
      places:
        asked: {start: unit}
        lost: unit
        behind: unit
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {done: unit}}
        b: {in: {l: lost}, out: {behind: unit}}
        c: {in: {l: behind}, out: {done: unit}}
      """,
      [
        Finding(
          "P104", "no token can come into 'lost'", at: .at(4, 3, 4), node: "places.lost",
          found: "nothing puts there",
          expected: "an output of a transition that a start place reaches",
          help: "connect it, or delete it"),
        Finding(
          "P104", "no token can come into 'behind'", at: .at(5, 3, 6), node: "places.behind",
          found: "only b, which cannot fire",
          expected: "an output of a transition that a start place reaches",
          help: "connect it, or delete it"),
      ]),
    BrokenNet(
      "a place that no way leads out of, and a loop",
      """
      workflow: w
      places:
        asked: {start: unit}
        stuck: unit
        left: unit
        right: unit
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, choose: {x: {when: "true", out: {stuck: unit}}, y: {when: "true", \
      out: {left: unit}}, else: {out: {done: unit}}}}
        b: {in: {l: left}, out: {right: unit}}
        c: {in: {l: right}, out: {left: unit}}
      """,
      [
        Finding(
          "P106", "no way leads from 'stuck' to an end place", at: .at(4, 3, 5),
          node: "places.stuck", found: "no transition takes its tokens",
          expected: "a route to an end place"),
        Finding(
          "P106", "no way leads from 'left' to an end place", at: .at(5, 3, 4),
          node: "places.left", found: "only ways that come back or stop",
          expected: "a route to an end place"),
        Finding(
          "P106", "no way leads from 'right' to an end place", at: .at(6, 3, 5),
          node: "places.right", found: "only ways that come back or stop",
          expected: "a route to an end place"),
      ]),
    BrokenNet(
      "an end place with an outgoing arc",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {done: unit}}
        b: {in: {d: done}, out: {done: unit}}
      """,
      [
        Finding(
          "P107", "the end place 'done' has an outgoing arc", at: .at(7, 15, 4),
          node: "transitions.b.in.d", found: "done", expected: "a place that is no end",
          help: "what is in an end place is the result of its case and stays there")
      ]),
    BrokenNet(
      "places of cases without a start or an end",
      """
      workflow: w
      case: {key: input.x}
      places:
        work: unit
      transitions:
        a: {in: {r: work}, out: {work: unit}}
      """,
      [
        Finding(
          "P107", "a net without a start place has no cases", at: .at(2, 7, 14), node: "case",
          found: "case:", expected: "a start place"),
        Finding(
          "P107", "the net has places of cases but no start and no end place",
          at: .at(4, 3, 4), node: "places", found: "no start and no end place",
          expected: "a start and an end place"),
      ]),
    BrokenNet(
      "a start without an end",
      """
      workflow: w
      places:
        asked: {start: unit}
      transitions:
        a: {in: {r: asked}, out: {}}
      """,
      [
        Finding(
          "P107", "the net has places of cases but no end place", at: .at(3, 3, 5),
          node: "places", found: "no end place", expected: "a start and an end place")
      ]),
    BrokenNet(
      "a shared place that is only put into, and an unused action",
      """
      workflow: w
      actions: {pay: {takes: unit, returns: unit}}
      places:
        asked: {start: unit}
        notes: {shared: string}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {notes: "'x'", done: unit}}
      """,
      [
        Finding(
          "P112", "no transition uses the action 'pay'", at: .at(2, 11, 3),
          node: "actions.pay", severity: .warning, found: "no transition with action: pay",
          expected: "an action that is used",
          help: "delete the declaration, or use the action"),
        Finding(
          "P111", "no transition looks at 'notes'", at: .at(5, 3, 5), node: "places.notes",
          severity: .warning, found: "a place that is only put into",
          expected: "an arc from it", help: "delete it, or let a transition take from it"),
      ]),
    BrokenNet(
      "a transition that may fire from nothing",
      """
      workflow: w
      places:
        asked: {start: unit}
        lots: {shared: unit}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {done: unit}}
        b: {in: {l: {from: lots, count: all}}, out: {lots: unit}}
      """,
      [
        Finding(
          "P115", "'b' may fire without taking a token", at: .at(8, 3, 1),
          node: "transitions.b.in", found: "only arcs that may be empty",
          expected: "one arc that takes at least one token")
      ]),
    BrokenNet(
      "puts and arcs of cases without a token of a case",
      """
      workflow: w
      places:
        asked: {start: unit}
        lots: {shared: unit}
        mail: {message: unit, keep: 1d}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {done: unit}}
        b: {in: {l: lots}, out: {done: unit}}
        c: {in: {l: lots}, read: {r: asked}, out: {lots: unit}}
        d: {in: {m: mail}, out: {mail: unit}}
      """,
      [
        Finding(
          "P122", "'b' puts into 'done' but may hold no token of a case", at: .at(9, 28, 4),
          node: "transitions.b.out.done", found: "done",
          expected: "an arc of `in` on a place of cases that takes at least one token"),
        Finding(
          "P122", "'c' touches places of cases but may take no token of a case",
          at: .at(10, 29, 1), node: "transitions.c",
          found: "arcs on shared places, or that may be empty",
          expected: "an arc of `in` on a place of cases that takes at least one token"),
        Finding(
          "P122", "'mail' is a message place: only clients put there", at: .at(11, 28, 4),
          node: "transitions.d.out.mail", found: "mail",
          expected: "a place that is no message place"),
      ]),
    BrokenNet(
      "each into a place with capacity after an action, and more than it holds",
      """
      workflow: w
      actions: {find: {takes: unit, returns: list<string>, effect: none}}
      places:
        asked: {start: unit}
        work: {type: string, capacity: 2}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, action: find, then: {ok: {work: {each: result}}, failed: {done: \
      unit}}}
        b: {in: {r: asked}, out: {work: {each: "['a', 'b', 'c']"}}}
        c: {in: {w: work}, out: {done: unit}}
      """,
      [
        Finding(
          "P119", "'each' into 'work', which has a capacity, stands only in plain and choose",
          at: .at(8, 62, 6), node: "transitions.a.then.ok.work", found: "each",
          expected: "one token",
          help: "put the list into a place of its own and let a plain transition hand it out"),
        Finding(
          "P119", "'work' never has room for all of them", at: .at(9, 42, 17),
          node: "transitions.b.out.work", found: "3 tokens", expected: "at most 2"),
      ]),
    BrokenNet(
      "a wait that outlasts its message",
      """
      workflow: w
      places:
        asked: {start: unit}
        mail: {message: unit, keep: 1d}
        done: {end: unit}
      transitions:
        a: {in: {r: asked, m: {from: mail, after: 24h}}, out: {done: unit}}
      """,
      [
        Finding(
          "P507", "'mail' does not keep its messages so long", at: .at(7, 45, 3),
          node: "transitions.a.in.m.after", found: "1d", expected: "less than keep: 1d",
          help: "shorten `after`, or lengthen `keep` of 'mail'")
      ]),
  ]
}
