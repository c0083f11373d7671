import PetriNet

extension NetReader {
  /// OUT: `{PLACE: PUT}`, `{}` for nothing; told and unreadable if it is none.
  func outputs(_ node: YamlNode, _ path: String) -> OutputSource {
    guard
      let entries = reading.entries(node, path, "a map {PLACE: VALUE}, {} for nothing")
    else { return .unreadable(at: node.mark) }
    let puts = (entries + node.strays).map { entry in
      (
        place: reading.key(entry, .identifier, path),
        put: put(entry.value, join(path, entry.name))
      )
    }
    return OutputSource(puts: puts, mark: node.mark)
  }

  private func put(_ node: YamlNode, _ path: String) -> PutSource {
    guard case .map(let entries) = node.content else {
      return .expression(reading.expression(node, path))
    }
    if entries.contains(where: { $0.name == "each" }) { return each(node, path) }
    if entries.contains(where: { $0.name == "put" }) { return delayed(node, path) }
    return fields(entries + node.strays, node, path)
  }

  private func fields(
    _ entries: [YamlNode.Entry], _ node: YamlNode, _ path: String
  ) -> PutSource {
    var copy: SourceText?
    var fields: [NamedExpressionSource] = []
    for entry in entries {
      let text = reading.expression(entry.value, join(path, entry.name))
      if entry.name == "copy", !entry.key.isUnreadable {
        copy = text
      } else {
        let name = reading.key(entry, .identifier, path)
        fields.append(NamedExpressionSource(name: name, value: text))
      }
    }
    return .fields(fields, copy: copy, node.mark)
  }

  private func delayed(_ node: YamlNode, _ path: String) -> PutSource {
    guard
      let map = reading.map(node, path, "a map {put, after | at}", keys: ["put", "after", "at"]),
      let inner = map["put"]
    else { return .expression(.unreadable(at: node.mark)) }
    let put = put(inner, join(path, "put"))
    guard let wait = wait(map, path) else {
      if map["after"] == nil, map["at"] == nil, !map.isInPart {
        reading.report(
          reading.codes.missingKey, "'\(path)' does not say when", at: map.mark, path: path,
          found: "put alone", expected: "after: D or at: CEL beside put",
          help: "without a delay the value stands there itself: PLACE: VALUE")
      }
      return put
    }
    return .delayed(put, wait)
  }

  private func each(_ node: YamlNode, _ path: String) -> PutSource {
    let keys = ["each", "as", "put", "after", "at"]
    guard let map = reading.map(node, path, "a map {each, as, put}", keys: keys),
      let list = map["each"]
    else { return .expression(.unreadable(at: node.mark)) }
    let text = reading.expression(list, join(path, "each"))
    let variable = map["as"].map { reading.someName($0, join(path, "as"), .identifier) }
    let element = map["put"].map { put($0, join(path, "put")) }
    if map["as"] == nil, !map.isInPart, let put = map.entry("put") {
      reading.report(
        reading.codes.missingKey, "'\(path)' does not name the element", at: put.key.mark,
        path: path, found: "put without as", expected: "as: VARIABLE beside each and put")
    }
    return .each(text, variable: variable, put: element, wait: wait(map, path))
  }
}
