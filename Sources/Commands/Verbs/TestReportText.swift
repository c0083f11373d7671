internal import Engine
internal import PetriNet
internal import Simulation
internal import Workflows

/// A test report as a terminal and as programs read it.
struct TestReportText {
  let report: TestReport
  let isQuiet: Bool
  let isVerbose: Bool
  let listsCoverage: Bool
  /// Number of the case whose rows are shown.
  let trail: Int?
  /// How this run was called.
  let command: String

  /// Outcomes named in the summary before it ends in `…`.
  private static let notCoveredShown = 3

  func print() {
    for line in lines { Console.print(line) }
  }

  var lines: [String] {
    let width = report.cases.map { DisplayWidth.cells(of: $0.name.value) }.max() ?? 0
    let cases = report.cases.flatMap { lines(of: $0, width) }
    return [report.file] + cases + summary
  }

  private func lines(of test: CaseReport, _ width: Int) -> [String] {
    let name = DisplayWidth.padded(VisibleText.visible(test.name.value), to: width)
    var lines: [String] = []
    if test.isPassed {
      if !isQuiet || trail == test.number { lines.append("  ok    \(name)  \(effort(of: test))") }
    } else {
      let mark = test.name.mark
      lines.append("  FAIL  \(name)  \(mark.file):\(mark.line):\(mark.column)")
      for finding in test.problems {
        lines.append("        \(finding.code) at \(place(finding.mark)): \(finding.message)")
        let told = [
          finding.found.isEmpty ? nil : "found \(finding.found)",
          finding.expected.isEmpty ? nil : "expected \(finding.expected)",
        ].compactMap(\.self)
        if !told.isEmpty { lines.append("        \(told.joined(separator: ", "))") }
      }
      for mismatch in test.mismatches {
        lines.append("        expected \(VisibleText.visible(mismatch.expected))")
        lines.append("        found: \(VisibleText.visible(mismatch.found))")
      }
    }
    let hint = "(\(command) --trail \(test.number))"
    if !test.isPassed || isVerbose { lines.append("        trail: \(test.trail)       \(hint)") }
    if trail == test.number { lines += rows(of: test) }
    return lines
  }

  private func effort(of test: CaseReport) -> String {
    guard test.virtualMicroseconds == 0 else {
      return "virtual \(VirtualTime.text(test.virtualMicroseconds)), real "
        + "\(test.realMilliseconds) ms"
    }
    return test.firings == 1 ? "1 firing" : "\(test.firings) firings"
  }

  private func place(_ mark: SourceMark) -> String { "\(mark.file):\(mark.line):\(mark.column)" }

  private func rows(of test: CaseReport) -> [String] {
    var table = Table([.init("EVENT"), .init("AFTER", .right), .init("WHAT"), .init("DETAIL")])
    for line in test.lines {
      let after = line.at.microseconds - test.began.microseconds
      table.add([
        line.seq.map { "#\($0.number)" } ?? "", VirtualTime.clock(after), line.what, line.detail,
      ])
    }
    return table.lines().map { "        \($0)" }
  }

  private var summary: [String] {
    let coverage = report.coverage
    let missing = coverage.notCovered.map(Self.text)
    var line =
      "\(report.passed) passed, \(report.failed) failed.  transitions "
      + "\(coverage.transitionsCovered) of \(coverage.transitionsAll), outcomes "
      + "\(coverage.outcomesCovered) of \(coverage.outcomesAll)"
    if !missing.isEmpty {
      let shown = listsCoverage ? missing : Array(missing.prefix(Self.notCoveredShown))
      let more = shown.count < missing.count ? ", …" : ""
      line += " (not covered: \(shown.joined(separator: ", "))\(more))"
    }
    let unchecked = report.unchecked.map { name in
      "the invariant '\(name)' is not evaluated by tests in this version"
    }
    return [line] + report.shortfalls + (isQuiet ? [] : unchecked)
  }

  private static func text(_ name: FiredName) -> String {
    name.transition.text + (name.outcome.map { " \($0)" } ?? "")
  }
}

extension TestReportText {
  /// An item for each case; the coverage of each file beside them.
  static func document(_ reports: [TestReport]) -> JSONDocument {
    JSONDocument(
      schema: "petrel.test/1",
      items: reports.flatMap { report in report.cases.map { item($0, report) } },
      more: [.init("coverage", .list(reports.map(coverage)))])
  }

  private static func item(_ test: CaseReport, _ report: TestReport) -> JSONText.Node {
    let mismatches = test.mismatches.map { mismatch in
      JSONText.Node.object([
        .init("expected", .string(mismatch.expected)), .init("found", .string(mismatch.found)),
        .init("line", .integer(mismatch.mark.line)),
      ])
    }
    let problems = test.problems.map { finding in
      JSONText.Node.object([
        .init("code", .string(finding.code)), .init("message", .string(finding.message)),
        .init("found", .string(finding.found)), .init("expected", .string(finding.expected)),
        .init("line", .integer(finding.mark.line)),
      ])
    }
    return .object([
      .init("file", .string(report.file)), .init("workflow", .string(report.workflow.text)),
      .init("case", .string(test.name.value)), .init("number", .integer(test.number)),
      .init("line", .integer(test.name.mark.line)), .init("passed", .bool(test.isPassed)),
      .init("firings", .integer(test.firings)),
      .init("virtual_us", .integer(Int(test.virtualMicroseconds))),
      .init("trail", .string(test.trail)), .init("mismatches", .list(mismatches)),
      .init("problems", .list(problems)),
    ])
  }

  private static func coverage(_ report: TestReport) -> JSONText.Node {
    let coverage = report.coverage
    func share(_ covered: Int, _ all: Int) -> JSONText.Node {
      .object([.init("covered", .integer(covered)), .init("of", .integer(all))])
    }
    return .object([
      .init("file", .string(report.file)), .init("workflow", .string(report.workflow.text)),
      .init("transitions", share(coverage.transitionsCovered, coverage.transitionsAll)),
      .init("outcomes", share(coverage.outcomesCovered, coverage.outcomesAll)),
      .init("not_covered", .list(coverage.notCovered.map { .string(text($0)) })),
      .init("shortfalls", .list(report.shortfalls.map { .string($0) })),
      .init("unchecked_invariants", .list(report.unchecked.map { .string($0) })),
    ])
  }
}
