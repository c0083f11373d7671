import PetriNet

extension NetReader {
  /// What a transition of this kind does; parts that are missing are told and unreadable.
  func work(
    _ kind: String, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> WorkSource {
    guard let node = map[kind] else { return .unreadable([]) }
    let place = join(path, kind)
    switch kind {
    case "out": return .plain(outputs(node, place))
    case "choose": return .choose(branches(node, place), node.mark)
    case "judge": return .judge(judge(node, map, entry, path))
    case "action": return .action(action(node, map, entry, path))
    case "task": return .task(task(node, map, entry, path))
    default:
      let name = reading.someName(node, place, .hyphenated, "the name of a workflow")
      let routes = routes(map, entry, path)
      let with = map["with"].map { argument($0, join(path, "with")) }
      return .call(CallSource(workflow: name, with: with, then: routes))
    }
  }

  func branches(_ node: YamlNode, _ path: String) -> [BranchSource] {
    guard let entries = reading.entries(node, path, "a map of branches") else {
      return [BranchSource(name: .unreadable(at: node.mark), outputs: .unreadable(at: node.mark))]
    }
    let branches = (entries + node.strays).map { branch($0, path) }
    if let index = entries.firstIndex(where: { $0.name == "else" }), index != entries.count - 1 {
      reading.report(
        "F127", "else stands last", at: entries[index].key.mark, path: join(path, "else"),
        found: "'\(entries[index + 1].name)' after it", expected: "else as the last branch")
    }
    return branches
  }

  private func branch(_ entry: YamlNode.Entry, _ path: String) -> BranchSource {
    let place = join(path, entry.name)
    let isElse = entry.name == "else" && !entry.key.isUnreadable
    let name = reading.key(entry, .identifier, path)
    let what = isElse ? "a map {out: …}" : "a map {when: CEL, out: …}"
    var condition: SourceText? = isElse ? nil : .unreadable(at: entry.value.mark)
    guard let map = reading.map(entry.value, place, what, keys: ["when", "out"]) else {
      let none = OutputSource.unreadable(at: entry.value.mark)
      return BranchSource(name: name, condition: condition, outputs: none)
    }
    if isElse {
      if let extra = map.entry("when") {
        reading.report(
          "F127", "else has no when", at: extra.key.mark, path: place, found: "when",
          expected: "only out")
      }
    } else if entry.name == "else" {
      // A second one, told as such.
    } else if let node = required(map, "when", place, at: entry) {
      condition = reading.expression(node, join(place, "when"))
    }
    let puts = required(map, "out", place, at: entry).map { outputs($0, join(place, "out")) }
    return BranchSource(
      name: name, condition: condition, outputs: puts ?? .unreadable(at: entry.value.mark))
  }

  private func judge(
    _ node: YamlNode, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> JudgeSource {
    let prompt = reading.someName(node, join(path, "judge"), .hyphenated, "the name of a prompt")
    let with = map["with"].map { named($0, join(path, "with"), "a map of the prompt's fields") }
    let timeout = required(map, "timeout", path, at: entry)
    let routes = routes(map, entry, path)
    return JudgeSource(
      prompt: prompt, with: with ?? [],
      timeout: timeout.map { reading.expression($0, join(path, "timeout")) }
        ?? .unreadable(at: entry.key.mark),
      model: map["model"].map { model($0, join(path, "model")) },
      agree: map["agree"].flatMap { reading.expression($0, join(path, "agree")) },
      atLeast: map["at_least"].flatMap { reading.expression($0, join(path, "at_least")) },
      then: routes)
  }

  private func model(_ node: YamlNode, _ path: String) -> JudgeSource.ModelSource {
    guard case .list(let items) = node.content else {
      return .one(reading.expression(node, path))
    }
    return .several(
      items.map { reading.someName($0, path, .hyphenated, "an alias of a model") })
  }

  private func action(
    _ node: YamlNode, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> ActionWorkSource {
    let name = reading.someName(node, join(path, "action"), .dotted, "the name of an action")
    let routes = routes(map, entry, path)
    var attempts: SourceText?
    var backoff: (low: SourceText, high: SourceText)?
    if let retry = map["retry"] {
      let place = join(path, "retry")
      let parts = reading.map(
        retry, place, "a map {attempts, backoff}", keys: ["attempts", "backoff"])
      attempts = parts?["attempts"].flatMap { reading.expression($0, join(place, "attempts")) }
      backoff = parts?["backoff"].flatMap { self.backoff($0, join(place, "backoff")) }
    }
    let with = map["with"].map { argument($0, join(path, "with")) }
    let timeout = map["timeout"].map { reading.expression($0, join(path, "timeout")) }
    return ActionWorkSource(
      action: name, with: with, timeout: timeout, attempts: attempts, backoff: backoff,
      then: routes)
  }

  private func backoff(_ node: YamlNode, _ path: String) -> (low: SourceText, high: SourceText)? {
    guard let text = reading.text(node, path, "a range of durations as in 1s..30s") else {
      return nil
    }
    guard let ends = QuantityText.ends(of: text.text) else {
      reading.badValue(text, path, "a range of durations as in 1s..30s")
      return nil
    }
    let length = text.text.unicodeScalars.count
    return (
      text.slice(0, ends.low.unicodeScalars.count),
      text.slice(length - ends.high.unicodeScalars.count, length)
    )
  }

  private func task(
    _ node: YamlNode, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> TaskSource {
    let title = reading.someText(node, join(path, "task"), "the title of a task")
    let routes = routes(map, entry, path)
    var task = TaskSource(title: title, then: routes)
    if let with = map["with"] { task.with = named(with, join(path, "with"), "a map {NAME: CEL}") }
    task.group = map["for"].flatMap { reading.expression($0, join(path, "for")) }
    task.notBy = map["not"].flatMap { reading.expression($0, join(path, "not")) }
    task.due = map["due"].flatMap { reading.expression($0, join(path, "due")) }
    if let ask = map["ask"] {
      let place = join(path, "ask")
      let forms = reading.entries(ask, place, "a map {OUTCOME: RECORD}")
      let none = TypeSource(.unreadable, mark: ask.mark)
      if forms == nil { task.ask = [(.unreadable(at: ask.mark), none)] }
      task.ask += ((forms ?? []) + ask.strays).map { form in
        let name = reading.key(form, .identifier, place)
        return (name, record(form.value, join(place, form.name)))
      }
    }
    return task
  }

  private func argument(_ node: YamlNode, _ path: String) -> ArgumentSource {
    guard case .map = node.content else {
      return .whole(reading.expression(node, path))
    }
    return .fields(named(node, path, "a map {FIELD: CEL}"), node.mark)
  }

  private func routes(
    _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> RoutesSource {
    guard let node = required(map, "then", path, at: entry) else {
      return Self.unreadableRoutes(entry.key.mark)
    }
    return routes(node, join(path, "then"))
  }

  private static func unreadableRoutes(_ mark: SourceMark) -> RoutesSource {
    [RouteSource(outcome: .unreadable(at: mark), outputs: .unreadable(at: mark))]
  }

  func routes(_ node: YamlNode, _ path: String) -> RoutesSource {
    guard let entries = reading.entries(node, path, "a map {OUTCOME: {PLACE: VALUE}}") else {
      return Self.unreadableRoutes(node.mark)
    }
    return (entries + node.strays).map { route in
      RouteSource(
        outcome: route.located, outputs: outputs(route.value, join(path, route.name)))
    }
  }
}
