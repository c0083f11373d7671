internal import CEL
internal import Engine
internal import Orchestration
package import PetriNet
package import Workflows

/// Runs the cases of a test file against a compiled net, each in a marking of its own (CONFIG §3).
///
/// The service's loop runs on a virtual clock, with scripted models, actions and people. Equal
/// files, nets and seeds give equal reports, but for the time that running took.
package struct TestRunner {
  private let file: TestFile
  private let net: Net
  private let called: [Net]
  private let seed: UInt64
  /// Of a long trail so many firings are told from its beginning and from its end.
  private static let trailEnds = 30

  /// - Parameters:
  ///   - net: Of the file's workflow, with the file's parameters.
  ///   - called: Those that it calls, and that they call, each before its callers.
  ///   - seed: In place of the file's.
  package init(_ file: TestFile, net: Net, called: [Net] = [], seed: UInt64? = nil) {
    self.file = file
    self.net = net
    self.called = called
    self.seed = seed ?? file.seed
  }

  /// What is wrong with the file before anything runs: F503.
  package var findings: [Finding] {
    var findings = file.problems(against: net)
    for scripts in [file.defaults] + file.cases.map(\.scripts) {
      for (transition, answers) in scripts.verdicts {
        for case .fallback(let reason) in answers.map(\.kind)
        where FallbackReason(rawValue: reason) == nil {
          let known = FallbackReason.allCases.map(\.rawValue)
          findings.append(
            Finding(
              "F503", "unknown reason '\(reason)' of a fallback", at: transition.mark,
              found: reason, expected: "one of \(known.count) reasons",
              nearest: Nearest.name(to: reason, among: known)))
        }
      }
    }
    return findings
  }

  /// Runs all cases, in order.
  ///
  /// - Parameter progress: Takes the number of a case, from 1, and its firings so far, now and then
  ///   where there are many.
  /// - Throws: `StoreError` if the log in memory fails, which is a bug.
  package func run(progress: (Int, Int) -> Void = { _, _ in }) throws -> TestReport {
    var coverage = Coverage(net)
    var reports: [CaseReport] = []
    for (index, test) in file.cases.enumerated() {
      let clock = ContinuousClock()
      let started = clock.now
      let trial = try Trial(test, of: file, net: net, called: called, seed: seed)
      try trial.run { progress(index + 1, $0) }
      for name in trial.history.fired { coverage.add(name) }
      let elapsed = started.duration(to: clock.now).components
      var report = try report(trial, number: index + 1)
      report.realMilliseconds =
        elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000
      reports.append(report)
    }
    return TestReport(
      file: file.file, workflow: net.name, cases: reports, coverage: coverage,
      unchecked: InvariantChecks.unchecked(in: net),
      shortfalls: coverage.shortfalls(
        transitions: file.transitionsCovered, outcomes: file.outcomesCovered))
  }

  private func report(_ trial: Trial, number: Int) throws -> CaseReport {
    var mismatches = trial.problems.isEmpty ? Expectations.mismatches(of: trial) : []
    let replay = try Replay(
      of: trial.log, net: net, live: trial.core.machine.state, limits: trial.opening.limits)
    let mark = trial.test.name.mark
    for broken in replay.broken {
      mismatches.append(
        Mismatch(
          expected: "the invariant '\(broken.name)' to hold",
          found: "it does not after row \(broken.seq.number)", mark: mark))
    }
    if !replay.differences.isEmpty {
      mismatches.append(
        Mismatch(
          expected: "the log to fold to the state that ran (a bug of the engine if it does not)",
          found: replay.differences.joined(separator: "; "), mark: mark))
    }
    return CaseReport(
      name: trial.test.name, number: number, mismatches: mismatches, problems: trial.problems,
      firings: trial.history.firings,
      virtualMicroseconds: trial.lastDecided.microseconds - trial.began.microseconds,
      realMilliseconds: 0, trail: trail(trial), lines: trial.history.lines, began: trial.began)
  }

  private func trail(_ trial: Trial) -> String {
    let start = trial.history.cases.first?.start.flatMap { net.place(named: $0) }
    let names = trial.history.fired.map { name in
      name.transition.text + (name.outcome.map { "(\($0))" } ?? "")
    }
    var shown = names
    if names.count > 2 * Self.trailEnds {
      let left = names.count - 2 * Self.trailEnds
      shown = names.prefix(Self.trailEnds) + ["… \(left) more …"] + names.suffix(Self.trailEnds)
    }
    return ((start.map { [net.places[$0].title] } ?? []) + shown).joined(separator: " → ")
  }
}
