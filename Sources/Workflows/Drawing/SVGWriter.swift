/// Writes a figure as SVG: classes and presentation attributes only, names escaped by scalar.
struct SVGWriter {
  private let drawing: NetDrawing
  private let figure: NetFigure
  /// Lines turn in it beside the first and the last layer.
  private static let margin = 40.0
  private static let headline = 34.0
  private static let legendHeight = 30.0

  init(drawing: NetDrawing) {
    self.drawing = drawing
    figure = NetFigure(of: drawing)
  }

  func text() -> String {
    let layout = figure.layout
    let width = max(layout.width + 2 * Self.margin, Self.legendWidth + 2 * Self.margin)
    let height = layout.height + Self.headline + Self.legendHeight + 2 * Self.margin
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    let title = "Net of \(drawing.name)"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) "
        + "viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" "
        + "aria-label=\"\(escaped(title))\" class=\"petrel-net\">",
      "<title>\(escaped(title))</title>", "<style>\(Self.style)</style>", Self.markers,
      "<rect class=\"paper\" width=\"\(number(width))\" height=\"\(number(height))\"/>",
      "<text class=\"headline\" x=\"\(number(Self.margin))\" y=\"26\">"
        + "\(escaped(drawing.headline))</text>",
      "<g transform=\"translate(\(number(Self.margin)) \(number(Self.headline + 10)))\">",
    ]
    for index in figure.lines.indices { lines.append(path(of: index)) }
    for index in drawing.places.indices { lines += place(index) }
    for index in drawing.transitions.indices { lines += transition(index) }
    lines.append("</g>")
    lines += legend(y: height - Self.legendHeight)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func path(of index: Int) -> String {
    let line = figure.lines[index]
    let points = figure.layout.routes[index]
    var data = "M\(number(points[0].x)) \(number(points[0].y))"
    for (from, to) in zip(points, points.dropFirst()) {
      data += from.y == to.y ? "H\(number(to.x))" : curve(from, to)
    }
    return "<path class=\"line \(line.kind.rawValue)\" d=\"\(data)\"\(marker(line.kind))/>"
  }

  /// Between layers a line goes on in its direction; where it turns it comes back on the same side.
  private func curve(_ from: LayeredLayout.Point, _ to: LayeredLayout.Point) -> String {
    let isTurn = from.x == to.x
    let out = figure.layout.spacing.layers * (figure.layout.lefts.contains(from.x) ? -0.5 : 0.5)
    let first = isTurn ? from.x + out : (from.x + to.x) / 2
    let second = isTurn ? to.x + out : (from.x + to.x) / 2
    return "C\(number(first)) \(number(from.y)) \(number(second)) \(number(to.y)) "
      + "\(number(to.x)) \(number(to.y))"
  }

  private func marker(_ kind: NetFigure.Line.Kind) -> String {
    switch kind {
    case .plain, .fallback: " marker-end=\"url(#petrel-arrow)\""
    case .unless: " marker-end=\"url(#petrel-ring)\""
    case .cancel: " marker-end=\"url(#petrel-cross)\""
    case .read: ""
    }
  }

  private func place(_ index: Int) -> [String] {
    let place = drawing.places[index]
    let box = figure.boxes[index]
    let kind = place.kind
    var lines = group("place \(kind)", index, "place \(place.name), \(kind)")
    lines.append(
      "<rect class=\"box\" width=\"\(number(box.width))\" height=\"\(number(box.height))\" "
        + "rx=\"\(kind == .shared || kind == .message ? 4 : 15)\"/>")
    switch kind {
    case .end:
      lines.append(
        "<rect class=\"inner\" x=\"3\" y=\"3\" width=\"\(number(box.width - 6))\" "
          + "height=\"\(number(box.height - 6))\" rx=\"12\"/>")
    case .shared:
      lines.append("<path class=\"inner\" d=\"M0 5H\(number(box.width))\"/>")
    case .message:
      let middle = number(box.width / 2)
      lines.append("<path class=\"inner\" d=\"M2 1L\(middle) 7L\(number(box.width - 2)) 1\"/>")
    case .ordinary, .start: break
    }
    lines += box.labels.map { label($0, in: box) }
    return lines + badge(drawing.marking?.tokens[index], box, "token") + ["</g>"]
  }

  private func transition(_ index: Int) -> [String] {
    let transition = drawing.transitions[index]
    let node = drawing.places.count + index
    let box = figure.boxes[node]
    var lines = group(
      "transition \(transition.kind)", node, "transition \(transition.name), \(transition.kind)")
    let width = number(box.width)
    lines.append(
      "<rect class=\"box\" width=\"\(width)\" height=\"\(number(box.height))\" rx=\"3\"/>")
    let head = number(NetFigure.headHeight)
    lines.append("<path class=\"head\" d=\"M1 1H\(number(box.width - 1))V\(head)H1Z\"/>")
    lines.append(Self.sign(of: transition.kind))
    lines += box.labels.map { label($0, in: box) }
    return lines + badge(drawing.marking?.firings[index], box, "firing") + ["</g>"]
  }

  private func group(_ names: String, _ node: Int, _ spoken: String) -> [String] {
    let corner = figure.layout.corners[node]
    return [
      "<g class=\"\(names)\" transform=\"translate(\(number(corner.x)) \(number(corner.y)))\">",
      "<title>\(escaped(spoken))</title>",
    ]
  }

  private func label(_ label: NetFigure.Label, in box: NetFigure.Box) -> String {
    let size = label.isSmall ? NetFigure.rowSize : NetFigure.titleSize
    let anchor =
      switch label.anchor {
      case .start: ""
      case .middle: " text-anchor=\"middle\""
      case .end: " text-anchor=\"end\""
      }
    let whole = label.whole.map { "<title>\(escaped($0))</title>" } ?? ""
    let text =
      "<text class=\"\(label.isSmall ? "note" : "name")\" x=\"\(number(label.x))\" "
      + "y=\"\(number(label.y))\"\(anchor)>\(whole)\(escaped(label.text))</text>"
    guard label.hasClock else { return text }
    let width = NetFigure.width(of: label.text, size: size)
    let x = label.anchor == .end ? label.x - width - 8 : label.x - 8
    let y = label.y - 3.5
    return "<circle class=\"clock\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4.5\"/>"
      + "<path class=\"clock\" d=\"M\(number(x)) \(number(y - 3))V\(number(y))"
      + "H\(number(x + 2.5))\"/>" + text
  }

  /// How many stand here, at the upper right corner, inside the box.
  private func badge(_ count: Int?, _ box: NetFigure.Box, _ what: String) -> [String] {
    guard let count, count > 0 else { return [] }
    let text = count > 999 ? "999+" : "\(count)"
    let width = max(14, Double(text.count) * 6.5 + 7)
    let x = box.width - width / 2 - 2
    return [
      "<rect class=\"badge\" x=\"\(number(x - width / 2))\" y=\"-6\" width=\"\(number(width))\" "
        + "height=\"14\" rx=\"7\"/>",
      "<text class=\"badge-text\" x=\"\(number(x))\" y=\"4.5\" text-anchor=\"middle\">"
        + "<title>\(count) \(what)\(count == 1 ? "" : "s")</title>\(text)</text>",
    ]
  }

  private static let legend: [(kind: NetDrawing.TransitionKind, text: String)] = [
    (.plain, "plain"), (.choose, "decision"), (.judge, "model"), (.action, "effect"),
    (.task, "person"), (.call, "call"),
  ]

  private static var legendWidth: Double {
    legend.reduce(430) { $0 + NetFigure.width(of: $1.text, size: NetFigure.rowSize) + 34 }
  }

  private func legend(y: Double) -> [String] {
    var lines = [
      "<g class=\"legend\" transform=\"translate(\(number(Self.margin)) \(number(y)))\">"
    ]
    var x = 0.0
    for item in Self.legend {
      lines.append(
        "<g class=\"transition \(item.kind)\" transform=\"translate(\(number(x)) 0)\">"
          + "<path class=\"head\" d=\"M2 3H22V20H2Z\"/>\(Self.sign(of: item.kind))</g>")
      lines.append("<text class=\"note\" x=\"\(number(x + 27))\" y=\"15\">\(item.text)</text>")
      x += NetFigure.width(of: item.text, size: NetFigure.rowSize) + 44
    }
    for (kind, text) in [
      ("fallback", "fallback"), ("read", "read"), ("unless", "unless"), ("cancel", "cancel"),
    ] {
      let marker = NetFigure.Line.Kind(rawValue: kind).map { self.marker($0) } ?? ""
      lines.append(
        "<path class=\"line \(kind)\" d=\"M\(number(x)) 11H\(number(x + 26))\"\(marker)/>")
      lines.append("<text class=\"note\" x=\"\(number(x + 34))\" y=\"15\">\(text)</text>")
      x += NetFigure.width(of: text, size: NetFigure.rowSize) + 54
    }
    return lines + ["</g>"]
  }

  private func number(_ value: Double) -> String { SVGText.number(value) }
  private func escaped(_ text: String) -> String { SVGText.escaped(text) }
}

/// Text and numbers as SVG has them.
enum SVGText {
  /// At most one decimal.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  /// By scalar: what could be markup is written by number.
  static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\"", "'": output += "&#\(scalar.value);"
      default:
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
          output += "&#xFFFD;"
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output
  }
}
