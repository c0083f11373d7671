import PetriNet

/// The system message of a prompt: text with `{{field}}` in it and no other template form.
struct PromptBody {
  let reading: FileReading
  let fields: [String]
  /// Whether some fields could not be read.
  var lacksFields = false

  func pieces(_ parts: PromptParts) -> [Prompt.Piece] {
    guard parts.body.count <= PromptReader.Limits.bodyBytesMax else {
      reading.report(
        "F303", "the body is too long",
        at: SourceMark(file: reading.file, line: parts.bodyLine, column: 1),
        found: "\(parts.body.count) bytes",
        expected: "at most \(PromptReader.Limits.bodyBytesMax) bytes")
      return []
    }
    if let offset = JSONText.firstInvalidByte(of: parts.body) {
      let place = JSONProblem.position(of: offset, in: parts.body)
      reading.report(
        "F102", "the file is no UTF-8",
        at: SourceMark(
          file: reading.file, line: place.line + parts.bodyLine - 1, column: place.column),
        found: "a byte that begins no character", expected: "UTF-8", help: "save it as UTF-8")
      return []
    }
    let source = SourceLines(parts.body)
    guard source.scalars.contains(where: { !$0.properties.isWhitespace }) else {
      reading.report(
        "F303", "the prompt has no body",
        at: SourceMark(file: reading.file, line: parts.bodyLine, column: 1), found: "nothing",
        expected: "the system message below the second ---")
      return []
    }
    return pieces(source, firstLine: parts.bodyLine)
  }

  private func pieces(_ source: SourceLines, firstLine: Int) -> [Prompt.Piece] {
    let scalars = source.scalars
    var pieces: [Prompt.Piece] = []
    var start = 0
    var index = 0
    while index + 1 < scalars.count {
      guard scalars[index] == "{", scalars[index + 1] == "{" else {
        index += 1
        continue
      }
      let end = end(of: index, scalars)
      let name = source.text(index + 2, end - 2).inFormC
      if let field = fields.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }),
        isClosed(index, end, scalars)
      {
        if index > start { pieces.append(.text(source.text(start, index))) }
        pieces.append(.field(field))
        start = end
      } else {
        report(source, index, end, name, firstLine)
      }
      index = end
    }
    if start < scalars.count { pieces.append(.text(source.text(start, scalars.count))) }
    return pieces
  }

  /// The index after the closing braces, or after the line if there are none.
  private func end(of start: Int, _ scalars: [Unicode.Scalar]) -> Int {
    var index = start + 2
    while index < scalars.count, scalars[index] != "\n" {
      if scalars[index] == "}", index + 1 < scalars.count, scalars[index + 1] == "}" {
        var end = index + 2
        while end < scalars.count, scalars[end] == "}", scalars[start + 2] == "{" { end += 1 }
        return end
      }
      index += 1
    }
    return index
  }

  private func isClosed(_ start: Int, _ end: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    end - start > 4 && scalars[end - 1] == "}" && scalars[end - 2] == "}"
  }

  private func report(
    _ source: SourceLines, _ start: Int, _ end: Int, _ name: String, _ firstLine: Int
  ) {
    let isClosed = isClosed(start, end, source.scalars)
    let isName = isClosed && NameForm.identifier.admits(name)
    if isName, lacksFields, !Nearest.isSlip(name, of: fields) { return }
    reading.report(
      "F301",
      isName ? "unknown field '\(name)' in the body" : "the only template form is {{field}}",
      at: source.mark(start, end, file: reading.file, firstLine: firstLine),
      found: source.text(start, end),
      expected: fields.isEmpty
        ? "no template" : "one of \(fields.map { "{{\($0)}}" }.joined(separator: ", "))",
      nearest: isName ? Nearest.name(to: name, among: fields) : nil)
  }
}
