extension Explanation {
  static let nets: [Explanation] = [
    Explanation(
      "P001", "the check contradicts itself",
      """
      A counterexample did not replay on the engine. This is a mistake of Petrel's: please \
      report it.
      """),
    Explanation(
      "P101", "an outcome without a route",
      """
      Every outcome of a transition says where its case goes: each label and fallback of a judge; ok \
      and failed of an action, and unknown where its effect is final (after a crash nobody knows \
      whether it happened); each outcome of a task; each end place of a called workflow and \
      cancelled. else stands for all others but fallback. A choose needs its else.
      """,
      wrong: "take:\n  in: {o: asked}\n  choose: {small: {when: o.total < 3, out: {known: o}}}",
      right: "take:\n  in: {o: asked}\n  choose: {small: {when: o.total < 3, out: {known: o}},"
        + " else: {out: {refused: {why: \"'no'\"}}}}"),
    Explanation(
      "P102", "types that do not fit",
      """
      A value, default, guard or type is not of the type its place asks for; the message gives both. \
      Ranges count: an int 0..100 takes only what is known to lie in it. now does not stand in guards.
      """,
      wrong: "take: {in: {o: asked}, guard: o.total, out: {known: o}}",
      right: "take: {in: {o: asked}, guard: o.total > 0, out: {known: o}}"),
    Explanation(
      "P103", "an unknown name",
      """
      A place, transition, action, prompt, type, field, label, workflow or model is named that does \
      not exist; the message gives the nearest that does.
      """,
      wrong: "take: {in: {o: askd}, out: {known: o}}",
      right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "P104", "a place that no token reaches",
      "No way of transitions leads from a start place here. Connect the place, or delete it.",
      wrong: "take: {in: {o: asked}, out: {known: o}}",
      right: "take:\n  in: {o: asked}\n  choose: {small: {when: o.total < 3, out: {known: o}},"
        + " else: {out: {refused: {why: \"'no'\"}}}}"),
    Explanation(
      "P105", "a transition that never fires",
      """
      It asks for tokens that never stand together.
      """),
    Explanation(
      "P106", "a place that no way leads out of",
      "From here no way of transitions leads to an end place: a case that comes here never ends."),
    Explanation(
      "P107", "a net without start or end, or an end that goes on",
      """
      A net with places of cases has at least one start place and one end place, and nothing is taken \
      out of an end place.
      """,
      wrong: "take: {in: {o: known}, out: {refused: {why: \"'no'\"}}}",
      right: "take: {in: {o: asked}, out: {refused: {why: \"'no'\"}}}"),
    Explanation(
      "P108", "labels that do not match",
      "A route stands under a label that the prompt does not have, or the other way round.",
      wrong: "ask:\n  in: {o: asked}\n  judge: intent\n  with: {note: o.note}\n  timeout: 5s\n"
        + "  then: {true: {known: o}, false: {known: o}, maybe: {known: o}, fallback: {known: o}}",
      right: "ask:\n  in: {o: asked}\n  judge: intent\n  with: {note: o.note}\n  timeout: 5s\n"
        + "  then: {true: {known: o}, false: {known: o}, fallback: {known: o}}"),
    Explanation(
      "P111", "a place that nothing looks at",
      """
      Tokens are put here and never taken or read, and it is no end place. Make it one, or \
      delete it.
      """),
    Explanation(
      "P112", "an action that nothing uses",
      """
      It is declared, and no transition performs it.
      """),
    Explanation(
      "P115", "a transition that may fire from nothing",
      """
      Each of its arcs may be empty (all, or a count from 0 on), so it could fire for ever without \
      taking a token. One arc must take at least one.
      """,
      wrong: "take: {in: {o: {from: asked, count: all}}, out: {known: {each: o}}}",
      right: "take: {in: {o: {from: asked, count: 1..9}}, out: {known: {each: o}}}"),
    Explanation(
      "P116", "votes or confidence that the models cannot give",
      """
      agree needs a list of at least as many models; at_least needs a model whose endpoint gives \
      confidence (confidence: logprobs), or votes.
      """,
      wrong:
        "ask:\n  in: {o: asked}\n  judge: intent\n  with: {note: o.note}\n  timeout: 5s\n  agree: 2\n"
        + "  then: {true: {known: o}, false: {known: o}, fallback: {known: o}}",
      right: "ask:\n  in: {o: asked}\n  judge: intent\n  with: {note: o.note}\n  timeout: 5s\n"
        + "  model: [fast, careful]\n  agree: 2\n"
        + "  then: {true: {known: o}, false: {known: o}, fallback: {known: o}}"),
    Explanation(
      "P117", "a personal value flows where it is readable",
      """
      A personal field is sealed under the key of its case, so that it can be erased. It may flow only \
      into personal fields: not into shared places, keys, labels, titles or limits. declassify(x) says \
      on purpose that a part is no longer personal, and is listed by the check.
      """,
      wrong: "take: {in: {o: asked}, out: {refused: {why: o.note}}}",
      right: "take: {in: {o: asked}, out: {refused: {why: o.id}}}"),
    Explanation(
      "P118", "an untrusted value flows into a trusted field",
      """
      What comes from outside is untrusted unless its field is marked trusted. Let a person or an \
      action of your own stand between.
      """),
    Explanation(
      "P119", "each into a place with capacity",
      """
      How many tokens it puts is not known, so it is allowed only from plain transitions and \
      choose.
      """),
    Explanation(
      "P120", "a join that tries every token of a place",
      """
      The arc's tokens are matched by something other than an equality, so that all of them are tried \
      each time, and nothing bounds how many there are. Match by a field of both tokens (where: \
      m.order == o.order), or give the place a capacity.
      """),
    Explanation(
      "P121", "how joins are served",
      """
      check names each join over shared places. keyed: by one key, and arcs that nothing ties to others \
      take their first token. star: by several keys, among tokens of one key. scan: tokens are tried \
      one after another.
      """),
    Explanation(
      "P122", "a token without a case, or in the wrong place",
      """
      A transition that puts into places of cases takes at least one token of a case; a schedule puts \
      into start or shared places; message places are filled only from outside.
      """),
    Explanation(
      "P123", "a call that does not fit its workflow",
      """
      The called workflow has exactly one start place, and then: names its end places and \
      cancelled.
      """),
    Explanation(
      "P507", "a timer longer than a message is kept",
      "after on a message place must be below its keep, or the message expires before the timer."),
  ]
}
