extension NetDrawing {
  /// A flow chart of Mermaid: places round, transitions square, outcomes on their arrows.
  func mermaid() -> String {
    var lines = ["flowchart LR"]
    for (index, place) in places.enumerated() {
      let name = Self.mermaidText(place.name)
      switch place.kind {
      case .ordinary: lines.append("  p\(index)([\"\(name)\"])")
      case .start: lines.append("  p\(index)((\"\(name)\"))")
      case .end: lines.append("  p\(index)(((\"\(name)\")))")
      case .shared: lines.append("  p\(index)[(\"\(name)\")]")
      case .message: lines.append("  p\(index)>\"\(name)\"]")
      }
    }
    for (index, transition) in transitions.enumerated() {
      let name = Self.mermaidText(transition.name + sign(of: transition))
      lines.append(
        transition.kind == .choose
          ? "  t\(index){{\"\(name)\"}}" : "  t\(index)[\"\(name)\"]")
    }
    for (index, transition) in transitions.enumerated() {
      for arc in transition.inputs {
        lines.append("  p\(arc.place) -->\(Self.mermaidLabel(arc.note))t\(index)")
      }
      for arc in transition.reads { lines.append("  p\(arc.place) -.-> t\(index)") }
      for arc in transition.inhibitors { lines.append("  p\(arc.place) --o t\(index)") }
      for arc in transition.cancels { lines.append("  t\(index) --x p\(arc.place)") }
      for outcome in transition.outcomes {
        for put in outcome.puts {
          let label = [outcome.name, put.note].filter { !$0.isEmpty }.joined(separator: ", ")
          lines.append("  t\(index) -->\(Self.mermaidLabel(label))p\(put.place)")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func sign(of transition: Transition) -> String {
    switch transition.kind {
    case .plain, .choose: ""
    case .judge: " ?"
    case .action: " !"
    case .task: " @"
    case .call: " &"
    }
  }

  private static func mermaidLabel(_ text: String) -> String {
    text.isEmpty ? " " : "|\"\(mermaidText(text))\"| "
  }

  /// By scalar: what Mermaid could read as its own is written by number.
  private static func mermaidText(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      let isPlain =
        scalar == " " || scalar == "_" || scalar == "-" || scalar == "." || scalar == ","
        || scalar == "?" || scalar == "!" || scalar == "@"
        || scalar.properties.isXIDContinue
      if isPlain {
        output.unicodeScalars.append(scalar)
      } else {
        output += "#\(scalar.value);"
      }
    }
    return output
  }
}
