import PetriNet

extension NetReader {
  func parameters(_ node: YamlNode) -> [ParameterSource] {
    guard let entries = reading.entries(node, "params", "a map of parameters") else {
      let type = TypeSource(.unreadable, mark: node.mark)
      let none = LiteralSource.text(.unreadable(at: node.mark))
      return [ParameterSource(name: .unreadable(at: node.mark), type: type, literal: none)]
    }
    return (entries + node.strays).map { entry in
      let path = join("params", entry.name)
      let name = reading.key(entry, .identifier, "params")
      let none = LiteralSource.text(.unreadable(at: entry.value.mark))
      guard let text = reading.text(entry.value, path, "TYPE = VALUE") else {
        let type = TypeSource(.unreadable, mark: entry.value.mark)
        return ParameterSource(name: name, type: type, literal: none)
      }
      let (type, literal) = TypeReader.read(text, path, takesLiteral: true, reading)
      if literal == nil, !type.isUnreadable {
        reading.report(
          reading.codes.badValue, "the parameter '\(entry.name)' has no value", at: text.mark,
          path: path, found: text.text, expected: "TYPE = VALUE")
      }
      return ParameterSource(name: name, type: type, literal: literal ?? none)
    }
  }

  func types(_ node: YamlNode) -> [TypeDeclarationSource] {
    guard let entries = reading.entries(node, "types", "a map of types") else {
      return [.init(name: .unreadable(at: node.mark), body: .unreadable)]
    }
    return (entries + node.strays).map { entry in
      let path = join("types", entry.name)
      let name = reading.key(entry, .identifier, "types")
      switch entry.value.content {
      case .list(let items):
        let members = members(items, path)
        let isWhole = members.count == items.count
        return .init(name: name, body: isWhole ? .enumeration(members) : .unreadable)
      case .map: return .init(name: name, body: .record(fields(entry.value, path)))
      case .scalar, .unreadable:
        reading.refuse(entry.value, path, "a record {FIELD: TYPE} or a list of members")
        return .init(name: name, body: .unreadable)
      }
    }
  }

  private func members(_ items: [YamlNode], _ path: String) -> [Located<String>] {
    items.compactMap { item in
      reading.text(item, path, "a member").map { Located($0.text.inFormC, $0.mark) }
    }
  }

  /// The fields of a RECORD.
  func fields(_ node: YamlNode, _ path: String) -> [FieldSource] {
    guard let entries = reading.entries(node, path, "a record {FIELD: TYPE}") else {
      let type = TypeSource(.unreadable, mark: node.mark)
      return [FieldSource(name: .unreadable(at: node.mark), type: type)]
    }
    return (entries + node.strays).map { entry in
      let place = join(path, entry.name)
      let name = reading.key(entry, .identifier, path)
      let unreadable = TypeSource(.unreadable, mark: entry.value.mark)
      if case .map = entry.value.content {
        reading.report(
          reading.codes.wrongKind, "a record inside a record has a name", at: entry.value.mark,
          path: place, found: "a map", expected: "a type",
          help: "declare it under types: and write its name here")
        return FieldSource(name: name, type: unreadable)
      }
      guard let text = reading.text(entry.value, place, "a type") else {
        return FieldSource(name: name, type: unreadable)
      }
      let (type, literal) = TypeReader.read(text, place, takesLiteral: true, reading)
      return FieldSource(name: name, type: type, literal: literal)
    }
  }

  /// TYPE or RECORD; told and unreadable if it is neither.
  func type(_ node: YamlNode, _ path: String) -> TypeSource {
    if case .map = node.content { return record(node, path) }
    guard let text = reading.text(node, path, "a type or a record {FIELD: TYPE}") else {
      return TypeSource(.unreadable, mark: node.mark)
    }
    return TypeReader.read(text, path, takesLiteral: false, reading).type
  }

  func record(_ node: YamlNode, _ path: String) -> TypeSource {
    TypeSource(.record(fields(node, path)), mark: node.mark)
  }

  func actions(_ node: YamlNode) -> [ActionSource] {
    guard let entries = reading.entries(node, "actions", "a map of actions") else {
      let none = TypeSource(.unreadable, mark: node.mark)
      return [ActionSource(name: .unreadable(at: node.mark), takes: none, returns: none)]
    }
    return (entries + node.strays).map { entry in
      let path = join("actions", entry.name)
      let name = reading.key(entry, .dotted, "actions")
      guard
        let map = reading.map(
          entry.value, path, "a map {takes, returns, effect}",
          keys: ["takes", "returns", "effect"])
      else {
        let none = TypeSource(.unreadable, mark: entry.value.mark)
        return ActionSource(name: name, takes: none, returns: none)
      }
      let takes = required(map, "takes", path, at: entry).map { type($0, join(path, "takes")) }
      let returns = required(map, "returns", path, at: entry).map {
        type($0, join(path, "returns"))
      }
      let effect = map["effect"].flatMap {
        word($0, join(path, "effect"), ["none", "repeatable", "final"])
      }
      let none = TypeSource(.unreadable, mark: entry.key.mark)
      return ActionSource(
        name: name, takes: takes ?? none, returns: returns ?? none, effect: effect)
    }
  }

  func caseRules(_ node: YamlNode) -> CaseSource? {
    let keys = ["key", "again", "keep", "labels", "subject", "partition", "cancel"]
    guard let map = reading.map(node, "case", "a map of rules", keys: keys) else { return nil }
    var rules = CaseSource(mark: node.mark)
    rules.key = map["key"].flatMap { reading.expression($0, "case.key") }
    rules.again = map["again"].flatMap { word($0, "case.again", ["join", "refuse"]) }
    rules.keep = map["keep"].flatMap { reading.expression($0, "case.keep") }
    rules.subject = map["subject"].flatMap { reading.expression($0, "case.subject") }
    rules.partition = map["partition"].flatMap { reading.expression($0, "case.partition") }
    rules.cancel = map["cancel"].map { reading.someName($0, "case.cancel", .identifier) }
    if let labels = map["labels"] {
      rules.labels = named(labels, "case.labels", "a map of labels").map { ($0.name, $0.value) }
    }
    return rules
  }

  // MARK: Parts of parts

  /// The value of a key that must be there; told at `entry` if it is not.
  func required(
    _ map: YamlMap, _ key: String, _ path: String, at entry: YamlNode.Entry
  ) -> YamlNode? {
    if let node = map[key] { return node }
    if map.isInPart { return nil }
    reading.report(
      reading.codes.missingKey, "'\(path)' has no '\(key)'", at: entry.key.mark, path: path,
      found: map.entries.isEmpty
        ? "an empty map" : map.entries.map(\.name).joined(separator: ", "),
      expected: key)
    return nil
  }

  /// A word of a closed set that the compiler reads.
  func word(_ node: YamlNode, _ path: String, _ words: [String]) -> Located<String>? {
    let what = "one of \(words.joined(separator: ", "))"
    guard let text = reading.text(node, path, what) else { return nil }
    guard words.contains(where: { $0.utf8.elementsEqual(text.text.utf8) }) else {
      reading.report(
        reading.codes.badValue, "'\(path)' cannot be '\(text.text)'", at: text.mark, path: path,
        found: text.text, expected: what, nearest: Nearest.name(to: text.text, among: words))
      return nil
    }
    return Located(text.text, text.mark)
  }

  /// `{NAME: CEL}`.
  func named(_ node: YamlNode, _ path: String, _ what: String) -> [NamedExpressionSource] {
    guard let entries = reading.entries(node, path, what) else { return [] }
    return (entries + node.strays).map { entry in
      NamedExpressionSource(
        name: reading.key(entry, .identifier, path),
        value: reading.expression(entry.value, join(path, entry.name)))
    }
  }
}
