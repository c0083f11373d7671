/// Lines that give a code, and the same lines made right.
package struct ExplanationExample: Equatable, Sendable {
  /// What the lines are.
  package enum Kind: Equatable, Sendable {
    /// Below `transitions:` of a workflow.
    case transitions
    /// A whole workflow.
    case workflow
    /// A whole prompt, `intent.md`.
    case prompt
    case configuration
    /// A test file of a workflow.
    case tests
    /// One line of input.
    case input
  }

  package var kind: Kind
  package var wrong: String
  package var right: String

  init(_ kind: Kind, wrong: String, right: String) {
    self.kind = kind
    self.wrong = wrong
    self.right = right
  }

  /// Examples that are whole files, by code; those of single transitions stand with their pages.
  static let files: [String: ExplanationExample] =
    workflows.merging(nets) { $1 }.merging(prompts) { $1 }.merging(others) { $1 }

  private static let minimal = workflow()

  /// A workflow of two places, with what is given put in.
  private static func workflow(
    _ head: String = "", places: String = "asked: {start: unit}, done: {end: unit}",
    _ transitions: String = "take: {in: {o: asked}, out: {done: unit}}"
  ) -> String {
    "workflow: demo\n\(head.isEmpty ? "" : head + "\n")places: {\(places)}\n"
      + "transitions:\n  \(transitions)"
  }

  private static let workflows: [String: ExplanationExample] = [
    "F107": .init(.workflow, wrong: "---\n\(minimal)\n---\n\(minimal)", right: minimal),
    "F115": .init(
      .workflow, wrong: workflow("", "[take]: {in: {o: asked}, out: {done: unit}}"),
      right: minimal),
    "F116": .init(.workflow, wrong: "# to be written", right: minimal),
    "F126": .init(
      .workflow, wrong: workflow("types: {Order: {id: string, total: int 0-5}}"),
      right: workflow("types: {Order: {id: string, total: int 0..5}}")),
    "F128": .init(
      .workflow, wrong: workflow("", "done: {in: {o: asked}, out: {done: unit}}"),
      right: minimal),
    "F131": .init(
      .workflow, wrong: workflow("import: [lib-monye.yaml]"),
      right: workflow("import: [lib-money.yaml]")),
    "F132": .init(
      .workflow, wrong: workflow("import: [lib-that-imports-itself.yaml]"),
      right: workflow("import: [lib-money.yaml]")),
    "F133": .init(
      .workflow, wrong: workflow("import: [other-workflow.yaml]"),
      right: workflow("import: [lib-money.yaml]")),
  ]

  private static let nets: [String: ExplanationExample] = [
    "P106": .init(
      .workflow,
      wrong: workflow(
        places: "asked: {start: unit}, waits: unit, done: {end: unit}",
        "take: {in: {o: asked}, choose: {late: {when: 1 < 2, out: {waits: unit}},"
          + " else: {out: {done: unit}}}}"),
      right: workflow(
        places: "asked: {start: unit}, waits: unit, done: {end: unit}",
        "take: {in: {o: asked}, choose: {late: {when: 1 < 2, out: {waits: unit}},"
          + " else: {out: {done: unit}}}}\n  go_on: {in: {w: {from: waits, after: 1h}},"
          + " out: {done: unit}}")),
    "P111": .init(
      .workflow,
      wrong: workflow(
        places: "asked: {start: unit}, seen: {shared: unit}, done: {end: unit}",
        "take: {in: {o: asked}, out: {done: unit, seen: unit}}"),
      right: workflow(
        places: "asked: {start: unit}, seen: {shared: unit}, done: {end: unit}",
        "take: {in: {o: asked}, out: {done: unit, seen: unit}}\n"
          + "  forget: {in: {s: {from: seen, after: 1d}}, out: {}}")),
    "P112": .init(
      .workflow,
      wrong: workflow("actions: {mail.send: {takes: unit, returns: unit, effect: final}}"),
      right: minimal),
    "P118": .init(
      .workflow,
      wrong: workflow(
        places: "asked: {start: {ok: bool}}, done: {end: {ok: trusted bool}}",
        "take: {in: {o: asked}, out: {done: {ok: o.ok}}}"),
      right: workflow(
        places: "asked: {start: {ok: trusted bool}}, done: {end: {ok: trusted bool}}",
        "take: {in: {o: asked}, out: {done: {ok: o.ok}}}")),
    "P119": .init(
      .workflow,
      wrong: workflow(
        places:
          "asked: {start: list<int> max 9}, parts: {type: int, capacity: 3}, done: {end: unit}",
        "take:\n    in: {o: asked}\n    task: look\n    then: {ok: {parts: {each: o}}}\n"
          + "  end: {in: {p: {from: parts, count: 1..9}}, out: {done: unit}}"),
      right: workflow(
        places: "asked: {start: list<int> max 9}, parts: int, done: {end: unit}",
        "take:\n    in: {o: asked}\n    task: look\n    then: {ok: {parts: {each: o}}}\n"
          + "  end: {in: {p: {from: parts, count: 1..9}}, out: {done: unit}}")),
    "P122": .init(
      .workflow,
      wrong: workflow(
        places: "asked: {start: unit}, slots: {shared: unit, initial: 1}, done: {end: unit}",
        "take: {in: {o: asked}, out: {done: unit}}\n  tick: {in: {s: slots}, out: {done: unit}}"),
      right: workflow(
        places: "asked: {start: unit}, slots: {shared: unit, initial: 1}, done: {end: unit}",
        "take: {in: {o: asked, s: slots}, out: {done: unit, slots: unit}}")),
    "P123": .init(
      .workflow,
      wrong: workflow(
        "",
        "take: {in: {o: asked}, call: other, with: unit, then: {ended: {done: unit},"
          + " cancelled: {done: unit}}}"),
      right: workflow(
        "",
        "take: {in: {o: asked}, call: other, with: unit, then: {finished: {done: unit},"
          + " cancelled: {done: unit}}}")),
    "P507": .init(
      .workflow,
      wrong: workflow(
        places: "asked: {start: unit}, paid: {message: unit, keep: 1h}, done: {end: unit}",
        "take: {in: {o: asked, p: {from: paid, after: 2h}}, out: {done: unit}}"),
      right: workflow(
        places: "asked: {start: unit}, paid: {message: unit, keep: 3h}, done: {end: unit}",
        "take: {in: {o: asked, p: {from: paid, after: 2h}}, out: {done: unit}}")),
  ]

  /// A prompt with one of its lines written otherwise.
  private static func prompt(
    name: String = "intent", question: String = "Is it one?", labels: String = "[true, false]",
    fields: String = "{note: string}", more: String = "", body: String = "Look at {{note}}."
  ) -> String {
    "---\nprompt: \(name)\nquestion: \(question)\nlabels: \(labels)\nfields: \(fields)\n"
      + "\(more.isEmpty ? "" : more + "\n")---\n\(body)"
  }

  private static let prompts: [String: ExplanationExample] = [
    "F301": prompts(wrong: prompt(body: "Look at {{ note }}.")),
    "F302": prompts(wrong: "Is it one? Look at {{note}}."),
    "F303": prompts(wrong: prompt(body: "")),
    "F304": prompts(
      wrong: prompt(labels: "[refund]"), right: prompt(labels: "[refund, complaint]")),
    "F305": prompts(wrong: prompt(question: "\"Is it one?\\nOr two?\"")),
    "F306": prompts(
      wrong: prompt(more: "examples: [{note: one, label: maybe}]"),
      right: prompt(more: "examples: [{note: one, label: true}]")),
    "F307": prompts(wrong: prompt(name: "intention")),
    "F308": prompts(wrong: prompt(fields: "{note: Order}")),
    "F311": prompts(wrong: prompt(more: "exampels: []"), right: prompt(more: "examples: []")),
    "F312": prompts(wrong: prompt(fields: "[note]")),
    "F313": prompts(
      wrong: "---\nprompt: intent\nlabels: [true, false]\nfields: {note: string}\n---\n"
        + "Look at {{note}}."),
    "F314": prompts(
      wrong: prompt(more: "rationale: maybe"), right: prompt(more: "rationale: true")),
    "F315": prompts(wrong: prompt(fields: "{note: string, 2nd: string}")),
  ]

  private static func prompts(wrong: String, right: String? = nil) -> ExplanationExample {
    ExplanationExample(.prompt, wrong: wrong, right: right ?? prompt())
  }

  private static let others: [String: ExplanationExample] = [
    "C401": .init(
      .configuration, wrong: "petrel: 1\ndatabse: petrel.db",
      right: "petrel: 1\ndatabase: petrel.db"),
    "C402": .init(
      .configuration, wrong: "petrel: 1\nmodels: {fast: stand-in}",
      right: "petrel: 1\nendpoints:\n  stand-in: {url: \"http://127.0.0.1:41801/v1\","
        + " dialect: openai-chat, model: stub-1}\nmodels: {fast: stand-in}"),
    "C403": .init(
      .configuration,
      wrong: "petrel: 1\nendpoints:\n  fast: {url: \"https://models.example/v1\","
        + " dialect: openai-chat, model: m, key: sk-live-1}",
      right: "petrel: 1\nendpoints:\n  fast: {url: \"https://models.example/v1\","
        + " dialect: openai-chat, model: m, key: {env: MODEL_KEY}}"),
    "C404": .init(
      .configuration, wrong: "petrel: 1\nstop: {drain: soon}",
      right: "petrel: 1\nstop: {drain: 10s}"),
    "C405": .init(.configuration, wrong: "petrel: 1\nlogin: {}", right: "petrel: 1"),
    "F501": .init(
      .input, wrong: "{order: \"o-1\", \"total\": 5,}", right: "{\"order\": \"o-1\", \"total\": 5}"),
    "F503": .init(
      .tests,
      wrong: "test: demo\ncases:\n  - case: it ends\n    start: null\n    expect: {end: doen}",
      right: "test: demo\ncases:\n  - case: it ends\n    start: null\n    expect: {end: done}"),
  ]
}
