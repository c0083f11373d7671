import PetriNet

/// The forms of names (DESIGN §3, Names).
enum NameForm {
  /// XID: what CEL takes as an identifier.
  case identifier
  /// XID with `-` inside: workflows, libraries, prompts, groups, aliases.
  case hyphenated
  /// Identifiers joined by dots: actions.
  case dotted
  /// XID with `-` and `.` inside: the operator's names.
  case operators

  var text: String {
    switch self {
    case .identifier: "a name of letters, digits and _"
    case .hyphenated: "a name of letters, digits, _ and -"
    case .dotted: "names of letters, digits and _, joined by dots"
    case .operators: "a name of letters, digits, _, - and ."
    }
  }

  static let bytesMax = 128

  func admits(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= Self.bytesMax else { return false }
    switch self {
    case .identifier: return Self.isIdentifier(name.unicodeScalars[...])
    case .dotted: return Self.parts(name, ["."]).allSatisfy(Self.isIdentifier)
    case .hyphenated: return Self.isInside(name, ["-"])
    case .operators: return Self.isInside(name, ["-", "."])
    }
  }

  private static func parts(
    _ name: String, _ separators: [Unicode.Scalar]
  ) -> [Substring.UnicodeScalarView] {
    name.unicodeScalars.split(omittingEmptySubsequences: false) { separators.contains($0) }
  }

  /// The separators stand between characters of names, never first or last.
  private static func isInside(_ name: String, _ separators: [Unicode.Scalar]) -> Bool {
    let parts = parts(name, separators)
    guard let first = parts.first, isIdentifier(first) else { return false }
    return parts.dropFirst().allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.properties.isXIDContinue }
    }
  }

  private static func isIdentifier(_ part: Substring.UnicodeScalarView) -> Bool {
    guard let first = part.first, first == "_" || first.properties.isXIDStart else { return false }
    return part.dropFirst().allSatisfy { $0.properties.isXIDContinue }
  }
}

extension FileReading {
  /// A name that is a value, in NFC.
  func name(_ node: YamlNode, _ path: String, _ form: NameForm, _ what: String = "a name")
    -> Located<String>?
  {
    guard let text = text(node, path, what) else { return nil }
    let name = Located(text.text.inFormC, text.mark)
    return check(name, form, path) ? name : nil
  }

  /// A name that is a value; told and unreadable if it is none.
  func someName(_ node: YamlNode, _ path: String, _ form: NameForm, _ what: String = "a name")
    -> Located<String>
  {
    name(node, path, form, what) ?? .unreadable(at: node.mark)
  }

  /// The name of an entry. Told if its form is wrong, and given all the same: one mistake shall not
  /// hide those inside.
  func key(_ entry: YamlNode.Entry, _ form: NameForm, _ path: String) -> Located<String> {
    if !entry.key.isUnreadable { _ = check(entry.located, form, join(path, entry.name)) }
    return entry.located
  }

  func check(_ name: Located<String>, _ form: NameForm, _ path: String) -> Bool {
    guard codes.checksNames, !form.admits(name.value) else { return true }
    let isLong = name.value.utf8.count > NameForm.bytesMax
    report(
      codes.badName, "'\(VisibleText.visible(name.value))' is no name here", at: name.mark,
      path: path, found: isLong ? "\(name.value.utf8.count) bytes" : name.value,
      expected: isLong ? "at most \(NameForm.bytesMax) bytes" : form.text)
    return false
  }
}
