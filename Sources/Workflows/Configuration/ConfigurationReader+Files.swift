import PetriNet

extension ConfigurationReader {
  /// What names files, and what fills nets.
  func files(_ map: YamlMap, _ result: inout Configuration) {
    set(&result.workflows, map["workflows"]) { globs($0, "workflows") }
    set(&result.prompts, map["prompts"]) { node in
      path(node, "prompts").map { Located($0, node.mark) }
    }
    set(&result.tests, map["tests"]) { globs($0, "tests") }
    set(&result.parameters, map["params"]) { parameters($0) }
    set(&result.database, map["database"]) { path($0, "database") }
    set(&result.keys, map["keys"]) { keys($0) }
    set(&result.anchors, map["anchors"]) { path($0, "anchors") }
    set(&result.origin, map["origin"]) { origin($0) }
    set(&result.encryption, map["encryption"]) { onOff($0, "encryption") }
    set(&result.retention, map["retention"]) { retention($0) }
    set(&result.fields, map["fields"]) { fields($0) }
  }

  private func globs(_ node: YamlNode, _ path: String) -> [Located<String>]? {
    texts(node, path, "globs as in workflows/*.yaml")?.map {
      Located(Self.resolved($0.value, at: $0.mark), $0.mark)
    }
  }

  private func parameters(_ node: YamlNode) -> [Configuration.WorkflowParameters] {
    let reader = NetReader(reading: reading)
    let what = "a map {WORKFLOW: {PARAMETER: VALUE}}"
    return (reading.entries(node, "params", what) ?? []).map { entry in
      let path = join("params", entry.name)
      let values = (reading.entries(entry.value, path, "a map {PARAMETER: VALUE}") ?? [])
        .map { item in
          (name: item.located, value: reader.literal(item.value, join(path, item.name)))
        }
      return .init(workflow: entry.located, values: values)
    }
  }

  private func keys(_ node: YamlNode) -> Configuration.Keys {
    var result = Configuration.Keys()
    let map = reading.map(
      node, "keys", "a map {file, kek, signer}", keys: ["file", "kek", "signer"])
    set(&result.file, map?["file"]) { path($0, "keys.file") }
    set(&result.kek, map?["kek"]) { secret($0, "keys.kek") }
    set(&result.signer, map?["signer"]) { secret($0, "keys.signer") }
    return result
  }

  private func origin(_ node: YamlNode) -> String? {
    let what = "1 to 64 of a-z, 0-9, . and -"
    guard let text = reading.text(node, "origin", what) else { return nil }
    let isFit = text.text.utf8.allSatisfy { byte in
      (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46
    }
    guard isFit, (1...64).contains(text.text.utf8.count) else {
      reading.badValue(text, "origin", what)
      return nil
    }
    return text.text
  }

  func onOff(_ node: YamlNode, _ path: String) -> Bool? {
    guard let text = reading.text(node, path, "on or off") else { return nil }
    guard text.text == "on" || text.text == "off" else {
      reading.badValue(text, path, "on or off")
      return nil
    }
    return text.text == "on"
  }

  private func retention(_ node: YamlNode) -> Configuration.Retention {
    var result = Configuration.Retention()
    let map = reading.map(
      node, "retention", "a map {cases, requests, replies, allow_short}",
      keys: ["cases", "requests", "replies", "allow_short"])
    result.mark = map?["cases"]?.mark ?? .none
    result.casesMicroseconds = map?["cases"].flatMap { reading.duration($0, "retention.cases") }
    result.requestsMicroseconds = map?["requests"].flatMap {
      reading.duration($0, "retention.requests")
    }
    result.repliesMicroseconds = map?["replies"].flatMap {
      reading.duration($0, "retention.replies")
    }
    set(&result.allowsShort, map?["allow_short"]) { reading.boolean($0, "retention.allow_short") }
    if let cases = result.casesMicroseconds, cases < Self.shortMicroseconds, !result.allowsShort,
      let mark = map?["cases"]?.mark
    {
      reading.report(
        "C402", "cases are kept for less than half a year", at: mark, path: "retention.cases",
        found: "less than 183d", expected: "at least 183d, or allow_short: true beside it")
    }
    return result
  }

  private static let shortMicroseconds: Int64 = 183 * 86_400_000_000

  private func fields(_ node: YamlNode) -> [Configuration.FieldDisplay] {
    (reading.entries(node, "fields", "a map {TYPE.FIELD: {en, ko, currency}}") ?? []).compactMap {
      entry in
      let path = join("fields", entry.name)
      _ = reading.key(entry, .dotted, "fields")
      let map = reading.map(
        entry.value, path, "a map {en, ko, currency}", keys: ["en", "ko", "currency"])
      guard let map else { return nil }
      let currency = map["currency"].flatMap {
        reading.text($0, join(path, "currency"), "a currency as in KRW")?.text
      }
      return .init(field: entry.located, titles: titles(map, path), currency: currency)
    }
  }

  func titles(_ map: YamlMap, _ path: String) -> Configuration.Titles {
    var titles = Configuration.Titles()
    set(&titles.en, map["en"]) { reading.text($0, join(path, "en"), "a title")?.text }
    set(&titles.ko, map["ko"]) { reading.text($0, join(path, "ko"), "a title")?.text }
    return titles
  }
}
