import PetriNet
import Testing

@Suite struct BrokenExpressionsTests {
  @Test(arguments: cases)
  func `an expression that does not parse is told at its column`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "an expression that does not parse, beside one that does not check",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, guard: r.order ==, out: {done: unit}}
        b: {in: {r: asked}, guard: r.order == 3, out: {done: unit}}
      """,
      [
        Finding(
          "F201", "expected an expression, found the end", at: .at(6, 40, 1),
          node: "transitions.a.guard", found: "the end", expected: "an expression"),
        Finding(
          "P102", "'==' compares values of one type, found string and int", at: .at(7, 30, 12),
          node: "transitions.b.guard", found: "string and int",
          expected: "two values of one type"),
      ]),
    BrokenNet(
      "an expression that is nested too deeply",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, guard: \
      "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\
      (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\
      (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\
      (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\
      (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((r.order == \
      'x'))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))\
      )))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))\
      )))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))\
      )))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))\
      )))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))", out: \
      {done: unit}}
      """,
      [
        Finding(
          "F202", "an expression nests at most 250 levels deep", at: .at(6, 281, 1),
          node: "transitions.a.guard", found: "more than 250 levels", expected: "at most 250")
      ]),
    BrokenNet(
      "declared sizes that let a condition take too many steps",
      """
      workflow: w
      places:
        a: {start: {xs: list<int> max 2000, few: list<int> max 20}}
        z: {end: unit}
      transitions:
        t: {in: {r: a}, guard: "r.few.all(x, r.few.all(y, x <= y))", out: {z: unit}}
        u: {in: {r: a}, guard: "r.xs.all(x, r.xs.all(y, x <= y))", out: {z: unit}}
      """,
      [
        Finding(
          "F202",
          "this part can take more than 1000000 steps: lists of no declared size count 100 elements",
          at: .at(7, 27, 32), node: "transitions.u.guard", found: "up to 40022002 steps",
          expected: "at most 1000000")
      ]),
  ]
}
