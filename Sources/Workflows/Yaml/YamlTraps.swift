import PetriNet

/// What is behind a syntax error: the traps that an expression inside YAML falls into.
struct YamlTraps {
  let source: SourceLines
  let file: String
  let firstLine: Int

  /// The finding for what libyaml refused: a trap found on its lines, else its own words.
  func finding(_ error: YamlSyntaxError) -> Finding {
    let lines = [error.mark.line + 1, error.contextMark.line + 1, error.mark.line]
    for line in lines where line >= 1 {
      if let trap = trap(onLine: line) { return trap }
    }
    if error.problem.hasPrefix("mapping values are not allowed") {
      return colonMissing(above: error.mark.index) ?? colonTrap(at: error.mark.index)
    }
    return sentence(error)
  }

  func finding(
    _ code: String, _ message: String, _ start: Int, _ end: Int, found: String,
    expected: String, help: String = ""
  ) -> Finding {
    Finding(
      code, message, at: source.mark(start, end, file: file, firstLine: firstLine),
      found: found, expected: expected, help: help)
  }

  func shown(_ index: Int) -> String {
    guard index < source.scalars.count, source.scalars[index] != "\n" else {
      return "the end of the line"
    }
    let scalar = source.scalars[index]
    return VisibleText.isHidden(scalar) ? VisibleText.escape(scalar) : "'\(scalar)'"
  }

  private func colonTrap(at index: Int, value: String = "a ? b : c") -> Finding {
    finding(
      "F112", "a colon and a space inside a plain text begin a map", index, index + 1,
      found: "': '", expected: "the text in quotes",
      help: "put the expression in quotes: \(YamlBuilder.quoted(value))")
  }

  /// Of a longer value only so much is told, in scalars.
  static let valueMax = 1_000

  /// From a place to the end of a value on its line: a comma, brace or comment ends it only
  /// outside parentheses and quotes.
  func valueText(from start: Int) -> String {
    let most = min(source.scalars.count, start + Self.valueMax)
    var end = start
    var depth = 0
    var quote: Unicode.Scalar?
    while end < most, source.scalars[end] != "\n" {
      let scalar = source.scalars[end]
      if let open = quote {
        if scalar == open { quote = nil }
      } else if scalar == "'" || scalar == "\"" {
        quote = scalar
      } else if scalar == "(" || scalar == "[" {
        depth += 1
      } else if scalar == ")" || scalar == "]" {
        if depth == 0 { break }
        depth -= 1
      } else if depth == 0, scalar == "," || scalar == "}" {
        break
      } else if scalar == "#", end > start, source.scalars[end - 1] == " " {
        break
      }
      end += 1
    }
    while end > start, source.scalars[end - 1] == " " || source.scalars[end - 1] == "\r" {
      end -= 1
    }
    return source.text(start, end)
  }

  /// `key:value` without the space; nil for anything else.
  static func missingSpace(in text: String) -> (key: String, value: String)? {
    let scalars = Array(text.unicodeScalars)
    guard let colon = scalars.firstIndex(of: ":"), colon > 0, colon + 1 < scalars.count,
      scalars[colon + 1] != " ", scalars[colon + 1] != "/",
      scalars[..<colon].allSatisfy({ $0.properties.isXIDContinue || $0 == "-" })
    else { return nil }
    var key = String.UnicodeScalarView()
    key.append(contentsOf: scalars[..<colon])
    var value = String.UnicodeScalarView()
    value.append(contentsOf: scalars[(colon + 1)...])
    return (String(key), String(value))
  }
}

extension YamlTraps {
  /// The first trap on a line (from 1 in `source`); nil if it looks innocent.
  private func trap(onLine number: Int) -> Finding? {
    let line = source.line(number)
    let content = line.drop { $0 == " " || $0 == "\t" }
    if let tab = line[..<content.startIndex].firstIndex(of: "\t") {
      return finding(
        "F111", "a tab indents this line", tab, tab + 1, found: "a tab", expected: "spaces",
        help: "indent with spaces only")
    }
    guard let first = content.first, first != "#" else { return nil }
    if first.properties.generalCategory == .spaceSeparator {
      return finding(
        "F111", "a space that is no plain space indents this line", content.startIndex,
        content.startIndex + 1, found: VisibleText.escape(first), expected: "spaces",
        help: "indent with spaces only")
    }
    if text(content).hasPrefix("```") {
      return finding(
        "F114", "a Markdown fence stands in the file", content.startIndex, content.endIndex,
        found: text(content), expected: "the workflow alone", help: "take the lines ``` out")
    }
    if !hasColonAndSpace(content), let parts = Self.missingSpace(in: text(content)) {
      return finding(
        "F110", "a space is missing after the colon", content.startIndex, content.endIndex,
        found: text(content), expected: "\(parts.key): \(parts.value)", help: "")
    }
    return trap(inValuesOf: content)
  }

  private func text(_ slice: ArraySlice<Unicode.Scalar>) -> String {
    source.text(slice.startIndex, slice.endIndex)
  }

  private func hasColonAndSpace(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
    line.indices.contains { index in
      line[index] == ":" && (index + 1 == line.endIndex || line[index + 1] == " ")
    }
  }

  /// Goes from value to value of a line and looks at how each begins and ends.
  private func trap(inValuesOf line: ArraySlice<Unicode.Scalar>) -> Finding? {
    var index = line.startIndex
    var flow = 0
    var isValue = false
    while index < line.endIndex {
      switch line[index] {
      case " ": index += 1
      case "{", "[":
        flow += 1
        isValue = line[index] == "["
        index += 1
      case "}", "]":
        flow -= 1
        index += 1
      case ",":
        isValue = false
        index += 1
      case ":":
        isValue = true
        index += 1
      case "-" where index + 1 < line.endIndex && line[index + 1] == " ": index += 1
      case "#": return nil
      case "'", "\"":
        guard let after = afterQuoted(line, index) else { return nil }
        if let finding = goesOn(line, index, after) { return finding }
        index = after
      case let scalar:
        if let finding = badBeginning(scalar, index) { return finding }
        let end = plainEnd(line, index, inFlow: flow > 0)
        if let finding = badEnd(line, index, end, inFlow: flow > 0, isValue: isValue) {
          return finding
        }
        index = end
      }
    }
    return nil
  }

  private func badBeginning(_ scalar: Unicode.Scalar, _ index: Int) -> Finding? {
    guard ["!", "&", "*", "@", "`", "%"].contains(scalar) else { return nil }
    let value = valueText(from: index)
    let end = index + value.unicodeScalars.count
    let help = "put the expression in quotes: \(YamlBuilder.quoted(value))"
    switch scalar {
    case "!":
      return finding(
        "F104", "what begins with ! is a tag to YAML, not an expression", index, end,
        found: value, expected: "a value without a tag", help: help)
    case "&", "*":
      return finding(
        "F105", "what begins with \(scalar) is an anchor or alias to YAML, not an expression",
        index, end, found: value, expected: "a value without anchors", help: help)
    case "@", "`", "%":
      return finding(
        "F114", "a plain text cannot begin with \(scalar)", index, end, found: value,
        expected: "the text in quotes", help: help)
    default: return nil
    }
  }

  /// The index after the closing quote; nil if it is not on this line.
  private func afterQuoted(_ line: ArraySlice<Unicode.Scalar>, _ start: Int) -> Int? {
    let quote = line[start]
    var index = start + 1
    while index < line.endIndex {
      if line[index] == "\\", quote == "\"" {
        index += 2
        continue
      }
      if line[index] == quote {
        guard quote == "'", index + 1 < line.endIndex, line[index + 1] == "'" else {
          return index + 1
        }
        index += 1
      }
      index += 1
    }
    return nil
  }

  private func goesOn(
    _ line: ArraySlice<Unicode.Scalar>, _ start: Int, _ after: Int
  ) -> Finding? {
    guard let next = line[after...].first(where: { $0 != " " }),
      ![",", "}", "]", ":", "#"].contains(next)
    else { return nil }
    let value = valueText(from: start)
    return finding(
      "F113", "a text in quotes ends at its closing quote, and the expression goes on", start,
      start + value.unicodeScalars.count, found: value,
      expected: "the whole expression in quotes",
      help: "put the other kind of quotes around it: \(YamlBuilder.quoted(value))")
  }

  private func plainEnd(
    _ line: ArraySlice<Unicode.Scalar>, _ start: Int, inFlow: Bool
  ) -> Int {
    var index = start
    while index < line.endIndex {
      let next = index + 1 < line.endIndex ? line[index + 1] : " "
      if line[index] == ":", next == " " || (inFlow && next == ",") { break }
      if line[index] == " ", next == "#" { break }
      if inFlow, [",", "[", "]", "{", "}"].contains(line[index]) { break }
      index += 1
    }
    return max(index, start + 1)
  }

  private func badEnd(
    _ line: ArraySlice<Unicode.Scalar>, _ start: Int, _ end: Int, inFlow: Bool, isValue: Bool
  ) -> Finding? {
    guard isValue, end < line.endIndex else { return nil }
    if line[end] == ":" {
      let value = inFlow ? valueText(from: start) : source.text(start, line.endIndex)
      return colonTrap(at: end, value: value)
    }
    guard inFlow, line[end] == "[" || line[end] == "{" else { return nil }
    let value = valueText(from: start)
    if value.hasSuffix("[]") {
      return finding(
        "F108", "a list of a type is not written with []", start,
        start + value.unicodeScalars.count, found: value,
        expected: "list<\(value.dropLast(2))>")
    }
    return finding(
      "F108", "inside braces or brackets a \(line[end]) ends a plain text and cuts the expression",
      start, start + value.unicodeScalars.count, found: value,
      expected: "an expression in quotes",
      help: "put the expression in quotes: \(YamlBuilder.quoted(value))")
  }
}
