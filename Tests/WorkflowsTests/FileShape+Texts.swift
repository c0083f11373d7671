extension FileShape {
  private static func guarded(_ text: String) -> String {
    FileParts.with { $0.rest = "guard: \"\(text)\"" }
  }

  /// What one expression may hold.
  static let expressions: [FileShape] = [
    FileShape("operands of &&", 1_000) { n in guarded(pieces(n, " && ") { "o.cents > \($0)" }) },
    FileShape("operands of && that are no bool", 1_000) { n in
      guarded(pieces(n, " && ") { _ in "o.cents" })
    },
    FileShape("operands of +", 2_000) { n in guarded(pieces(n, " + ") { "\($0)" } + " > 0") },
    FileShape("operands of + that are not known", 1_000) { n in
      guarded(pieces(n, " + ") { "x\($0)" } + " > 0")
    },
    FileShape("operands of + that do not fit", 1_000) { n in
      guarded(pieces(n, " + ") { _ in "o" } + " > 0")
    },
    FileShape("comparisons in a row", 1_000) { n in guarded(pieces(n, " == ") { "\($0)" }) },
    FileShape("operators in a row", 2_000) { n in guarded(pieces(n, "") { _ in "> " }) },
    FileShape("signs in a row", 2_000) { n in guarded(pieces(n, "") { _ in "-" } + "1 > 0") },
    FileShape("exclamation marks in a row", 2_000) { n in
      guarded(pieces(n, "") { _ in "!" } + "true")
    },
    FileShape("conditionals in a row", 1_000) { n in
      guarded(pieces(n, "") { _ in "true ? true : " } + "true")
    },
    FileShape("conditionals inside one another", 1_000) { n in
      guarded(pieces(n, "") { _ in "(true ? " } + "true" + pieces(n, "") { _ in " : false)" })
    },
    FileShape("elements of a list", 2_000) { n in
      guarded("o.cents in [" + pieces(n, ", ") { "\($0)" } + "]")
    },
    FileShape("elements of a list that do not fit", 1_000) { n in
      guarded("o.cents in [" + pieces(n, ", ") { _ in "'x', 1" } + "]")
    },
    FileShape("unknown elements of a list", 1_000) { n in
      guarded("o.cents in [" + pieces(n, ", ") { "x\($0)" } + "]")
    },
    FileShape("entries of a map", 1_000) { n in
      guarded("o.no in {" + pieces(n, ", ") { "'k\($0)': \($0)" } + "}")
    },
    FileShape("entries of a map under one key", 1_000) { n in
      guarded("o.no in {" + pieces(n, ", ") { _ in "'k': 1" } + "}")
    },
    FileShape("arguments of a function", 1_000) { n in
      guarded("size(" + pieces(n, ", ") { "\($0)" } + ")")
    },
    FileShape("arguments of an unknown function", 1_000) { n in
      guarded("sice(" + pieces(n, ", ") { "\($0)" } + ")")
    },
    FileShape("unknown functions", 1_000) { n in guarded(pieces(n, " && ") { "f\($0)(1)" }) },
    FileShape("fields of fields", 1_000) { n in
      guarded("o" + pieces(n, "") { _ in ".no" } + " == 1")
    },
    FileShape("indices of indices", 1_000) { n in
      guarded("o.tags" + pieces(n, "") { _ in "[0]" } + " == 1")
    },
    FileShape("unknown fields", 1_000) { n in guarded(pieces(n, " && ") { "o.f\($0)" }) },
    FileShape("calls of calls", 1_000) { n in
      guarded("o.no" + pieces(n, "") { _ in ".trim()" } + " == 'a'")
    },
    FileShape("parentheses", 2_000) { n in
      guarded(pieces(n, "") { _ in "(" } + "true" + pieces(n, "") { _ in ")" })
    },
    FileShape("parentheses that do not close", 2_000) { n in guarded(pieces(n, "") { _ in "(" }) },
    FileShape("brackets that do not close", 2_000) { n in guarded(pieces(n, "") { _ in "[" }) },
    FileShape("braces that do not close", 2_000) { n in guarded(pieces(n, "") { _ in "{" }) },
    FileShape("parentheses that nothing opened", 2_000) { n in guarded(pieces(n, "") { _ in ")" })
    },
    FileShape("macros inside one another", 1_000) { n in
      guarded(pieces(n, "") { _ in "[1].all(y, " } + "true" + pieces(n, "") { _ in ")" })
    },
    FileShape("macros that do not close", 1_000) { n in
      guarded(pieces(n, "") { _ in "[x].all(y, " })
    },
    FileShape("macros beside one another", 500) { n in
      guarded(pieces(n, " && ") { _ in "o.tags.all(t, t != 'a')" })
    },
    FileShape("macros with a wrong variable", 500) { n in
      guarded(pieces(n, " && ") { _ in "o.tags.all(t.a, t != 'a')" })
    },
    FileShape("quotes in an expression", 2_000) { n in
      guarded("o.no == " + pieces(n, "") { _ in "'a' " })
    },
    FileShape("joined texts", 1_000) { n in guarded("o.no == " + pieces(n, " + ") { _ in "'a'" }) },
    FileShape("a number of many digits", 5_000) { n in
      guarded("o.cents == " + pieces(n, "") { _ in "9" })
    },
    FileShape("a number with a long fraction", 5_000) { n in
      guarded("1.0 == 0." + pieces(n, "") { _ in "9" })
    },
    FileShape("a pattern with many parts", 1_000) { n in
      guarded("o.no.matches('" + pieces(n, "|") { "a\($0)" } + "')")
    },
    FileShape("a pattern with groups that do not close", 1_000) { n in
      guarded("o.no.matches('" + pieces(n, "") { _ in "(" } + "')")
    },
    FileShape("letters that mean nothing", 2_000) { n in
      guarded("o.no == " + pieces(n, " ") { _ in "§" })
    },
    FileShape("variables bound inside one another", 500) { n in
      guarded(pieces(n, "") { "cel.bind(v\($0), 1, " } + "true" + pieces(n, "") { _ in ")" })
    },
    FileShape("an expression of types inside types", 500) { n in
      guarded(pieces(n, "") { _ in "[" } + "1" + pieces(n, "") { _ in "]" } + " == []")
    },
    FileShape("empty expressions", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed}, guard: \"  \", out: {known: unit}}"
        }
      }
    },
  ]

  private static func put(_ text: String) -> String {
    FileParts.with { $0.work = "out: {known: \(text)}" }
  }

  /// What is no YAML, or more of it than Petrel takes.
  static let syntax: [FileShape] = [
    FileShape("macros in braces", 1_000) { n in put(pieces(n, "") { _ in "[x].all(y, " } + "unit")
    },
    FileShape("lists in braces", 1_000) { n in put(pieces(n, "") { _ in "[x], " } + "unit") },
    FileShape("open brackets", 1_000) { n in put(pieces(n, "") { _ in "[" } + "unit") },
    FileShape("open brackets on lines of their own", 1_000) { n in
      put(pieces(n, "") { _ in "[\n" } + "unit")
    },
    FileShape("open maps", 1_000) { n in put(pieces(n, "") { _ in "{a: " } + "unit") },
    FileShape("brackets that open and close", 2_000) { n in
      put("[" + pieces(n, ", ") { _ in "[x]" } + "]")
    },
    FileShape("closing brackets", 1_000) { n in put("unit" + pieces(n, "") { _ in "]" }) },
    FileShape("closing braces", 1_000) { n in put("unit" + pieces(n, "") { _ in "}" }) },
    FileShape("parentheses in braces", 2_000) { n in put(pieces(n, "") { _ in "(" }) },
    FileShape("calls that commas cut", 500) { n in put(pieces(n, ", ") { "f(\($0)" }) },
    FileShape("calls that commas cut, closed", 500) { n in put(pieces(n, ", ") { "f(\($0), 1)" }) },
    FileShape("a call that commas cut often", 1_000) { n in
      put("f(" + pieces(n, ", ") { "\($0)" } + ")")
    },
    FileShape("calls that commas cut, a line each", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed}, guard: f(o, 1), out: {known: unit}}"
        }
      }
    },
    FileShape("entries without a value", 1_000) { n in put(pieces(n, ", ") { "a\($0)" }) },
    FileShape("entries without a space", 500) { n in put(pieces(n, ", ") { "a\($0):b" }) },
    FileShape("commas", 2_000) { n in put("unit" + pieces(n, "") { _ in "," }) },
    FileShape("colons", 1_000) { n in put(pieces(n, "") { _ in "a: " }) },
    FileShape("colons without a space", 2_000) { n in put(pieces(n, "") { _ in "a:" }) },
    FileShape("quotes", 2_000) { n in put("unit" + pieces(n, "") { _ in "\"" }) },
    FileShape("quotes that begin a value", 2_001) { n in put(pieces(n, "") { _ in "'" }) },
    FileShape("texts in quotes in a row", 1_000) { n in put(pieces(n, " ") { _ in "'a'" }) },
    FileShape("an open quote before many lines", 1_000) { n in
      put("\"unit\n" + pieces(n, "\n") { _ in "    more" })
    },
    FileShape("tags", 500) { n in put(pieces(n, "") { _ in "!" } + "unit") },
    FileShape("values with a tag", 250) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  p\($0): !x unit" } }
    },
    FileShape("values with a tag in one line", 250) { n in
      put("{" + pieces(n, ", ") { "p\($0): !o.x" } + "}")
    },
    FileShape("values with an anchor in one line", 250) { n in
      put("{" + pieces(n, ", ") { "p\($0): &a\($0) x" } + "}")
    },
    FileShape("aliases in one line", 250) { n in put("{" + pieces(n, ", ") { "p\($0): *a" } + "}")
    },
    FileShape("merge keys", 250) { n in put("{" + pieces(n, ", ") { _ in "<<: {a: b}" } + "}") },
    FileShape("keys that are no text", 250) { n in put("{" + pieces(n, ", ") { "[\($0)]: a" } + "}")
    },
    FileShape("percent signs", 500) { n in put(pieces(n, ", ") { "a\($0): %x" }) },
    FileShape("dashes", 1_000) { n in put("\n" + pieces(n, "") { _ in "- " }) },
    FileShape("dashes on lines", 1_000) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { "- a\($0)" } }
    },
    FileShape("tabs", 1_000) { n in FileParts.with { $0.tail = pieces(n, "\n") { _ in "\tx: 1" } }
    },
    FileShape("lines without a colon", 1_000) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { "line \($0)" } }
    },
    FileShape("lines without a space after the colon", 500) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { "a\($0):b" } }
    },
    FileShape("blank lines before a colon", 5_000) { n in
      FileParts.with { $0.tail = "word" + pieces(n, "\n") { _ in "" } + "\n: x" }
    },
    FileShape("comments that cut", 500) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed}, guard: f(o # x\n    , out: {known: unit}}"
        }
      }
    },
    FileShape("comments that cut values", 500) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  p\($0): f(o # x" } }
    },
    FileShape("documents", 1_000) { n in FileParts.with { $0.tail = pieces(n, "\n") { _ in "---" } }
    },
    FileShape("lines deeper than the one before", 300) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { String(repeating: " ", count: $0) + "a:" } }
    },
    FileShape("question marks", 1_000) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { _ in "? x" } }
    },
    FileShape("returns", 1_000) { n in FileParts.with { $0.tail = pieces(n, "") { _ in "a\r" } } },
    FileShape("lines with returns", 1_000) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { "a\($0): 1\r" } }
    },
    FileShape("a list where a map should be", 1_000) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  - p\($0)" } }
    },
    FileShape("nothing but one word", 10_000) { n in pieces(n, "") { _ in "x" } },
    FileShape("nothing but brackets", 10_000) { n in pieces(n, "") { _ in "[" } },
    FileShape("nothing but dashes", 10_000) { n in pieces(n, "") { _ in "- " } },
    FileShape("nothing but quotes", 10_001) { n in pieces(n, "") { _ in "\"" } },
    FileShape("nothing but colons", 10_000) { n in pieces(n, "") { _ in ": " } },
    FileShape("nothing but question marks", 10_000) { n in pieces(n, "") { _ in "? " } },
    FileShape("nothing but ampersands", 10_000) { n in pieces(n, "") { _ in "&a " } },
    FileShape("nothing but exclamation marks", 10_000) { n in pieces(n, "") { _ in "! " } },
  ]
}
