internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// What the log says of the demo: nothing here comes from the demo's own bookkeeping.
struct DemoLog {
  struct Outcome {
    var label: String
    var milliseconds: Double
  }

  struct Effect {
    var firing: Int64
    var caseID: Int64
    var key: String
    var attempts: Int64
    var outcome: String
  }

  private(set) var cases: [CaseRow] = []
  private(set) var verdicts: [Outcome] = []
  private(set) var answers: [Double] = []
  private(set) var effects: [Effect] = []
  /// Rows of each case in order.
  private(set) var trails: [Int64: [(row: LogRow, body: JSONText.Node)]] = [:]
  private(set) var rows = 0
  /// Milliseconds by which verdicts of the clock came after their deadline.
  private(set) var lateness: [Double] = []

  init(_ reader: LogReader) throws {
    var before: CaseID?
    while true {
      let page = try reader.cases(CaseQuery(), before: before, limit: 500)
      cases += page
      guard page.count == 500, let last = page.last else { break }
      before = last.id
    }
    cases.reverse()
    var incarnation = ""
    var after = Seq(0)
    while true {
      let page = try reader.rows(RowQuery(after: after), limit: 5_000)
      for row in page {
        rows += 1
        let body = try JSONText.parse(row.body)
        if row.kind == "ownerStarted" { incarnation = body.text("incarnation") ?? "" }
        guard let id = row.caseID?.seq.number else { continue }
        trails[id, default: []].append((row, body))
        read(row, body, id, incarnation)
      }
      guard let last = page.last else { break }
      after = last.seq
    }
  }

  private mutating func read(
    _ row: LogRow, _ body: JSONText.Node, _ id: Int64, _ incarnation: String
  ) {
    func begun(_ member: String) -> (row: LogRow, body: JSONText.Node)? {
      let seq = body.integer(member)
      return trails[id]?.last { $0.row.seq.number == seq }
    }
    switch row.kind {
    case "verdictRecorded":
      guard let asked = begun("firing") else { return }
      let label = body.text("outcome") ?? ""
      let reason = body.text("reason").map { " \($0)" } ?? ""
      let microseconds = row.at.microseconds - asked.row.at.microseconds
      verdicts.append(
        Outcome(
          label: label == "fallback" ? label + reason : "verdict \(label)",
          milliseconds: Double(microseconds) / 1_000))
      let isByClock = body.text("reason")?.hasPrefix("timeout") == true
      if isByClock, let deadline = asked.body.integer("deadline") {
        lateness.append(Double(row.at.microseconds - deadline) / 1_000)
      }
    case "taskAnswered":
      guard let offered = begun("task") else { return }
      answers.append(Double(row.at.microseconds - offered.row.at.microseconds) / 1_000)
    case "firingStarted" where body.text("action") == "payments.refund":
      effects.append(
        Effect(
          firing: row.seq.number, caseID: id, key: "0-\(row.seq.number)-\(incarnation)",
          attempts: 0, outcome: ""))
    case "firingCompleted":
      let firing = body.integer("firing")
      guard let index = effects.lastIndex(where: { $0.firing == firing }) else { return }
      effects[index].outcome = body.text("outcome") ?? ""
      effects[index].attempts = body.integer("attempts") ?? 0
    default: break
    }
  }

  /// The end place of a case; nil while it is open.
  func end(of row: CaseRow) -> String? { row.endedIn.first?.place.text }

  /// Where a case stands: its end place, or `(open: PLACE)` by the last token put.
  func standing(of row: CaseRow) -> String {
    if let end = end(of: row) { return end }
    let puts = (trails[row.id.seq.number] ?? []).flatMap { $0.body.list("tokens") }
    return puts.last?.text("place").map { "(open: \($0))" } ?? "(open)"
  }

  /// Rows of a kind in a case before one of its firings.
  func rows(_ kind: String, in id: Int64, before seq: Int64) -> [JSONText.Node] {
    (trails[id] ?? []).filter { $0.row.kind == kind && $0.row.seq.number < seq }.map(\.body)
  }
}
