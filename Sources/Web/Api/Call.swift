import Engine
import HTTPTypes
import Hummingbird
import PetriNet

/// A request that reached a route, with all that was read from it.
struct Call: Sendable {
  let api: API
  let route: Route
  let request: Request
  /// Names of the path by their placeholder, decoded and in NFC.
  let names: [String: String]
  let query: Query
  let by: Subject
  /// Empty for a route that reads none.
  let body: [UInt8]

  var headers: HTTPFields { request.headers }

  /// The name under a placeholder of the route's template.
  func name(_ placeholder: String) -> String {
    guard let name = names[placeholder] else {
      preconditionFailure("\(route.template) has no {\(placeholder)}")
    }
    return name
  }

  var workflow: WorkflowName { WorkflowName(name("w")) }

  /// The path as it was asked for, with the query but its paging.
  var pathWithFilters: String {
    let kept = (request.uri.query ?? "").split(separator: "&").filter {
      !$0.hasPrefix("after=") && !$0.hasPrefix("limit=")
    }
    return kept.isEmpty
      ? request.uri.path : "\(request.uri.path)?\(kept.joined(separator: "&"))"
  }

  /// Whether the client asks for server-sent events.
  var wantsEventStream: Bool {
    guard request.method == .get else { return false }
    return (headers[.accept] ?? "").split(separator: ",").contains {
      $0.split(separator: ";").first.map(Self.trimmed) == "text/event-stream"
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    text.drop { $0 == " " }.prefix { $0 != " " }
  }
}

/// The JSON of a body, read member by member; a member that nobody asked for is refused.
struct Body: Sendable {
  private let members: [JSONText.Member]

  /// - Throws: `malformed` for what is not one JSON object, `unknown-field` for a member that is not
  ///   in `allowed`.
  init(_ node: JSONText.Node, at pointer: String = "", allowed: [String]) throws(Problem) {
    guard case .object(let members) = node else {
      throw Problem(
        .malformed, "The body is \(node.kindText), expected an object.",
        errors: [
          .init(
            pointer: "#\(pointer)", code: ProblemType.malformed.code, found: node.kindText,
            expected: "an object")
        ])
    }
    let unknown = members.filter { member in
      !allowed.contains { $0.utf8.elementsEqual(member.name.utf8) }
    }
    guard unknown.isEmpty else {
      throw Problem(
        .unknownField, "The body has \(unknown.count == 1 ? "a field" : "fields") not known here.",
        errors: unknown.map {
          .init(
            pointer: "#\(pointer)/\(JSONPointer.escaped($0.name))",
            code: ProblemType.unknownField.code, found: "a field that is not known here",
            expected: allowed.isEmpty ? "none" : "only \(allowed.joined(separator: ", "))",
            nearest: Nearest.name(to: $0.name, among: allowed))
        })
    }
    self.members = members
  }

  /// Nil if it is absent; null is a value.
  subscript(name: String) -> JSONText.Node? {
    members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  func text(_ name: String) throws(Problem) -> String? {
    switch self[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    case let other?: throw .member(name, found: other.kindText, expected: "a string")
    }
  }

  func requiredText(_ name: String) throws(Problem) -> String {
    guard let text = try text(name), !text.isEmpty else {
      throw .member(name, found: "nothing", expected: "a string that is not empty")
    }
    return text
  }

  func list(_ name: String) throws(Problem) -> [JSONText.Node] {
    switch self[name] {
    case .list(let items)?: return items
    case nil: throw .member(name, found: "nothing", expected: "a list")
    case let other?: throw .member(name, found: other.kindText, expected: "a list")
    }
  }
}

extension Call {
  /// The body as JSON.
  ///
  /// - Throws: `malformed` with the byte offset of the first mistake.
  func json() throws(Problem) -> JSONText.Node {
    do {
      return try JSONText.parse(body)
    } catch {
      throw Problem(
        .malformed, "The body is not strict JSON: \(error.message) (byte \(error.offset)).")
    }
  }

  /// The body as an object with only these members; an absent body is an empty object.
  func fields(_ allowed: [String]) throws(Problem) -> Body {
    try Body(body.isEmpty ? .object([]) : json(), allowed: allowed)
  }
}
