import PetriNet

/// The grammar of DESIGN §3: a file's tree to a `NetSource`, names not resolved, expressions not
/// looked into.
struct NetReader {
  let reading: FileReading

  private static let keys = [
    "workflow", "library", "import", "params", "types", "actions", "case", "places",
    "transitions", "invariants", "schedules", "accept",
  ]

  /// What only a workflow has.
  private static let workflowKeys = ["case", "transitions", "invariants", "schedules", "accept"]

  func read(_ root: YamlNode, text: [UInt8]) -> NetSource? {
    guard let map = reading.map(root, "", "a map that begins with workflow: NAME", keys: Self.keys),
      var source = heading(map, text)
    else { return nil }
    if case .library = source.kind { refuseWorkflowParts(of: map) }
    readDeclarations(map, into: &source)
    source.isBroken = !reading.findings.isEmpty
    return source
  }

  private func readDeclarations(_ map: YamlMap, into source: inout NetSource) {
    if let node = map["params"] { source.parameters = parameters(node) }
    if let node = map["types"] { source.types = types(node) }
    if let node = map["actions"] { source.actions = actions(node) }
    if let node = map["places"] { source.places = places(node, of: source.kind) }
    guard case .workflow = source.kind else { return }
    if let node = map["case"] { source.caseRules = caseRules(node) }
    if let node = map["transitions"] { source.transitions = transitions(node) }
    if let node = map["invariants"] { source.invariants = invariants(node) }
    if let node = map["schedules"] { source.schedules = schedules(node) }
    if let node = map["accept"] { source.accepted = accepted(node) }
  }

  /// The paths under `import`, in order; unreadable ones among them.
  func imports(_ root: YamlNode) -> [Located<String>] {
    guard case .map(let entries) = root.content,
      let entry = entries.first(where: { $0.name == "import" })
        ?? entries.first(where: { Nearest.isSlip($0.name, of: ["import"]) })
    else { return [] }
    let node = entry.value
    guard let items = reading.list(node, "import", "a list of files") else {
      return [.unreadable(at: node.mark)]
    }
    return items.enumerated().map { index, item in
      reading.text(item, "import.\(index)", "the path of a library").map {
        Located($0.text, $0.mark)
      } ?? .unreadable(at: item.mark)
    }
  }

  private func heading(_ map: YamlMap, _ text: [UInt8]) -> NetSource? {
    let workflow = map.entry("workflow")
    let library = map.entry("library")
    if let workflow, let library {
      reading.report(
        "F127", "a file is a workflow or a library", at: library.key.mark, path: "library",
        found: "both", expected: "one of workflow, library",
        related: [(workflow.key.mark, "the workflow")])
    }
    guard let entry = workflow ?? library else {
      reading.report(
        reading.codes.missingKey, "the file does not say what it is", at: map.mark,
        found: "neither workflow nor library", expected: "workflow: NAME or library: NAME")
      return NetSource(
        kind: .workflow, name: .unreadable(at: map.mark), file: reading.file, text: text)
    }
    let name =
      reading.someName(entry.value, entry.name, .hyphenated)
    return NetSource(
      kind: workflow != nil ? .workflow : .library, name: name, file: reading.file, text: text)
  }

  private func refuseWorkflowParts(of map: YamlMap) {
    for entry in map.entries where Self.workflowKeys.contains(entry.name) {
      reading.report(
        "F127", "a library has no '\(entry.name)'", at: entry.key.mark, path: entry.name,
        found: entry.name, expected: "only import, params, types, actions, places")
    }
  }
}
