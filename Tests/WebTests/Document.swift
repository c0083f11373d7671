import PetriNet

@testable import Web

/// `/v1/openapi.json` as the tests read it.
enum Document {
  struct Operation {
    /// `GET /v1/cases/{c}`.
    var name: String
    var id: String?
    var statuses: Set<Int>
    /// Names of its parameters of the query.
    var parameters: Set<String>
    /// Names in its path that it declares.
    var placeholders: Set<String>
    var takesBody: Bool
  }

  static let root = (try? JSONText.parse(OpenAPI.text)) ?? .null

  static let operations: [Operation] = members(root["paths"]).flatMap { path in
    members(path.value).map { method in
      let parameters = items(method.value["parameters"]).map(resolved)
      func names(_ place: String) -> Set<String> {
        Set(parameters.filter { $0.textMember("in") == place }.compactMap { $0.textMember("name") })
      }
      return Operation(
        name: "\(method.name.uppercased()) \(path.name)",
        id: method.value.textMember("operationId"),
        statuses: Set(members(method.value["responses"]).compactMap { Int($0.name) }),
        parameters: names("query"), placeholders: names("path"),
        takesBody: method.value["requestBody"] != nil)
    }
  }

  /// What a reference points at; anything else is itself.
  static func resolved(_ node: JSONText.Node) -> JSONText.Node {
    guard let pointer = node.textMember("$ref") else { return node }
    return root.value(at: String(pointer.dropFirst())) ?? .null
  }

  /// Every `$ref` in the document.
  static func references(_ node: JSONText.Node = root) -> [String] {
    switch node {
    case .object(let members):
      members.flatMap { member -> [String] in
        if member.name == "$ref", case .string(let text) = member.value { return [text] }
        return references(member.value)
      }
    case .list(let items): items.flatMap(references)
    default: []
    }
  }

  static func members(_ node: JSONText.Node?) -> [JSONText.Member] {
    guard case .object(let members)? = node else { return [] }
    return members
  }

  static func items(_ node: JSONText.Node?) -> [JSONText.Node] {
    guard case .list(let items)? = node else { return [] }
    return items
  }
}
