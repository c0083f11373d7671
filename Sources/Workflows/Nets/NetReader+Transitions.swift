import PetriNet

extension NetReader {
  private static let common = ["in", "read", "unless", "guard", "priority"]

  /// The kinds of transition, and the keys that each of them takes beside the common ones.
  private static let kinds: [(key: String, title: String, keys: [String])] = [
    ("out", "a plain transition", ["out", "cancel"]),
    ("choose", "a choose", ["choose", "cancel"]),
    (
      "judge", "a judge",
      ["judge", "with", "timeout", "model", "agree", "at_least", "limit", "then"]
    ),
    ("action", "an action", ["action", "with", "timeout", "retry", "limit", "then"]),
    ("task", "a task", ["task", "with", "for", "not", "due", "ask", "cancel", "then"]),
    ("call", "a call", ["call", "with", "limit", "then"]),
  ]

  private static let allKeys: [String] = {
    var keys = common
    for kind in kinds { keys += kind.keys.filter { !keys.contains($0) } }
    return keys
  }()

  func transitions(_ node: YamlNode) -> [TransitionSource] {
    guard let entries = reading.entries(node, "transitions", "a map of transitions") else {
      var unread = TransitionSource(name: .unreadable(at: node.mark), work: .unreadable([]))
      unread.inputs = [.unreadable(at: node.mark)]
      return [unread]
    }
    return (entries + node.strays).map { transition($0) }
  }

  private func transition(_ entry: YamlNode.Entry) -> TransitionSource {
    let path = join("transitions", entry.name)
    let name = reading.key(entry, .identifier, "transitions")
    guard
      let map = reading.map(
        entry.value, path, "a map that begins with in: {VARIABLE: PLACE}", keys: Self.allKeys)
    else {
      var transition = TransitionSource(name: name, work: .unreadable([]))
      transition.inputs = [.unreadable(at: entry.value.mark)]
      return transition
    }
    let kind = kind(of: map, entry, path)
    let work =
      kind.map { self.work($0, map, entry, path) } ?? .unreadable(puts(of: map, path))
    var transition = TransitionSource(name: name, work: work)
    // What does nothing known may be no transition at all.
    let inputs = kind == nil ? map["in"] : required(map, "in", path, at: entry)
    transition.inputs =
      inputs.map { arcs($0, join(path, "in"), isInput: true) }
      ?? [.unreadable(at: entry.key.mark)]
    transition.reads = arcs(map, "read", path)
    transition.inhibitors = arcs(map, "unless", path)
    transition.cancels = arcs(map, "cancel", path)
    transition.guardText = map["guard"].flatMap { reading.expression($0, join(path, "guard")) }
    if let node = map["priority"] {
      transition.priority = reading.integer(
        node, join(path, "priority"), in: -1_000_000...1_000_000
      ).map { Located($0, node.mark) }
    }
    transition.limit = map["limit"].flatMap { limit($0, join(path, "limit")) }
    return transition
  }

  /// All that a transition may put, of whatever kind it is.
  private func puts(of map: YamlMap, _ path: String) -> RoutesSource {
    var puts: [OutputSource] = []
    if let node = map["out"] { puts.append(outputs(node, join(path, "out"))) }
    if let node = map["choose"] {
      puts += branches(node, join(path, "choose")).map(\.outputs)
    }
    if let node = map["then"] { puts += routes(node, join(path, "then")).map(\.outputs) }
    return puts.map { RouteSource(outcome: .unreadable(at: $0.mark), outputs: $0) }
  }

  /// The key that says what a transition does; nil if none or several do.
  private func kind(of map: YamlMap, _ entry: YamlNode.Entry, _ path: String) -> String? {
    let present = map.entries.filter { item in Self.kinds.contains { $0.key == item.name } }
    guard let first = present.first else {
      // A mistyped key is told already, with the nearest one.
      let unknown = map.entries.contains { !Self.allKeys.contains($0.name) }
      if !unknown, !map.isInPart {
        reading.report(
          reading.codes.missingKey, "'\(entry.name)' does not say what it does",
          at: entry.key.mark, path: path,
          found: map.entries.isEmpty
            ? "nothing" : map.entries.map(\.name).joined(separator: ", "),
          expected: "one of out, choose, judge, action, task, call")
      }
      return nil
    }
    guard present.count == 1 else {
      reading.report(
        "F127", "a transition does one thing", at: present[1].key.mark, path: path,
        found: present.map(\.name).joined(separator: " and "),
        expected: "one of out, choose, judge, action, task, call",
        related: [(first.key.mark, "the first")])
      return nil
    }
    guard let kind = Self.kinds.first(where: { $0.key == first.name }) else { return nil }
    let allowed = Self.common + kind.keys
    for item in map.entries
    where Self.allKeys.contains(item.name) && !allowed.contains(item.name) {
      reading.report(
        "F127", "\(kind.title) has no '\(item.name)'", at: item.key.mark,
        path: join(path, item.name), found: item.name,
        expected: "only \(allowed.joined(separator: ", "))")
    }
    return first.name
  }

  // MARK: Arcs

  private func arcs(_ map: YamlMap, _ key: String, _ path: String) -> [ArcSource] {
    map[key].map { arcs($0, join(path, key), isInput: false) } ?? []
  }

  private func arcs(_ node: YamlNode, _ path: String, isInput: Bool) -> [ArcSource] {
    guard let entries = reading.entries(node, path, "a map {VARIABLE: PLACE}") else {
      return [.unreadable(at: node.mark)]
    }
    if entries.isEmpty, isInput, node.strays.isEmpty {
      reading.report(
        reading.codes.missingKey, "'\(path)' takes nothing", at: node.mark, path: path,
        found: "an empty map", expected: "{VARIABLE: PLACE}, at least one")
      return [.unreadable(at: node.mark)]
    }
    return (entries + node.strays).map { arc($0, path, isInput: isInput) }
  }

  private func arc(_ entry: YamlNode.Entry, _ path: String, isInput: Bool) -> ArcSource {
    let variable = reading.key(entry, .identifier, path)
    let place = join(path, entry.name)
    guard case .map = entry.value.content else {
      let what = "a place or a map {from: PLACE, …}"
      return ArcSource(
        variable: variable, place: reading.someName(entry.value, place, .identifier, what))
    }
    let keys = isInput ? ["from", "where", "count", "after", "at"] : ["from", "where"]
    guard let map = reading.map(entry.value, place, "an arc", keys: keys) else {
      return ArcSource(variable: variable, place: .unreadable(at: entry.value.mark))
    }
    let name = required(map, "from", place, at: entry).map {
      reading.someName($0, join(place, "from"), .identifier)
    }
    var arc = ArcSource(variable: variable, place: name ?? .unreadable(at: entry.value.mark))
    arc.condition = map["where"].flatMap { reading.expression($0, join(place, "where")) }
    arc.count = map["count"].flatMap { count($0, join(place, "count")) }
    arc.wait = wait(map, place)
    return arc
  }

  private func count(_ node: YamlNode, _ path: String) -> CountSource? {
    let text = reading.expression(node, path)
    if text.text == "all" { return .all(text.mark) }
    guard let ends = QuantityText.ends(of: text.text) else { return .exactly(text) }
    let length = text.text.unicodeScalars.count
    let low = text.slice(0, ends.low.unicodeScalars.count)
    let high = text.slice(length - ends.high.unicodeScalars.count, length)
    return .range(low, high)
  }

  /// `after` or `at`, not both.
  func wait(_ map: YamlMap, _ path: String) -> WaitSource? {
    if let after = map.entry("after"), let at = map.entry("at") {
      reading.report(
        "F127", "a token waits by after or by at", at: at.key.mark, path: path, found: "both",
        expected: "one of after, at", related: [(after.key.mark, "after")])
    }
    if let node = map["after"] {
      return .after(reading.expression(node, join(path, "after")))
    }
    return map["at"].map { .at(reading.expression($0, join(path, "at"))) }
  }

  private func limit(_ node: YamlNode, _ path: String) -> LimitSource? {
    guard case .map = node.content else {
      return LimitSource(max: reading.expression(node, path))
    }
    guard let map = reading.map(node, path, "a limit", keys: ["max", "per"]) else { return nil }
    guard let max = map["max"] else {
      if map.isInPart { return nil }
      reading.report(
        reading.codes.missingKey, "'\(path)' has no 'max'", at: map.mark, path: path,
        found: map.entries.map(\.name).joined(separator: ", "), expected: "{max: INT, per: CEL}")
      return nil
    }
    return LimitSource(
      max: reading.expression(max, join(path, "max")),
      per: map["per"].map { reading.expression($0, join(path, "per")) })
  }
}
