internal import CEL

/// How names may be spelled (DESIGN §3, "Names").
enum NameRules {
  enum Spelling {
    /// Workflows, libraries, prompts, groups, aliases: XID with `-` inside.
    case hyphenated
    /// Actions: hyphenated names joined by `.`.
    case dotted
    /// Variables, places, transitions, params: what CEL takes as an identifier.
    case identifier
    /// Variables of arcs: identifiers less the names that CEL sees anyway.
    case variable
    /// Fields: identifiers, and CEL's reserved words but some.
    case field
    /// Members, labels, branches, outcomes: identifiers and any word.
    case word
  }

  static let bytesMax = 128
  private static let celLiterals = ["true", "false", "null", "in"]
  private static let celReserved = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
  private static let seen = [
    "input", "params", "case", "now", "firing", "unit", "verdict", "fallback", "result", "error",
    "answer",
  ]
  private static let putWords = ["copy", "put", "each"]

  /// Why the name is refused, as `expected` of a finding; nil if it is well.
  static func refusal(of name: String, as spelling: Spelling) -> String? {
    if name.isEmpty { return "a name" }
    if name.utf8.count > bytesMax { return "at most \(bytesMax) bytes" }
    switch spelling {
    case .hyphenated:
      return isXID(name, joined: ["-"]) ? nil : "letters, digits, _ and - inside"
    case .dotted:
      return isXID(name, joined: ["-", "."]) ? nil : "names joined by '.'"
    case .word:
      return isXID(name, joined: []) ? nil : "letters, digits and _, no digit first"
    case .identifier, .variable, .field:
      guard isXID(name, joined: []) else { return "letters, digits and _, no digit first" }
      return reservation(of: name, as: spelling)
    }
  }

  private static func reservation(of name: String, as spelling: Spelling) -> String? {
    func isOne(of words: [String]) -> Bool { words.contains { $0.hasSameBytes(as: name) } }

    if isOne(of: celLiterals) { return "a name that is no word of CEL" }
    switch spelling {
    case .field:
      return isOne(of: putWords) ? "a field not called copy, put or each" : nil
    case .variable where isOne(of: seen):
      return "a variable that hides none of \(seen.listed)"
    default:
      return isOne(of: celReserved) ? "a name that CEL does not reserve" : nil
    }
  }

  /// Words of XID characters (`_` may begin one), joined by single scalars of `joints`.
  static func isXID(_ name: String, joined joints: Set<Unicode.Scalar>) -> Bool {
    var startsWord = true
    for scalar in name.unicodeScalars {
      if joints.contains(scalar) {
        if startsWord { return false }
        startsWord = scalar == "."
      } else if startsWord {
        guard scalar == "_" || scalar.properties.isXIDStart else { return false }
        startsWord = false
      } else {
        guard scalar.properties.isXIDContinue else { return false }
      }
    }
    return !startsWord && name.unicodeScalars.last.map { !joints.contains($0) } ?? false
  }
}

extension Report {
  /// F125 if the name is not spelled as its kind must be.
  func check(
    _ name: Located<String>, as spelling: NameRules.Spelling, kind: String, _ path: NodePath
  ) {
    guard !name.isUnreadable, let refusal = NameRules.refusal(of: name.value, as: spelling) else {
      return
    }
    error(
      "F125", "'\(name.value)' cannot be the name of a \(kind)", at: name.mark, path,
      found: name.value, expected: refusal)
  }

  /// F128: two things of one name.
  func clash(
    _ name: Located<String>, kind: String, with first: SourceMark, _ path: NodePath
  ) {
    var (mark, other) = (name.mark, first)
    if name.isUnreadable { return }
    // What an author can change is this file's own declaration, not the library's.
    if isOwn(first) && !isOwn(name.mark) { swap(&mark, &other) }
    error(
      "F128", "the \(kind) '\(name.value)' is declared twice", at: mark, path,
      found: name.value, expected: "another name", related: [(other, "also declared here")])
  }
}
