extension Explanation {
  static let yaml: [Explanation] = [
    Explanation(
      "F101", "this is no YAML",
      """
      The file breaks off here, because YAML cannot be read further: a bracket is not closed, a line \
      is indented otherwise than its neighbours, or an expression holds a character that YAML takes \
      for its own. Mistakes below this place are told once it is repaired.
      """,
      wrong: "take: {in: {o: asked, out: {known: o}}",
      right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "F102", "the file is not plain UTF-8",
      """
      Petrel's files are UTF-8 without a byte order mark and without characters that do not show \
      (control characters, line separators other than the newline): what a reviewer sees must be \
      what runs. In a text in double quotes such a character can be written as an escape.
      """),
    Explanation(
      "F103", "the file is too large or nested too deep",
      """
      A file has at most 4 MiB, and lists and maps at most 64 levels inside one another. Cut the \
      file: types and actions can go into a library (import), input data into JSON lines.
      """),
    Explanation(
      "F104", "what begins with ! is a tag to YAML",
      """
      In YAML an exclamation mark at the beginning of a value is a tag. An expression that negates \
      something therefore stands in quotes.
      """,
      wrong: "take: {in: {o: asked}, guard: !o.ready, out: {known: o}}",
      right: "take: {in: {o: asked}, guard: \"!o.ready\", out: {known: o}}"),
    Explanation(
      "F105", "anchors, aliases and merge keys are not used",
      """
      A value that begins with & or * is an anchor or alias to YAML, and << merges maps. Petrel \
      refuses all three, so that a file says what it says where it says it. Types can be shared by a \
      name under types: and through libraries. An expression that begins so stands in quotes.
      """,
      wrong: "take: &first {in: {o: asked}, out: {known: o}}",
      right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "F106", "something stands here twice",
      """
      A key stands twice in one map, or two cases of a test file have the same sentence. YAML readers \
      silently keep one of them; here the second is an error. Names are compared in Unicode's form \
      NFC, so two spellings that look the same are the same.
      """,
      wrong: "take: {in: {o: asked, o: asked}, out: {known: o}}",
      right: "take: {in: {o: asked, p: asked}, out: {known: o}}"),
    Explanation(
      "F107", "a second document or a directive",
      """
      A file holds one document. A line --- begins a second one, and a line that begins with % is a \
      directive; neither is used.
      """),
    Explanation(
      "F108", "a comma or bracket cuts an expression",
      """
      Inside braces and brackets a plain text ends at , [ ] { and }. An expression that holds one of \
      them stands in quotes; block style, one entry a line, needs quotes less often.
      """,
      wrong: "take: {in: {o: asked}, guard: math.least(o.total, 5) < 3, out: {known: o}}",
      right: "take: {in: {o: asked}, guard: \"math.least(o.total, 5) < 3\", out: {known: o}}"),
    Explanation(
      "F109", "a # begins a comment",
      """
      After a space a # begins a comment, in the middle of an expression too. Here that leaves a \
      quote or a parenthesis open, so the rest was surely meant. Put the whole expression in quotes.
      """,
      wrong: "take:\n  in: {o: asked}\n  guard: o.id == \"no #1\"\n  out: {known: o}",
      right: "take:\n  in: {o: asked}\n  guard: 'o.id == \"no #1\"'\n  out: {known: o}"),
    Explanation(
      "F110", "a space is missing after a colon",
      "A key and its value are parted by a colon and a space; without the space they are one text.",
      wrong: "take: {in: {o:asked}, out: {known: o}}",
      right: "take: {in: {o: asked}, out: {known: o}}"),
    Explanation(
      "F111", "a tab indents a line",
      "YAML allows only spaces for indentation. Editors can be told to write spaces for a tab.",
      wrong: "take:\n\tin: {o: asked}\n\tout: {known: o}",
      right: "take:\n  in: {o: asked}\n  out: {known: o}"),
    Explanation(
      "F112", "a colon and a space inside a plain text",
      """
      A colon followed by a space begins a map, so an expression with one (a ? b : c, or a map) \
      stands in quotes.
      """,
      wrong: "take:\n  in: {o: asked}\n  guard: o.ready ? o.total > 3 : false\n  out: {known: o}",
      right:
        "take:\n  in: {o: asked}\n  guard: \"o.ready ? o.total > 3 : false\"\n  out: {known: o}"),
    Explanation(
      "F113", "a text in quotes ends at its closing quote",
      """
      A value that begins with a quote ends where that quote is closed; what follows has no place. An \
      expression that begins with a string stands in quotes of the other kind.
      """,
      wrong: "take: {in: {o: asked}, out: {refused: {why: 'no ' + o.id}}}",
      right: "take: {in: {o: asked}, out: {refused: {why: \"'no ' + o.id\"}}}"),
    Explanation(
      "F114", "a plain text cannot begin so",
      "A value that begins with @, ` or % stands in quotes.",
      wrong: "take:\n  in: {o: asked}\n  task: @later\n  then: {done: {known: o}}",
      right: "take:\n  in: {o: asked}\n  task: \"@later\"\n  then: {done: {known: o}}"),
    Explanation(
      "F115", "a key is a list or a map", "Keys are plain texts: names of things."),
    Explanation(
      "F117", "a colon is missing after a key",
      """
      A line holds a word and no colon, and what follows is indented below it or stands beside it: it \
      was meant to be a key.
      """,
      wrong: "take\n  in: {o: asked}\n  out: {known: o}",
      right: "take:\n  in: {o: asked}\n  out: {known: o}"),
    Explanation(
      "F118", "a comment begins with #",
      "// and /* begin no comment in YAML. Write # and a space before the comment.",
      wrong: "// takes it\ntake: {in: {o: asked}, out: {known: o}}",
      right: "# takes it\ntake: {in: {o: asked}, out: {known: o}}"),
    Explanation("F116", "the file is empty", "There is nothing in the file but comments."),
  ]
}
