package import PetriNet

extension DiagnosticText {
  /// A finding for programs: `{code, severity, message, found, expected, nearest?, node, span?,
  /// related, edits, help}`; always in English.
  ///
  /// A place has the `byte` offset in its file from 0, and `line`, `column` (Unicode scalars) and
  /// `utf16` (units, for editors) from 1; an end is the place after the last character.
  package func json(of finding: Finding) -> JSONText.Node {
    var members: [JSONText.Member] = [
      .init("code", .string(finding.code)),
      .init("severity", .string(finding.severity.rawValue)),
      .init("message", .string(finding.message)),
      .init("found", .string(finding.found)),
      .init("expected", .string(finding.expected)),
    ]
    if let nearest = finding.nearest { members.append(.init("nearest", .string(nearest))) }
    members.append(.init("node", .string(finding.node)))
    if finding.mark.line > 0 { members.append(.init("span", span(finding.mark))) }
    let related = finding.related.map { item in
      JSONText.Node.object([
        .init("label", .string(item.label)), .init("span", span(item.mark)),
      ])
    }
    members.append(.init("related", .list(related)))
    let edits = replacement(for: finding).map { text in
      [
        JSONText.Node.object([
          .init("span", span(finding.mark)), .init("replace", .string(text)),
        ])
      ]
    }
    members.append(.init("edits", .list(edits ?? [])))
    members.append(.init("help", .string(finding.help)))
    return .object(members)
  }

  /// What may stand in the place of the span: the nearest name, the value in quotes; nil where what
  /// is marked is not all that was found, or where nothing mends it.
  private func replacement(for finding: Finding) -> String? {
    guard isMarked(finding.mark, finding.found) else { return nil }
    if let nearest = finding.nearest { return nearest }
    for help in ["put the expression in quotes: ", "put the other kind of quotes around it: "]
    where finding.help.hasPrefix(help) {
      return String(finding.help.dropFirst(help.count))
    }
    return ["F110", "F117"].contains(finding.code) ? finding.expected : nil
  }

  private func span(_ mark: SourceMark) -> JSONText.Node {
    .object([
      .init("file", .string(mark.file)),
      .init("start", place(mark, after: 0)),
      .init("end", place(mark, after: mark.length)),
    ])
  }

  private func place(_ mark: SourceMark, after length: Int) -> JSONText.Node {
    let column = mark.column + length
    var members = [
      JSONText.Member("line", .number(JSONNumber(Int64(mark.line)))),
      JSONText.Member("column", .number(JSONNumber(Int64(column)))),
    ]
    if let source = place(line: mark.line, column: column, in: mark.file) {
      members.insert(.init("byte", .number(JSONNumber(Int64(source.byte)))), at: 0)
      members.append(.init("utf16", .number(JSONNumber(Int64(source.utf16)))))
    }
    return .object(members)
  }

  private func place(
    line: Int, column: Int, in file: String
  ) -> (byte: Int, utf16: Int)? {
    guard let source = source(of: file), line <= source.count else { return nil }
    let place = source.offset(of: source.index(line: line, column: column))
    let start = source.offset(of: source.index(line: line, column: 1))
    return (place.byte, place.utf16 - start.utf16 + 1)
  }
}
