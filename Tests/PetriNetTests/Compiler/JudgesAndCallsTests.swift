import PetriNet
import Testing
import Workflows

@Suite struct JudgesAndCallsTests {
  @Test(arguments: cases)
  func `models and called workflows are checked where they are known`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  @Test(arguments: [("sure", ["not"]), ("fast", []), ("[fast, sure]", ["not"])])
  func `labels that begin each other are refused where probabilities tell them apart`(
    model: String, found: [String]
  ) throws {
    let loader = NetLoader(
      files: FileSource([
        NetText.file: """
        workflow: w
        places: {asked: {start: {order: string}}, done: {end: unit}}
        transitions:
          a: {in: {r: asked}, judge: steps, with: {text: "'x'"}, timeout: 5s, model: \(model), \
        then: {else: {done: unit}, fallback: {done: unit}}}
        """
      ]))
    let source = try #require(loader.source(at: NetText.file))
    let prompts = NetText.prompts.map { prompt in
      var prompt = prompt
      prompt.name = "steps"
      prompt.labels = .strings(["yes", "no", "not"].map { .init(name: $0) })
      return prompt
    }

    let findings = NetText.told {
      try NetCompiler.compile(
        source, prompts: [prompts[prompts.count - 1]], context: BrokenNets.context)
    }

    #expect(findings.map(\.found) == found)
    #expect(findings.allSatisfy { $0.code == "P116" && $0.mark == .at(4, 30, 5) })
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "votes and confidence that the models cannot give",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, judge: open, with: {text: "'x'"}, timeout: 5s, model: fast, \
      agree: 2, at_least: 0.9, then: {else: {done: unit}, fallback: {done: unit}}}
        b: {in: {r: asked}, judge: open, with: {text: "'x'"}, timeout: 5s, model: [fast, \
      sure], agree: 3, then: {else: {done: unit}, fallback: {done: unit}}}
        c: {in: {r: asked}, judge: open, with: {text: "'x'"}, timeout: 5s, model: fst, \
      at_least: 1.5, then: {else: {done: unit}, fallback: {done: unit}}}
        d: {in: {r: asked}, judge: open, with: {text: "'x'"}, timeout: 5s, model: r.order, \
      then: {else: {done: unit}, fallback: {done: unit}}}
      """,
      [
        Finding(
          "P116", "'agree' needs a list of models", at: .at(6, 90, 1),
          node: "transitions.a.agree", found: "one model",
          expected: "model: [ALIAS, ALIAS, ...]"),
        Finding(
          "P116", "the model 'fast' gives no confidence", at: .at(6, 103, 3),
          node: "transitions.a.at_least", found: "fast",
          expected: "votes: model: [ALIAS, ALIAS, ...] and agree",
          help: "confidence is the share of the models that gave the label"),
        Finding(
          "P116", "more models must agree than are asked", at: .at(7, 98, 1),
          node: "transitions.b.agree", found: "3", expected: "at most 2"),
        Finding(
          "P103", "unknown model alias 'fst' in 'c'", at: .at(8, 77, 3),
          node: "transitions.c.model", found: "fst", expected: "one of fast, sure",
          nearest: "fast"),
        Finding(
          "P102", "'at_least' is a confidence", at: .at(8, 92, 3),
          node: "transitions.c.at_least", found: "1.5", expected: "a number from 0 to 1"),
        Finding(
          "P102", "a computed model is of an enumeration", at: .at(9, 77, 7),
          node: "transitions.d.model", found: "string",
          expected: "an enumeration whose members are aliases"),
      ]),
    BrokenNet(
      "calls of workflows that cannot be called so",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, call: child, with: {n: "1"}, then: {finished: {done: unit}, gone: \
      {done: unit}, cancelled: {done: unit}}}
        b: {in: {r: asked}, call: pair, with: {n: "1"}, then: {else: {done: unit}}}
        c: {in: {r: asked}, call: chld, then: {else: {done: unit}}}
        d: {in: {r: asked}, call: child, with: {n: r.order}, then: {else: {done: result}}}
      """,
      [
        Finding(
          "P123", "'child' has no end place 'gone'", at: .at(6, 83, 4),
          node: "transitions.a.then.gone", found: "gone",
          expected: "one of finished, cancelled"),
        Finding(
          "P123", "'pair' cannot be called", at: .at(7, 29, 4), node: "transitions.b.call",
          found: "one, two", expected: "exactly one start place",
          help: "wrap it in a workflow that has one"),
        Finding(
          "P103", "unknown workflow 'chld' in 'c'", at: .at(8, 29, 4),
          node: "transitions.c.call", found: "chld", expected: "one of child, pair",
          nearest: "child"),
        Finding(
          "P102", "the value does not fit into the field 'n' of the input of 'child'",
          at: .at(9, 46, 7), node: "transitions.d.with.n", found: "string", expected: "int"),
        Finding(
          "P103", "there is no variable 'result'", at: .at(9, 76, 6),
          node: "transitions.d.then.else.done", found: "result",
          expected: "one of input, case, now, firing, r, params, unit"),
      ]),
  ]
}
