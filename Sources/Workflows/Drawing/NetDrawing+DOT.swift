extension NetDrawing {
  /// A graph for Graphviz: places round, transitions square, outcomes on their arrows.
  func dot() -> String {
    var lines = [
      "digraph \(Self.dotText(name)) {", "  rankdir=LR;",
      "  node [fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\"];",
    ]
    for (index, place) in places.enumerated() {
      let shape =
        switch place.kind {
        case .ordinary: "ellipse"
        case .start: "ellipse, style=bold"
        case .end: "ellipse, peripheries=2"
        case .shared: "cylinder"
        case .message: "note"
        }
      lines.append("  p\(index) [label=\(Self.dotText(place.name)), shape=\(shape)];")
    }
    for (index, transition) in transitions.enumerated() {
      let shape = transition.kind == .choose ? "hexagon" : "box"
      let label = Self.dotText(transition.name + sign(of: transition))
      lines.append("  t\(index) [label=\(label), shape=\(shape)];")
    }
    for (index, transition) in transitions.enumerated() {
      for arc in transition.inputs {
        lines.append("  p\(arc.place) -> t\(index)\(Self.attributes(arc.note, ""));")
      }
      for arc in transition.reads {
        lines.append("  p\(arc.place) -> t\(index)\(Self.attributes("", "style=dashed"));")
      }
      for arc in transition.inhibitors {
        lines.append("  p\(arc.place) -> t\(index)\(Self.attributes("", "arrowhead=odot"));")
      }
      for arc in transition.cancels {
        lines.append("  t\(index) -> p\(arc.place)\(Self.attributes("", "arrowhead=tee"));")
      }
      for outcome in transition.outcomes {
        for put in outcome.puts {
          let label = [outcome.name, put.note].filter { !$0.isEmpty }.joined(separator: ", ")
          lines.append("  t\(index) -> p\(put.place)\(Self.attributes(label, ""));")
        }
      }
    }
    lines.append("}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func attributes(_ label: String, _ more: String) -> String {
    let parts = [label.isEmpty ? "" : "label=\(dotText(label))", more].filter { !$0.isEmpty }
    return parts.isEmpty ? "" : " [\(parts.joined(separator: ", "))]"
  }

  /// A string in double quotes, escaped by scalar.
  private static func dotText(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { output += "\\" }
      output.unicodeScalars.append(scalar)
    }
    return output + "\""
  }
}
