extension NetDrawing {
  /// The net as a place/transition net of ISO/IEC 15909-2, for other tools.
  ///
  /// A transition with outcomes is written once for each of them, because which one fires is not the
  /// net's choice. A start place holds a token, a shared one what it is filled with. Colours, guards
  /// and times have no place in such a net and are left out; a `read` arc takes and gives back;
  /// `unless` and `cancel` arcs stand under `toolspecific`.
  func pnml() -> String {
    var writer = PNMLWriter(drawing: self)
    return writer.text()
  }
}

private struct PNMLWriter {
  private static let grammar = "http://www.pnml.org/version-2009/grammar"

  let drawing: NetDrawing
  private var lines: [String] = []
  private var arcs = 0

  init(drawing: NetDrawing) { self.drawing = drawing }

  mutating func text() -> String {
    lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<pnml xmlns=\"\(Self.grammar)/pnml\">",
      "  <net id=\"net\" type=\"\(Self.grammar)/ptnet\">", "    \(name(drawing.name))",
      "    <page id=\"page\">",
    ]
    for (index, place) in drawing.places.enumerated() {
      let tokens = place.kind == .start ? 1 : place.initial
      let marking =
        tokens > 0 ? "<initialMarking><text>\(tokens)</text></initialMarking>" : ""
      lines.append("      <place id=\"p\(index)\">\(name(place.name))\(marking)</place>")
    }
    for (index, transition) in drawing.transitions.enumerated() {
      for (number, outcome) in transition.outcomes.enumerated() {
        write(transition, outcome, as: "t\(index)_\(number)")
      }
    }
    lines += ["    </page>", "  </net>", "</pnml>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func write(
    _ transition: NetDrawing.Transition, _ outcome: NetDrawing.Outcome, as id: String
  ) {
    let title = outcome.name.isEmpty ? transition.name : "\(transition.name).\(outcome.name)"
    let others =
      transition.inhibitors.map { "<unless place=\"p\($0.place)\"/>" }
      + transition.cancels.map { "<cancel place=\"p\($0.place)\"/>" }
    let own =
      others.isEmpty
      ? ""
      : "<toolspecific tool=\"petrel\" version=\"1\">\(others.joined())</toolspecific>"
    lines.append("      <transition id=\"\(id)\">\(name(title))\(own)</transition>")
    for arc in transition.inputs { connect("p\(arc.place)", id, arc.count) }
    for arc in transition.reads {
      connect("p\(arc.place)", id, 1)
      connect(id, "p\(arc.place)", 1)
    }
    for put in outcome.puts { connect(id, "p\(put.place)", 1) }
  }

  private mutating func connect(_ source: String, _ target: String, _ count: Int) {
    arcs += 1
    let weight = count > 1 ? "<inscription><text>\(count)</text></inscription>" : ""
    let ends = "source=\"\(source)\" target=\"\(target)\""
    lines.append(
      weight.isEmpty
        ? "      <arc id=\"a\(arcs)\" \(ends)/>"
        : "      <arc id=\"a\(arcs)\" \(ends)>\(weight)</arc>")
  }

  private func name(_ text: String) -> String {
    "<name><text>\(SVGText.escaped(text))</text></name>"
  }
}
