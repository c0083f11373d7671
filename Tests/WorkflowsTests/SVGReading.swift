import Foundation
import Testing

/// Boxes and labels of a drawing, found in its text, and what is wrong with them.
struct SVGReading {
  struct Box {
    var name: String
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var labels: [Label] = []
  }

  struct Label {
    var text: String
    var x: Double
    var y: Double
    var anchor: String
    var size: Double

    /// An own measure: a cell is 0.6 of the size, signs from Hangul on take two.
    var width: Double {
      text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 && $1.value < 0x1F000 ? 2 : 1) }
        * 0.6 * size
    }

    var left: Double {
      switch anchor {
      case "middle": x - width / 2
      case "end": x - width
      default: x
      }
    }
  }

  private(set) var boxes: [Box] = []

  init(_ svg: String) throws {
    var open: Box?
    for line in svg.split(separator: "\n") {
      if line.hasPrefix("<g class=\"legend\"") { break }
      if line.hasPrefix("<g class=\"place") || line.hasPrefix("<g class=\"transition"),
        let corner = line.firstMatch(of: /translate\(([-0-9.]+) ([-0-9.]+)\)/)
      {
        open = Box(
          name: "", x: try #require(Double(corner.1)), y: try #require(Double(corner.2)), width: 0,
          height: 0)
      } else if line == "</g>", let box = open {
        boxes.append(box)
        open = nil
      } else if line.hasPrefix("<title>"), let name = line.firstMatch(of: /<title>(.*)<\/title>/) {
        open?.name = String(name.1)
      } else if let size = line.firstMatch(
        of: /^<rect class="box" width="([0-9.]+)" height="([0-9.]+)"/)
      {
        open?.width = try #require(Double(size.1))
        open?.height = try #require(Double(size.2))
      }
      for label in try Self.labels(of: String(line)) { open?.labels.append(label) }
    }
  }

  private static func labels(of line: String) throws -> [Label] {
    let pattern =
      /<text class="(name|note)" x="([-0-9.]+)" y="([-0-9.]+)"(?: text-anchor="([a-z]+)")?>(?:<title>[^<]*<\/title>)?([^<]*)<\/text>/
    return try line.matches(of: pattern).map { match in
      Label(
        text: String(match.5).replacing(/&#[0-9]+;/, with: "x"),
        x: try #require(Double(match.2)), y: try #require(Double(match.3)),
        anchor: match.4.map(String.init) ?? "start", size: match.1 == "name" ? 12 : 10.5)
    }
  }

  /// Boxes that overlap or come nearer than four points, labels that leave their box or each other.
  var problems: [String] {
    var found: [String] = []
    let sorted = boxes.sorted { $0.x < $1.x }
    for (index, one) in sorted.enumerated() {
      for other in sorted[(index + 1)...] {
        if other.x >= one.x + one.width + 4 { break }
        let isApart = other.y >= one.y + one.height + 4 || one.y >= other.y + other.height + 4
        if !isApart { found.append("\(one.name) and \(other.name) overlap") }
      }
      for label in one.labels { found += problems(of: label, in: one) }
      found += crowded(one)
    }
    return found
  }

  private func problems(of label: Label, in box: Box) -> [String] {
    let isInside =
      label.left >= 2 && label.left + label.width <= box.width - 2
      && label.y - label.size * 0.8 >= 0 && label.y + label.size * 0.25 <= box.height
    return isInside ? [] : ["'\(label.text)' leaves \(box.name)"]
  }

  private func crowded(_ box: Box) -> [String] {
    var found: [String] = []
    for (index, one) in box.labels.enumerated() {
      for other in box.labels[(index + 1)...]
      where abs(one.y - other.y) < one.size * 0.8
        && one.left < other.left + other.width && other.left < one.left + one.width
      {
        found.append("'\(one.text)' lies on '\(other.text)' in \(box.name)")
      }
    }
    return found
  }
}
