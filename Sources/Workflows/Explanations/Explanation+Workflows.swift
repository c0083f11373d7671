extension Explanation {
  static let workflows: [Explanation] = [
    Explanation(
      "F121", "an unknown key",
      """
      The key is none of those that can stand here. Petrel refuses unknown keys everywhere: a \
      mistyped guard or timeout that is silently ignored would change what the workflow does.
      """,
      wrong: "take: {in: {o: asked}, gaurd: o.ready, out: {known: o}}",
      right: "take: {in: {o: asked}, guard: o.ready, out: {known: o}}"),
    Explanation(
      "F122", "a list, map or text where another is wanted",
      """
      The value is of another kind than the key takes: a list where a map is expected, a text where \
      a map is, or nothing at all.
      """,
      wrong: "take: {in: asked, out: {known: o}}", right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "F123", "something is missing",
      "A part that has no default is not there; the message names it.",
      wrong: "take:\n  in: {o: asked}\n  judge: intent\n  with: {note: o.note}\n"
        + "  then: {true: {known: o}, false: {known: o}, fallback: {known: o}}",
      right: "take:\n  in: {o: asked}\n  judge: intent\n  with: {note: o.note}\n  timeout: 5s\n"
        + "  then: {true: {known: o}, false: {known: o}, fallback: {known: o}}"),
    Explanation(
      "F124", "a value that cannot be read",
      """
      The text is not what the key takes: a number, true or false, a duration (500ms 5s 10m 8h 2d), \
      a range (1s..30s), or one of a few words.
      """,
      wrong: "take: {in: {o: asked}, priority: high, out: {known: o}}",
      right: "take: {in: {o: asked}, priority: 1, out: {known: o}}"),
    Explanation(
      "F125", "a name that cannot be used",
      """
      Names are letters, digits and _ of any script, at most 128 bytes; those of workflows, prompts, \
      groups and models may hold - inside, those of actions dots. Words that CEL reserves are no \
      names. Variables do not hide input, params, case, now, firing, unit, verdict, fallback, \
      result, error and answer; fields are not called copy, put or each.
      """,
      wrong: "take: {in: {input: asked}, out: {known: input}}",
      right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "F126", "a type that cannot be read",
      """
      A type is string, int, double, bool, bytes, timestamp, duration, blob, unit, a name declared \
      under types:, list<TYPE>, map<TYPE>, or TYPE? for one that may be absent; with max N after \
      strings, bytes and lists, and N..M after int and duration. Before it may stand personal, \
      trusted or untrusted; after a field's type = and its default.
      """),
    Explanation(
      "F127", "parts that exclude one another",
      """
      Two keys stand side by side of which only one can hold, or a key stands where it has no \
      meaning: a transition with both out and action, a timeout on a plain transition, an else with \
      a condition, a library with transitions.
      """,
      wrong: "take: {in: {o: asked}, out: {known: o}, timeout: 5s}",
      right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "F128", "two things with one name",
      """
      Places and transitions of a file and all it imports share one namespace, and so do types, \
      parameters and actions: nothing is renamed on import. Give one of the two another name.
      """),
    Explanation(
      "F131", "a file that is not there",
      "A path is relative to the file it stands in. The globs of petrel.yaml are, too."),
    Explanation(
      "F132", "an import that leads back to itself",
      """
      A library imports, directly or through others, the file that imports it. Put what both need \
      into a third library.
      """),
    Explanation(
      "F133", "a workflow is imported",
      """
      Only libraries are imported: types, parameters, actions, shared and message places. A case of \
      another workflow is begun by a transition with call: NAME.
      """),
    Explanation(
      "F134", "a file that cannot be read",
      """
      The system refuses it; the message says why.
      """),
    Explanation(
      "F136", "a file that cannot be written",
      "The folder is not there, or the system refuses it; the message says why."),
    Explanation(
      "F201", "an expression that does not parse",
      """
      The text is not an expression of CEL. The caret stands where reading stopped: often one \
      character after the mistake. Strings stand in quotes, 'and' is &&, 'or' is ||, equality is ==.
      """,
      wrong: "take: {in: {o: asked}, guard: \"o.total > 3 and o.ready\", out: {known: o}}",
      right: "take: {in: {o: asked}, guard: \"o.total > 3 && o.ready\", out: {known: o}}"),
    Explanation(
      "F202", "an expression that is too large",
      """
      Expressions have limits of depth and cost, so that checking and running them takes bounded \
      time. Compute parts of it in earlier transitions and carry them in the token. A list without \
      `max` counts as 100 elements and a text without `max` as 256 bytes: declare what is smaller.
      """),
  ]

  static let prompts: [Explanation] = [
    Explanation(
      "F301", "a template other than {{field}}",
      """
      In the body of a prompt {{field}} is the only template: the name of one of its fields between \
      two braces, without spaces. It stands for the field's name, or for the value of a trusted \
      field. Sections, partials and raw output do not exist, so a value can never become a template.
      """),
    Explanation(
      "F302", "a prompt without front matter",
      """
      A prompt file begins with a line ---, then its question, labels and fields as YAML, then a \
      second line ---, then the system message.
      """),
    Explanation(
      "F303", "a body that is empty or too long",
      """
      Below the second --- stands the system message, of at most 32 KiB: what the model must know to \
      answer the question.
      """),
    Explanation(
      "F304", "labels that cannot be used",
      """
      Labels are [true, false], or 2 to 50 of your own, each of at most 64 characters, without \
      control characters, each once, and none called fallback, else, true or false. They are written \
      in composed characters (Unicode's form NFC): what a model answers is compared byte by byte.
      """),
    Explanation(
      "F305", "a question that is not one line",
      """
      The question is one line of at most 200 characters. It is shown to people and stands in the \
      record; what the model must know besides goes into the body.
      """),
    Explanation(
      "F306", "an example that does not fit",
      """
      An example gives a value for each field and a label. Values are checked against the fields' \
      types, labels against those of the question; there are at most 20.
      """),
    Explanation(
      "F307", "a prompt called otherwise than its file",
      """
      The prompt refund-intent stands in refund-intent.md, so that a judge's name finds its \
      file.
      """),
    Explanation(
      "F308", "fields, cut or canary that cannot be used",
      """
      A prompt stands alone, so its fields have built-in types: string, bool, int, double, bytes, \
      timestamp, duration, lists and maps of them. cut names fields. A canary is a label that is \
      never right; a question of true and false has none.
      """),
    Explanation(
      "F311", "an unknown key in a prompt",
      """
      The front matter has a key that prompts do not have.
      """),
    Explanation(
      "F312", "a list, map or text where another is wanted",
      "The value in the front matter is of another kind than the key takes."),
    Explanation(
      "F313", "something is missing in a prompt",
      """
      prompt, question, labels and fields must be there.
      """),
    Explanation(
      "F314", "a value in a prompt that cannot be read",
      """
      The text is not what the key takes.
      """),
    Explanation(
      "F315", "a name in a prompt that cannot be used",
      "Names are letters, digits and _ of any script; the prompt's own name may hold - inside."),
  ]

  static let inputs: [Explanation] = [
    Explanation(
      "F501", "an input that is no JSON",
      """
      Each line is one JSON value of at most 1 MiB that fits the start (or message) place. JSON is \
      read strictly: no duplicate names, no trailing commas, no byte order mark. Keys that begin with \
      $ are Petrel's: $start, $key, $at, $meta. Other lines are not affected.
      """),
    Explanation(
      "F502", "an action without a script",
      """
      In a test nothing leaves the machine, so each action that a case reaches needs an outcome under \
      actions: of the case or of defaults.
      """),
    Explanation(
      "F503", "a name in a test that the workflow does not have",
      """
      A test names places, transitions and outcomes of its workflow; the message gives the \
      nearest.
      """),
    Explanation(
      "F504", "a given value that does not fit its place",
      """
      Values in tests and on the command line are checked against the types of the workflow, like those that come \
      from outside.
      """),
    Explanation(
      "F505", "a case of a test that does not end",
      """
      The case fired so often that something in it goes round for ever. Give it an end, or say how \
      long it shall run (until: D).
      """),
  ]
}
