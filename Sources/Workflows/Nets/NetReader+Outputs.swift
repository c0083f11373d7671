import PetriNet

extension NetReader {
  /// OUT: `{PLACE: PUT}`, `{}` for nothing.
  func outputs(_ node: YamlNode, _ path: String) -> OutputSource? {
    guard
      let entries = reading.entries(node, path, "a map {PLACE: VALUE}, {} for nothing")
    else { return nil }
    let puts = entries.compactMap { entry -> (place: Located<String>, put: PutSource)? in
      let name = reading.key(entry, .identifier, path)
      return put(entry.value, join(path, entry.name)).map { (name, $0) }
    }
    return OutputSource(puts: puts, mark: node.mark)
  }

  private func put(_ node: YamlNode, _ path: String) -> PutSource? {
    guard case .map(let entries) = node.content else {
      return reading.expression(node, path).map { .expression($0) }
    }
    if entries.contains(where: { $0.name == "each" }) { return each(node, path) }
    if entries.contains(where: { $0.name == "put" }) { return delayed(node, path) }
    return fields(entries, node, path)
  }

  private func fields(
    _ entries: [YamlNode.Entry], _ node: YamlNode, _ path: String
  ) -> PutSource {
    var copy: SourceText?
    var fields: [NamedExpressionSource] = []
    for entry in entries {
      let text = reading.expression(entry.value, join(path, entry.name))
      if entry.name == "copy" {
        copy = text
      } else {
        let name = reading.key(entry, .identifier, path)
        if let text { fields.append(NamedExpressionSource(name: name, value: text)) }
      }
    }
    return .fields(fields, copy: copy, node.mark)
  }

  private func delayed(_ node: YamlNode, _ path: String) -> PutSource? {
    guard
      let map = reading.map(node, path, "a map {put, after | at}", keys: ["put", "after", "at"]),
      let inner = map["put"], let put = put(inner, join(path, "put"))
    else { return nil }
    guard let wait = wait(map, path) else {
      if map["after"] == nil, map["at"] == nil {
        reading.report(
          reading.codes.missingKey, "'\(path)' does not say when", at: map.mark, path: path,
          found: "put alone", expected: "after: D or at: CEL beside put",
          help: "without a delay the value stands there itself: PLACE: VALUE")
      }
      return put
    }
    return .delayed(put, wait)
  }

  private func each(_ node: YamlNode, _ path: String) -> PutSource? {
    let keys = ["each", "as", "put", "after", "at"]
    guard let map = reading.map(node, path, "a map {each, as, put}", keys: keys),
      let list = map["each"], let text = reading.expression(list, join(path, "each"))
    else { return nil }
    let variable = map["as"].flatMap { reading.name($0, join(path, "as"), .identifier) }
    let element = map["put"].flatMap { put($0, join(path, "put")) }
    if map["as"] == nil, let put = map.entry("put") {
      reading.report(
        reading.codes.missingKey, "'\(path)' does not name the element", at: put.key.mark,
        path: path, found: "put without as", expected: "as: VARIABLE beside each and put")
    }
    return .each(text, variable: variable, put: element, wait: wait(map, path))
  }
}
