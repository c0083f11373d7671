import CEL
package import PetriNet

/// Reads `tests/NAME.yaml`: all mistakes of the file at once.
package struct TestFileReader {
  let reading: FileReading

  /// - Returns: nil if the file is no YAML or does not name its workflow.
  package static func read(
    _ bytes: [UInt8], path: String
  ) -> (file: TestFile?, findings: [Finding]) {
    let reading = FileReading(file: path, codes: .workflow)
    let root = YamlDocument.read(bytes, file: path, findings: &reading.findings)
    let file = root.flatMap { TestFileReader(reading: reading).file($0) }
    return (file, DiagnosticText.sorted(reading.findings))
  }

  private static let keys = [
    "test", "params", "now", "seed", "shared", "defaults", "cases", "coverage",
  ]

  private func file(_ root: YamlNode) -> TestFile? {
    guard
      let map = reading.map(root, "", "a map that begins with test: WORKFLOW", keys: Self.keys)
    else { return nil }
    guard let node = map["test"] else {
      reading.report(
        reading.codes.missingKey, "the file does not say what it tests", at: map.mark,
        found: "no test", expected: "test: WORKFLOW")
      return nil
    }
    guard let workflow = reading.name(node, "test", .hyphenated, "the name of a workflow") else {
      return nil
    }
    var file = TestFile(file: reading.file, workflow: workflow)
    if let node = map["params"] { file.parameters = parameters(node) }
    if let node = map["now"], let now = instant(node) { file.now = now }
    if let node = map["seed"], let seed = reading.integer(node, "seed", in: 0...Int.max) {
      file.seed = UInt64(seed)
    }
    if let node = map["shared"] { file.shared = shared(node) }
    if let node = map["defaults"],
      let scripts = reading.map(
        node, "defaults", "a map {verdicts, actions, answers}", keys: Self.scriptKeys)
    {
      file.defaults = self.scripts(scripts, "defaults")
    }
    if let node = map["cases"] { file.cases = cases(node) }
    if let node = map["coverage"] { coverage(node, &file) }
    return file
  }

  static let scriptKeys = ["verdicts", "actions", "answers"]

  private func parameters(
    _ node: YamlNode
  ) -> [(name: Located<String>, value: LiteralSource)] {
    let reader = NetReader(reading: reading)
    return (reading.entries(node, "params", "a map {PARAMETER: VALUE}") ?? []).compactMap {
      entry in
      (entry.located, reader.literal(entry.value, join("params", entry.name)))
    }
  }

  private func instant(_ node: YamlNode) -> Timestamp? {
    let what = "a time as in 2026-01-05T09:00:00Z"
    guard let text = reading.text(node, "now", what) else { return nil }
    guard let instant = Timestamp(text.text) else {
      reading.badValue(text, "now", what)
      return nil
    }
    return instant
  }

  private func shared(
    _ node: YamlNode
  ) -> [(place: Located<String>, values: [TestValue])] {
    (reading.entries(node, "shared", "a map {PLACE: [VALUE]}") ?? []).compactMap { entry in
      reading.list(entry.value, join("shared", entry.name), "a list of values").map {
        (entry.located, $0.map { TestValue($0) })
      }
    }
  }

  private func coverage(_ node: YamlNode, _ file: inout TestFile) {
    let map = reading.map(
      node, "coverage", "a map {transitions, outcomes}", keys: ["transitions", "outcomes"])
    file.transitionsCovered = map?["transitions"].flatMap {
      reading.number($0, "coverage.transitions", in: 0...100)
    }
    file.outcomesCovered = map?["outcomes"].flatMap {
      reading.number($0, "coverage.outcomes", in: 0...100)
    }
  }

  private func cases(_ node: YamlNode) -> [TestCase] {
    var cases: [TestCase] = []
    for (index, item) in (reading.list(node, "cases", "a list of cases") ?? []).enumerated() {
      guard let test = testCase(item, "cases.\(index)") else { continue }
      if let first = cases.first(where: {
        $0.name.value.utf8.elementsEqual(test.name.value.utf8)
      }) {
        reading.report(
          "F106", "two cases are called the same", at: test.name.mark, path: "cases.\(index)",
          found: test.name.value, expected: "another sentence",
          related: [(first.name.mark, "the first one")])
      }
      cases.append(test)
    }
    return cases
  }

  private static let caseKeys =
    ["case", "start", "many", "messages", "do", "until", "expect"] + scriptKeys

  private func testCase(_ node: YamlNode, _ path: String) -> TestCase? {
    guard
      let map = reading.map(
        node, path, "a map that begins with case: SENTENCE", keys: Self.caseKeys)
    else { return nil }
    guard let item = map["case"], let name = reading.text(item, join(path, "case"), "a sentence")
    else {
      if map["case"] == nil {
        reading.report(
          reading.codes.missingKey, "'\(path)' has no 'case'", at: map.mark, path: path,
          found: map.entries.map(\.name).joined(separator: ", "), expected: "case: SENTENCE")
      }
      return nil
    }
    var test = TestCase(name: Located(name.text, name.mark))
    if let node = map["start"] { test.starts = starts(node, join(path, "start")) }
    if let node = map["many"], let many = reading.boolean(node, join(path, "many")) {
      test.isMany = many
    }
    test.scripts = scripts(map, path)
    if let node = map["messages"] { test.messages = messages(node, join(path, "messages")) }
    if let node = map["do"] { test.deeds = deeds(node, join(path, "do")) }
    if let node = map["until"], node.sourceText?.text != "quiet",
      let elapsed = reading.duration(node, join(path, "until"))
    {
      test.until = .elapsed(microseconds: elapsed)
    }
    if let node = map["expect"] {
      test.expectation = expectation(node, join(path, "expect"))
    } else {
      reading.report(
        reading.codes.missingKey, "the case '\(name.text)' expects nothing", at: name.mark,
        path: path, found: "no expect", expected: "expect: with at least one check")
    }
    return test
  }

  // MARK: What comes in

  private func starts(_ node: YamlNode, _ path: String) -> [TestCase.Start] {
    guard case .list(let items) = node.content, items.allSatisfy({ $0["value"] != nil }),
      !items.isEmpty
    else { return [.init(value: TestValue(node))] }
    return items.enumerated().compactMap { index, item in
      let place = "\(path).\(index)"
      guard
        let map = reading.map(
          item, place, "a start {at, place, value, key}", keys: ["at", "place", "value", "key"]),
        let value = map["value"]
      else { return nil }
      return TestCase.Start(
        atMicroseconds: map["at"].flatMap { reading.duration($0, join(place, "at")) } ?? 0,
        place: map["place"].flatMap { reading.name($0, join(place, "place"), .identifier) },
        value: TestValue(value),
        key: map["key"].flatMap { reading.text($0, join(place, "key"), "a text")?.text })
    }
  }

  private func messages(_ node: YamlNode, _ path: String) -> [TestCase.Message] {
    let items = reading.list(node, path, "a list of {at, place, value}") ?? []
    return items.enumerated().compactMap { index, item in
      let place = "\(path).\(index)"
      guard
        let map = reading.map(
          item, place, "a message {at, place, value}", keys: ["at", "place", "value"]),
        let (name, value) = deposit(map, item, place)
      else { return nil }
      let at = map["at"].flatMap { reading.duration($0, join(place, "at")) } ?? 0
      return .init(atMicroseconds: at, place: name, value: value)
    }
  }

  private func deposit(
    _ map: YamlMap, _ node: YamlNode, _ path: String
  ) -> (Located<String>, TestValue)? {
    for key in ["place", "value"] where map[key] == nil {
      reading.report(
        reading.codes.missingKey, "'\(path)' has no '\(key)'", at: node.mark, path: path,
        found: map.entries.map(\.name).joined(separator: ", "), expected: key)
    }
    guard let place = map["place"].flatMap({ reading.name($0, join(path, "place"), .identifier) }),
      let value = map["value"]
    else { return nil }
    return (place, TestValue(value))
  }

  private static let deedKeys = [
    "cancel", "terminate", "deposit", "withdraw", "pause", "resume", "restart",
  ]

  private func deeds(_ node: YamlNode, _ path: String) -> [TestCase.Deed] {
    let items = reading.list(node, path, "a list of {at, cancel: WHY, …}") ?? []
    return items.enumerated().compactMap { index, item in
      let place = "\(path).\(index)"
      guard
        let map = reading.map(
          item, place, "a map {at, DEED, by}", keys: ["at", "by"] + Self.deedKeys)
      else { return nil }
      let deeds = map.entries.filter { Self.deedKeys.contains($0.name) }
      guard let deed = deeds.first, deeds.count == 1 else {
        reading.report(
          "F127", "'\(place)' does one thing", at: item.mark, path: place,
          found: deeds.isEmpty ? "nothing" : deeds.map(\.name).joined(separator: " and "),
          expected: "one of \(Self.deedKeys.joined(separator: ", "))")
        return nil
      }
      guard let kind = kind(deed, join(place, deed.name)) else { return nil }
      let at = map["at"].flatMap { reading.duration($0, join(place, "at")) } ?? 0
      let by = map["by"].flatMap { reading.text($0, join(place, "by"), "a person")?.text }
      return .init(atMicroseconds: at, kind: kind, by: by)
    }
  }

  private func kind(_ deed: YamlNode.Entry, _ path: String) -> TestCase.Deed.Kind? {
    switch deed.name {
    case "cancel":
      return reading.text(deed.value, path, "the reason").map { .cancel(why: $0.text) }
    case "terminate":
      return reading.text(deed.value, path, "the reason").map { .terminate(why: $0.text) }
    case "deposit", "withdraw":
      guard
        let map = reading.map(
          deed.value, path, "a map {place, value}", keys: ["place", "value"]),
        let (place, value) = deposit(map, deed.value, path)
      else { return nil }
      return deed.name == "deposit"
        ? .deposit(place: place, value: value) : .withdraw(place: place, value: value)
    case "restart": return reading.boolean(deed.value, path).map { _ in .restart }
    default:
      guard let text = reading.text(deed.value, path, "a transition, or true for all") else {
        return nil
      }
      let name = text.text == "true" ? nil : Located(text.text.inFormC, text.mark)
      return deed.name == "pause" ? .pause(name) : .resume(name)
    }
  }
}
