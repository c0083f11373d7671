/// A pattern of a rule, matched by Unicode scalars.
struct RulePattern: @unchecked Sendable {
  struct Problem: Error {
    var sentence: String
  }

  /// Never changed after `init`; matching reads it only, so that loops may share it.
  private let regex: Regex<AnyRegexOutput>

  init(_ text: String) throws(Problem) {
    do {
      regex = try Regex(text).matchingSemantics(.unicodeScalar)
    } catch {
      throw Problem(sentence: "\(error)")
    }
  }

  /// The leftmost part of `text` that the pattern matches.
  func firstMatch(in text: String) -> String? {
    guard let match = try? regex.firstMatch(in: text) else { return nil }
    return String(text[match.range])
  }
}
