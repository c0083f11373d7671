extension FileShape {
  /// What transitions do.
  static let works: [FileShape] = [
    FileShape("outputs", 200) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") { "  q\($0): {shared: {id: string}}" }
        $0.work = "out: {known: unit, " + pieces(n, ", ") { "q\($0): {id: o.no}" } + "}"
      }
    },
    FileShape("outputs into unknown places", 200) { n in
      FileParts.with {
        $0.work = "out: {known: unit, " + pieces(n, ", ") { "q\($0): {id: o.no}" } + "}"
      }
    },
    FileShape("outputs into one place", 200) { n in
      FileParts.with { $0.work = "out: {" + pieces(n, ", ") { _ in "known: unit" } + "}" }
    },
    FileShape("outputs that do not fit", 200) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") { "  q\($0): {shared: {id: int}}" }
        $0.work = "out: {known: unit, " + pieces(n, ", ") { "q\($0): {id: o.no}" } + "}"
      }
    },
    FileShape("fields put into a place", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {" + pieces(n, ", ") { "f\($0): int" } + "}}"
        $0.work = "out: {known: unit, q: {" + pieces(n, ", ") { "f\($0): o.cents" } + "}}"
      }
    },
    FileShape("fields copied into a place", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {" + pieces(n, ", ") { "f\($0): int" } + "}}"
        $0.arcs = "o: placed, x: q"
        $0.work = "out: {known: unit, q: {copy: x}}"
      }
    },
    FileShape("fields put as one expression", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {" + pieces(n, ", ") { "f\($0): int" } + "}}"
        $0.work = "out: {known: unit, q: \"{" + pieces(n, ", ") { "'f\($0)': 1" } + "}\"}"
      }
    },
    FileShape("fields put as one expression that are not there", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {" + pieces(n, ", ") { "f\($0): int" } + "}}"
        $0.work = "out: {known: unit, q: \"{" + pieces(n, ", ") { "'g\($0)': 1" } + "}\"}"
      }
    },
    FileShape("fields that are not put", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {" + pieces(n, ", ") { "f\($0): int" } + "}}"
        $0.work = "out: {known: unit, q: {f0: 1}}"
      }
    },
    FileShape("fields put that are not there", 200) { n in
      FileParts.with { $0.work = "out: {known: {" + pieces(n, ", ") { "f\($0): o.cents" } + "}}" }
    },
    FileShape("fields put under misspelled names", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {" + pieces(n, ", ") { "field_\($0): int" } + "}}"
        $0.work = "out: {known: unit, q: {" + pieces(n, ", ") { "feld_\($0): o.cents" } + "}}"
      }
    },
    FileShape("branches", 200) { n in
      FileParts.with {
        $0.work =
          "choose:\n"
          + pieces(n, "\n") { "      b\($0): {when: o.cents > \($0), out: {known: unit}}" }
          + "\n      else: {out: {known: unit}}"
      }
    },
    FileShape("branches with a wrong condition", 200) { n in
      FileParts.with {
        $0.work =
          "choose:\n" + pieces(n, "\n") { "      b\($0): {when: o.cent, out: {known: unit}}" }
          + "\n      else: {out: {known: unit}}"
      }
    },
    FileShape("branches that lack parts", 200) { n in
      FileParts.with { $0.work = "choose:\n" + pieces(n, "\n") { "      b\($0): {whn: true}" } }
    },
    FileShape("outcomes of an action", 200) { n in
      FileParts.with {
        $0.work =
          "action: post\n    with: o\n    then: {" + pieces(n, ", ") { "r\($0): {known: unit}" }
          + "}"
      }
    },
    FileShape("arguments of an action that are not there", 200) { n in
      FileParts.with {
        $0.work =
          "action: post\n    with: {" + pieces(n, ", ") { "a\($0): o.no" }
          + "}\n    then: {ok: {known: unit}, failed: {known: unit}}"
      }
    },
    FileShape("arguments of an unknown action", 200) { n in
      FileParts.with {
        $0.work =
          "action: pst\n    with: {" + pieces(n, ", ") { "a\($0): o.no" }
          + "}\n    then: {ok: {known: unit}}"
      }
    },
    FileShape("fields of a judge without a prompt", 200) { n in
      FileParts.with {
        $0.work =
          "judge: ask\n    with: {" + pieces(n, ", ") { "a\($0): o.no" }
          + "}\n    timeout: 10s\n    then: {yes: {known: unit}}"
      }
    },
    FileShape("models of a judge", 200) { n in
      FileParts.with {
        $0.work =
          "judge: ask\n    with: {a: o.no}\n    model: [" + pieces(n, ", ") { "m\($0)" }
          + "]\n    timeout: 10s\n    then: {yes: {known: unit}}"
      }
    },
    FileShape("outcomes of a task", 200) { n in
      FileParts.with {
        $0.work =
          "task: Look\n    for: desk\n    then: {" + pieces(n, ", ") { "r\($0): {known: unit}" }
          + "}"
      }
    },
    FileShape("forms of a task", 200) { n in
      FileParts.with {
        $0.work =
          "task: Look\n    for: desk\n    ask: {" + pieces(n, ", ") { "r\($0): {a: int}" }
          + "}\n    then: {" + pieces(n, ", ") { "r\($0): {known: unit}" } + "}"
      }
    },
    FileShape("what a task shows", 200) { n in
      FileParts.with {
        $0.work =
          "task: Look\n    for: desk\n    with: {" + pieces(n, ", ") { "a\($0): o.no" }
          + "}\n    then: {ok: {known: unit}}"
      }
    },
    FileShape("places in the title of a task", 200) { n in
      FileParts.with {
        $0.work =
          "task: \"" + pieces(n, " ") { _ in "{{o.no}}" }
          + "\"\n    for: desk\n    then: {ok: {known: unit}}"
      }
    },
    FileShape("wrong places in the title of a task", 200) { n in
      FileParts.with {
        $0.work =
          "task: \"" + pieces(n, " ") { _ in "{{o.nope}}" }
          + "\"\n    for: desk\n    then: {ok: {known: unit}}"
      }
    },
    FileShape("outcomes of a call", 200) { n in
      FileParts.with {
        $0.work =
          "call: shop\n    with: o\n    then: {" + pieces(n, ", ") { "r\($0): {known: unit}" } + "}"
      }
    },
    FileShape("waits inside one another", 15) { n in
      FileParts.with {
        $0.work =
          "out: {known: " + pieces(n, "") { _ in "{put: " } + "unit"
          + pieces(n, "") { _ in ", after: 1s}" } + "}"
      }
    },
  ]

  /// Comments, blank lines, long texts.
  static let texts: [FileShape] = [
    FileShape("comments", 2_000) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { "# comment \($0)" } }
    },
    FileShape("blank lines", 5_000) { n in FileParts.with { $0.tail = pieces(n, "\n") { _ in "" } }
    },
    FileShape("spaces at the end of a line", 10_000) { n in
      FileParts.with { $0.tail = pieces(n, "") { _ in " " } }
    },
    FileShape("a long comment", 10_000) { n in
      FileParts.with { $0.tail = "# " + pieces(n, "") { _ in "x" } }
    },
    FileShape("a long name", 10_000) { n in
      FileParts.with { $0.places = "  " + pieces(n, "") { _ in "p" } + ": unit" }
    },
    FileShape("a long unknown place", 10_000) { n in
      FileParts.with { $0.work = "out: {" + pieces(n, "") { _ in "p" } + ": unit}" }
    },
    FileShape("a long key of the file", 10_000) { n in
      FileParts.with { $0.tail = pieces(n, "") { _ in "p" } + ": unit" }
    },
    FileShape("a long type", 10_000) { n in
      FileParts.with { $0.types += "\n  T: {a: " + pieces(n, "") { _ in "p" } + "}" }
    },
    FileShape("marks of a type", 2_000) { n in
      FileParts.with { $0.types += "\n  T: {a: " + pieces(n, " ") { _ in "personal" } + " int}" }
    },
    FileShape("lists in a type", 2_000) { n in
      FileParts.with {
        $0.types +=
          "\n  T: {a: " + pieces(n, "") { _ in "list<" } + "int" + pieces(n, "") { _ in ">" } + "}"
      }
    },
    FileShape("question marks behind a type", 2_000) { n in
      FileParts.with { $0.types += "\n  T: {a: int" + pieces(n, "") { _ in "?" } + "}" }
    },
    FileShape("a long text in quotes", 10_000) { n in
      FileParts.with { $0.rest = "guard: \"o.no == '" + pieces(n, "") { _ in "x" } + "'\"" }
    },
    FileShape("a long text of other letters", 5_000) { n in
      FileParts.with { $0.rest = "guard: \"o.no == '" + pieces(n, "") { _ in "가" } + "'\"" }
    },
    FileShape("escapes in quotes", 5_000) { n in
      FileParts.with { $0.rest = "guard: \"o.no == '" + pieces(n, "") { _ in "\\\\n" } + "'\"" }
    },
    FileShape("a text over many lines", 2_000) { n in
      FileParts.with {
        $0.rest = "guard: >\n" + pieces(n, "\n") { _ in "      o.cents > 1 ||" } + "\n      true"
      }
    },
    FileShape("a text over many lines that is wrong", 2_000) { n in
      FileParts.with {
        $0.rest = "guard: |\n" + pieces(n, "\n") { _ in "      o.cent > 1 ||" } + "\n      true"
      }
    },
    FileShape("lines of a plain text", 2_000) { n in
      FileParts.with {
        $0.rest = "guard:\n" + pieces(n, "\n") { _ in "      o.cents > 1 ||" } + "\n      true"
      }
    },
    FileShape("combining marks", 5_000) { n in
      FileParts.with { $0.rest = "guard: \"o.no == 'e" + pieces(n, "") { _ in "\u{301}" } + "'\"" }
    },
    FileShape("a name with combining marks", 5_000) { n in
      FileParts.with { $0.places = "  e" + pieces(n, "") { _ in "\u{301}" } + ": unit" }
    },
    FileShape("a duration of many digits", 5_000) { n in
      FileParts.with {
        $0.rest = "guard: \"true\"\n    timeout: " + pieces(n, "") { _ in "9" } + "s"
      }
    },
    FileShape("a count of many digits", 5_000) { n in
      FileParts.with {
        $0.arcs = "o: placed, k: {from: known, count: " + pieces(n, "") { _ in "9" } + "}"
      }
    },
  ]
}
