/// The boxes of a drawing with their rows, and where they stand.
struct NetFigure {
  enum Anchor { case start, middle, end }

  struct Label {
    var text: String
    /// All of it, where `text` is cut.
    var whole: String?
    /// Within the box; the base line.
    var x: Double
    var y: Double
    var anchor: Anchor
    var isSmall: Bool
    /// A little clock stands before it.
    var hasClock = false
  }

  struct Box {
    var width: Double
    var height: Double
    var labels: [Label]
    /// Left of the transition's right column; nil for places.
    var divider: Double?
  }

  /// What an edge of the layout is.
  struct Line {
    enum Kind: String { case plain, fallback, read, unless, cancel }

    var kind: Kind
    var place: Int
    var transition: Int
  }

  static let titleSize = 12.0
  static let rowSize = 10.5
  static let placeHeight = 30.0
  static let headHeight = 24.0
  static let rowHeight = 16.0
  private static let notesMax = 30

  /// Places first, then transitions.
  private(set) var boxes: [Box] = []
  private(set) var lines: [Line] = []
  private(set) var layout: LayeredLayout

  /// A font of equal widths takes 0.6 of its size for a cell of a terminal.
  static func width(of text: String, size: Double) -> Double {
    Double(DisplayWidth.cells(of: text)) * size * 0.61
  }

  init(of drawing: NetDrawing) {
    boxes = drawing.places.map { Self.box(of: $0) } + drawing.transitions.map { Self.box(of: $0) }
    var edges: [LayeredLayout.Edge] = []
    let sources = Self.sources(of: drawing)
    for index in drawing.transitions.indices {
      let (more, ends) = Self.lines(of: index, in: drawing, sources)
      lines += more
      edges += ends
    }
    let ranks = Self.ranks(of: drawing, edges)
    let nodes = zip(boxes, ranks).map { box, rank in
      LayeredLayout.Node(width: box.width, height: box.height, rank: rank)
    }
    layout = LayeredLayout(nodes: nodes, edges: edges)
    layout.place()
  }

  private static func box(of place: NetDrawing.Place) -> Box {
    let width = max(64, Self.width(of: place.name, size: titleSize) + 28)
    return Box(
      width: width, height: placeHeight,
      labels: [
        Label(text: place.name, x: width / 2, y: 19, anchor: .middle, isSmall: false)
      ])
  }

  /// Start places, and shared ones out of which some transition takes what it gives back: whatever
  /// else is put into them comes back to where it was.
  private static func sources(of drawing: NetDrawing) -> Set<Int> {
    var found = Set(drawing.places.indices.filter { drawing.places[$0].kind == .start })
    for transition in drawing.transitions {
      let put = Set(transition.outcomes.flatMap { $0.puts.map(\.place) })
      for arc in transition.inputs
      where drawing.places[arc.place].kind == .shared && put.contains(arc.place) {
        found.insert(arc.place)
      }
    }
    return found
  }

  /// Where reading begins: start places, what is taken and given back, then what else is filled from
  /// outside.
  private static func ranks(
    of drawing: NetDrawing, _ edges: [LayeredLayout.Edge]
  ) -> [Int] {
    let returned = Set(edges.filter(\.isReturn).map(\.to))
    let places = drawing.places.enumerated().map { index, place in
      switch place.kind {
      case .start: 0
      case .shared, .message: returned.contains(index) ? 1 : 2
      case .ordinary, .end: 3
      }
    }
    return places + drawing.transitions.map { _ in 3 }
  }

  private static func lines(
    of index: Int, in drawing: NetDrawing, _ sources: Set<Int>
  ) -> ([Line], [LayeredLayout.Edge]) {
    let transition = drawing.transitions[index]
    let box = drawing.places.count + index
    var lines: [Line] = []
    var edges: [LayeredLayout.Edge] = []
    for (row, arc) in leftRows(of: transition).enumerated() {
      lines.append(Line(kind: arc.kind, place: arc.place, transition: index))
      edges.append(
        LayeredLayout.Edge(
          from: arc.place, to: box, fromPort: placeHeight / 2, toPort: port(ofRow: row)))
    }
    let taken = sources.union(leftRows(of: transition).map(\.place))
    for (row, arc) in rightRows(of: transition).enumerated() {
      guard let place = arc.place else { continue }
      lines.append(
        Line(kind: arc.isFallback ? .fallback : .plain, place: place, transition: index))
      edges.append(
        LayeredLayout.Edge(
          from: box, to: place, fromPort: port(ofRow: row), toPort: placeHeight / 2,
          isReturn: taken.contains(place)))
    }
    return (lines, edges)
  }

  static func port(ofRow row: Int) -> Double {
    headHeight + (Double(row) + 0.5) * rowHeight
  }
}

extension NetFigure {
  struct LeftRow {
    var kind: Line.Kind
    var place: Int
    var note: String
  }

  struct RightRow {
    /// nil for an outcome that puts nothing.
    var place: Int?
    var label: String
    var isFallback: Bool
  }

  static func leftRows(of transition: NetDrawing.Transition) -> [LeftRow] {
    transition.inputs.map { LeftRow(kind: .plain, place: $0.place, note: $0.note) }
      + transition.reads.map { LeftRow(kind: .read, place: $0.place, note: "read") }
      + transition.inhibitors.map { LeftRow(kind: .unless, place: $0.place, note: "unless") }
      + transition.cancels.map { LeftRow(kind: .cancel, place: $0.place, note: "cancel") }
  }

  static func rightRows(of transition: NetDrawing.Transition) -> [RightRow] {
    transition.outcomes.flatMap { outcome -> [RightRow] in
      let isFallback = transition.kind == .judge && outcome.name == "fallback"
      guard !outcome.puts.isEmpty else {
        return [RightRow(place: nil, label: outcome.name + " ∅", isFallback: isFallback)]
      }
      return outcome.puts.enumerated().map { index, put in
        let label = [index == 0 ? outcome.name : "", put.note].filter { !$0.isEmpty }
        return RightRow(
          place: put.place, label: label.joined(separator: ", "), isFallback: isFallback)
      }
    }
  }

  private static func box(of transition: NetDrawing.Transition) -> Box {
    let left = leftRows(of: transition).map { cut($0.note) }
    let right = rightRows(of: transition).map { cut($0.label) }
    let title = transition.name
    func column(_ texts: [(text: String, whole: String?, hasClock: Bool)]) -> Double {
      texts.map { Self.width(of: $0.text, size: rowSize) + ($0.hasClock ? 14 : 0) }.max() ?? 0
    }
    let leftWidth = column(left)
    let rightWidth = column(right)
    let rowsWidth = leftWidth + rightWidth + (leftWidth > 0 && rightWidth > 0 ? 34 : 20)
    let width = max(80, Self.width(of: title, size: titleSize) + 44, rowsWidth)
    var labels = [
      Label(text: title, x: 28, y: 16.5, anchor: .start, isSmall: false)
    ]
    for (row, item) in left.enumerated() where !item.text.isEmpty {
      labels.append(
        Label(
          text: item.text, whole: item.whole, x: item.hasClock ? 23 : 9,
          y: port(ofRow: row) + 3.5, anchor: .start, isSmall: true, hasClock: item.hasClock))
    }
    for (row, item) in right.enumerated() where !item.text.isEmpty {
      labels.append(
        Label(
          text: item.text, whole: item.whole, x: width - 9, y: port(ofRow: row) + 3.5,
          anchor: .end, isSmall: true, hasClock: item.hasClock))
    }
    let rows = max(left.count, right.count, 1)
    return Box(
      width: width, height: headHeight + Double(rows) * rowHeight + 4, labels: labels)
  }

  /// Expressions may be long: the end is cut, the whole is shown when the pointer rests on it.
  private static func cut(
    _ text: String
  ) -> (text: String, whole: String?, hasClock: Bool) {
    let hasClock =
      text.hasPrefix("after ") || text.hasPrefix("at ") || text.contains(", after ")
      || text.contains(", at ")
    let shown = DisplayWidth.cut(text, to: notesMax)
    return (shown, shown == text ? nil : text, hasClock)
  }
}
