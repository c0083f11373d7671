internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// `petrel audit export`.
struct AuditExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "The log for other programs: rows, or cases for process mining.",
    discussion: """
      jsonl: a row a line, as it stands. xes: XES 1.0, a trace a case. ocel: OCEL 2.0 JSON, with
      cases and tokens as objects. Values, prompts and personal fields are in neither of the last two.
      Examples:
        petrel audit export --format jsonl > rows.jsonl
        petrel audit export --format xes -O cases.xes
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument, Sendable { case jsonl, xes, ocel }

  @Option(help: "jsonl, xes or ocel.")
  var format = Format.jsonl

  @Option(name: .customShort("O"), help: "The file to write; default: stdout.")
  var file: String?

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    let reader = try LogFile.reader(path)
    let output = try ExportOutput(file)
    try auditing {
      switch format {
      case .jsonl: try RowExport(reader).write(to: output)
      case .xes: try XESExport(reader).write(to: output)
      case .ocel: try OCELExport(reader).write(to: output)
      }
    }
    try output.end()
    let pruned = try auditing { try reader.rowsPruned() }
    if pruned > 0 {
      service.talk.note("\(pruned) rows have left the log by their age and are not in it")
    }
  }
}

/// What an export is written to, in pieces.
final class ExportOutput {
  private var handle: FileHandle?
  private var buffer = ""

  init(_ file: String?) throws {
    guard let file else { return }
    guard FileManager.default.createFile(atPath: file, contents: nil),
      let handle = FileHandle(forWritingAtPath: file)
    else { throw Failure(.disk, "S110", "\(file) cannot be written") }
    self.handle = handle
  }

  func line(_ text: String) throws {
    buffer += text
    buffer += "\n"
    if buffer.utf8.count > 1 << 18 { try flush() }
  }

  func end() throws {
    try flush()
    try handle?.close()
  }

  private func flush() throws {
    if let handle {
      do {
        try handle.write(contentsOf: Data(buffer.utf8))
      } catch {
        throw Failure(.disk, "S111", "the export cannot be written: the disk is full or gone")
      }
    } else {
      Console.raw(buffer)
    }
    buffer = ""
  }
}

/// Rows as they stand, a JSON object a line.
struct RowExport {
  private let reader: LogReader

  init(_ reader: LogReader) { self.reader = reader }

  func write(to output: ExportOutput) throws {
    try reader.eachRow { row in
      let body = String(decoding: row.body, as: UTF8.self)
      let number = row.caseID.map { String($0.seq.number) } ?? "null"
      let hash = row.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      try output.line(
        "{\"seq\":\(row.seq.number),\"epoch\":\(row.epoch),\"at\":\(row.at.microseconds),"
          + "\"case\":\(number),\"kind\":\"\(row.kind)\",\"version\":\(row.version),"
          + "\"body\":\(body),\"hash\":\"\(hash)\"}")
    }
  }
}

extension LogReader {
  /// All rows in order, or those of a case.
  func eachRow(of id: CaseID? = nil, _ body: (LogRow) throws -> Void) throws {
    var query = RowQuery()
    query.caseID = id
    while true {
      let rows = try rows(query, limit: 2_048)
      for row in rows { try body(row) }
      guard rows.count == 2_048, let last = rows.last else { return }
      query.after = last.seq
    }
  }
}
