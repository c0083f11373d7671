import PetriNet

extension NetReader {
  /// What a transition of this kind does; nil, told, if a part it cannot be without is missing.
  func work(
    _ kind: String, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> WorkSource? {
    guard let node = map[kind] else { return nil }
    let place = join(path, kind)
    switch kind {
    case "out": return outputs(node, place).map { .plain($0) }
    case "choose": return branches(node, place).map { .choose($0, node.mark) }
    case "judge": return judge(node, map, entry, path).map { .judge($0) }
    case "action": return action(node, map, entry, path).map { .action($0) }
    case "task": return task(node, map, entry, path).map { .task($0) }
    default:
      let name = reading.name(node, place, .hyphenated, "the name of a workflow")
      let routes = routes(map, entry, path)
      let with = map["with"].flatMap { argument($0, join(path, "with")) }
      return name.map { .call(CallSource(workflow: $0, with: with, then: routes)) }
    }
  }

  private func branches(_ node: YamlNode, _ path: String) -> [BranchSource]? {
    guard let entries = reading.entries(node, path, "a map of branches") else { return nil }
    let branches = entries.compactMap { branch($0, path) }
    if let index = entries.firstIndex(where: { $0.name == "else" }), index != entries.count - 1 {
      reading.report(
        "F127", "else stands last", at: entries[index].key.mark, path: join(path, "else"),
        found: "'\(entries[index + 1].name)' after it", expected: "else as the last branch")
    }
    return branches
  }

  private func branch(_ entry: YamlNode.Entry, _ path: String) -> BranchSource? {
    let place = join(path, entry.name)
    let isElse = entry.name == "else"
    let name = reading.key(entry, .identifier, path)
    let what = isElse ? "a map {out: …}" : "a map {when: CEL, out: …}"
    guard let map = reading.map(entry.value, place, what, keys: ["when", "out"]) else {
      return nil
    }
    var condition: SourceText?
    if isElse {
      if let extra = map.entry("when") {
        reading.report(
          "F127", "else has no when", at: extra.key.mark, path: place, found: "when",
          expected: "only out")
      }
    } else {
      guard let node = required(map, "when", place, at: entry) else { return nil }
      condition = reading.expression(node, join(place, "when"))
      if condition == nil { return nil }
    }
    guard let node = required(map, "out", place, at: entry),
      let outputs = outputs(node, join(place, "out"))
    else { return nil }
    return BranchSource(name: name, condition: condition, outputs: outputs)
  }

  private func judge(
    _ node: YamlNode, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> JudgeSource? {
    let prompt = reading.name(node, join(path, "judge"), .hyphenated, "the name of a prompt")
    let with = map["with"].map { named($0, join(path, "with"), "a map of the prompt's fields") }
    let timeout = required(map, "timeout", path, at: entry)
    let routes = routes(map, entry, path)
    guard let prompt else { return nil }
    return JudgeSource(
      prompt: prompt, with: with ?? [],
      timeout: timeout.flatMap { reading.expression($0, join(path, "timeout")) },
      model: map["model"].flatMap { model($0, join(path, "model")) },
      agree: map["agree"].flatMap { reading.expression($0, join(path, "agree")) },
      atLeast: map["at_least"].flatMap { reading.expression($0, join(path, "at_least")) },
      then: routes)
  }

  private func model(_ node: YamlNode, _ path: String) -> JudgeSource.ModelSource? {
    guard case .list(let items) = node.content else {
      return reading.expression(node, path).map { .one($0) }
    }
    return .several(
      items.compactMap { reading.name($0, path, .hyphenated, "an alias of a model") })
  }

  private func action(
    _ node: YamlNode, _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> ActionWorkSource? {
    let name = reading.name(node, join(path, "action"), .dotted, "the name of an action")
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
    let with = map["with"].flatMap { argument($0, join(path, "with")) }
    let timeout = map["timeout"].flatMap { reading.expression($0, join(path, "timeout")) }
    return name.map {
      ActionWorkSource(
        action: $0, with: with, timeout: timeout, attempts: attempts, backoff: backoff,
        then: routes)
    }
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
  ) -> TaskSource? {
    let title = reading.text(node, join(path, "task"), "the title of a task")
    let routes = routes(map, entry, path)
    guard let title else { return nil }
    var task = TaskSource(title: title, then: routes)
    if let with = map["with"] { task.with = named(with, join(path, "with"), "a map {NAME: CEL}") }
    task.group = map["for"].flatMap { reading.expression($0, join(path, "for")) }
    task.notBy = map["not"].flatMap { reading.expression($0, join(path, "not")) }
    task.due = map["due"].flatMap { reading.expression($0, join(path, "due")) }
    if let ask = map["ask"] {
      let place = join(path, "ask")
      task.ask = (reading.entries(ask, place, "a map {OUTCOME: RECORD}") ?? []).map { form in
        let name = reading.key(form, .identifier, place)
        return (name, record(form.value, join(place, form.name)))
      }
    }
    return task
  }

  private func argument(_ node: YamlNode, _ path: String) -> ArgumentSource? {
    guard case .map = node.content else {
      return reading.expression(node, path).map { .whole($0) }
    }
    return .fields(named(node, path, "a map {FIELD: CEL}"), node.mark)
  }

  private func routes(
    _ map: YamlMap, _ entry: YamlNode.Entry, _ path: String
  ) -> RoutesSource {
    let place = join(path, "then")
    guard let node = required(map, "then", path, at: entry),
      let entries = reading.entries(node, place, "a map {OUTCOME: {PLACE: VALUE}}")
    else { return [] }
    return entries.map { route in
      let outputs = outputs(route.value, join(place, route.name))
      return RouteSource(
        outcome: route.located,
        outputs: outputs ?? OutputSource(puts: [], mark: route.value.mark))
    }
  }
}
