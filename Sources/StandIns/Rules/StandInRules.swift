/// How a model stand-in answers: the typed form of a rules file (CONFIG §4).
///
/// Every draw is a hash of the seed, the model and the fenced values of the question, so the same
/// message meets the same fate in every run and under every nonce.
package struct StandInRules: Equatable, Sendable {
  /// Fixes every draw; another seed gives other fates at the same rates.
  package var seed: UInt64
  /// The names answered to, each returned as asked; any other name is 404.
  package var models: [String]
  /// Drawn evenly from this range for every answer; faults that end the connection wait as long.
  package var delay: ClosedRange<Duration>
  /// The first that fits decides (see `StandInRule`).
  package var rules: [StandInRule]
  /// The answer where no rule gives one.
  package var otherwise: StandInAnswer
  /// Faults at a rate; those of a rule come first, and a rule that obeys is never disturbed.
  package var faults: [FaultRate]
  /// Whether every attempt at a message meets the same fate. Else the attempt joins the draw.
  package var sticky: Bool
  /// Which log probabilities are sent when a request asks for them.
  package var confidence: StandInConfidence
  /// Whether the schema of a request is honoured or answered with prose.
  package var constraint: StandInConstraint

  package init(
    seed: UInt64 = 1, models: [String] = ["stub-1"],
    delay: ClosedRange<Duration> = .zero ... .zero, rules: [StandInRule] = [],
    otherwise: StandInAnswer = .seeded, faults: [FaultRate] = [], sticky: Bool = true,
    confidence: StandInConfidence = .none, constraint: StandInConstraint = .enforced
  ) {
    self.seed = seed
    self.models = models
    self.delay = delay
    self.rules = rules
    self.otherwise = otherwise
    self.faults = faults
    self.sticky = sticky
    self.confidence = confidence
    self.constraint = constraint
  }
}

/// One line of `rules:`. All conditions given must hold over the fenced values, joined by newline.
///
/// The first rule that fits decides the fault; the answer is that of the first fitting rule which
/// gives one and whose label the question offers, so that a rule may give a fault alone.
package struct StandInRule: Equatable, Sendable {
  /// At least one of these stands in the text, compared by bytes; empty: no condition.
  package var contains: [String]
  /// A pattern of CEL's `matches` that occurs in the text.
  package var matches: String?
  /// The whole text, compared by bytes.
  package var equals: String?
  package var answer: StandInAnswer?
  package var fault: StandInFault?
  /// The probability of the label given, over 0 and up to 1; nil draws one from 0.80 to 0.99.
  package var confidence: Double?

  package init(
    contains: [String] = [], matches: String? = nil, equals: String? = nil,
    answer: StandInAnswer? = nil, fault: StandInFault? = nil, confidence: Double? = nil
  ) {
    self.contains = contains
    self.matches = matches
    self.equals = equals
    self.answer = answer
    self.fault = fault
    self.confidence = confidence
  }
}

/// What a stand-in says when nothing disturbs it.
package enum StandInAnswer: Equatable, Sendable {
  /// This label, `true` and `false` included.
  case label(String)
  /// The label first named in what the rule's pattern matched (`obey: true`).
  case obey
  /// Any of the labels offered, drawn.
  case seeded
}

/// The share of messages that meet a fault.
package struct FaultRate: Equatable, Sendable {
  package var fault: StandInFault
  /// 0 to 1; the rates of one file add up to 1 at most.
  package var rate: Double

  package init(fault: StandInFault, rate: Double) {
    self.fault = fault
    self.rate = rate
  }
}

/// Which log probabilities a stand-in reports (VERDICTS §1, fact 4).
package enum StandInConfidence: String, Equatable, Sendable, CaseIterable {
  case none
  /// Of the labels alone, after the constraint.
  case constrained
  /// Of the whole vocabulary, before the constraint: half of the mass lies outside the schema.
  case raw
}

/// Whether a stand-in honours the schema of a request.
package enum StandInConstraint: String, Equatable, Sendable, CaseIterable {
  case enforced
  case ignored
}

/// A rules value that cannot be served.
package enum StandInRulesProblem: Error, Equatable, Sendable {
  case ruleWithoutCondition(rule: Int)
  case ruleWithoutConsequence(rule: Int)
  case obeyWithoutPattern(rule: Int)
  case pattern(rule: Int, text: String, problem: String)
  case confidence(rule: Int, Double)
  case rateOutOfRange(StandInFault, Double)
  case ratesOverOne(Double)
  case noModel
}

extension StandInRulesProblem: CustomStringConvertible {
  /// One clause; rules are counted from 1, as a reader counts them.
  package var description: String {
    switch self {
    case .ruleWithoutCondition(let rule):
      "rule \(rule + 1) says neither contains, matches nor equals"
    case .ruleWithoutConsequence(let rule):
      "rule \(rule + 1) gives neither a label, obey nor a fault"
    case .obeyWithoutPattern(let rule):
      "rule \(rule + 1) obeys, but has no `matches` that names what"
    case .pattern(let rule, let text, let problem):
      "the pattern '\(text)' of rule \(rule + 1) is malformed: \(problem)"
    case .confidence(let rule, let confidence):
      "the confidence \(confidence) of rule \(rule + 1) is not above 0 and at most 1"
    case .rateOutOfRange(let fault, let rate):
      "the rate \(rate) of the fault '\(fault.name)' is not from 0 to 1"
    case .ratesOverOne(let total): "the rates of all faults add up to \(total), which is over 1"
    case .noModel: "there is no model to answer as"
    }
  }
}
