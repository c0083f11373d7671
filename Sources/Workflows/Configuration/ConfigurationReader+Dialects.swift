import PetriNet

extension ConfigurationReader {
  /// The dialects of CONFIG, spoken by this version or not.
  private static let dialects = [
    "openai-chat", "openai-responses", "azure", "anthropic", "gemini", "ollama", "llama-server",
    "llama-completion", "vllm", "openrouter", "compatible",
  ]

  func dialect(_ node: YamlNode, _ path: String) -> Located<String>? {
    guard let text = reading.text(node, path, "the name of a dialect") else { return nil }
    guard context.dialect(text.text) == nil else { return Located(text.text, text.mark) }
    let known = Self.dialects.contains { $0.utf8.elementsEqual(text.text.utf8) }
    let spoken = context.dialects.map(\.name)
    reading.report(
      "C402",
      known ? "this version does not speak '\(text.text)' yet" : "unknown dialect",
      at: text.mark, path: path, found: text.text,
      expected: "one of \(spoken.joined(separator: ", "))",
      nearest: known ? nil : Nearest.name(to: text.text, among: Self.dialects))
    return nil
  }

  /// What the dialect of an endpoint allows.
  func wire(_ map: YamlMap, _ place: String, _ endpoint: inout Configuration.Endpoint) {
    guard let dialect = context.dialect(endpoint.dialect.value) else {
      // What depends on the dialect is not known.
      _ = map["version"].map {
        reading.text($0, join(place, "version"), "a version of the dialect")
      }
      _ = map["parameters"].map {
        reading.entries($0, join(place, "parameters"), "a JSON object")
      }
      _ = map["deviations"].map { deviations($0, join(place, "deviations")) }
      return
    }
    endpoint.version = map["version"].flatMap { version($0, join(place, "version"), dialect) }
    set(&endpoint.parameters, map["parameters"]) {
      parameters($0, join(place, "parameters"), dialect, endpoint.version)
    }
    if let node = map["deviations"] {
      let path = join(place, "deviations")
      if dialect.takesDeviations {
        set(&endpoint.deviations, node) { deviations($0, path) }
      } else {
        reading.report(
          "C402", "'\(dialect.name)' has no deviations", at: node.mark, path: path,
          found: "deviations", expected: "dialect: compatible",
          help: "a server that differs from its dialect is a compatible one with deviations")
      }
    }
    if endpoint.confidence == .logprobs, !dialect.givesProbabilities,
      let node = map["confidence"]
    {
      reading.report(
        "C402", "'\(dialect.name)' gives no probabilities", at: node.mark,
        path: join(place, "confidence"), found: "logprobs", expected: "none",
        help: "at_least is answered by votes: model: [ALIAS, ALIAS, ...] and agree")
    }
  }

  private func version(
    _ node: YamlNode, _ path: String, _ dialect: ConfigurationContext.Dialect
  ) -> String? {
    guard let text = reading.text(node, path, "a version of the dialect") else { return nil }
    guard let known = dialect.versions,
      !known.contains(where: { $0.utf8.elementsEqual(text.text.utf8) })
    else { return text.text }
    reading.report(
      "C402",
      known.isEmpty ? "'\(dialect.name)' has no versions" : "unknown version of '\(dialect.name)'",
      at: text.mark, path: path, found: text.text,
      expected: known.isEmpty ? "no version" : "one of \(known.joined(separator: ", "))",
      nearest: Nearest.name(to: text.text, among: known))
    return nil
  }

  private func parameters(
    _ node: YamlNode, _ path: String, _ dialect: ConfigurationContext.Dialect, _ version: String?
  ) -> JSONText.Node? {
    guard let entries = reading.entries(node, path, "a JSON object") else { return nil }
    let settled = dialect.settledKeys(version)
    for entry in entries {
      refuseSettled(entry, entry.name, path, settled, dialect)
      guard case .map(let inner) = entry.value.content else { continue }
      for part in inner {
        refuseSettled(part, "\(entry.name).\(part.name)", path, settled, dialect)
      }
    }
    return node.json
  }

  private func refuseSettled(
    _ entry: YamlNode.Entry, _ name: String, _ path: String, _ settled: [String],
    _ dialect: ConfigurationContext.Dialect
  ) {
    guard settled.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return }
    reading.report(
      "C402", "'\(name)' is set by the dialect", at: entry.key.mark, path: join(path, name),
      found: name, expected: "a parameter that \(dialect.name) leaves free")
  }

  private func deviations(
    _ node: YamlNode, _ path: String
  ) -> Configuration.Endpoint.Deviations? {
    typealias Deviations = Configuration.Endpoint.Deviations
    guard
      let map = reading.map(
        node, path, "a map {path, limit, schema, system, answer, ends}",
        keys: ["path", "limit", "schema", "system", "answer", "ends"])
    else { return nil }
    var result = Deviations()
    set(&result.path, map["path"]) { urlPath($0, join(path, "path")) }
    set(&result.limit, map["limit"]) {
      reading.word($0, join(path, "limit"), Deviations.Limit.self)
    }
    set(&result.schema, map["schema"]) {
      reading.word($0, join(path, "schema"), Deviations.Schema.self)
    }
    set(&result.system, map["system"]) {
      reading.word($0, join(path, "system"), Deviations.Instructions.self)
    }
    set(&result.answer, map["answer"]) {
      reading.word($0, join(path, "answer"), Deviations.Answer.self)
    }
    set(&result.ends, map["ends"]) {
      texts($0, join(path, "ends"), "values of finish_reason")?.map(\.value)
    }
    return result
  }

  private func urlPath(_ node: YamlNode, _ path: String) -> String? {
    let what = "a path as in /chat/completions"
    guard let text = reading.text(node, path, what) else { return nil }
    let isPath =
      text.text.utf8.first == UInt8(ascii: "/")
      && text.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#@\\".utf8.contains($0) }
    guard isPath else {
      reading.report(
        "C402", "'\(path)' is the path of a URL", at: text.mark, path: path, found: text.text,
        expected: what)
      return nil
    }
    return text.text
  }
}
