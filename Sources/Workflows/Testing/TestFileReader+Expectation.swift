import PetriNet

extension TestFileReader {
  private static let expectKeys = [
    "end", "result", "at", "places", "fired", "includes", "never", "effects", "incidents",
    "error",
  ]

  func expectation(_ node: YamlNode, _ path: String) -> TestExpectation {
    var expectation = TestExpectation()
    expectation.mark = node.mark
    guard let map = reading.map(node, path, "a map of checks", keys: Self.expectKeys) else {
      return expectation
    }
    if map.entries.isEmpty {
      reading.report(
        reading.codes.missingKey, "'\(path)' checks nothing", at: node.mark, path: path,
        found: "an empty map", expected: "at least one check")
    }
    expectation.end = map["end"].flatMap {
      reading.name($0, join(path, "end"), .identifier, "an end place, open, cancelled, terminated")
    }
    expectation.result = map["result"].map { TestValue($0) }
    expectation.atMicroseconds = map["at"].flatMap { reading.duration($0, join(path, "at")) }
    if let node = map["places"] { expectation.places = places(node, join(path, "places")) }
    expectation.fired = map["fired"].flatMap { names($0, join(path, "fired")) }
    expectation.includes = map["includes"].flatMap { names($0, join(path, "includes")) }
    expectation.never = map["never"].flatMap { names($0, join(path, "never")) }
    expectation.incidents = map["incidents"].flatMap { names($0, join(path, "incidents")) }
    expectation.effects = map["effects"].flatMap { effects($0, join(path, "effects")) }
    expectation.error = map["error"].flatMap { refusal($0, join(path, "error")) }
    return expectation
  }

  private func names(_ node: YamlNode, _ path: String) -> [Located<String>]? {
    reading.list(node, path, "a list of names")?.compactMap { item in
      reading.text(item, path, "a name").map { Located($0.text.inFormC, $0.mark) }
    }
  }

  private func places(_ node: YamlNode, _ path: String) -> [TestExpectation.PlaceContent] {
    (reading.entries(node, path, "a map {PLACE: NUMBER or [VALUE]}") ?? []).compactMap { entry in
      let place = join(path, entry.name)
      if case .list(let items) = entry.value.content {
        return .init(place: entry.located, content: .values(items.map { TestValue($0) }))
      }
      return reading.integer(entry.value, place, in: 0...1_000_000).map {
        .init(place: entry.located, content: .count($0))
      }
    }
  }

  private func effects(_ node: YamlNode, _ path: String) -> [TestExpectation.Effect]? {
    let items = reading.list(node, path, "a list of {action, with, keys}")
    return items?.enumerated().compactMap { index, item in
      let place = "\(path).\(index)"
      guard
        let map = reading.map(
          item, place, "a map {action, with, keys}", keys: ["action", "with", "keys"])
      else { return nil }
      guard let action = map["action"] else {
        reading.report(
          reading.codes.missingKey, "'\(place)' has no 'action'", at: item.mark, path: place,
          found: map.entries.map(\.name).joined(separator: ", "), expected: "action: NAME")
        return nil
      }
      guard let name = reading.name(action, join(place, "action"), .dotted) else { return nil }
      return .init(
        action: name, with: map["with"].map { TestValue($0) },
        keys: map["keys"].flatMap { reading.integer($0, join(place, "keys"), in: 0...1_000_000) })
    }
  }

  private func refusal(_ node: YamlNode, _ path: String) -> TestExpectation.Refusal? {
    guard let map = reading.map(node, path, "a map {path, code}", keys: ["path", "code"]) else {
      return nil
    }
    return .init(
      path: map["path"].flatMap { reading.text($0, join(path, "path"), "start or messages")?.text },
      code: map["code"].flatMap { reading.text($0, join(path, "code"), "a code as in T203")?.text })
  }
}
