package import PetriNet

/// What `petrel config show --origin` prints: every value of the merged files with its place.
package enum ConfigurationListing {
  package struct Line: Equatable, Sendable {
    /// Names joined by dots (`endpoints.fast.url`).
    package var path: String
    /// As written; secrets as `env NAME (set)`, `env NAME (not set)`, `file PATH`.
    package var value: String
    package var mark: SourceMark
  }

  /// In the order of the files, merged keys where they first stood.
  ///
  /// - Parameter isSet: Whether a variable of the environment has a value.
  package static func lines(
    of tree: YamlNode, isSet: (_ variable: String) -> Bool
  ) -> [Line] {
    var lines: [Line] = []
    collect(tree, "", &lines, isSet)
    return lines
  }

  private static func collect(
    _ node: YamlNode, _ path: String, _ lines: inout [Line], _ isSet: (String) -> Bool
  ) {
    switch node.content {
    case .scalar(let scalar): lines.append(Line(path: path, value: scalar.text, mark: node.mark))
    case .list: lines.append(Line(path: path, value: node.json.text, mark: node.mark))
    case .map(let entries):
      if path != "keys", let secret = secret(node, isSet) {
        lines.append(Line(path: path, value: secret, mark: node.mark))
        return
      }
      for entry in entries { collect(entry.value, join(path, entry.name), &lines, isSet) }
    case .unreadable: break
    }
  }

  private static func secret(_ node: YamlNode, _ isSet: (String) -> Bool) -> String? {
    guard case .map(let entries) = node.content,
      entries.allSatisfy({ ["env", "file", "prefix"].contains($0.name) })
    else { return nil }
    if let name = node["env"]?.sourceText?.text {
      return "env \(name) (\(isSet(name) ? "set" : "not set"))"
    }
    guard entries.count <= 2, node["prefix"] != nil || entries.count == 1 else { return nil }
    return node["file"]?.sourceText.map { "file \($0.text)" }
  }
}
