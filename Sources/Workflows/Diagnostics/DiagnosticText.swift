package import PetriNet

/// Findings as a terminal shows them (EXPERIENCE §2, Errors).
package struct DiagnosticText: Sendable {
  private let texts: SourceTexts
  private let isColoured: Bool
  private let words: Words

  /// - Parameters:
  ///   - isColoured: Whether the severity is coloured; it is a word in any case.
  ///   - language: What sentences are told in; codes, names and JSON are the same in all.
  package init(texts: SourceTexts, isColoured: Bool = false, language: Language = .english) {
    self.texts = texts
    self.isColoured = isColoured
    words = Words(language)
  }

  /// All findings, by place, an empty line between two; ends with a newline unless there is none.
  package func text(of findings: [Finding]) -> String {
    let hidden = Dictionary(
      grouping: findings.lazy.filter { $0.code == "C403" }.map(\.mark), by: \.line)
    return Self.sorted(findings).map { text(of: $0, hiding: hidden) }.joined(separator: "\n")
  }

  /// By file, line and column; those of one place in the order given.
  package static func sorted(_ findings: [Finding]) -> [Finding] {
    findings.enumerated().sorted { left, right in
      if left.element.mark.precedes(right.element.mark) { return true }
      if right.element.mark.precedes(left.element.mark) { return false }
      return left.offset < right.offset
    }.map(\.element)
  }

  /// One finding, over several lines, each ended by a newline.
  package func text(of finding: Finding) -> String {
    text(
      of: finding, hiding: finding.code == "C403" ? [finding.mark.line: [finding.mark]] : [:])
  }

  /// - Parameter hidden: Where secrets stand, by line; their characters are shown as `*`.
  private func text(of finding: Finding, hiding hidden: [Int: [SourceMark]]) -> String {
    var lines = ["\(heading(finding)): \(VisibleText.visible(words.sentence(finding.message)))"]
    let blocks = blocks(of: finding)
    let width = blocks.flatMap { $0.notes.map { String($0.mark.line).utf8.count } }.max() ?? 1
    let gutter = String(repeating: " ", count: width + 1)
    var isLabelShown = false
    for block in blocks {
      let first = block.notes.first { $0.isPrimary } ?? block.notes[0]
      let place = "\(VisibleText.visible(block.file)):\(first.mark.line):\(first.mark.column)"
      lines.append("\(gutter.dropLast())--> \(place)")
      guard let source = texts[block.file], first.mark.line <= source.count else { continue }
      lines.append("\(gutter)|")
      var lineBefore = 0
      var offset = 0
      for note in block.notes {
        let line = Self.masked(source.line(note.mark.line), note.mark, hidden)
        if note.mark.line != lineBefore {
          let number = String(note.mark.line)
          let padding = String(repeating: " ", count: width - number.utf8.count)
          offset = Self.offset(of: note.mark, in: line)
          lines.append("\(padding)\(number) | \(cut(line, from: offset))")
        }
        lineBefore = note.mark.line
        lines.append("\(gutter)| \(underline(note, line, from: offset))")
        if note.isPrimary { isLabelShown = true }
      }
    }
    if !isLabelShown {
      let label = label(of: finding, under: nil)
      if !label.isEmpty { lines.append("\(gutter)= \(label)") }
    }
    let help =
      finding.help.isEmpty ? "petrel explain \(finding.code)" : words.sentence(finding.help)
    lines.append("\(gutter)= \(words.help): \(VisibleText.visible(help))")
    return lines.map { Self.trimmed($0) + "\n" }.joined()
  }

  /// `2 errors, 0 warnings, 1 note`.
  package static func counts(of findings: [Finding], _ language: Language = .english) -> String {
    let words = Words(language)
    return [Finding.Severity.error, .warning, .note].map { severity in
      words.count(of: severity, findings.count { $0.severity == severity })
    }.joined(separator: ", ")
  }

  private func heading(_ finding: Finding) -> String {
    let text = "\(words.severity(finding.severity))[\(finding.code)]"
    guard isColoured else { return text }
    let colour =
      switch finding.severity {
      case .error: "31"
      case .warning: "33"
      case .note: "36"
      }
    return "\u{1B}[1;\(colour)m\(text)\u{1B}[0m"
  }

  func source(of file: String) -> SourceLines? { texts[file] }

  // MARK: Lines of the source

  private struct Note {
    var mark: SourceMark
    var label: String
    var isPrimary: Bool
  }

  private struct Block {
    var file: String
    var notes: [Note]
  }

  /// The primary file first, the lines of each in order; nothing for a net that stands in no file.
  private func blocks(of finding: Finding) -> [Block] {
    var blocks: [Block] = []
    var notes = [Note(mark: finding.mark, label: "", isPrimary: true)]
    notes += finding.related.map { Note(mark: $0.mark, label: $0.label, isPrimary: false) }
    for var note in notes where note.mark.line > 0 {
      if note.isPrimary { note.label = label(of: finding, under: note.mark) }
      if let index = blocks.firstIndex(where: { $0.file.utf8.elementsEqual(note.mark.file.utf8) }) {
        blocks[index].notes.append(note)
      } else {
        blocks.append(Block(file: note.mark.file, notes: [note]))
      }
    }
    for index in blocks.indices {
      blocks[index].notes.sort { ($0.mark.line, $0.mark.column) < ($1.mark.line, $1.mark.column) }
    }
    return blocks
  }

  /// `expected …, found …; nearest: …`; what stands under the caret is not said again.
  private func label(of finding: Finding, under mark: SourceMark?) -> String {
    var parts: [String] = []
    if !finding.expected.isEmpty { parts.append(words.expected(finding.expected)) }
    let isSaid =
      finding.message.hasSuffix(finding.found) || finding.message.hasSuffix("'\(finding.found)'")
    if !isSaid, mark.map({ isMarked($0, finding.found) }) != true {
      parts.append(words.found(finding.found))
    }
    var label = parts.joined(separator: ", ")
    if let nearest = finding.nearest {
      label += "\(label.isEmpty ? "" : "; ")\(words.nearest): \(nearest)"
    }
    return VisibleText.visible(label)
  }

  /// Whether this text, and nothing else, stands at the mark.
  func isMarked(_ mark: SourceMark, _ text: String) -> Bool {
    guard let source = texts[mark.file], text.utf8.count >= mark.length,
      mark.length * 4 >= text.utf8.count
    else { return false }
    let start = source.index(line: mark.line, column: mark.column)
    return source.text(start, start + mark.length) == text
  }

  /// A line that is longer is shown in part.
  private static let lineMax = 400

  /// Where the shown part of a line begins: a long one is shown around what is told of it.
  private static func offset(
    of mark: SourceMark, in line: ArraySlice<Unicode.Scalar>
  ) -> Int {
    line.count <= lineMax ? 0 : max(0, min(mark.column - 1, line.count) - lineMax / 4)
  }

  private func cut(_ line: ArraySlice<Unicode.Scalar>, from offset: Int) -> String {
    let rest = line.dropFirst(offset)
    let end = rest.count > Self.lineMax ? "…" : ""
    return (offset > 0 ? "…" : "") + shown(rest.prefix(Self.lineMax)) + end
  }

  private func underline(
    _ note: Note, _ line: ArraySlice<Unicode.Scalar>, from offset: Int
  ) -> String {
    let last = min(line.count, offset + Self.lineMax)
    let start = max(offset, min(note.mark.column - 1, last))
    let end = max(start, min(note.mark.column - 1 + note.mark.length, last))
    let before =
      (offset > 0 ? "…" : "")
      + shown(line[(line.startIndex + offset)..<(line.startIndex + start)])
    let under = shown(line[(line.startIndex + start)..<(line.startIndex + end)])
    let sign = note.isPrimary ? "^" : "-"
    let signs = String(repeating: sign, count: max(1, DisplayWidth.cells(of: under)))
    let label =
      note.isPrimary ? note.label : VisibleText.visible(words.sentence(note.label))
    return String(repeating: " ", count: DisplayWidth.cells(of: before))
      + signs + (label.isEmpty ? "" : " \(label)")
  }

  private static func masked(
    _ line: ArraySlice<Unicode.Scalar>, _ mark: SourceMark, _ hidden: [Int: [SourceMark]]
  ) -> ArraySlice<Unicode.Scalar> {
    var line = line
    for secret in hidden[mark.line] ?? []
    where secret.file.utf8.elementsEqual(mark.file.utf8) {
      let start = min(secret.column - 1, line.count)
      let end = min(start + secret.length, line.count)
      for index in start..<end { line[line.startIndex + index] = "*" }
    }
    return line
  }

  private func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    VisibleText.visible(String(scalars: scalars))
  }

  private static func trimmed(_ line: String) -> String {
    var bytes = line.utf8[...]
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(Substring(bytes))
  }
}
