internal import ArgumentParser
internal import Foundation
internal import PetriNet
internal import Workflows

/// `petrel check`: everything that loading can tell about workflows.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with workflows, prompts and petrel.yaml.",
    discussion: """
      Exit 65 if a file does not load, 1 if one that loads has errors, 78 for the configuration.
      Proofs (never stuck, always ends, blast radius) are not in this version.
      Examples:
        petrel check
        petrel check workflows/refund-triage.yaml --json --deny warnings
      """)

  @Argument(help: "Workflow files; without any, those that petrel.yaml names.")
  var files: [String] = []

  @Flag(help: "One JSON document, byte places of every finding included.")
  var json = false

  @Option(help: "warnings: a warning counts as an error.")
  var deny: Denied?

  @Option(help: "Only findings of this code; may be given again.")
  var only: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var talk: TalkOptions

  enum Denied: String, ExpressibleByArgument, CaseIterable { case warnings }

  func run() throws {
    let clock = ContinuousClock()
    let started = clock.now
    for path in files where !FileManager.default.fileExists(atPath: path) {
      throw Failure(.noSuchFile, "F131", "there is no file \(path)")
    }
    let project = try Project.load(paths: files)
    let elapsed = started.duration(to: clock.now).components
    let report = CheckReport(
      project, only: only, deniesWarnings: deny == .warnings,
      milliseconds: elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000)
    if files.isEmpty, project.workspace.workflows.isEmpty, report.status == .done {
      throw Failure(
        .noSuchFile, "F131", "there is no workflow here: nothing was checked",
        help: "petrel check FILE, or name the files under workflows: in petrel.yaml")
    }
    switch json ? OutputFormat.json : output.format {
    case .json: Console.print(report.document.indentedText)
    case .jsonl: for item in report.items { Console.print(item.text) }
    case .table: print(report)
    }
    guard report.status == .done else { throw Failure(report.status) }
  }

  private func print(_ report: CheckReport) {
    if !talk.quiet { for line in report.summaries { Console.print(line) } }
    let text = report.text(isColoured: Console.isTerminal && Console.isColoured)
    if !text.isEmpty {
      Console.raw(text)
      Console.print("")
    }
    guard !talk.quiet else { return }
    for line in report.accepted { Console.print(line) }
    Console.print(report.counts)
    Console.print(CheckReport.scope(Console.language))
  }
}

/// What `check` found.
struct CheckReport {
  private let project: Project
  private let findings: [Finding]
  private let milliseconds: Int64
  private let deniesWarnings: Bool
  /// Findings that the files accept in writing.
  private let covered: [(finding: Finding, reason: String)]

  init(_ project: Project, only: [String], deniesWarnings: Bool, milliseconds: Int64) {
    self.project = project
    self.deniesWarnings = deniesWarnings
    self.milliseconds = milliseconds
    let loaded = project.loaded.findings.filter { $0.severity != .error }
    var all = loaded + project.workspace.findings
    all += project.workspace.workflows.flatMap(JoinFindings.findings)
    if !only.isEmpty {
      all = all.filter { finding in only.contains { $0.uppercased() == finding.code } }
    }
    var covered: [(finding: Finding, reason: String)] = []
    findings = DiagnosticText.sorted(all).filter { finding in
      guard let reason = Self.reason(for: finding, project.workspace) else { return true }
      covered.append((finding, reason))
      return false
    }
    self.covered = covered
  }

  /// Why the file of a finding accepts it; only codes of the net can be accepted.
  private static func reason(for finding: Finding, _ workspace: Workspace) -> String? {
    guard finding.code.hasPrefix("P") else { return nil }
    for workflow in workspace.workflows
    where workflow.path.utf8.elementsEqual(finding.mark.file.utf8) {
      for accepted in workflow.net.accepted {
        let parts = accepted.code.value.split(separator: "/", maxSplits: 1)
        guard parts.first.map(String.init) == finding.code else { continue }
        if parts.count == 1 || finding.node.contains(parts[1]) { return accepted.reason }
      }
    }
    return nil
  }

  var status: ExitStatus {
    let errors = findings.filter { $0.severity == .error }
    if errors.contains(where: { $0.code.hasPrefix("C") }) { return .configuration }
    if errors.contains(where: { $0.code.hasPrefix("F") || !isLoaded($0.mark.file) }) {
      return .badFile
    }
    let isDenied = deniesWarnings && findings.contains { $0.severity == .warning }
    return errors.isEmpty && !isDenied ? .done : .no
  }

  /// What was looked at, and what not.
  static func scope(_ language: Language) -> String {
    switch language {
    case .english:
      "checked: files, names, types, routes, flow of personal and trusted values. "
        + "Proofs are not in this version."
    case .korean:
      "검사한 것: 파일, 이름, 타입, 갈 곳, 개인정보와 신뢰하는 값의 흐름. 증명은 이 버전에 없습니다."
    }
  }

  /// Whether a net was made of the file.
  private func isLoaded(_ file: String) -> Bool {
    let workspace = project.workspace
    return workspace.workflows.contains { $0.path.utf8.elementsEqual(file.utf8) }
  }

  /// A line for each workflow that loads, and one for its joins over shared places.
  var summaries: [String] {
    let width =
      project.workspace.workflows.map { DisplayWidth.cells(of: $0.path) }.max() ?? 0
    return project.workspace.workflows.flatMap { workflow in
      let line = "\(DisplayWidth.padded(workflow.path, to: width))  "
      let joins = JoinFindings.text(of: workflow.net)
      let indent = String(repeating: " ", count: width + 2)
      return [line + NetSummary.text(of: workflow.net)]
        + (joins.isEmpty ? [] : ["\(indent)joins: \(joins)"])
    }
  }

  func text(isColoured: Bool) -> String {
    DiagnosticText(
      texts: project.workspace.texts, isColoured: isColoured, language: Console.language
    ).text(of: findings)
  }

  var accepted: [String] {
    covered.map { item in
      "accepted: \(item.finding.code) at \(item.finding.mark.file):\(item.finding.mark.line): "
        + item.reason
    }
  }

  /// `1 error, 0 warnings, 1 note in 0.04 s.   petrel explain P201`
  var counts: String {
    let seconds = "\(milliseconds / 1_000).\(milliseconds / 100 % 10)\(milliseconds / 10 % 10)"
    let line = "\(DiagnosticText.counts(of: findings, Console.language)) in \(seconds) s."
    let first = findings.first { $0.severity == .error } ?? findings.first
    return line + (first.map { "   petrel explain \($0.code)" } ?? "")
  }

  /// A document for each finding.
  var items: [JSONText.Node] {
    let text = DiagnosticText(texts: project.workspace.texts)
    return findings.map { item($0, text) }
  }

  /// The document of `--json`.
  var document: JSONText.Node {
    let counts = [Finding.Severity.error, .warning, .note].map { severity in
      JSONText.Member(
        severity.rawValue, .integer(findings.count { $0.severity == severity }))
    }
    let text = DiagnosticText(texts: project.workspace.texts)
    return .object([
      .init("schema", .string("petrel-check/1")),
      .init(
        "tool",
        .object([.init("version", .string(PetrelCommand.version)), .init("smt", .string("none"))])),
      .init("workflows", .list(project.workspace.workflows.map(workflow))),
      .init(
        "summary",
        .object([
          .init("verdict", .string(status == .done ? "accepted" : "refused")),
          .init("counts", .object(counts)),
          .init("wallMilliseconds", .integer(Int(milliseconds))),
        ])),
      .init("claims", .list([])),
      .init("proofs", .string("not in this version")),
      .init("findings", .list(items)),
      .init(
        "accepted",
        .list(
          covered.map { covered in
            .object([
              .init("finding", item(covered.finding, text)),
              .init("reason", .string(covered.reason)),
            ])
          })),
    ])
  }

  private func workflow(_ workflow: Workspace.Workflow) -> JSONText.Node {
    let parameters = workflow.net.parameters.map { parameter in
      JSONText.Member(
        parameter.name, ValueWriting.node(of: parameter.value, in: parameter.colour))
    }
    return .object([
      .init("name", .string(workflow.name.text)), .init("path", .string(workflow.path)),
      .init("sha256", .string(Hex.text(Definitions.sha256(workflow.source.text)))),
      .init("params", .object(parameters)),
      .init("places", .integer(workflow.net.places.count)),
      .init("transitions", .integer(workflow.net.transitions.count)),
      .init("joins", JoinFindings.document(of: workflow.net)),
    ])
  }

  /// A finding as the terminal's writer has it, with what the schema of `check` adds.
  private func item(_ finding: Finding, _ text: DiagnosticText) -> JSONText.Node {
    guard case .object(let members) = text.json(of: finding) else { return .null }
    let place = JSONText.Node.object([
      .init("file", .string(finding.mark.file)), .init("line", .integer(finding.mark.line)),
      .init("column", .integer(finding.mark.column)), .init("endLine", .integer(finding.mark.line)),
      .init("endColumn", .integer(finding.mark.column + finding.mark.length)),
      .init("node", .string(finding.node)),
    ])
    return .object(members + [.init("where", place), .init("docs", .string(finding.code))])
  }
}

/// Bytes as lower-case hexadecimal digits.
enum Hex {
  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
