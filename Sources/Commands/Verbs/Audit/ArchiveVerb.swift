internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore

/// `petrel archive`.
struct ArchiveVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: "Writes a range of rows as a log's file that verifies alone, without keys.",
    discussion: """
      Before old rows leave by retention: they can be kept elsewhere, and both verifiers check them
      there. What is not of the range stands as hashes. Personal fields stay sealed: the keys file of
      the log opens them, as long as it has their keys.
      Examples:
        petrel archive 1..250000 -O 2025.db
        petrel archive ..2026-01-01 -O 2025.db
      """)

  @Argument(help: "FIRST..LAST, each the number of a row or a day (UTC); either may be left out.")
  var range: String

  @Option(name: .customShort("O"), help: "The file to write.")
  var file: String

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    try LogFile.requireLog(path)
    let result = try auditing { () throws -> LogArchive.Result in
      var options = LogAudit.Options(cores: 2)
      options.anchors = try KeptCheckpoints.file(of: path).anchors(
        of: try LogReader(path: path).origin)
      return try LogArchive.make(rows(of: path), of: path, to: file, options)
    }
    if let finding = result.report.findings.first {
      throw Failure(
        .no, "S123", "the archive does not verify: \(finding.text)",
        help: "it stays as \(file).unverified; petrel audit verify says more of the log")
    }
    let verified =
      result.report.anchored > 0 ? "VERIFIED up to #\(result.report.anchored)" : "CONSISTENT"
    Console.print(
      "\(file)  rows \(LogArchive.text(result.rows)), \(result.report.rowsRead) in it, \(verified)")
  }

  private func rows(of path: String) throws -> ClosedRange<Int64> {
    let parts = range.components(separatedBy: "..")
    guard parts.count == 2, let first = try border(parts[0], 1, of: path, isEnd: false),
      let last = try border(parts[1], .max >> 20, of: path, isEnd: true)
    else {
      throw Failure(
        .wrongCall, "C101", "'\(range)' is no range of rows: 1..250000 or ..2026-01-01")
    }
    guard first >= 1, first <= last else {
      throw Failure(.noSuchFile, "S122", "there are no rows in \(range)")
    }
    return first...last
  }

  /// A row, or the first row of a day; of an end the day is not in the range.
  private func border(
    _ text: String, _ missing: Int64, of path: String, isEnd: Bool
  ) throws -> Int64? {
    if text.isEmpty { return missing }
    if let row = Int64(text.hasPrefix("#") ? String(text.dropFirst()) : text) { return row }
    let style = Date.ISO8601FormatStyle().year().month().day()
    guard let day = try? Date(text, strategy: style) else { return nil }
    let microseconds = Int64(day.timeIntervalSince1970) * 1_000_000
    let before = try LogArchive.rows(before: microseconds, of: path)?.upperBound ?? 0
    return isEnd ? before : before + 1
  }
}
