import Foundation
import Orchestration
import Record
import SQLiteStore
import Testing

/// What both verifiers say of a file.
struct Verifiers: Equatable {
  /// Without names that only one of them gives.
  var findings: [String]
  /// 0, 1 or 69.
  var code: Int32
  var anchored: Int64

  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("tools/verify.py").path

  /// The one of this package.
  static func swift(
    _ path: String, anchors: [SignedNote], keys: LogReader.Keys? = nil
  ) throws -> Verifiers {
    var options = LogAudit.Options(cores: 2)
    options.anchors = anchors
    options.keys = keys
    let report = try LogAudit.report(of: path, options)
    let code: Int32 = !report.findings.isEmpty ? 1 : report.anchors == 0 ? 69 : 0
    return Verifiers(
      findings: report.findings.map { short($0.text) }.filter { isForBoth($0, keys) }, code: code,
      anchored: report.findings.isEmpty ? report.anchored : 0)
  }

  /// The one that shares nothing with it.
  static func python(_ path: String, anchors: [SignedNote]) throws -> Verifiers {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", script, path]
    let notes = path + ".notes"
    if !anchors.isEmpty {
      try anchors.map(\.line).joined(separator: "\n").write(
        toFile: notes, atomically: true, encoding: .utf8)
      process.arguments? += ["--since", notes]
    }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = text.split(separator: "\n").map(String.init)
    let verified = lines.compactMap { line in
      line.hasPrefix("VERIFIED up to #") ? Int64(line.dropFirst(16).prefix { $0.isNumber }) : nil
    }
    return Verifiers(
      findings: lines.filter { $0.hasPrefix("BROKEN: ") }.map { short(String($0.dropFirst(8))) },
      code: process.terminationStatus, anchored: verified.first ?? 0)
  }

  /// Payloads are looked at by this package alone.
  private static func isForBoth(_ text: String, _ keys: LogReader.Keys?) -> Bool {
    keys != nil || !text.hasPrefix("payload ")
  }

  private static func short(_ text: String) -> String {
    text.hasPrefix("the schema") ? String(text.prefix { $0 != ":" }) : text
  }
}
