import HTTPTypes
import PetriNet

/// Conditional requests (RFC 9110 §13): entity tags, always strong.
enum Preconditions {
  /// - Throws: `if-match-missing`; `version-changed` with the present state in `current`.
  static func require(_ tag: String, in call: Call, current: JSONText.Node) throws(Problem) {
    guard !call.headers[values: .ifMatch].isEmpty else {
      throw Problem(
        .ifMatchMissing, "Send If-Match with the ETag that was read, or * for whatever it is now.")
    }
    try check(tag, in: call, current: current)
  }

  /// The same where `If-Match` may be left out.
  static func check(_ tag: String, in call: Call, current: JSONText.Node) throws(Problem) {
    let given = tags(call.headers[values: .ifMatch])
    guard !given.isEmpty, !given.contains("*"), !given.contains(quoted(tag)) else { return }
    throw Problem(
      .versionChanged, "Read it again; 'current' is how it is now.",
      members: [.init("current", current)], headers: [(.eTag, quoted(tag))])
  }

  /// The answer of a read: 304 without a body if the client has this version.
  ///
  /// - Parameter isImmutable: whether the resource under this path never changes.
  static func answer(
    _ node: JSONText.Node, tag: String, to call: Call, isImmutable: Bool = false
  ) -> Answer {
    let caching = isImmutable ? "private, max-age=31536000, immutable" : "private, no-cache"
    let headers: [(HTTPField.Name, String)] = [(.eTag, quoted(tag)), (.cacheControl, caching)]
    let known = tags(call.headers[values: .ifNoneMatch])
    if known.contains("*") || known.contains(where: { weakless($0) == quoted(tag) }) {
      return Answer(status: 304, headers: headers)
    }
    return .json(node, headers: headers)
  }

  static func quoted(_ tag: String) -> String { "\"\(tag)\"" }

  private static func weakless(_ tag: String) -> String {
    tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
  }

  /// Tags hold neither commas nor spaces here, so a list is split at commas.
  private static func tags(_ values: [String]) -> [String] {
    values.flatMap { value in
      value.split(separator: ",").map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    }
  }
}
