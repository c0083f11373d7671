/// How a model stand-in answers (CONFIG §4), as written in its rules file.
package struct StandInFile: Sendable, Equatable {
  package enum Answer: Sendable, Equatable {
    case label(String)
    /// Drawn from the labels asked for.
    case seeded
  }

  /// `delay(D)` and `status_429(D)` have a time; it is in microseconds.
  package struct Fault: Sendable, Equatable {
    package var name: String
    package var microseconds: Int64?
  }

  package struct Rule: Sendable, Equatable {
    /// One of these occurs in the text.
    package var contains: [String] = []
    /// RE2.
    package var matches: String?
    package var equals: String?
    package var answer: Answer?
    /// The first label that is named in the match is the answer.
    package var obeys = false
    package var fault: Fault?
    package var confidence: Double?
  }

  package struct Rate: Sendable, Equatable {
    package var fault: Fault
    /// 0 to 1.
    package var rate: Double
  }

  package enum Confidence: String, Sendable, CaseIterable { case none, constrained, raw }
  package enum Constraint: String, Sendable, CaseIterable { case enforced, ignored }

  package var seed: UInt64 = 1
  package var models = ["stub-1"]
  package var delayLowMicroseconds: Int64 = 0
  package var delayHighMicroseconds: Int64 = 0
  /// The first that fits decides.
  package var rules: [Rule] = []
  package var otherwise = Answer.seeded
  /// Together at most 1.
  package var faults: [Rate] = []
  package var isSticky = true
  package var confidence = Confidence.none
  package var constraint = Constraint.enforced

  package init() {}

  /// The names of faults, for rules and rates.
  package static let faultNames = [
    "hang", "junk", "wrong_label", "refusal", "busy", "delay", "drip", "cut", "reset",
    "duplicate_key", "fence", "truncated", "filter", "status_500", "status_429", "bad_header",
    "not_json",
  ]
}
