package import PetriNet

extension YamlNode {
  /// The JSON that this stands for (CONFIG, JSON): plain `true false null` and JSON numbers are
  /// those, every other text is a string; keys as written.
  package var json: JSONText.Node {
    switch content {
    case .scalar(let scalar):
      guard scalar.style == .plain else { return .string(scalar.text) }
      switch scalar.text {
      case "true": return .bool(true)
      case "false": return .bool(false)
      case "null", "": return .null
      default: return JSONNumber(scalar.text).map { .number($0) } ?? .string(scalar.text)
      }
    case .list(let items): return .list(items.map(\.json))
    case .map(let entries): return .object(entries.map { .init($0.key.text, $0.value.json) })
    case .unreadable: return .null
    }
  }

  /// The node that an RFC 6901 pointer into `json` leads to, or the last one on the way.
  package func node(at pointer: String) -> YamlNode {
    guard !pointer.isEmpty else { return self }
    var node = self
    for part in JSONPointer.parts(of: pointer) {
      switch node.content {
      case .map(let entries):
        guard let next = entries.first(where: { $0.name.utf8.elementsEqual(part.inFormC.utf8) })
        else { return node }
        node = next.value
      case .list(let items):
        guard let index = Int(part), items.indices.contains(index) else { return node }
        node = items[index]
      case .scalar, .unreadable: return node
      }
    }
    return node
  }
}
