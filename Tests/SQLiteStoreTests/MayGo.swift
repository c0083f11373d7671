import Foundation
import GRDB

/// Which rows of a log may go by age, written from LOG §5 "Retention" alone: all rows at hand, no index,
/// no order of work.
struct MayGo {
  struct Row {
    var seq: Int64
    var at: Int64
    var caseNumber: Int64?
    var kind: String
    var body: [String: Any]

    func int(_ key: String) -> Int64? { (body[key] as? NSNumber)?.int64Value }
  }

  let rows: [Row]
  private let snapshots: [Int64]
  private let newest: Int64

  init(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    (rows, snapshots) = try queue.read { database in
      let rows = try GRDB.Row.fetchAll(
        database, sql: "SELECT seq, at, case_no, kind, body FROM log ORDER BY seq")
      return (
        try rows.map { row in
          let body = try JSONSerialization.jsonObject(with: Data((row[4] as String).utf8))
          return Row(
            seq: row[0], at: row[1], caseNumber: row[2], kind: row[3],
            body: body as? [String: Any] ?? [:])
        }, try Int64.fetchAll(database, sql: "SELECT seq FROM snapshot")
      )
    }
    let told = rows.filter { $0.kind == "snapshotTaken" }.compactMap { $0.int("seq") }
    newest = snapshots.filter(told.contains).max() ?? 0
    try queue.close()
  }

  private static let ends = ["verdictRecorded", "firingCompleted", "childEnded"]
  private static let begins = [
    "verdictRequested", "firingStarted", "childStarted", "taskOffered", "incidentRaised",
  ]
  private static let alone = [
    "fired", "messageRepeated", "messageExpired", "tokensWithdrawn", "waitsSet", "scheduleFired",
    "scheduleSkipped", "commandRefused", "labelRecorded", "tokenDeposited",
  ]

  /// - Parameters:
  ///   - letGo: closed cases of which an action still runs.
  ///   - held: rows of messages that somebody still holds.
  func rows(before cutoff: Int64, letGo: Set<Int64>, held: Set<Int64>) -> Set<Int64> {
    let old = rows.filter { $0.at < cutoff && $0.seq < newest && !snapshots.contains($0.seq) }
    let within = rows.filter { $0.at < cutoff && $0.seq < newest }
    let there = Set(rows.map(\.seq))
    let closed = Set(within.filter { $0.kind == "caseClosed" }.compactMap(\.caseNumber))
    var gone: Set<Int64> = []
    for row in old {
      if let number = row.caseNumber {
        let mayGo = closed.contains(number) || !there.contains(number)
        if mayGo, !letGo.contains(number) { gone.insert(row.seq) }
      } else if Self.alone.contains(row.kind) {
        if !held.contains(row.seq) { gone.insert(row.seq) }
      } else if Self.begins.contains(row.kind) {
        if isOver(row, within) { gone.insert(row.seq) }
      } else if let first = row.int("firing") ?? row.int("task") ?? row.int("incident") {
        let begun = rows.first { $0.seq == first }
        let itself = row.kind == "taskAnswered" ? isOver(row, within) : true
        if itself, begun.map({ isOver($0, within) }) ?? true { gone.insert(row.seq) }
      }
    }
    return gone
  }

  private func isOver(_ row: Row, _ within: [Row]) -> Bool {
    func after(_ kinds: [String], _ key: String) -> [Row] {
      within.filter { kinds.contains($0.kind) && $0.int(key) == row.seq }
    }
    switch row.kind {
    case "taskOffered":
      return !after(["taskWithdrawn"], "task").isEmpty
        || after(["taskAnswered"], "task").contains { isOver($0, within) }
    case "incidentRaised": return !after(["incidentResolved"], "incident").isEmpty
    case "taskAnswered":
      return row.body["tokens"] != nil || !after(["firingSettled"], "firing").isEmpty
    default:
      let isAborted = within.contains { other in
        let aborted = other.body["aborted"] as? [[String: Any]] ?? []
        return aborted.contains { ($0["firing"] as? NSNumber)?.int64Value == row.seq }
      }
      return after(Self.ends, "firing").contains { $0.body["tokens"] != nil }
        || !after(["firingSettled", "lateOutcomeRecorded"], "firing").isEmpty
        || (isAborted && row.kind == "verdictRequested")
    }
  }
}
