extension FileShape {
  /// Types, places, params, actions, invariants, schedules.
  static let declarations: [FileShape] = [
    FileShape("types", 250) { n in
      FileParts.with {
        $0.types += "\n" + pieces(n, "\n") { "  T\($0): {a: int, b: string}" }
      }
    },
    FileShape("types that name an unknown one", 250) { n in
      FileParts.with { $0.types += "\n" + pieces(n, "\n") { "  T\($0): {a: U\($0)}" } }
    },
    FileShape("types that hold the one before", 250) { n in
      FileParts.with {
        $0.types += "\n  T0: {a: int}\n" + pieces(n, "\n") { "  T\($0 + 1): {a: T\($0)}" }
      }
    },
    FileShape("types with reserved names", 250) { n in
      FileParts.with { $0.types += "\n" + pieces(n, "\n") { "  t-\($0): {a: int}" } }
    },
    FileShape("fields of a type", 500) { n in
      FileParts.with { $0.types += "\n  T: {" + pieces(n, ", ") { "f\($0): int" } + "}" }
    },
    FileShape("fields of an unknown type", 250) { n in
      FileParts.with { $0.types += "\n  T: {" + pieces(n, ", ") { "f\($0): strng" } + "}" }
    },
    FileShape("fields of no type", 250) { n in
      FileParts.with { $0.types += "\n  T: {" + pieces(n, ", ") { "f\($0): int <" } + "}" }
    },
    FileShape("fields with defaults", 250) { n in
      FileParts.with { $0.types += "\n  T: {" + pieces(n, ", ") { "f\($0): int = \($0)" } + "}" }
    },
    FileShape("fields with wrong defaults", 250) { n in
      FileParts.with { $0.types += "\n  T: {" + pieces(n, ", ") { "f\($0): int = no" } + "}" }
    },
    FileShape("fields under one name", 500) { n in
      FileParts.with { $0.types += "\n  T: {" + pieces(n, ", ") { _ in "f: int" } + "}" }
    },
    FileShape("fields of the start place", 500) { n in
      FileParts.with { parts in
        parts.start = "{start: {" + pieces(n, ", ") { "f\($0): int" } + "}}"
        parts.arcs = "o: known"
      }
    },
    FileShape("members of an enum", 500) { n in
      FileParts.with { $0.types += "\n  E: {enum: [" + pieces(n, ", ") { "m\($0)" } + "]}" }
    },
    FileShape("members of an enum, twice", 250) { n in
      FileParts.with { $0.types += "\n  E: {enum: [" + pieces(n, ", ") { "m\($0 / 2)" } + "]}" }
    },
    FileShape("members of an enum that are no names", 250) { n in
      FileParts.with { $0.types += "\n  E: {enum: [" + pieces(n, ", ") { "m-\($0)" } + "]}" }
    },
    FileShape("params", 250) { n in
      FileParts.with { $0.head = "params: {" + pieces(n, ", ") { "p\($0): int = 1" } + "}" }
    },
    FileShape("params that do not fit", 250) { n in
      FileParts.with { $0.head = "params: {" + pieces(n, ", ") { "p\($0): int = x" } + "}" }
    },
    FileShape("actions", 250) { n in
      FileParts.with {
        $0.actions +=
          "\n" + pieces(n, "\n") { "  a\($0): {takes: Order, returns: unit, effect: none}" }
      }
    },
    FileShape("actions with an unknown effect", 250) { n in
      FileParts.with {
        $0.actions +=
          "\n" + pieces(n, "\n") { "  a\($0): {takes: Ordr, returns: unit, effect: some}" }
      }
    },
    FileShape("places", 250) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") { "  p\($0): {n: int}" }
        $0.transitions = pieces(n, "\n") { "  m\($0): {in: {x: p\($0)}, out: {posted: unit}}" }
        $0.work = "out: {known: unit, " + pieces(n, ", ") { "p\($0): {n: 1}" } + "}"
      }
    },
    FileShape("places that nothing reaches", 250) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  p\($0): unit" } }
    },
    FileShape("end places that nothing reaches", 250) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  p\($0): {end: unit}" } }
    },
    FileShape("shared places that nothing looks at", 250) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  p\($0): {shared: unit}" } }
    },
    FileShape("message places", 250) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") { "  p\($0): {message: {id: string}, keep: 1h}" }
      }
    },
    FileShape("places under one name", 250) { n in
      FileParts.with { $0.places = pieces(n, "\n") { _ in "  p: unit" } }
    },
    FileShape("places of an unknown kind", 250) { n in
      FileParts.with { $0.places = pieces(n, "\n") { "  p\($0): {shred: unit}" } }
    },
    FileShape("places with wrong attributes", 250) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") {
          "  p\($0): {shared: unit, key: id, capacity: x, order: [no]}"
        }
      }
    },
    FileShape("initial tokens", 500) { n in
      FileParts.with {
        $0.places =
          "  q: {shared: {id: int}, key: id, initial: [" + pieces(n, ", ") { "{id: \($0)}" } + "]}"
      }
    },
    FileShape("initial tokens of one key", 250) { n in
      FileParts.with {
        $0.places =
          "  q: {shared: {id: int}, key: id, initial: [" + pieces(n, ", ") { _ in "{id: 1}" } + "]}"
      }
    },
    FileShape("initial tokens that do not fit", 250) { n in
      FileParts.with {
        $0.places =
          "  q: {shared: {id: int}, initial: [" + pieces(n, ", ") { _ in "{id: x}" } + "]}"
      }
    },
    FileShape("fields of order", 250) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: int}, order: [" + pieces(n, ", ") { _ in "id" } + "]}"
      }
    },
    FileShape("invariants", 250) { n in
      FileParts.with { $0.tail = "invariants:\n" + pieces(n, "\n") { "  i\($0): known >= 0" } }
    },
    FileShape("invariants over unknown places", 250) { n in
      FileParts.with { $0.tail = "invariants:\n" + pieces(n, "\n") { "  i\($0): knwn >= 0" } }
    },
    FileShape("schedules", 250) { n in
      FileParts.with {
        $0.places = "  q: {shared: unit}"
        $0.tail =
          "schedules:\n" + pieces(n, "\n") { "  s\($0): {cron: \"0 2 * * *\", put: {q: unit}}" }
      }
    },
    FileShape("schedules that are wrong", 250) { n in
      FileParts.with {
        $0.tail =
          "schedules:\n"
          + pieces(n, "\n") {
            "  s\($0): {cron: \"0 2 * *\", zone: Europe/Nowhere, put: {q: unit}}"
          }
      }
    },
    FileShape("parts of a cron field", 500) { n in
      FileParts.with {
        $0.tail =
          "schedules:\n  s: {cron: \"" + pieces(n, ",") { "\($0 % 60)" }
          + " 2 * * *\", put: {placed: {no: \"'1'\", cents: 1, tags: \"[]\"}}}"
      }
    },
    FileShape("labels of a case", 250) { n in
      FileParts.with {
        $0.head = "case: {key: input.no, labels: {" + pieces(n, ", ") { "l\($0): input.no" } + "}}"
      }
    },
    FileShape("labels of a case that are wrong", 250) { n in
      FileParts.with {
        $0.head =
          "case: {key: input.no, labels: {" + pieces(n, ", ") { "l\($0): input.nope" } + "}}"
      }
    },
    FileShape("imports", 250) { n in
      FileParts.with { $0.head = "import: [" + pieces(n, ", ") { "l\($0).yaml" } + "]" }
    },
    FileShape("accepted findings", 250) { n in
      FileParts.with {
        $0.tail = "accept: {" + pieces(n, ", ") { "P302/places.p\($0): none" } + "}"
      }
    },
    FileShape("unknown keys of the file", 250) { n in
      FileParts.with { $0.tail = pieces(n, "\n") { "key\($0): 1" } }
    },
  ]

  /// Transitions and their arcs.
  static let arcs: [FileShape] = [
    FileShape("transitions", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") { "  t\($0): {in: {o: placed}, out: {known: unit}}" }
      }
    },
    FileShape("transitions that put into an unknown place", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") { "  t\($0): {in: {o: placed}, out: {knwn: unit}}" }
      }
    },
    FileShape("transitions from a place like no other", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") { "  t\($0): {in: {o: zzzzzzz\($0)}, out: {known: unit}}" }
      }
    },
    FileShape("places, and transitions that misspell them", 100) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") { "  place_\($0): unit" }
        $0.transitions = pieces(n, "\n") { "  t\($0): {in: {o: plce_\($0)}, out: {known: unit}}" }
      }
    },
    FileShape("transitions under one name", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") { _ in "  t: {in: {o: placed}, out: {known: unit}}" }
      }
    },
    FileShape("transitions with two kinds of work", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed}, out: {known: unit}, choose: {}}"
        }
      }
    },
    FileShape("transitions with an unknown key", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed}, ou: {known: unit}, wibble: 1}"
        }
      }
    },
    FileShape("transitions with a wrong guard", 250) { n in
      FileParts.with {
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed}, guard: o.nope > 1, out: {known: unit}}"
        }
      }
    },
    FileShape("transitions in a row", 250) { n in
      FileParts.with {
        $0.places = pieces(n + 1, "\n") { "  p\($0): unit" }
        $0.work = "out: {p0: unit}"
        $0.transitions =
          pieces(n, "\n") { "  t\($0): {in: {x: p\($0)}, out: {p\($0 + 1): unit}}" }
          + "\n  last: {in: {x: p\(n)}, out: {known: unit}}"
      }
    },
    FileShape("transitions in a row, the last first", 250) { n in
      FileParts.with {
        $0.places = pieces(n + 1, "\n") { "  p\($0): unit" }
        $0.work = "out: {p\(n): unit}"
        $0.transitions =
          pieces(n, "\n") { "  t\($0): {in: {x: p\($0 + 1)}, out: {p\($0): unit}}" }
          + "\n  last: {in: {x: p0}, out: {known: unit}}"
      }
    },
    FileShape("transitions in a row that nothing begins", 250) { n in
      FileParts.with {
        $0.places = pieces(n + 1, "\n") { "  p\($0): unit" }
        $0.transitions = pieces(n, "\n") { "  t\($0): {in: {x: p\($0)}, out: {p\($0 + 1): unit}}" }
      }
    },
    FileShape("transitions between shared places with joins", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: int, n: int}}\n  r: {shared: {id: int, n: int}}"
        $0.transitions = pieces(n, "\n") {
          "  t\($0): {in: {o: placed, a: q, b: {from: r, where: a.id == b.id}}, "
            + "out: {known: unit, q: a}}"
        }
      }
    },
    FileShape("arcs", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: unit, initial: 5}"
        $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): q" }
      }
    },
    FileShape("arcs with a condition each", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): {from: q, where: a\($0).id == o.no}" }
      }
    },
    FileShape("arcs that join the one before", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.arcs =
          "o: placed, a0: q, "
          + pieces(n, ", ") { "a\($0 + 1): {from: q, where: a\($0).id == a\($0 + 1).id}" }
      }
    },
    FileShape("arcs with a wrong condition each", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): {from: q, where: b\($0).id == o.no}" }
      }
    },
    FileShape("arcs with a count each", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): {from: q, count: 0..2}" }
      }
    },
    FileShape("arcs with a wait each", 100) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): {from: q, after: 1h}" }
      }
    },
    FileShape("arcs from unknown places", 100) { n in
      FileParts.with { $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): plcd" } }
    },
    FileShape("arcs under one name", 200) { n in
      FileParts.with { $0.arcs = "o: placed, " + pieces(n, ", ") { _ in "a: known" } }
    },
    FileShape("arcs that are no names", 200) { n in
      FileParts.with { $0.arcs = "o: placed, " + pieces(n, ", ") { "input-\($0): known" } }
    },
    FileShape("read arcs", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.rest =
          "read: {" + pieces(n, ", ") { "a\($0): {from: q, where: a\($0).id == o.no}" } + "}"
      }
    },
    FileShape("arcs of unless", 200) { n in
      FileParts.with {
        $0.places = "  q: {shared: {id: string}}"
        $0.rest =
          "unless: {" + pieces(n, ", ") { "a\($0): {from: q, where: a\($0).id == o.no}" } + "}"
      }
    },
    FileShape("arcs of cancel", 200) { n in
      FileParts.with {
        $0.rest = "cancel: {" + pieces(n, ", ") { "a\($0): known" } + "}"
      }
    },
    FileShape("arcs of unless from unknown places", 100) { n in
      FileParts.with { $0.rest = "unless: {" + pieces(n, ", ") { "a\($0): q" } + "}" }
    },
    FileShape("arcs and outputs that use them", 100) { n in
      FileParts.with {
        $0.places = pieces(n, "\n") { "  q\($0): {shared: {id: string}}" }
        $0.arcs = "o: placed, " + pieces(n, ", ") { "a\($0): q\($0)" }
        $0.work = "out: {known: unit, " + pieces(n, ", ") { "q\($0): a\($0)" } + "}"
      }
    },
  ]
}
