internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore

/// `petrel audit verify`.
struct AuditVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Whether anything in a log was changed since it was written.",
    discussion: """
      VERIFIED: every row, hash and signature holds up to a checkpoint that an anchor outside the
      file confirms. CONSISTENT: all that is in the file agrees. COULD NOT CHECK (exit code 69):
      something needed is not here. BROKEN (exit code 1): a row, a checkpoint or an anchor does not
      agree, and is named.
      Examples:
        petrel audit verify
        petrel audit verify copy.db --since note.txt --key 'localhost/3f9c…/0+126a1e0c+AQOh…'
      """)

  @OptionGroup var audited: AuditedFile

  @Option(help: "A file with checkpoints that were kept elsewhere; may be given several times.")
  var since: [String] = []

  @Option(help: "The verifier key of the log's first signing key, as it was given to you.")
  var key: String?

  @Flag(help: "Opens the sealed payloads too, with the keys at hand.")
  var payloads = false

  @Flag(
    help: """
      Decodes every row strictly, folds the log and compares every snapshot of the state with what the \
      rows before it give.
      """)
  var replay = false

  @Option(help: "Cores to use.")
  var cores = 2

  func run() async throws {
    let began = Date()
    let path = try audited.path()
    if let key, VerifierKey(key) == nil {
      throw Failure(.wrongCall, "C101", "--key '\(key)' is no verifier key: NAME+ID+BASE64")
    }
    var options = LogAudit.Options(cores: max(1, cores))
    options.verifier = key
    let report = try auditing { () throws -> AuditReport in
      let file = try KeptCheckpoints.file(of: path)
      let origin = try LogReader(path: path).origin
      options.anchors = try file.anchors(of: origin)
      for name in since { options.anchors += try KeptCheckpoints.notes(in: name) }
      if payloads { options.keys = try LogFile.keys(of: path) }
      return try LogAudit.report(of: path, options)
    }
    var text = AuditText(report, path: path)
    // What does not hold is not applied either.
    if replay, report.findings.isEmpty { text.replayed = try Replay.run(path) }
    text.seconds = Date().timeIntervalSince(began)
    text.tell(audited.service)
    if let code = text.code { throw Failure(code) }
  }
}

/// The log folded anew, every row decoded strictly, and its snapshots compared.
struct Replay {
  var audit: SnapshotAudit?
  /// What stopped it.
  var problem: String?

  static func run(_ path: String) throws -> Replay {
    let reader = try LogFile.reader(path)
    do {
      return Replay(audit: try SnapshotAudit.run(reader))
    } catch {
      return Replay(problem: error.message)
    }
  }

  var findings: [AuditFinding] {
    (audit?.findings ?? []) + [problem].compactMap { $0 }.map { AuditFinding(row: 0, $0) }
  }

  /// What was folded, and what came of it.
  var cells: [String] {
    guard let audit else { return ["folded", "not to its end", "BROKEN"] }
    let first = audit.begun.map { " from the snapshot of #\($0.number) on" } ?? ""
    let snapshots =
      audit.newestEqual.map { ", replayed to the state of snapshot #\($0.number)" } ?? ""
    return [
      "folded",
      "\(audit.rows) rows read strictly\(first), \(audit.openCases) cases open\(snapshots)",
      findings.isEmpty ? audit.equal > 0 ? "equal" : "whole" : "BROKEN",
    ]
  }
}

/// What `verify` says, in words.
struct AuditText {
  private let report: AuditReport
  private let path: String
  var replayed: Replay?
  var seconds = 0.0

  init(_ report: AuditReport, path: String) {
    self.report = report
    self.path = path
  }

  private var findings: [AuditFinding] {
    report.findings + (replayed?.findings ?? [])
  }

  /// The worst word decides; nil: nothing is wrong and nothing missing.
  var code: ExitStatus? {
    if !findings.isEmpty { return .no }
    return missing.isEmpty ? nil : .notReachable
  }

  /// What was needed and is not here.
  private var missing: [String] {
    var missing: [String] = []
    if report.anchors == 0 {
      missing.append(
        "the anchors: no petrel.anchors beside \(path) and no --since. CONSISTENT up to "
          + "#\(report.head) without them; a cut or rewritten tail would not be seen.")
    }
    if report.verifier == nil {
      missing.append("the signatures: the file names no verifier key and no --key was given.")
    }
    return missing
  }

  func tell(_ service: ServiceOptions) {
    if service.output.format == .table {
      for line in lines { Console.print(line) }
    } else {
      JSONDocument(
        schema: "petrel.verification/1",
        items: findings.map {
          .object([.init("row", .integer(Int($0.row))), .init("text", .string($0.text))])
        }, more: members
      ).print(as: service.output.format)
    }
  }

  /// VERIFIED, CONSISTENT, COULD NOT CHECK or BROKEN.
  private var word: String {
    if !findings.isEmpty { return "BROKEN" }
    if !missing.isEmpty { return "COULD NOT CHECK" }
    return report.anchored > 0 ? "VERIFIED" : "CONSISTENT"
  }

  private var members: [JSONText.Member] {
    [
      .init("word", .string(word)), .init("rows", .integer(Int(report.rowsRead))),
      .init("pruned", .integer(Int(report.rowsPruned))),
      .init("head", .integer(Int(report.head))),
      .init("verified", .integer(findings.isEmpty ? Int(report.anchored) : 0)),
      .init("signed", .integer(Int(report.signed))), .init("key", .text(report.verifier)),
      .init("checkpoints", .integer(report.checkpoints)),
      .init("anchors", .integer(report.anchors)),
      .init("anchors_uncompared", .integer(report.anchorsUncompared)),
      .init("archive", .text(report.archive.map { "\($0.lowerBound)..\($0.upperBound)" })),
      .init("payloads", .integer(Int(report.payloads))),
      .init("payloads_left", .integer(Int(report.payloadsErased))),
      .init("restored", .list(report.restored.map { .integer(Int($0.row)) })),
    ]
  }

  private var lines: [String] {
    let broken = findings.map { "BROKEN: \($0.text)" }
    return broken + table + ["not shown   \(notShown)"] + verdict
  }

  /// A line for each thing that was looked at.
  private var table: [String] {
    var table = Table([.init("log"), .init(logText), .init(rowsMissing ? "not whole" : "whole")])
    table.add(["chain", "every row carries the hash of the one before", chainText])
    table.add(["checkpoints", checkpointText, has("checkpoint ") ? "BROKEN" : "good"])
    table.add(["anchors", anchorText, anchorResult])
    table.add([
      "payloads", "\(report.payloads) sealed, \(report.payloadsErased) left with an event",
      payloadText,
    ])
    if let replayed { table.add(replayed.cells) }
    return table.lines()
  }

  private var logText: String {
    let how = report.archive == nil ? "pruned with an event" : "pruned or not of this archive"
    let pruned = report.rowsPruned > 0 ? ", \(report.rowsPruned) \(how)" : ""
    let times = [report.from, report.to].compactMap { $0 }.map {
      TimeText.absolute(Instant(microseconds: $0))
    }
    return "\(report.rowsRead) rows\(pruned), \(times.joined(separator: " to "))"
  }

  private var rowsMissing: Bool { findings.contains { $0.text.hasSuffix(" missing") } }

  private var chainText: String {
    findings.contains { $0.text.contains("match its hash") || $0.text.contains("match their hash") }
      ? "BROKEN" : "holds"
  }

  private func has(_ prefix: String) -> Bool {
    findings.contains { $0.text.hasPrefix(prefix) }
  }

  private var checkpointText: String {
    let uncompared =
      report.checkpointsUncompared > 0
      ? ", \(report.checkpointsUncompared) behind missing rows" : ""
    return "\(report.checkpoints)\(uncompared), newest good one of \(report.signed) rows, signed "
      + (report.verifier ?? "by an unknown key")
  }

  private var anchorText: String {
    let given = report.anchorsGivenUp > 0 ? ", \(report.anchorsGivenUp) given up by a restore" : ""
    let uncompared =
      report.anchorsUncompared > 0
      ? ", \(report.anchorsUncompared) among rows that have left" : ""
    return "\(report.anchors)\(given)\(uncompared), newest in this log of \(report.anchored) rows"
  }

  private var anchorResult: String {
    if report.anchors == 0 { return "not here" }
    let isBroken = has("the tail was cut") || findings.contains { $0.text.contains("rewritten") }
    if isBroken { return "BROKEN" }
    return report.anchorsUncompared > 0 ? "all that can be compared" : "all in this log"
  }

  private var payloadText: String {
    if has("payload ") || has("the key of payload") { return "BROKEN" }
    return report.payloadsOpened.map { "\($0) open" } ?? "there, not opened"
  }

  private var notShown: String {
    var parts = ["that the events were true when written"]
    if let begun = replayed?.audit?.begun {
      parts.append("that the snapshot of #\(begun.number) is what the rows that have left gave")
    }
    if let rows = report.archive {
      parts.append(
        "what stood before #\(rows.lowerBound) and behind #\(rows.upperBound): this is an archive of "
          + "those rows")
    }
    if report.head > report.anchored {
      parts.append(
        "that rows behind #\(report.anchored) were not replaced, or cut off behind #\(report.head)")
    }
    for restored in report.restored {
      parts.append(
        "what stood in \(restored.lost) rows that the restore at #\(restored.row) gave up")
    }
    return parts.joined(separator: "; ")
  }

  private var verdict: [String] {
    guard findings.isEmpty else {
      let count = findings.count == 1 ? "one finding" : "\(findings.count) findings"
      return ["BROKEN: \(count); what is not named holds.   \(time)"]
    }
    let verified = report.anchored > 0 ? "VERIFIED up to #\(report.anchored), " : ""
    guard missing.isEmpty else { return missing.map { "COULD NOT CHECK \($0)" } }
    return ["\(verified)CONSISTENT up to #\(report.head).   \(time)"]
  }

  private var time: String {
    let hundredths = Int((seconds * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
  }
}
