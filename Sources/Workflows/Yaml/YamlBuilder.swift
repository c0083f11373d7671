import PetriNet

/// Events to a tree, refusing what Petrel's files do not hold.
struct YamlBuilder {
  private let events: [YamlEvent]
  private let source: SourceLines
  private let file: String
  private let firstLine: Int
  private var cursor = 0
  private var depth = 0
  private var isTooDeep = false
  /// Where an expression begins that a comma has cut, while its rest is read.
  private var cut: CutExpression?
  private(set) var findings: [Finding] = []

  init(events: [YamlEvent], source: SourceLines, file: String, firstLine: Int) {
    self.events = events
    self.source = source
    self.file = file
    self.firstLine = firstLine
  }

  /// The first document's value; nil if there is none, or if it is nested too deep.
  mutating func document() -> YamlNode? {
    guard case .documentStart(let hasDirectives)? = events.first?.kind else {
      report(
        "F116", "there is nothing in this file", at: mark(0, 0), found: "nothing",
        expected: "a map")
      return nil
    }
    cursor = 1
    if hasDirectives {
      report(
        "F107", "directives are not used in Petrel's files",
        at: mark(events[0].start.index, events[0].end.index), found: "a line that begins with %",
        expected: "the file's first key")
    }
    let root = node(inFlow: false)
    guard !isTooDeep else { return nil }
    if cursor + 1 < events.count {
      let second = events[cursor + 1]
      report(
        "F107", "a second document begins here", at: mark(second.start.index, second.end.index),
        found: "---", expected: "one document a file", help: "put it into a file of its own")
    }
    return root
  }

  /// Whether the brackets of a text with a syntax error are nested too deep; told if they are.
  ///
  /// libyaml gives up on such a text before it sends an event of it.
  mutating func tellsTooDeep() -> Bool {
    var open = 0
    for (index, scalar) in source.scalars.enumerated() {
      switch scalar {
      case "[", "{": open += 1
      case "]", "}": open = max(0, open - 1)
      case "\n" where index > 0 && source.scalars[index - 1] == "\n": open = 0
      default: break
      }
      guard open > YamlDocument.Limits.nestingMax else { continue }
      tellTooDeep(at: mark(index, index + 1))
      return true
    }
    return false
  }

  private mutating func tellTooDeep(at mark: SourceMark) {
    report(
      "F103", "lists and maps are nested too deep", at: mark,
      found: "more than \(YamlDocument.Limits.nestingMax) levels",
      expected: "at most \(YamlDocument.Limits.nestingMax)")
  }

  private mutating func node(inFlow: Bool) -> YamlNode {
    let event = events[cursor]
    cursor += 1
    refuseProperties(of: event)
    switch event.kind {
    case .scalar(let text, let style): return scalar(event, text, style, inFlow: inFlow)
    case .listStart: return list(event)
    case .mapStart(let isFlow): return map(event, isFlow: isFlow)
    case .alias:
      report(
        "F105", "aliases are not used in Petrel's files",
        at: mark(event.start.index, event.end.index), found: text(event), expected: "a value",
        help: "an expression that begins with * or & needs quotes")
      return YamlNode(content: .unreadable, mark: mark(event.start.index, event.end.index))
    case .documentStart, .documentEnd, .listEnd, .mapEnd:
      preconditionFailure("libyaml sent an end where a value stands")
    }
  }

  private mutating func refuseProperties(of event: YamlEvent) {
    if event.tag != nil {
      let value = valueText(from: event.start.index)
      report(
        "F104", "what begins with ! is a tag to YAML, not an expression",
        at: mark(event.start.index, event.start.index + value.unicodeScalars.count),
        found: value, expected: "a value without a tag",
        help: "put the expression in quotes: \(Self.quoted(value))")
    } else if event.hasAnchor {
      report(
        "F105", "anchors are not used in Petrel's files",
        at: mark(event.start.index, event.end.index), found: valueText(from: event.start.index),
        expected: "a value", help: "an expression that begins with & or * needs quotes")
    }
  }

  private mutating func scalar(
    _ event: YamlEvent, _ text: String, _ style: YamlNode.Style, inFlow: Bool
  ) -> YamlNode {
    let range = (event.start.index, event.end.index)
    guard event.tag == nil, !event.hasAnchor else {
      let written = valueText(from: range.0)
      return YamlNode(
        content: .unreadable, mark: mark(range.0, range.0 + written.unicodeScalars.count))
    }
    if style == .plain, findTraps(text, range, inFlow: inFlow) {
      return YamlNode(content: .unreadable, mark: mark(range.0, range.1))
    }
    let positions = ScalarPositions.map(
      text, style: style, in: source, from: range.0, to: range.1, firstLine: firstLine)
    return YamlNode(
      content: .scalar(.init(text: text, style: style, positions: positions)),
      mark: mark(range.0, range.1))
  }

  private mutating func list(_ event: YamlEvent) -> YamlNode {
    guard enter(event) else { return YamlNode(content: .unreadable, mark: mark(0, 0)) }
    var items: [YamlNode] = []
    let isFlow =
      source.scalars.indices.contains(event.start.index)
      && source.scalars[event.start.index] == "["
    while !isTooDeep {
      if case .listEnd = events[cursor].kind { break }
      let item = node(inFlow: isFlow)
      if !isRestOfCut() { items.append(item) }
    }
    cut = nil
    depth -= 1
    let place = mark(event.start.index, isTooDeep ? event.end.index : events[cursor].end.index)
    cursor += 1
    return YamlNode(content: .list(items), mark: place)
  }

  private mutating func map(_ event: YamlEvent, isFlow: Bool) -> YamlNode {
    guard enter(event) else { return YamlNode(content: .unreadable, mark: mark(0, 0)) }
    var entries: [YamlNode.Entry] = []
    var places: [[UInt8]: Int] = [:]
    var strays: [YamlNode.Entry] = []
    while !isTooDeep {
      if case .mapEnd = events[cursor].kind { break }
      guard var entry = entry(inFlow: isFlow), !isRestOfCut() else { continue }
      let name = Array(entry.name.utf8)
      if entry.key.isUnreadable {
        strays.append(entry)
      } else if let first = places[name] {
        reportTwice(entry, first: entries[first])
        entry.key.isUnreadable = true
        strays.append(entry)
      } else {
        places[name] = entries.count
        entries.append(entry)
      }
    }
    depth -= 1
    let place = mark(event.start.index, isTooDeep ? event.end.index : events[cursor].end.index)
    cursor += 1
    cut = nil
    return YamlNode(content: .map(entries), mark: place, strays: strays)
  }

  /// Whether what was read last is the rest of an expression that a comma has cut.
  private mutating func isRestOfCut() -> Bool {
    guard let start = cut else { return false }
    let isFirst = start.isNew
    cut?.isNew = false
    cut?.read(to: events[cursor - 1].end.index, of: source)
    if let read = cut, read.balance.openParentheses <= 0 { cut = nil }
    return !isFirst
  }

  private mutating func enter(_ event: YamlEvent) -> Bool {
    guard depth < YamlDocument.Limits.nestingMax else {
      if !isTooDeep { tellTooDeep(at: mark(event.start.index, event.end.index)) }
      isTooDeep = true
      return false
    }
    depth += 1
    return true
  }

  private mutating func entry(inFlow: Bool) -> YamlNode.Entry? {
    let keyEvent = events[cursor]
    let key = node(inFlow: false)
    guard !isTooDeep else { return nil }
    let hasColon = colonFollows(keyEvent.end.index)
    var value = node(inFlow: inFlow)
    guard let text = key.sourceText else {
      if case .unreadable = key.content { return stray(key, value) }
      report(
        "F115", "a key is a text", at: key.mark, found: key.kindText, expected: "a name")
      return stray(key, value)
    }
    if inFlow, !hasColon {
      if let start = cut, !start.isNew { return stray(key, value) }
      return valueless(text)
    }
    if text.text == "<<", case .scalar(let scalar) = key.content, scalar.style == .plain {
      report(
        "F105", "merge keys are not used in Petrel's files", at: key.mark, found: "<<",
        expected: "a name", help: "write the entries out")
      return stray(key, YamlNode(content: .unreadable, mark: value.mark))
    }
    if value.isEmpty { value.mark = key.mark }
    return YamlNode.Entry(key: text, name: text.text.inFormC, value: value)
  }

  private func stray(_ key: YamlNode, _ value: YamlNode) -> YamlNode.Entry {
    YamlNode.Entry(key: .unreadable(at: key.mark), name: "", value: value)
  }

  private mutating func reportTwice(_ entry: YamlNode.Entry, first: YamlNode.Entry) {
    findings.append(
      Finding(
        "F106", "the key '\(entry.name)' stands here twice", at: entry.key.mark,
        found: entry.name, expected: "each key once", help: "the first one stays; rename one",
        related: [(first.key.mark, "the first one")]))
  }
}

extension YamlBuilder {
  private mutating func report(
    _ code: String, _ message: String, at mark: SourceMark, found: String = "",
    expected: String = "", help: String = ""
  ) {
    findings.append(
      Finding(code, message, at: mark, found: found, expected: expected, help: help))
  }

  /// The mark of `source[start..<end]`, cut at the end of its first line.
  private func mark(_ start: Int, _ end: Int) -> SourceMark {
    source.mark(start, end, file: file, firstLine: firstLine)
  }

  private func text(_ event: YamlEvent) -> String {
    source.text(event.start.index, event.end.index)
  }

  /// From a place to the end of a value on the same line: what somebody meant as one expression.
  private func valueText(from start: Int) -> String {
    YamlTraps(source: source, file: file, firstLine: firstLine).valueText(from: start)
  }

  static func quoted(_ text: String) -> String {
    text.unicodeScalars.contains("\"") ? "'\(text)'" : "\"\(text)\""
  }

  private func colonFollows(_ index: Int) -> Bool {
    var index = index
    while index < source.scalars.count, source.scalars[index].properties.isWhitespace { index += 1 }
    return index < source.scalars.count && source.scalars[index] == ":"
  }

  /// Tells an entry of braces without a value, and what can be known of it all the same.
  private mutating func valueless(_ key: SourceText) -> YamlNode.Entry {
    let value = YamlNode(content: .unreadable, mark: key.mark)
    let stray = YamlNode.Entry(key: .unreadable(at: key.mark), name: "", value: value)
    if let last = findings.last, last.code == "F108", last.mark.line == key.mark.line {
      return stray
    }
    if let colon = YamlTraps.missingSpace(in: key.text) {
      report(
        "F110", "a space is missing after the colon", at: key.mark, found: key.text,
        expected: "\(colon.key): \(colon.value)")
      return YamlNode.Entry(
        key: SourceText(colon.key, mark: key.mark), name: colon.key.inFormC, value: value)
    } else {
      report(
        "F108", "a comma ends an entry of a map in braces, and what follows has no value",
        at: key.mark, found: key.text, expected: "KEY: VALUE",
        help: "if the comma belongs to an expression, put the expression in quotes")
    }
    return stray
  }

  /// Tells an expression that YAML has cut; whether it has.
  private mutating func findTraps(
    _ text: String, _ range: (Int, Int), inFlow: Bool
  ) -> Bool {
    if let start = cut, !start.isNew { return false }
    let balance = ExpressionBalance(text)
    guard balance.openParentheses > 0 || balance.isInQuotes else { return false }
    if inFlow, balance.openParentheses > 0 {
      let whole = valueText(from: range.0)
      cut = CutExpression(at: range.0)
      report(
        "F108", "inside braces or brackets a comma ends a plain text and cuts the expression",
        at: mark(range.0, range.1), found: text, expected: "an expression in quotes",
        help: "put the expression in quotes: \(Self.quoted(whole))")
      return true
    }
    let next = source.scalars[range.1...].prefix(2)
    guard next.first == " " else { return false }
    let after = source.scalars[range.1...].prefix { $0 != "\n" }
    if let comment = after.firstIndex(where: { $0 != " " }), source.scalars[comment] == "#",
      !balance.isInQuotes || after.contains(balance.quote)
    {
      let end = range.1 + after.count
      report(
        "F109", "a # after a space begins a comment, and cuts the expression",
        at: mark(range.0, end), found: text, expected: "an expression in quotes",
        help: "put the whole expression in quotes")
      return true
    }
    return false
  }
}

extension SourceLines {
  /// The text of `scalars[start..<end]`.
  func text(_ start: Int, _ end: Int) -> String {
    String(scalars: scalars[min(start, scalars.count)..<min(max(start, end), scalars.count)])
  }

  /// The mark of `scalars[start..<end]`, cut at the end of its first line.
  func mark(_ start: Int, _ end: Int, file: String, firstLine: Int) -> SourceMark {
    let place = position(at: start)
    let lineEnd = starts[place.line - 1] + line(place.line).count
    let length = max(1, min(end, lineEnd) - start)
    return SourceMark(
      file: file, line: place.line + firstLine - 1, column: place.column, length: length)
  }
}
