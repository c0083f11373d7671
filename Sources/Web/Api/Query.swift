import CEL
import Engine
import PetriNet

/// The parameters of a URL, each at most once.
struct Query: Sendable {
  private let values: [(name: String, value: String)]

  /// - Throws: `malformed` for bytes that are not percent-encoded UTF-8 and for a name given twice,
  ///   `unknown-field` for a name that is not in `allowed`.
  init(_ text: String?, allowed: [String]) throws(Problem) {
    var values: [(name: String, value: String)] = []
    for pair in (text ?? "").utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.text(parts[0]), let value = parts.count == 2 ? Self.text(parts[1]) : ""
      else { throw Problem(.malformed, "The query is not percent-encoded UTF-8.") }
      guard allowed.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        let nearest = Nearest.name(to: name, among: allowed)
        throw Problem(
          .unknownField, "The parameter '\(VisibleText.visible(name))' is not known here.",
          errors: [
            .init(
              pointer: "?\(VisibleText.visible(name))", code: ProblemType.unknownField.code,
              found: "a parameter that this path does not know",
              expected: allowed.isEmpty ? "none" : "only \(allowed.joined(separator: ", "))",
              nearest: nearest)
          ])
      }
      guard !values.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        throw Problem(.malformed, "The parameter '\(name)' stands in the query twice.")
      }
      values.append((name, value))
    }
    self.values = values
  }

  /// Nil if it is not given.
  subscript(name: String) -> String? {
    values.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  func number(_ name: String) throws(Problem) -> Int64? {
    guard let text = self[name] else { return nil }
    guard let number = APIName.number(Substring(text).utf8) else {
      throw .parameter(name, expected: "a whole number")
    }
    return number
  }

  /// The number of a row: where a stream or list begins.
  func seq(_ name: String) throws(Problem) -> Seq? { try number(name).map { Seq($0) } }

  func instant(_ name: String) throws(Problem) -> Instant? {
    guard let text = self[name] else { return nil }
    guard let instant = Timestamp(text).flatMap({ Instant($0) }) else {
      throw .parameter(name, expected: "a time as in 2026-01-05T09:00:00Z")
    }
    return instant
  }

  func flag(_ name: String) throws(Problem) -> Bool {
    switch self[name] {
    case nil: false
    case "true"?: true
    case "false"?: false
    default: throw .parameter(name, expected: "true or false")
    }
  }

  /// A name, in NFC.
  func name(_ name: String) -> String? { self[name]?.inFormC }

  func caseID(_ name: String) throws(Problem) -> CaseID? {
    guard let text = self[name] else { return nil }
    guard let id = APIName.caseID(text) else {
      throw .parameter(name, expected: "the id of a case as in c1071")
    }
    return id
  }

  private static func text(_ bytes: Substring.UTF8View) -> String? {
    guard
      let decoded = APIName.percentDecoded(
        bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }),
      !decoded.contains(0)
    else { return nil }
    return String(validating: decoded, as: UTF8.self)
  }
}
