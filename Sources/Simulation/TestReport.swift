package import Engine
package import PetriNet

/// What running a test file came to.
package struct TestReport: Sendable {
  package var file: String
  package var workflow: WorkflowName
  package var cases: [CaseReport]
  package var coverage: Coverage
  /// Invariants that no trial evaluates: `by`, `eventually`, `leads`.
  package var unchecked: [String]
  /// Thresholds of the file that were not reached, as sentences.
  package var shortfalls: [String]

  package var passed: Int { cases.count { $0.isPassed } }
  package var failed: Int { cases.count - passed }
  package var isPassed: Bool { failed == 0 && shortfalls.isEmpty }
}

/// What a case came to.
package struct CaseReport: Sendable {
  package var name: Located<String>
  /// From 1, as `--trail` counts.
  package var number: Int
  package var mismatches: [Mismatch]
  /// What stopped it: a silent action, a value that fits nowhere.
  package var problems: [Finding]
  package var firings: Int
  /// Until something was last decided.
  package var virtualMicroseconds: Int64
  /// By the machine's clock: the one part of a report that differs from run to run.
  package var realMilliseconds: Int64
  /// `requested → understand_intent(true) → …`
  package var trail: String
  package var lines: [TrailLine]
  package var began: Instant

  package var isPassed: Bool { mismatches.isEmpty && problems.isEmpty }
}

/// One expectation that was not met.
package struct Mismatch: Sendable, Equatable {
  /// Behind `expected `.
  package var expected: String
  /// Behind `found: `.
  package var found: String
  package var mark: SourceMark
}
