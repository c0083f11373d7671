import PetriNet

extension TestFileReader {
  func scripts(_ map: YamlMap, _ path: String) -> TestScripts {
    var scripts = TestScripts()
    if let node = map["verdicts"] {
      scripts.verdicts = each(node, join(path, "verdicts"), verdict)
        .map { (transition: $0.0, answers: $0.1) }
    }
    if let node = map["actions"] {
      scripts.actions = each(node, join(path, "actions"), attempt)
        .map { (transition: $0.0, attempts: $0.1) }
    }
    if let node = map["answers"] {
      scripts.answers = each(node, join(path, "answers"), answer)
        .map { (transition: $0.0, answers: $0.1) }
    }
    return scripts
  }

  /// `{TRANSITION: ITEM | [ITEM, …]}`.
  private func each<Item>(
    _ node: YamlNode, _ path: String, _ read: (YamlNode, String) -> Item?
  ) -> [(Located<String>, [Item])] {
    (reading.entries(node, path, "a map {TRANSITION: …}") ?? []).map { entry in
      let place = join(path, entry.name)
      guard case .list(let items) = entry.value.content else {
        return (entry.located, read(entry.value, place).map { [$0] } ?? [])
      }
      let all = items.enumerated().compactMap { read($1, "\(place).\($0)") }
      return (entry.located, all)
    }
  }

  private func verdict(_ node: YamlNode, _ path: String) -> TestScripts.Verdict? {
    guard case .map = node.content else {
      return reading.text(node, path, "a label, timeout or {label, fallback, ending, after}").map {
        .init(kind: $0.text == "timeout" ? .timeout : .label($0.text.inFormC))
      }
    }
    let kinds = ["label", "fallback", "ending", "timeout"]
    guard
      let map = reading.map(
        node, path, "a scripted verdict", keys: kinds + ["after", "confidence"])
    else { return nil }
    let present = map.entries.filter { kinds.contains($0.name) }
    guard let entry = present.first, present.count == 1 else {
      refuseKinds(present, kinds, node, path)
      return nil
    }
    let kind: TestScripts.Verdict.Kind?
    switch entry.name {
    case "label":
      kind = reading.text(entry.value, path, "a label").map { .label($0.text.inFormC) }
    case "fallback":
      kind = reading.text(entry.value, path, "a reason").map { .fallback(reason: $0.text) }
    case "ending": kind = reading.integer(entry.value, path, in: 1...64).map { .ending($0) }
    default: kind = reading.boolean(entry.value, path).map { _ in .timeout }
    }
    let after = map["after"].flatMap { reading.duration($0, join(path, "after")) }
    let confidence = map["confidence"].flatMap {
      reading.number($0, join(path, "confidence"), in: 0...1)
    }
    return kind.map { .init(kind: $0, afterMicroseconds: after ?? 0, confidence: confidence) }
  }

  private func refuseKinds(
    _ present: [YamlNode.Entry], _ kinds: [String], _ node: YamlNode, _ path: String
  ) {
    reading.report(
      "F127", "'\(path)' is one thing", at: node.mark, path: path,
      found: present.isEmpty ? "none" : present.map(\.name).joined(separator: " and "),
      expected: "one of \(kinds.joined(separator: ", "))")
  }

  private func attempt(_ node: YamlNode, _ path: String) -> TestScripts.Attempt? {
    guard case .map = node.content else {
      guard let text = reading.text(node, path, "{ok: VALUE}, {failed: CODE} or unknown") else {
        return nil
      }
      guard text.text == "unknown" else {
        reading.badValue(text, path, "{ok: VALUE}, {failed: CODE} or unknown")
        return nil
      }
      return .init(kind: .unknown, mark: node.mark)
    }
    let kinds = ["ok", "failed", "unknown"]
    guard
      let map = reading.map(
        node, path, "a scripted attempt", keys: kinds + ["retry", "after"])
    else { return nil }
    let present = map.entries.filter { kinds.contains($0.name) }
    guard let entry = present.first, present.count == 1 else {
      refuseKinds(present, kinds, node, path)
      return nil
    }
    let retry = map["retry"].flatMap { reading.boolean($0, join(path, "retry")) }
    let kind: TestScripts.Attempt.Kind?
    switch entry.name {
    case "ok": kind = .ok(TestValue(entry.value))
    case "failed":
      kind = reading.text(entry.value, path, "a code").map {
        .failed(code: $0.text, retry: retry ?? false)
      }
    default: kind = .unknown
    }
    let after = map["after"].flatMap { reading.duration($0, join(path, "after")) }
    return kind.map { .init(kind: $0, afterMicroseconds: after ?? 0, mark: node.mark) }
  }

  private func answer(_ node: YamlNode, _ path: String) -> TestScripts.Answer? {
    let keys = ["outcome", "by", "form", "after"]
    guard let map = reading.map(node, path, "an answer {outcome, by, form, after}", keys: keys)
    else { return nil }
    guard let item = map["outcome"] else {
      reading.report(
        reading.codes.missingKey, "'\(path)' has no 'outcome'", at: node.mark, path: path,
        found: map.entries.map(\.name).joined(separator: ", "), expected: "outcome: NAME")
      return nil
    }
    guard let outcome = reading.text(item, join(path, "outcome"), "an outcome") else { return nil }
    return .init(
      outcome: Located(outcome.text.inFormC, outcome.mark),
      by: map["by"].flatMap { reading.text($0, join(path, "by"), "a person")?.text },
      form: map["form"].map { TestValue($0) },
      afterMicroseconds: map["after"].flatMap { reading.duration($0, join(path, "after")) } ?? 0)
  }
}
