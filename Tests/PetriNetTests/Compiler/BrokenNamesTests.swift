import PetriNet
import Testing

@Suite struct BrokenNamesTests {
  @Test(arguments: cases)
  func `names are refused that are misspelt, reserved or taken`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "a place with a hyphen and a transition that CEL reserves",
      """
      workflow: w
      places:
        asked-for: {start: unit}
        done: {end: unit}
      transitions:
        while: {in: {r: asked-for}, out: {done: unit}}
      """,
      [
        Finding(
          "F125", "'asked-for' cannot be the name of a place", at: .at(3, 3, 9),
          node: "places.asked-for", found: "asked-for",
          expected: "letters, digits and _, no digit first"),
        Finding(
          "F125", "'while' cannot be the name of a transition", at: .at(6, 3, 5),
          node: "transitions.while", found: "while",
          expected: "a name that CEL does not reserve"),
      ]),
    BrokenNet(
      "a variable that hides what CEL sees",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {now: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F125", "'now' cannot be the name of a variable", at: .at(6, 17, 3),
          node: "transitions.finish.in.now", found: "now",
          expected: "a variable that hides none of input, params, case, now, firing, unit, "
            + "verdict, fallback, result, error, answer")
      ]),
    BrokenNet(
      "a field called copy, and a type called int",
      """
      workflow: w
      types: {int: [a], R: {copy: string}}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F125", "'int' cannot be the name of a type", at: .at(2, 9, 3), node: "types.int",
          found: "int", expected: "a name that is no built-in type"),
        Finding(
          "F125", "'copy' cannot be the name of a field", at: .at(2, 23, 4),
          node: "types.R.copy", found: "copy",
          expected: "a field not called copy, put or each"),
      ]),
    BrokenNet(
      "an action with the name of a built-in one",
      """
      workflow: w
      actions: {log.write: {takes: unit, returns: unit}}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F125", "'log.write' is a built-in action", at: .at(2, 11, 9),
          node: "actions.log.write", found: "log.write",
          expected: "another name; built-in actions are there undeclared")
      ]),
    BrokenNet(
      "a name of more than 128 bytes",
      """
      workflow: w
      params: {가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가: int = 1}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F125",
          "'가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가' cannot be the name of a parameter",
          at: .at(2, 10, 43), node: "params.가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가",
          found: "가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가가", expected: "at most 128 bytes")
      ]),
    BrokenNet(
      "a transition with the name of a place",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        asked: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F128", "the transition 'asked' is declared twice", at: .at(6, 3, 5),
          node: "transitions.asked", found: "asked", expected: "another name",
          related: [(.at(3, 3, 5), "also declared here")])
      ]),
    BrokenNet(
      "two arcs with one variable",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, unless: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F128", "the variable 'r' is declared twice", at: .at(6, 37, 1),
          node: "transitions.finish.unless.r", found: "r", expected: "another name",
          related: [(.at(6, 17, 1), "also declared here")])
      ]),
    BrokenNet(
      "a library that declares what the workflow declares",
      """
      workflow: w
      import: [lib.yaml]
      types: {R: [a, b]}
      actions: {pay: {takes: unit, returns: unit, effect: none}}
      params: {max: int = 1}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, action: pay, then: {else: {done: unit}}}
      """,
      [
        Finding(
          "F128", "the type 'R' is declared twice", at: .at(3, 9, 1), node: "types.R",
          found: "R", expected: "another name",
          related: [(.at(2, 9, 1, in: "lib.yaml"), "also declared here")]),
        Finding(
          "F128", "the action 'pay' is declared twice", at: .at(4, 11, 3), node: "actions.pay",
          found: "pay", expected: "another name",
          related: [(.at(3, 11, 3, in: "lib.yaml"), "also declared here")]),
        Finding(
          "F128", "the parameter 'max' is declared twice", at: .at(5, 10, 3),
          node: "params.max", found: "max", expected: "another name",
          related: [(.at(4, 10, 3, in: "lib.yaml"), "also declared here")]),
      ]),
    BrokenNet(
      "an enumeration with a member twice and one that is no word",
      """
      workflow: w
      types: {Label: [a, a, 1b]}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "F128", "the member 'a' is declared twice", at: .at(2, 20, 1), node: "types.Label",
          found: "a", expected: "another name",
          related: [(.at(2, 17, 1), "also declared here")]),
        Finding(
          "F125", "'1b' cannot be the name of a member", at: .at(2, 23, 2),
          node: "types.Label", found: "1b", expected: "letters, digits and _, no digit first"),
      ]),
  ]
}
