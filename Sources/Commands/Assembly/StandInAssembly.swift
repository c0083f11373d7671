internal import StandIns
internal import Workflows

extension StandInRules {
  /// The rules of a file; names of faults were checked when it was read.
  init(_ file: StandInFile) {
    self.init(
      seed: file.seed, models: file.models,
      delay: .microseconds(file.delayLowMicroseconds)
        ... .microseconds(max(file.delayLowMicroseconds, file.delayHighMicroseconds)),
      rules: file.rules.map(StandInRule.init), otherwise: StandInAnswer(file.otherwise),
      faults: file.faults.compactMap { rate in
        StandInFault(rate.fault).map { FaultRate(fault: $0, rate: rate.rate) }
      },
      sticky: file.isSticky,
      confidence: StandInConfidence(rawValue: file.confidence.rawValue) ?? .none,
      constraint: StandInConstraint(rawValue: file.constraint.rawValue) ?? .enforced)
  }
}

extension StandInRule {
  init(_ rule: StandInFile.Rule) {
    self.init(
      contains: rule.contains, matches: rule.matches, equals: rule.equals,
      answer: rule.obeys ? .obey : rule.answer.map(StandInAnswer.init),
      fault: rule.fault.flatMap { StandInFault($0) }, confidence: rule.confidence)
  }
}

extension StandInAnswer {
  init(_ answer: StandInFile.Answer) {
    switch answer {
    case .label(let label): self = .label(label)
    case .seeded: self = .seeded
    }
  }
}

extension StandInFault {
  init?(_ fault: StandInFile.Fault) {
    self.init(name: fault.name, argument: fault.microseconds.map { .microseconds($0) })
  }
}
