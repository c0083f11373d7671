internal import CEL

/// What helps with mistakes that people bring from other languages.
struct ExpressionHint {
  private let syntax: String
  private let word: String

  /// Looks at the text once, for all its problems.
  init(_ text: String) {
    syntax = Self.syntax(text)
    word = Self.isOneWord(text) && !Self.ofOutcomes.contains(text) ? Self.quoted(text) : ""
  }

  /// A line for `= help:`; "" where nothing better than the page of the code is known.
  func help(_ problem: ExpressionProblem) -> String {
    switch problem.kind {
    case .syntax: syntax
    case .unknownName: word
    default: ""
    }
  }

  /// The function that CEL has for one of another language.
  static func function(_ name: String) -> String? {
    switch name {
    case "length", "len", "count": "size"
    case "includes", "has_key": "contains"
    case "startswith", "starts_with": "startsWith"
    case "endswith", "ends_with": "endsWith"
    case "str", "toString", "to_string": "string"
    case "integer", "parseInt", "to_int": "int"
    case "regex", "test", "match": "matches"
    default: nil
    }
  }

  private static func syntax(_ text: String) -> String {
    let outside = outsideQuotes(text)
    if text.unicodeScalars.contains(where: { ["“", "”", "‘", "’"].contains($0) }) {
      return "quotes are ' or \""
    }
    if outside.contains("{{") || outside.contains("${") {
      return "a name stands by itself, without braces around it"
    }
    if outside.contains("$") { return "a name stands by itself, without $" }
    let words = outside.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    if words.contains(where: { ["and", "or", "not", "AND", "OR", "NOT"].contains($0) }) {
      return "and is written &&, or is written ||, not is written !"
    }
    if outside.contains("<>") { return "unequal is written !=" }
    if outside.contains("===") { return "equal is written ==" }
    if words.count > 1, outside.allSatisfy({ $0.isLetter || $0.isNumber || $0 == " " }) {
      return quoted(text)
    }
    return ""
  }

  private static func quoted(_ text: String) -> String {
    "a text has quotes of its own: \"'\(text)'\""
  }

  /// They exist, though not here.
  private static let ofOutcomes: Set<String> = [
    "input", "params", "case", "now", "firing", "unit", "verdict", "fallback", "result", "error",
    "answer",
  ]

  private static func isOneWord(_ text: String) -> Bool {
    text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  private static func outsideQuotes(_ text: String) -> String {
    var output = ""
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else {
        output.append(character)
      }
    }
    return output
  }
}
