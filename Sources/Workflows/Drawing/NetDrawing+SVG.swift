extension NetDrawing {
  /// A drawing for pages and browsers, light and dark; the same for the same net.
  ///
  /// A transition is a box with its arcs as rows: on the left what it takes, on the right a row for
  /// each outcome, so that every label stands in a box. Fallback arcs are dashed, `read` arcs dotted.
  func svg() -> String { SVGWriter(drawing: self).text() }
}
