import PetriNet

extension NetReader {
  private static let kindKeys = ["type", "start", "end", "shared", "message"]
  private static let options = ["capacity", "order", "key", "initial", "keep", "many"]

  func places(_ node: YamlNode, of kind: NetSource.Kind) -> [PlaceSource] {
    guard let entries = reading.entries(node, "places", "a map of places") else {
      let type = TypeSource(.unreadable, mark: node.mark)
      return [PlaceSource(name: .unreadable(at: node.mark), kind: .ordinary, type: type)]
    }
    return (entries + node.strays).map { entry in
      let place = place(entry)
      if case .library = kind, place.kind != .shared, place.kind != .message {
        reading.report(
          "F127", "a library has only shared and message places", at: entry.key.mark,
          path: join("places", entry.name), found: entry.name,
          expected: "shared: TYPE or message: TYPE")
      }
      return place
    }
  }

  private func place(_ entry: YamlNode.Entry) -> PlaceSource {
    let path = join("places", entry.name)
    let name = reading.key(entry, .identifier, "places")
    guard case .map(let entries) = entry.value.content,
      entries.contains(where: { Self.kindKeys.contains($0.name) })
    else { return PlaceSource(name: name, kind: .ordinary, type: type(entry.value, path)) }
    return longForm(name, entry.value, path)
  }

  private func longForm(
    _ name: Located<String>, _ node: YamlNode, _ path: String
  ) -> PlaceSource {
    guard let map = reading.map(node, path, "a place", keys: Self.kindKeys + Self.options) else {
      let type = TypeSource(.unreadable, mark: name.mark)
      return PlaceSource(name: name, kind: .ordinary, type: type)
    }
    let kinds = map.entries.filter { Self.kindKeys.contains($0.name) }
    if kinds.count > 1 {
      reading.report(
        "F127", "a place is of one kind", at: kinds[1].key.mark, path: path,
        found: kinds.map(\.name).joined(separator: " and "),
        expected: "one of type, start, end, shared, message",
        help: "a record that has such a field is written {type: {...}}")
    }
    let kind = Self.kind(kinds[0].name)
    var place = PlaceSource(
      name: name, kind: kind, type: type(kinds[0].value, join(path, kinds[0].name)))
    refuseOptions(of: map, kind, kinds[0].name, path)
    place.capacity = map["capacity"].flatMap { reading.expression($0, join(path, "capacity")) }
    place.order = map["order"].flatMap { order($0, join(path, "order")) }
    place.key = map["key"].map { reading.someName($0, join(path, "key"), .identifier) }
    place.initial = map["initial"].flatMap { initial($0, join(path, "initial")) }
    place.keep = map["keep"].flatMap { reading.expression($0, join(path, "keep")) }
    if let many = map["many"] {
      place.many = reading.boolean(many, join(path, "many")).map { Located($0, many.mark) }
    }
    if kind == .message, map["keep"] == nil {
      place.keep = .unreadable(at: name.mark)
      if map.isInPart { return place }
      reading.report(
        reading.codes.missingKey,
        "the message place '\(name.value)' does not say how long it keeps",
        at: name.mark, path: path, found: "no keep", expected: "keep: D",
        help: "after keep a message that nobody took expires, logged")
    }
    return place
  }

  private static func kind(_ name: String) -> PlaceSource.Kind {
    switch name {
    case "start": .start
    case "end": .end
    case "shared": .shared
    case "message": .message
    default: .ordinary
    }
  }

  private static func options(of kind: PlaceSource.Kind) -> [String] {
    switch kind {
    case .ordinary, .start: ["capacity", "order"]
    case .end: ["order", "many"]
    case .shared: ["capacity", "order", "key", "initial"]
    case .message: ["capacity", "order", "key", "keep"]
    }
  }

  private func refuseOptions(
    of map: YamlMap, _ kind: PlaceSource.Kind, _ kindName: String, _ path: String
  ) {
    let allowed = Self.options(of: kind)
    for entry in map.entries
    where Self.options.contains(entry.name) && !allowed.contains(entry.name) {
      reading.report(
        "F127", "a place of kind '\(kindName)' has no '\(entry.name)'", at: entry.key.mark,
        path: join(path, entry.name), found: entry.name,
        expected: "only \(([kindName] + allowed).joined(separator: ", "))")
    }
  }

  private func order(_ node: YamlNode, _ path: String) -> [Located<String>]? {
    guard let items = reading.list(node, path, "a list of FIELD, -FIELD, available") else {
      return nil
    }
    return items.compactMap { item in
      guard let text = reading.text(item, path, "FIELD, -FIELD or available") else { return nil }
      let name = text.text.inFormC
      let field =
        name.utf8.first == UInt8(ascii: "-") ? String(name.unicodeScalars.dropFirst()) : name
      guard reading.check(Located(field, text.mark), .identifier, path) else { return nil }
      return Located(name, text.mark)
    }
  }

  private func initial(_ node: YamlNode, _ path: String) -> PlaceSource.InitialSource? {
    switch node.content {
    case .list(let items):
      return .tokens(items.map { literal($0, path) }, node.mark)
    case .scalar: return .count(reading.expression(node, path))
    case .map, .unreadable:
      reading.refuse(node, path, "a number of tokens or a list of values")
      return nil
    }
  }

  /// A LITERAL as YAML; what it means depends on the type it is read for.
  func literal(_ node: YamlNode, _ path: String) -> LiteralSource {
    switch node.content {
    case .scalar: return .text(node.sourceText ?? .unreadable(at: node.mark))
    case .list(let items): return .list(items.map { literal($0, path) }, node.mark)
    case .map(let entries):
      return .map(
        (entries + node.strays).map { ($0.located, literal($0.value, path)) }, node.mark)
    case .unreadable: return .text(.unreadable(at: node.mark))
    }
  }
}
