/// A net for a terminal: a block a transition, in the order in which a case can meet them.
///
/// ```
/// (asked) ──[understand ?]─┬─ true ──────> (wanted)
///                          └─ fallback ──> (review)
/// ```
struct TextDrawing {
  let drawing: NetDrawing
  let isASCII: Bool

  func text() -> String {
    var lines: [String] = drawing.marking == nil ? [] : [drawing.headline]
    for index in order() { lines += block(index) }
    lines.append(legend)
    return lines.joined(separator: "\n") + "\n"
  }

  private var legend: String {
    let end = isASCII ? "(( )) end" : "( ) ◎ end"
    let unless = isASCII ? "no( ) unless" : "¬( ) unless"
    return "legend: ( ) place  \(end)  [ ] transition  ? judge  ! action  @ task  & call  "
      + "~( ) read  \(unless)"
  }

  /// Transitions by breadth from the start places, then the rest in file order.
  private func order() -> [Int] {
    var reached = Set(
      drawing.places.indices.filter {
        [.start, .shared, .message].contains(drawing.places[$0].kind)
      })
    var queue = drawing.places.indices.filter { drawing.places[$0].kind == .start }
    var order: [Int] = []
    while !queue.isEmpty {
      let place = queue.removeFirst()
      for (index, transition) in drawing.transitions.enumerated()
      where !order.contains(index) && transition.inputs.contains(where: { $0.place == place }) {
        order.append(index)
        for put in transition.outcomes.flatMap(\.puts) where reached.insert(put.place).inserted {
          queue.append(put.place)
        }
      }
    }
    return order + drawing.transitions.indices.filter { !order.contains($0) }
  }

  private func block(_ index: Int) -> [String] {
    let transition = drawing.transitions[index]
    let dash = isASCII ? "-" : "─"
    let sources =
      transition.inputs.map { place($0) } + transition.reads.map { "~" + place($0) }
      + transition.inhibitors.map { (isASCII ? "no" : "¬") + place($0) }
    let head =
      "\(sources.joined(separator: " + ")) \(dash)\(dash)[\(transition.name)\(sign(transition))"
      + count(drawing.marking?.firings[index]) + "]"
    let cancels =
      transition.cancels.isEmpty
      ? "" : "  cancels " + transition.cancels.map { place($0) }.joined(separator: ", ")
    let names = transition.outcomes.map(\.name)
    let width = names.map { DisplayWidth.cells(of: $0) }.max() ?? 0
    let indent = String(repeating: " ", count: DisplayWidth.cells(of: head))
    return transition.outcomes.enumerated().map { index, outcome in
      let branch = branch(index, of: transition.outcomes.count, dash)
      let isLast = index == transition.outcomes.count - 1
      let line = (index == 0 ? head : indent) + branch + arrow(outcome.name, width, dash)
      return line + " " + targets(outcome) + (isLast ? cancels : "")
    }
  }

  private func branch(_ index: Int, of count: Int, _ dash: String) -> String {
    if count == 1 { return dash }
    if index == 0 { return dash + (isASCII ? "+" : "┬") + dash }
    let corner =
      index == count - 1 ? (isASCII ? "`" : "└") : (isASCII ? "|" : "├")
    return " " + corner + dash
  }

  private func arrow(_ name: String, _ width: Int, _ dash: String) -> String {
    if name.isEmpty { return dash + ">" }
    let rest = width - DisplayWidth.cells(of: name)
    return " \(name) " + String(repeating: dash, count: rest + 2) + ">"
  }

  private func targets(_ outcome: NetDrawing.Outcome) -> String {
    outcome.puts.isEmpty ? "nothing" : outcome.puts.map { place($0) }.joined(separator: " + ")
  }

  private func place(_ arc: NetDrawing.Arc) -> String {
    let place = drawing.places[arc.place]
    let note = (arc.note.isEmpty ? "" : " \(arc.note)") + count(drawing.marking?.tokens[arc.place])
    guard place.kind == .end else { return "(\(place.name)\(note))" }
    return isASCII ? "((\(place.name)\(note)))" : "(\(place.name)\(note)) ◎"
  }

  /// How many stand here: `•2`, `*2`.
  private func count(_ number: Int?) -> String {
    number.map { $0 > 0 ? " \(isASCII ? "*" : "•")\($0)" : "" } ?? ""
  }

  private func sign(_ transition: NetDrawing.Transition) -> String {
    switch transition.kind {
    case .plain, .choose: ""
    case .judge: " ?"
    case .action: " !"
    case .task: " @"
    case .call: " &"
    }
  }
}
