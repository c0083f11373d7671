import Foundation
import Orchestration
import Record
import SQLiteStore
import Testing

/// Logs that nobody touched but their owners, whatever befell them.
struct HonestLogTests {
  private static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] != nil

  @Test func `a log with crashes, prunings, key changes and restores is never called broken`()
    throws
  {
    for variant in 0..<(Self.isSoak ? 1_000 : 8) {
      var draws = SeededDraws(UInt64(variant) &* 77 &+ 5)
      let log = try AuditLog(
        seed: UInt64(variant + 9_000), rows: Int64.random(in: 30...90, using: &draws))
      var story: [String] = []
      var pruned: Int64 = 4
      var backups: [AuditLog.Backup] = []
      for _ in 0..<Int.random(in: 3...7, using: &draws) {
        story.append(try befall(log, &pruned, &backups, &draws))
      }
      let anchors = try AnchorFile(path: log.fixture.folder + "/petrel.anchors").anchors(
        of: "petrel.example/3f9c2e7a1b5d4c60/0")

      let swift = try Verifiers.swift(log.fixture.database, anchors: anchors)
      let python = try Verifiers.python(log.fixture.database, anchors: anchors)

      #expect(swift.findings == [], "\(variant): \(story)")
      #expect(swift.code == 0, "\(variant): \(story)")
      #expect(python == swift, "\(variant): \(story)")
    }
  }

  private func befall(
    _ log: AuditLog, _ pruned: inout Int64, _ backups: inout [AuditLog.Backup],
    _ draws: inout SeededDraws
  ) throws -> String {
    let rows = log.seq + Int64.random(in: 5...60, using: &draws)
    switch Int.random(in: 0..<7, using: &draws) {
    case 0:
      try log.crash(at: rows)
      return "crash"
    case 1:
      let first = pruned + Int64.random(in: 1...9, using: &draws)
      let last = first + Int64.random(in: 0...40, using: &draws)
      guard last < log.seq - 5 else { return "" }
      try log.prune(first...last)
      pruned = last + 1
      backups = []
      return "pruned \(first)…\(last)"
    case 2:
      try log.changeKey(to: UInt8.random(in: 1...200, using: &draws))
      return "another key"
    case 3:
      backups.append(try log.backup())
      return "backup"
    case 4:
      guard let backup = backups.popLast() else { return "" }
      backups = []
      try log.restore(backup)
      return "restored"
    case 5:
      let row = Int64.random(in: 5...log.seq, using: &draws)
      try log.expire(through: row)
      return "expired \(row)"
    default:
      try log.begin()
      try log.grow(to: rows)
      try log.end()
      return "grew to \(rows)"
    }
  }
}
