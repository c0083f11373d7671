package import PetriNet

/// One of the files that a configuration is merged from.
package struct ConfigurationFile: Sendable {
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// A configuration as read: typed, and the merged files with the place of each value.
package struct LoadedConfiguration: Sendable {
  package var configuration: Configuration
  /// nil where there was no file.
  package var tree: YamlNode?
  /// Codes C4xx, and F1xx for what is no YAML.
  package var findings: [Finding]

  /// Whether something is wrong that nothing may be run with.
  package var hasErrors: Bool { findings.contains { $0.severity == .error } }
}

/// Reads `petrel.yaml` and its companions: all mistakes at once, defaults for what is silent.
package struct ConfigurationReader {
  let reading: FileReading
  let context: ConfigurationContext

  /// Merges and reads files, those that win first: `petrel.local.yaml`, `petrel.yaml`,
  /// `~/.config/petrel/config.yaml`.
  ///
  /// Maps merge key by key; lists and texts are replaced. No file at all gives the defaults.
  package static func read(
    _ files: [ConfigurationFile], context: ConfigurationContext = ConfigurationContext()
  ) -> LoadedConfiguration {
    let reading = FileReading(file: files.first?.path ?? "", codes: .configuration)
    var tree: YamlNode?
    for file in files {
      let node = YamlDocument.read(file.bytes, file: file.path, findings: &reading.findings)
      guard let node else { continue }
      tree = tree.map { merged($0, over: node) } ?? node
    }
    let reader = ConfigurationReader(reading: reading, context: context)
    let configuration = tree.map { reader.configuration($0) } ?? Configuration()
    return LoadedConfiguration(
      configuration: configuration, tree: tree,
      findings: reading.findings.sorted { $0.mark.precedes($1.mark) })
  }

  private static func merged(_ node: YamlNode, over lower: YamlNode) -> YamlNode {
    guard case .map(let upper) = node.content, case .map(var entries) = lower.content else {
      return node
    }
    for entry in upper {
      let same = entries.firstIndex { $0.name.utf8.elementsEqual(entry.name.utf8) }
      if let same {
        entries[same] = YamlNode.Entry(
          key: entry.key, name: entry.name, value: merged(entry.value, over: entries[same].value))
      } else {
        entries.append(entry)
      }
    }
    return YamlNode(
      content: .map(entries), mark: node.mark, strays: lower.strays + node.strays)
  }

  private static let keys = [
    "petrel", "workflows", "prompts", "tests", "params", "database", "keys", "anchors", "origin",
    "encryption", "retention", "locale", "listen", "limits", "stop", "log", "groups", "endpoints",
    "models", "model", "breaker", "cache", "shares", "quotas", "services", "actions", "fields",
    "login",
    "feeds", "takes", "queries",
  ]

  private func configuration(_ root: YamlNode) -> Configuration {
    var result = Configuration()
    guard
      let map = reading.map(root, "", "a map that begins with petrel: 1", keys: Self.keys)
    else { return result }
    format(map)
    for key in ["login", "feeds", "takes", "queries"] {
      guard let entry = map.entry(key) else { continue }
      reading.report(
        "C405", "'\(key)' is not in this version", at: entry.key.mark, path: key, found: key,
        expected: "nothing", help: "take it out; loopback needs no login")
    }
    files(map, &result)
    process(map, &result)
    set(&result.endpoints, map["endpoints"]) { endpoints($0) }
    set(&result.quotas, map["quotas"]) { quotas($0) }
    set(&result.models, map["models"]) { models($0) }
    result.model = map["model"].flatMap { reading.name($0, "model", .hyphenated) }
    set(&result.breaker, map["breaker"]) { breaker($0) }
    result.cacheMicroseconds = map["cache"].flatMap { cache($0) }
    set(&result.shares, map["shares"]) { shares($0) }
    set(&result.services, map["services"]) { services($0) }
    set(&result.actions, map["actions"]) { actions($0) }
    checkReferences(of: result, map)
    return result
  }

  private func format(_ map: YamlMap) {
    guard let node = map["petrel"] else {
      if map.isInPart { return }
      reading.report(
        reading.codes.missingKey, "the file does not say its format", at: map.mark,
        found: "no petrel", expected: "petrel: 1")
      return
    }
    guard let text = reading.text(node, "petrel", "1"), text.text != "1" else { return }
    reading.report(
      "C405", "this version reads format 1", at: text.mark, path: "petrel", found: text.text,
      expected: "1")
  }

  private func cache(_ node: YamlNode) -> Int64? {
    node.sourceText?.text == "off" ? nil : reading.duration(node, "cache")
  }

  private func shares(_ node: YamlNode) -> [(workflow: Located<String>, share: Int)] {
    (reading.entries(node, "shares", "a map {WORKFLOW: INT}") ?? []).compactMap { entry in
      reading.integer(entry.value, join("shares", entry.name), in: 1...1_000)
        .map { (workflow: entry.located, share: $0) }
    }
  }

  private func breaker(_ node: YamlNode) -> Configuration.Breaker {
    var result = Configuration.Breaker()
    let map = reading.map(
      node, "breaker", "a map {failures, within, open}", keys: ["failures", "within", "open"])
    set(&result.failures, map?["failures"]) {
      reading.integer($0, "breaker.failures", in: 1...1_000_000)
    }
    set(&result.withinMicroseconds, map?["within"]) { reading.duration($0, "breaker.within") }
    set(&result.openMicroseconds, map?["open"]) { reading.duration($0, "breaker.open") }
    return result
  }

  // MARK: Parts of parts

  /// Sets `target` where a node is given and reads.
  func set<Part>(_ target: inout Part, _ node: YamlNode?, _ read: (YamlNode) -> Part?) {
    if let node, let value = read(node) { target = value }
  }

  /// A PATH, which is relative to the file it stands in.
  func path(_ node: YamlNode, _ path: String) -> String? {
    reading.text(node, path, "a path").map { Self.resolved($0.text, at: node.mark) }
  }

  static func resolved(_ path: String, at mark: SourceMark) -> String {
    FilePath.join(FilePath.folder(of: mark.file), path)
  }

  func texts(_ node: YamlNode, _ path: String, _ what: String) -> [Located<String>]? {
    reading.list(node, path, "a list of \(what)")?.compactMap { item in
      reading.text(item, path, what).map { Located($0.text, $0.mark) }
    }
  }
}

extension SourceMark {
  /// By file, line and column: the order in which findings are told.
  func precedes(_ other: SourceMark) -> Bool {
    if !file.utf8.elementsEqual(other.file.utf8) {
      return file.utf8.lexicographicallyPrecedes(other.file.utf8)
    }
    return (line, column) < (other.line, other.column)
  }
}
