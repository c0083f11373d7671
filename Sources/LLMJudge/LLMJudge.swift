package import Engine
package import Orchestration
package import Transfer

/// Asks language models over HTTP: the judge of a running Petrel.
///
/// A question becomes calls, one after the other, until one of them decides it, nothing more can be
/// tried, or its deadline passes. Everything happens on the loop's thread.
package final class LLMJudge: Judge {
  /// Sources of what is not in the configuration; a test gives its own.
  package struct Surroundings: Sendable {
    /// The wall clock.
    package var now: @Sendable () -> Instant
    /// 16 bytes that nobody can guess, for each call.
    package var nonce: @Sendable () -> [UInt8]
    /// How long after a deadline the judge reports it by itself, if nobody has abandoned the
    /// question; the loop's own clock comes first.
    package var deadlineReportMilliseconds: Int64

    package init(
      now: @escaping @Sendable () -> Instant, nonce: @escaping @Sendable () -> [UInt8],
      deadlineReportMilliseconds: Int64 = 250
    ) {
      self.now = now
      self.nonce = nonce
      self.deadlineReportMilliseconds = deadlineReportMilliseconds
    }

    /// The clock of the system and its source of random bytes.
    package static let system = Surroundings(now: SystemClock.now, nonce: SystemClock.nonce)
  }

  package let configuration: JudgeConfiguration

  /// - Throws: The first thing that is wrong with the configuration.
  package init(
    configuration: JudgeConfiguration, transfer: CurlLoop, surroundings: Surroundings = .system
  ) throws(JudgeConfigurationProblem) {
    self.configuration = configuration
  }

  package func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {}

  package func abandon(_ firing: FiringID) {}

  package func progress(of firing: FiringID) -> JudgeProgress { .idle }
}
