import PetriNet

extension YamlTraps {
  /// What libyaml refused, in the words of somebody who edits the file.
  func sentence(_ error: YamlSyntaxError) -> Finding {
    let shown = shown(error.mark.index)
    switch error.problem {
    case let problem where problem.hasPrefix("could not find expected ':'"):
      return colonMissing(onLine: error.contextMark.line + 1) ?? plain(error)
    case "did not find expected key" where shown == "'}'" || shown == "']'":
      return finding(
        "F101", "\(shown) closes nothing", error.mark, found: shown,
        expected: "as many closing brackets as opening ones")
    case "did not find expected key", "did not find expected '-' indicator":
      return indentation(error)
    case let problem where problem.hasPrefix("did not find expected ',' or"):
      return finding(
        "F101", "the brackets that open here are not closed", error.contextMark, found: shown,
        expected: "a comma or the closing bracket after each entry",
        related: [(mark(error.mark), "read up to here")])
    case _
    where error.context == "while scanning a quoted scalar"
      && error.problem.hasPrefix("found unexpected"):
      return finding(
        "F101", "the quotes that open here are not closed", error.contextMark,
        found: "the end of the file", expected: "the same quotes at the end of the text")
    case let problem where problem.hasPrefix("block sequence entries are not allowed"):
      return finding(
        "F101", "a list with - cannot begin here", error.mark, found: shown,
        expected: "the list on the lines below its key, or in brackets")
    case let problem where problem.hasPrefix("found unknown escape"):
      return finding(
        "F101", "this escape is not one of YAML's", error.mark, found: shown,
        expected: #"\\, \", \n, \t or \u with four digits; '…' takes \ as it is"#)
    default: return plain(error)
    }
  }

  private func plain(_ error: YamlSyntaxError) -> Finding {
    let context = error.context.isEmpty ? "" : " \(error.context)"
    let problem = error.problem.isEmpty ? "cannot go on" : error.problem
    return finding(
      "F101", "this is no YAML:\(context) \(problem)", error.mark, found: shown(error.mark.index),
      expected: "YAML",
      help: "an expression with { } [ ] , # & * ! | > % @ or ': ' in it needs quotes")
  }

  private func indentation(_ error: YamlSyntaxError) -> Finding {
    let isList = error.problem.contains("'-'")
    let what = isList ? "list" : "map"
    return finding(
      "F101", "this line is not indented like the \(what) it belongs to", error.mark,
      found: "\(error.mark.column) spaces", expected: "\(error.contextMark.column) spaces",
      related: [(mark(error.contextMark), "the \(what) begins here")])
  }

  /// A line without a colon stands above the colon that libyaml did not expect.
  func colonMissing(above index: Int) -> Finding? {
    let (line, _) = source.position(at: index)
    let content = source.line(line).drop { $0 == " " }
    guard let colon = content.firstIndex(of: ":"), colon == index else { return nil }
    return stride(from: line - 1, through: 1, by: -1).lazy
      .first { source.line($0).contains { $0 != " " } }
      .flatMap { colonMissing(onLine: $0) }
  }

  private func colonMissing(onLine number: Int) -> Finding? {
    let content = source.line(number).drop { $0 == " " || $0 == "-" }
    guard content.first != "#", !content.contains(":"), !content.isEmpty else { return nil }
    let text = source.text(content.startIndex, content.endIndex)
    if text.hasPrefix("//") {
      return finding(
        "F118", "a comment begins with #, not with //", content.startIndex, content.endIndex,
        found: text, expected: "# and the comment")
    }
    return finding(
      "F117", "a colon is missing after the key", content.startIndex, content.endIndex,
      found: text, expected: "\(text):")
  }

  private func mark(_ mark: YamlMark) -> SourceMark {
    source.mark(mark.index, mark.index + 1, file: file, firstLine: firstLine)
  }

  private func finding(
    _ code: String, _ message: String, _ mark: YamlMark, found: String, expected: String,
    help: String = "", related: [(mark: SourceMark, label: String)] = []
  ) -> Finding {
    var finding = finding(
      code, message, mark.index, mark.index + 1, found: found, expected: expected, help: help)
    finding.related = related
    return finding
  }
}
