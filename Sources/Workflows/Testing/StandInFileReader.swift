package import PetriNet

/// Reads the rules of a stand-in: all mistakes of the file at once.
package struct StandInFileReader {
  private let reading: FileReading

  /// - Returns: nil if the file is no YAML or is for something else than a model.
  package static func read(
    _ bytes: [UInt8], path: String
  ) -> (file: StandInFile?, findings: [Finding]) {
    let reading = FileReading(file: path, codes: .workflow)
    let root = YamlDocument.read(bytes, file: path, findings: &reading.findings)
    let file = root.flatMap { StandInFileReader(reading: reading).file($0) }
    return (file, DiagnosticText.sorted(reading.findings))
  }

  private static let keys = [
    "stand_in", "seed", "models", "delay", "rules", "otherwise", "faults", "sticky",
    "confidence", "constraint",
  ]

  private func file(_ root: YamlNode) -> StandInFile? {
    guard
      let map = reading.map(root, "", "a map that begins with stand_in: model", keys: Self.keys)
    else { return nil }
    guard let kind = map["stand_in"]?.sourceText, kind.text == "model" else {
      reading.report(
        reading.codes.missingKey, "the file does not say what it stands in for",
        at: map["stand_in"]?.mark ?? map.mark, path: "stand_in",
        found: map["stand_in"]?.sourceText?.text ?? "no stand_in", expected: "stand_in: model")
      return nil
    }
    var file = StandInFile()
    if let node = map["seed"], let seed = reading.integer(node, "seed", in: 0...Int.max) {
      file.seed = UInt64(seed)
    }
    if let node = map["models"], let items = reading.list(node, "models", "a list of names") {
      file.models = items.compactMap { reading.text($0, "models", "a name")?.text }
    }
    if let node = map["delay"], let range = delay(node) {
      (file.delayLowMicroseconds, file.delayHighMicroseconds) = range
    }
    if let node = map["rules"] { file.rules = rules(node) }
    if let node = map["otherwise"], let answer = otherwise(node) { file.otherwise = answer }
    if let node = map["faults"] { file.faults = faults(node) }
    if let node = map["sticky"], let flag = reading.boolean(node, "sticky") {
      file.isSticky = flag
    }
    if let node = map["confidence"],
      let word = reading.word(node, "confidence", StandInFile.Confidence.self)
    {
      file.confidence = word
    }
    if let node = map["constraint"],
      let word = reading.word(node, "constraint", StandInFile.Constraint.self)
    {
      file.constraint = word
    }
    return file
  }

  private func delay(_ node: YamlNode) -> (Int64, Int64)? {
    guard let text = reading.text(node, "delay", "D or D..D") else { return nil }
    if let single = QuantityText.microseconds(text.text) { return (single, single) }
    guard let range = QuantityText.microsecondsRange(text.text) else {
      reading.badValue(text, "delay", "D or D..D, as in 20ms..60ms")
      return nil
    }
    return (range.low, range.high)
  }

  private func answer(_ node: YamlNode, _ path: String) -> StandInFile.Answer? {
    reading.text(node, path, "a label, or seeded").map {
      $0.text == "seeded" ? .seeded : .label($0.text.inFormC)
    }
  }

  private func otherwise(_ node: YamlNode) -> StandInFile.Answer? {
    reading.map(node, "otherwise", "a map {label: LABEL}", keys: ["label"])?["label"].flatMap {
      answer($0, "otherwise.label")
    }
  }

  private static let ruleKeys = [
    "contains", "matches", "equals", "label", "obey", "fault", "confidence",
  ]

  private func rules(_ node: YamlNode) -> [StandInFile.Rule] {
    let items = reading.list(node, "rules", "a list of rules") ?? []
    return items.enumerated().compactMap { index, item in rule(item, "rules.\(index)") }
  }

  private func rule(_ node: YamlNode, _ path: String) -> StandInFile.Rule? {
    guard let map = reading.map(node, path, "a rule", keys: Self.ruleKeys) else { return nil }
    var rule = StandInFile.Rule()
    if let node = map["contains"] {
      let place = join(path, "contains")
      rule.contains = (reading.list(node, place, "a list of texts") ?? []).compactMap {
        reading.text($0, place, "a text")?.text
      }
    }
    rule.matches = map["matches"].flatMap {
      reading.text($0, join(path, "matches"), "a pattern")?.text
    }
    rule.equals = map["equals"].flatMap { reading.text($0, join(path, "equals"), "a text")?.text }
    rule.answer = map["label"].flatMap { answer($0, join(path, "label")) }
    if let node = map["obey"], let flag = reading.boolean(node, join(path, "obey")) {
      rule.obeys = flag
    }
    rule.fault = map["fault"].flatMap { node in
      reading.text(node, join(path, "fault"), "a fault").flatMap {
        fault($0.text, $0.mark, join(path, "fault"))
      }
    }
    rule.confidence = map["confidence"].flatMap {
      reading.number($0, join(path, "confidence"), in: 0...1)
    }
    check(rule, map, path)
    return rule
  }

  private func check(_ rule: StandInFile.Rule, _ map: YamlMap, _ path: String) {
    if !map.entries.contains(where: { ["contains", "matches", "equals"].contains($0.name) }) {
      reading.report(
        reading.codes.missingKey, "'\(path)' has no condition", at: map.mark, path: path,
        found: map.entries.map(\.name).joined(separator: ", "),
        expected: "one of contains, matches, equals")
    }
    if !map.entries.contains(where: { ["label", "obey", "fault"].contains($0.name) }) {
      reading.report(
        reading.codes.missingKey, "'\(path)' does nothing", at: map.mark, path: path,
        found: map.entries.map(\.name).joined(separator: ", "),
        expected: "one of label, obey, fault")
    }
    if rule.obeys, map["matches"] == nil, let entry = map.entry("obey") {
      reading.report(
        "F127", "obey needs matches", at: entry.key.mark, path: path, found: "obey alone",
        expected: "matches: PATTERN that holds the label")
    }
  }

  private func fault(_ text: String, _ mark: SourceMark, _ path: String) -> StandInFile.Fault? {
    var name = text
    var microseconds: Int64?
    if let open = text.utf8.firstIndex(of: UInt8(ascii: "(")), text.hasSuffix(")") {
      name = String(text[..<open])
      let argument = text[text.utf8.index(after: open)...].dropLast()
      microseconds = QuantityText.microseconds(String(argument))
      if microseconds == nil || (name != "delay" && name != "status_429") {
        reading.report(
          reading.codes.badValue, "'\(path)' cannot be '\(text)'", at: mark, path: path,
          found: text, expected: "delay(D) or status_429(D)")
        return nil
      }
    }
    let names = StandInFile.faultNames
    guard names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      reading.report(
        reading.codes.badValue, "unknown fault '\(name)'", at: mark, path: path, found: name,
        expected: "one of \(names.count) faults", nearest: Nearest.name(to: name, among: names))
      return nil
    }
    if microseconds == nil, name == "delay" || name == "status_429" {
      reading.report(
        reading.codes.badValue, "'\(name)' needs a time", at: mark, path: path, found: name,
        expected: "\(name)(D)")
      return nil
    }
    return .init(name: name, microseconds: microseconds)
  }

  private func faults(_ node: YamlNode) -> [StandInFile.Rate] {
    var sum = 0.0
    let rates = (reading.entries(node, "faults", "a map {FAULT: PERCENT}") ?? []).compactMap {
      entry -> StandInFile.Rate? in
      let path = join("faults", entry.name)
      let fault = fault(entry.key.text, entry.key.mark, path)
      guard let rate = percent(entry.value, path) else { return nil }
      sum += rate
      return fault.map { .init(fault: $0, rate: rate) }
    }
    if sum > 1.000_000_1 {
      reading.report(
        reading.codes.badValue, "the faults add up to more than 100 %", at: node.mark,
        path: "faults", found: "more than 100 %", expected: "at most 100 %")
    }
    return rates
  }

  private func percent(_ node: YamlNode, _ path: String) -> Double? {
    guard let text = reading.text(node, path, "a share as in 5%") else { return nil }
    guard text.text.hasSuffix("%"),
      let value = JSONNumber(String(text.text.dropLast()))?.double, (0...100).contains(value)
    else {
      reading.badValue(text, path, "a share as in 5%")
      return nil
    }
    return value / 100
  }
}
