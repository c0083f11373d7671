import PetriNet

/// The codes that one kind of file uses for mistakes of the same sort.
struct ContentCodes {
  var unknownKey: String
  var wrongKind: String
  var missingKey: String
  var badValue: String
  var badName: String
  var badType = "F126"
  /// Whether names are checked here; those of nets are checked by `NetCompiler`.
  var checksNames = true

  static let workflow = ContentCodes(
    unknownKey: "F121", wrongKind: "F122", missingKey: "F123", badValue: "F124", badName: "F125",
    checksNames: false)
  static let prompt = ContentCodes(
    unknownKey: "F311", wrongKind: "F312", missingKey: "F313", badValue: "F314", badName: "F315",
    badType: "F308")
  static let configuration = ContentCodes(
    unknownKey: "C401", wrongKind: "C404", missingKey: "C404", badValue: "C404", badName: "C404")
}

/// One reading of one file: nodes to typed parts, all mistakes collected.
///
/// Every method that answers nil has told why, unless it says otherwise.
final class FileReading {
  let file: String
  let codes: ContentCodes
  var findings: [Finding] = []

  init(file: String, codes: ContentCodes) {
    self.file = file
    self.codes = codes
  }

  func report(
    _ code: String, _ message: String, at mark: SourceMark, path: String = "",
    found: String = "", expected: String = "", nearest: String? = nil, help: String = "",
    related: [(mark: SourceMark, label: String)] = []
  ) {
    findings.append(
      Finding(
        code, message, at: mark, node: path, found: found, expected: expected, nearest: nearest,
        help: help, related: related))
  }

  /// `what` completes "'path' is …": `a map of places`, `a number`.
  func refuse(_ node: YamlNode, _ path: String, _ what: String) {
    if case .unreadable = node.content { return }
    var help = ""
    switch node.content {
    case .list where what.hasPrefix("an expression"), .map where what.hasPrefix("an expression"):
      help = "an expression that begins with [ or { needs quotes"
    case .scalar(let scalar):
      if let parts = YamlTraps.missingSpace(in: scalar.text), what.contains("map") {
        help = "a space is missing after the colon: \(parts.key): \(parts.value)"
      }
    default: break
    }
    let message =
      node.isEmpty
      ? "nothing stands under '\(shown(path))'" : "'\(shown(path))' is \(node.kindText)"
    report(
      codes.wrongKind, message, at: node.mark, path: path, found: node.kindText, expected: what,
      help: help)
  }

  func badValue(_ text: SourceText, _ path: String, _ what: String, help: String = "") {
    report(
      codes.badValue, "'\(shown(path))' cannot be '\(text.text)'", at: text.mark, path: path,
      found: text.text.isEmpty ? "nothing" : text.text, expected: what, help: help)
  }

  private func shown(_ path: String) -> String { path.isEmpty ? "the file" : path }

  // MARK: Kinds

  /// A map whose keys must be among `keys`; others are told, with the nearest.
  func map(_ node: YamlNode, _ path: String, _ what: String, keys: [String]) -> YamlMap? {
    guard var entries = entries(node, path, what) else { return nil }
    var taken = Set(
      keys.filter { key in entries.contains { $0.name.utf8.elementsEqual(key.utf8) } })
    for (index, entry) in entries.enumerated()
    where !keys.contains(where: { $0.utf8.elementsEqual(entry.name.utf8) }) {
      let nearest = Nearest.name(to: entry.name, among: keys)
      if let nearest, taken.insert(nearest).inserted {
        entries[index] = Self.meant(entry, nearest)
      }
      report(
        codes.unknownKey, "unknown key '\(entry.name)'\(path.isEmpty ? "" : " in '\(path)'")",
        at: entry.key.mark, path: join(path, entry.name), found: entry.name,
        expected: keys.count > 8
          ? "one of \(keys.count) keys" : "one of \(keys.joined(separator: ", "))",
        nearest: nearest)
    }
    return YamlMap(entries: entries, mark: node.mark, isInPart: !node.strays.isEmpty)
  }

  /// A mistyped key stands for the one that is meant, so that neither its value goes unread nor the
  /// key is told as missing; the value of a foreign word says nothing.
  private static func meant(
    _ entry: YamlNode.Entry, _ nearest: String
  ) -> YamlNode.Entry {
    var meant = entry
    meant.name = nearest
    if !Nearest.isSlip(entry.name, of: [nearest], from: 2) { meant.value.content = .unreadable }
    return meant
  }

  /// The entries of a map with names of the author's choice.
  func entries(_ node: YamlNode, _ path: String, _ what: String) -> [YamlNode.Entry]? {
    guard case .map(let entries) = node.content else {
      refuse(node, path, what)
      return nil
    }
    return entries
  }

  func list(_ node: YamlNode, _ path: String, _ what: String) -> [YamlNode]? {
    guard case .list(let items) = node.content else {
      refuse(node, path, what)
      return nil
    }
    return items
  }

  /// A scalar that says something; a quoted empty one too.
  func text(_ node: YamlNode, _ path: String, _ what: String) -> SourceText? {
    guard let text = node.sourceText, !node.isEmpty else {
      refuse(node, path, what)
      return nil
    }
    return text
  }

  /// A CEL expression, not looked into; told and unreadable if it is none.
  func expression(_ node: YamlNode, _ path: String) -> SourceText {
    blankless(node, path) ?? .unreadable(at: node.mark)
  }

  /// A scalar that says something.
  func someText(_ node: YamlNode, _ path: String, _ what: String) -> SourceText {
    text(node, path, what) ?? .unreadable(at: node.mark)
  }

  private func blankless(_ node: YamlNode, _ path: String) -> SourceText? {
    guard let text = text(node, path, "an expression") else { return nil }
    guard text.text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      badValue(text, path, "an expression", help: "an empty string is written \"''\"")
      return nil
    }
    return text
  }

  // MARK: Scalars of one form

  func boolean(_ node: YamlNode, _ path: String) -> Bool? {
    guard let text = text(node, path, "true or false") else { return nil }
    switch text.text {
    case "true": return true
    case "false": return false
    default:
      badValue(text, path, "true or false")
      return nil
    }
  }

  func integer(_ node: YamlNode, _ path: String, in range: ClosedRange<Int>) -> Int? {
    let bounds =
      range.upperBound == .max
      ? "a whole number from \(range.lowerBound) on"
      : "a whole number \(range.lowerBound)..\(range.upperBound)"
    guard let text = text(node, path, bounds) else { return nil }
    guard text.text.utf8.first != UInt8(ascii: "+"), let value = Int(text.text),
      range.contains(value)
    else {
      badValue(text, path, bounds)
      return nil
    }
    return value
  }

  /// `range` nil: any finite number.
  func number(_ node: YamlNode, _ path: String, in range: ClosedRange<Double>? = nil) -> Double? {
    let what = range.map { "a number \($0.lowerBound)..\($0.upperBound)" } ?? "a number"
    guard let text = text(node, path, what) else { return nil }
    guard let value = JSONNumber(text.text)?.double, value.isFinite,
      range?.contains(value) ?? true
    else {
      badValue(text, path, what)
      return nil
    }
    return value
  }

  /// A D, in microseconds.
  func duration(_ node: YamlNode, _ path: String) -> Int64? {
    guard let text = text(node, path, "a duration as in 500ms, 5s, 10m, 8h, 2d") else {
      return nil
    }
    guard let value = QuantityText.microseconds(text.text) else {
      badValue(text, path, "a duration as in 500ms, 5s, 10m, 8h, 2d")
      return nil
    }
    return value
  }

  func durationRange(_ node: YamlNode, _ path: String) -> (low: Int64, high: Int64)? {
    guard let text = text(node, path, "a range of durations as in 1s..30s") else { return nil }
    guard let value = QuantityText.microsecondsRange(text.text) else {
      badValue(text, path, "a range of durations as in 1s..30s")
      return nil
    }
    return value
  }

  /// A SIZE, in bytes.
  func size(_ node: YamlNode, _ path: String) -> Int? {
    guard let text = text(node, path, "a size as in 64KiB, 1MiB") else { return nil }
    guard let value = QuantityText.bytes(text.text) else {
      badValue(text, path, "a size as in 64KiB, 1MiB")
      return nil
    }
    return value
  }

  /// One of a closed set of words.
  func word<Word: RawRepresentable & CaseIterable>(
    _ node: YamlNode, _ path: String, _ type: Word.Type
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    let what = "one of \(words.joined(separator: ", "))"
    guard let text = text(node, path, what) else { return nil }
    guard let word = Word(rawValue: text.text) else {
      report(
        codes.badValue, "'\(path)' cannot be '\(text.text)'", at: text.mark, path: path,
        found: text.text, expected: what, nearest: Nearest.name(to: text.text, among: words))
      return nil
    }
    return word
  }
}

/// `a.b` of names in a file.
func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

/// The entries of a map whose keys are known.
struct YamlMap {
  let entries: [YamlNode.Entry]
  let mark: SourceMark
  /// Whether some key could not be read, or stands there twice: none is told as missing.
  var isInPart = false

  subscript(name: String) -> YamlNode? { entry(name)?.value }

  func entry(_ name: String) -> YamlNode.Entry? {
    entries.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
