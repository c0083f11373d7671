internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import Record
internal import SQLiteStore

/// `petrel db backup`.
struct DatabaseBackup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "A copy of the log, verified before it has its name.",
    discussion: """
      Beside a running service too. Keys are not copied: keep them elsewhere, never both together.
      Examples:
        petrel db backup /backups/petrel-2026-11-21.db
        petrel db backup copy.db --database demo/petrel.db
      """)

  @Argument(help: "The file to write; it must not exist.")
  var target: String

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    let report = try auditing { () throws -> AuditReport in
      let origin = try LogFile.reader(path).origin
      var options = LogAudit.Options()
      options.anchors = try KeptCheckpoints.file(of: path).anchors(of: origin)
      return try LogCopy.make(of: path, to: target, options)
    }
    guard report.findings.isEmpty else {
      for finding in report.findings { Console.print("BROKEN: \(finding.text)") }
      throw Failure(.no, "S123", "the copy stays \(target).unverified")
    }
    let verified = report.anchored > 0 ? "VERIFIED up to #\(report.anchored), " : ""
    Console.print("\(target)  \(report.rowsRead) rows, \(verified)CONSISTENT up to #\(report.head)")
    service.talk.note("keys are not in it: keep \(path)'s keys elsewhere, and not with this copy")
  }
}
