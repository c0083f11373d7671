internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import PostgresStore
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
        petrel db backup copy.db --postgres 'host=db.example dbname=petrel'
      """)

  @Argument(help: "The file to write; it must not exist.")
  var target: String

  @Option(help: "Reads the log from PostgreSQL, not from a file: how libpq reaches it.")
  var postgres: String?
  @Option(help: "Where its tables are, with --postgres.")
  var schema = "petrel"

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    if let postgres { return try tell(fromServer(postgres), keysOf: "the log") }
    let path = try service.auditedPath()
    let report = try auditing { () throws -> AuditReport in
      let origin = try LogFile.reader(path).origin
      var options = LogAudit.Options()
      options.anchors = try KeptCheckpoints.file(of: path).anchors(of: origin)
      return try LogCopy.make(of: path, to: target, options)
    }
    try tell(report, keysOf: path)
  }

  /// The rows of a log in PostgreSQL as an ordinary file, bytes as they are.
  private func fromServer(_ connection: String) throws -> AuditReport {
    #if Postgres
      try auditing {
        let reader = try PostgresReader(connection: connection, schema: schema)
        return try LogImage.make(at: target, LogAudit.Options()) { (image) throws(StoreError) in
          try reader.copy { (table, rows) throws(StoreError) in try image.add(rows, to: table) }
        }
      }
    #else
      throw Failure(.wrongCall, "C101", "this petrel was built without the trait Postgres")
    #endif
  }

  private func tell(_ report: AuditReport, keysOf path: String) throws {
    guard report.findings.isEmpty else {
      for finding in report.findings { Console.print("BROKEN: \(finding.text)") }
      throw Failure(.no, "S123", "the copy stays \(target).unverified")
    }
    let verified = report.anchored > 0 ? "VERIFIED up to #\(report.anchored), " : ""
    Console.print("\(target)  \(report.rowsRead) rows, \(verified)CONSISTENT up to #\(report.head)")
    service.talk.note("keys are not in it: keep \(path)'s keys elsewhere, and not with this copy")
  }
}
