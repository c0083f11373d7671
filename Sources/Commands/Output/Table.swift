internal import PetriNet
internal import Workflows

/// Rows in columns, as wide as their cells on a terminal are (UAX #11).
///
/// Hidden characters of the data are shown as `\u{202e}`. Nothing is cut but the last column, and
/// that only where a width is given.
struct Table {
  enum Alignment { case left, right }

  struct Column {
    var title: String
    var alignment: Alignment

    init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// - Precondition: at least one column.
  init(_ columns: [Column]) {
    precondition(!columns.isEmpty, "a table has columns")
    self.columns = columns
  }

  /// - Precondition: as many cells as columns.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has a cell for each column")
    rows.append(cells.map(VisibleText.visible))
  }

  var isEmpty: Bool { rows.isEmpty }

  /// The title line and the rows, two spaces between columns, no spaces at the end.
  ///
  /// - Parameter width: Cells of the screen; nil: nothing is cut.
  func lines(width: Int? = nil) -> [String] {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in
      all.map { DisplayWidth.cells(of: $0[column]) }.max() ?? 0
    }
    let before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
    return all.map { cells in
      let line = cells.indices.map { index in
        cell(cells[index], index, widths[index], room: width.map { $0 - before })
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private func cell(_ text: String, _ index: Int, _ width: Int, room: Int?) -> String {
    var text = text
    if index == columns.count - 1, let room, room > 1 { text = DisplayWidth.cut(text, to: room) }
    switch columns[index].alignment {
    case .left: return DisplayWidth.padded(text, to: width)
    case .right:
      let missing = max(0, width - DisplayWidth.cells(of: text))
      return String(repeating: " ", count: missing) + text
    }
  }

  /// Writes it to stdout; cut at the edge of a terminal, whole in a pipe.
  func print() {
    for line in lines(width: Console.isTerminal ? Console.width : nil) { Console.print(line) }
  }
}
