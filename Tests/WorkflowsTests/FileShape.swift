import Testing

/// A workflow file that grows in one place: what each list of the grammar, and each mistake, costs.
struct FileShape: Sendable, CustomTestStringConvertible {
  let name: String
  /// How many of the thing the smaller of two files holds; the larger has four times as many.
  let count: Int
  let text: @Sendable (_ count: Int) -> String

  var testDescription: String { name }

  init(_ name: String, _ count: Int, _ text: @escaping @Sendable (_ count: Int) -> String) {
    self.name = name
    self.count = count
    self.text = text
  }

  static let all: [FileShape] =
    declarations + arcs + works + texts + expressions + syntax
}

/// The parts of a small workflow, each of which may be another text.
struct FileParts {
  var head = ""
  var types = "  Order: {no: string, cents: int 0..1000000, tags: list<string>}"
  var actions = "  post: {takes: Order, returns: unit, effect: none}"
  var start = "{start: Order}"
  var places = ""
  /// `IN`, then what follows it.
  var arcs = "o: placed"
  var rest = ""
  var work = "out: {known: unit}"
  var transitions = ""
  var tail = ""

  var text: String {
    """
    workflow: shop
    \(head)
    types:
    \(types)
    actions:
    \(actions)
    places:
      placed: \(start)
      known: unit
      posted: {end: unit}
    \(places)
    transitions:
      send:
        {in: {o: placed}, action: post, with: o, then: {ok: {posted: unit}, failed: {posted: unit}}}
      close: {in: {k: known}, out: {posted: unit}}
      take:
        in: {\(arcs)}
        \(rest)
        \(work)
    \(transitions)
    \(tail)

    """
  }

  static func with(_ change: (inout FileParts) -> Void) -> String {
    var parts = FileParts()
    change(&parts)
    return parts.text
  }
}

/// `count` pieces, with the separator between two.
func pieces(_ count: Int, _ separator: String, _ piece: (Int) -> String) -> String {
  (0..<count).map(piece).joined(separator: separator)
}
