import PetriNet

extension PromptReader {
  private static let reserved = ["fallback", "else", "true", "false"]

  func labels(_ node: YamlNode) -> Labels {
    switch node.content {
    case .list(let items):
      let texts = items.compactMap { reading.text($0, "labels", "a label") }
      if texts.count == items.count, Self.isBoolean(texts.map(\.text)) {
        return Labels(isBoolean: true, isInPart: false)
      }
      return strings(texts.map { ($0, nil) }, of: items.count, node)
    case .map(let entries):
      let labels = entries.map { (text: $0.key, note: note($0)) }
      return strings(labels, of: entries.count + node.strays.count, node)
    case .scalar, .unreadable:
      reading.refuse(node, "labels", "[true, false], a list of labels or {label: note}")
      return Labels()
    }
  }

  private static func isBoolean(_ labels: [String]) -> Bool {
    labels.count == 2 && labels.contains("true") && labels.contains("false")
  }

  private func note(_ entry: YamlNode.Entry) -> String? {
    let path = join("labels", entry.name)
    guard let text = reading.text(entry.value, path, "one line for the model") else { return nil }
    guard !text.text.unicodeScalars.contains("\n") else {
      reading.badValue(text, path, "one line for the model")
      return nil
    }
    return text.text
  }

  private func strings(
    _ labels: [(text: SourceText, note: String?)], of count: Int, _ node: YamlNode
  ) -> Labels {
    if !(Limits.labelsMin...Limits.labelsMax).contains(count) {
      reading.report(
        "F304", "a question has \(Limits.labelsMin) to \(Limits.labelsMax) labels",
        at: node.mark, path: "labels", found: "\(count)",
        expected: "[true, false], or \(Limits.labelsMin) to \(Limits.labelsMax) labels")
    }
    // One that cannot be a label is one all the same for what refers to it.
    var result = Labels(isInPart: labels.count < count)
    for (text, note) in labels {
      let name = text.text.inFormC
      _ = isLabel(name, text)
      if result.list.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
        refuse(text, "the label twice", "each label once")
        result.isInPart = true
        continue
      }
      result.list.append(Prompt.Label(name: name, note: note))
    }
    return result
  }

  /// - Parameter name: The text in form C, in which names are; a label is compared byte by byte with
  ///   what a model writes, so that nobody but its author may choose its bytes.
  private func isLabel(_ name: String, _ text: SourceText) -> Bool {
    guard name.utf8.elementsEqual(text.text.utf8) else {
      refuse(
        text, "decomposed characters",
        "the same label in composed characters (Unicode's form NFC)")
      return false
    }
    let count = name.unicodeScalars.count
    guard (1...Limits.labelScalarsMax).contains(count) else {
      refuse(text, "\(count) characters", "1 to \(Limits.labelScalarsMax) characters")
      return false
    }
    guard !name.utf8.contains(where: { $0 < 0x20 }) else {
      refuse(text, "a control character", "a label without control characters")
      return false
    }
    guard !Self.reserved.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      refuse(text, name, "a label that is not \(Self.reserved.joined(separator: ", "))")
      return false
    }
    return true
  }

  private func refuse(_ text: SourceText, _ found: String, _ expected: String) {
    reading.report(
      "F304", "'\(VisibleText.visible(text.text))' is no label here", at: text.mark,
      path: "labels", found: found, expected: expected)
  }

  func canary(_ node: YamlNode, _ labels: Labels) -> String? {
    guard let text = reading.text(node, "canary", "a label that is never right") else {
      return nil
    }
    let name = text.text.inFormC
    guard isLabel(name, text) else { return nil }
    if labels.isBoolean {
      reading.report(
        "F308", "a question of true and false has no canary", at: text.mark, path: "canary",
        found: name, expected: "labels of your own, or no canary")
      return nil
    }
    if labels.list.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      reading.report(
        "F308", "the canary is one of the labels", at: text.mark, path: "canary", found: name,
        expected: "a label that is never right")
      return nil
    }
    return name
  }
}
