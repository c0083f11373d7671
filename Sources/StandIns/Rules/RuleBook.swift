import CEL

/// Rules made ready to be asked: checked, with their patterns compiled.
struct RuleBook: Sendable {
  struct Line: Sendable {
    var rule: StandInRule
    var pattern: Pattern?
  }

  /// What the rules say about one text.
  struct Finding: Equatable {
    /// Nil: none of the labels, so the answer is drawn by `otherwise`.
    var answer: Answer?
    var fault: StandInFault?
    /// Nil: drawn.
    var confidence: Double?
  }

  enum Answer: Equatable {
    case label(String)
    case obeyed(String)
    case seeded
  }

  let settings: StandInRules
  private let lines: [Line]

  init(_ rules: StandInRules) throws(StandInRulesProblem) {
    guard !rules.models.isEmpty else { throw .noModel }
    var total = 0.0
    for fault in rules.faults {
      guard (0...1).contains(fault.rate) else {
        throw .rateOutOfRange(fault.fault, fault.rate)
      }
      total += fault.rate
    }
    guard total <= 1.000_000_1 else { throw .ratesOverOne(total) }
    var lines: [Line] = []
    for (index, rule) in rules.rules.enumerated() {
      lines.append(try Self.line(rule, at: index))
    }
    self.lines = lines
    settings = rules
  }

  private static func line(
    _ rule: StandInRule, at index: Int
  ) throws(StandInRulesProblem) -> Line {
    guard !rule.contains.isEmpty || rule.matches != nil || rule.equals != nil else {
      throw .ruleWithoutCondition(rule: index)
    }
    guard rule.answer != nil || rule.fault != nil else {
      throw .ruleWithoutConsequence(rule: index)
    }
    if rule.answer == .obey && rule.matches == nil { throw .obeyWithoutPattern(rule: index) }
    if let confidence = rule.confidence, !(confidence > 0 && confidence <= 1) {
      throw .confidence(rule: index, confidence)
    }
    guard let text = rule.matches else { return Line(rule: rule, pattern: nil) }
    do {
      return Line(rule: rule, pattern: try Pattern(text))
    } catch {
      throw .pattern(rule: index, text: text, problem: error.message)
    }
  }

  /// The fault of the first rule that fits, and the answer of the first fitting one that gives a
  /// label out of `labels`.
  func finding(on text: String, labels: ModelLabels) -> Finding {
    var finding = Finding()
    var isFirst = true
    for line in lines {
      guard let matched = line.matched(text) else { continue }
      if isFirst { finding.fault = line.rule.fault }
      isFirst = false
      guard let answer = Self.answer(of: line.rule, matched: matched, labels: labels) else {
        continue
      }
      finding.answer = answer
      finding.confidence = line.rule.confidence
      break
    }
    return finding
  }

  private static func answer(
    of rule: StandInRule, matched: String, labels: ModelLabels
  ) -> Answer? {
    switch rule.answer {
    case .label(let label)?: labels.offers(label) ? .label(label) : nil
    case .obey?: labels.firstNamed(in: matched).map(Answer.obeyed)
    case .seeded?: .seeded
    case nil: nil
    }
  }
}

extension RuleBook.Line {
  /// What the pattern matched, the whole text without one; nil if a condition does not hold.
  fileprivate func matched(_ text: String) -> String? {
    if let equals = rule.equals, !equals.utf8.elementsEqual(text.utf8) { return nil }
    if !rule.contains.isEmpty {
      let holds = rule.contains.contains { text.utf8.firstOffset(of: $0.utf8) != nil }
      guard holds else { return nil }
    }
    guard let pattern else { return text }
    return pattern.firstMatch(in: text).map(String.init)
  }
}

extension ModelLabels {
  /// The label that stands first in `text`, ASCII letters of either case alike; of two at one
  /// place the longer.
  func firstNamed(in text: String) -> String? {
    let lowered = text.utf8.map(Self.lowered)
    var best: (offset: Int, label: String)?
    for label in names {
      guard let offset = lowered.firstOffset(of: label.utf8.map(Self.lowered)) else { continue }
      if let known = best {
        guard (offset, -label.utf8.count) < (known.offset, -known.label.utf8.count) else {
          continue
        }
      }
      best = (offset, label)
    }
    return best?.label
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }
}

extension Collection where Element == UInt8 {
  /// Where `needle` first stands, counted from the start; 0 for an empty one.
  fileprivate func firstOffset(of needle: some Collection<UInt8>) -> Int? {
    guard let first = needle.first else { return 0 }
    var rest = self[...]
    var passed = 0
    while let start = rest.firstIndex(of: first) {
      passed += rest.distance(from: rest.startIndex, to: start)
      rest = rest[start...]
      if rest.starts(with: needle) { return passed }
      rest = rest.dropFirst()
      passed += 1
    }
    return nil
  }
}
